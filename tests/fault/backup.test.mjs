// The database server is killed, the disk is full, runner and job are killed while a backup is taken, proved or restored (the
// sweep kills the job, the runner or the server once at each named point).  Afterwards, always: no half backup has a final
// name, no scratch database and no folder is left, the store and the folder say the same, the database is the old one or the
// new one, and the next one works.
//
// Needs a build with fault points (GATEHOUSE_BUILD=build/clang).
import assert from 'node:assert/strict';
import { copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { Faults } from '../support/faults.mjs';
import { PLANS } from '../support/plans.mjs';

const plan = (name) => PLANS.find((p) => p.name === name);
let f;

before(async () => {
	f = await Faults.start();
});
after(() => f?.stop());

// What is not asked of each named point in the sweep that is part of ./check.
const SERVER = {
	backup: ['job.backup.snapshot'],
	proof: ['job.proof.created', 'job.proof.restored'],
	restore: ['job.count.table', 'job.restore.restored', 'job.restore.closed', 'job.restore.before-commit', 'job.restore.swapped'],
};
const BOTH = { restore: ['job.restore.closed', 'job.restore.before-commit', 'job.restore.swapped'] };
const FULL = { backup: 'job.backup.write enospc', 'proof in a cluster': 'job.cluster.init enospc' };

for (const [name, points] of Object.entries(SERVER))
	for (const point of points)
		for (const back of [false, true])
			test(`the database server is killed at ${point}${back ? ', and is back before anybody sees it' : ''}`, () => f.killServer(plan(name), point, { back }));

for (const [name, points] of Object.entries(BOTH))
	for (const point of points)
		test(`runner and job are killed at ${point}`, () => f.kill(plan(name), point, 'kill-both'));

// It says nothing about a backup that there is: only the task has failed.
for (const [name, line] of Object.entries(FULL))
	test(`the disk is full: ${line}`, async () => {
		await f.begin(plan(name));
		const before = f.stack.store('SELECT coalesce(max(id), 0) FROM task')[0];

		f.arm([line]);
		await plan(name).act(f);
		assert.ok(f.stack.faultPassed(), 'it was full');
		assert.deepEqual(f.stack.store(`SELECT count(*) FROM task WHERE state = 'failed' AND text LIKE '%No space left%' AND id > ${before}`), ['1']);
		await f.check(plan(name));
	});

// A job that somebody kills costs a restore nothing: it only reads, and is started again, but not for ever.
test('what a restore would lose is counted again when the job that counts is killed', async () => {
	for (const [kills, run, count] of [[2, 'succeeded', 'done'], [3, 'failed-clean', 'failed']]) {
		await f.begin(plan('restore'));
		f.arm(Array(kills).fill('job.count.table kill'));
		await plan('restore').act(f);
		assert.ok(f.stack.faultPassed(), `${kills} of its jobs were killed`);
		const last = f.judge.runs(f.after).at(-1);

		assert.equal(last.state, run, last.outcome);
		assert.deepEqual(f.stack.store(`SELECT state FROM plan_count WHERE plan_digest = (SELECT plan_digest FROM run WHERE id = ${last.id})`), [count]);
		if (count === 'failed')
			assert.match(last.outcome, /could not be counted: its job was ended by signal 9/);
		await f.check(plan('restore'));
	}
});

test('two proofs at once, on one server', async () => {
	await f.begin(plan('proof'));
	const targets = ['kept', 'numbered'], ids = [];

	for (const t of targets) {
		assert.equal((await f.cli(['backup', 'take', '--target', t, '--reason', 'two at once', '--wait'])).status, 0);
		ids.push(f.stack.store('SELECT max(id) FROM backup')[0]);
	}
	for (const id of ids)
		await f.cli(['backup', 'prove', id, '--reason', 'two at once']);
	await f.settle();
	assert.deepEqual(f.stack.store(`SELECT level FROM backup WHERE id IN (${ids.join(',')})`), ['counted', 'counted']);
	await f.check(plan('proof'));
});

// Who lets a backup go (the command, or the runner by itself before it) is named once wherever the runner is killed, and no
// file is gone of one that is said to be there.
test('an expiry is ended by the runner that comes after', async () => {
	for (const point of ['decided', 'before-files', 'between-files', 'files-gone', 'before-commit']) {
		await f.kill(plan('expiry'), `runner.expire.${point}`, 'kill');
		assert.deepEqual(f.stack.store("SELECT id FROM backup WHERE going_by <> '' AND state <> 'expired'"), []);
		for (const [id, file] of f.stack.store("SELECT id || ' ' || file FROM backup WHERE file <> ''").map((l) => l.split(' '))) {
			const gone = !existsSync(f.stack.path('backups', file));

			assert.equal(f.stack.store(`SELECT state FROM backup WHERE id = ${id}`)[0], gone ? 'expired' : 'kept', `${file} after ${point}`);
			if (gone)
				assert.deepEqual(f.stack.store(`SELECT actor IN ('admin', 'runner') FROM ledger WHERE op = 'backup.expired' AND subject = 'backup/${id}'`), ['1'], `${file} after ${point}`);
		}
	}
	await f.begin(plan('expiry taken up'));
	f.arm(plan('expiry taken up').lines);
	await plan('expiry taken up').act(f);
	await f.settle();
	await f.check(plan('expiry taken up'), { calm: true });
});

test('the oracle sees what is wrong', async () => {
	await f.begin(plan('backup'));
	await plan('backup').act(f);
	const file = f.stack.store("SELECT file FROM backup WHERE state = 'kept' ORDER BY id DESC LIMIT 1")[0], path = f.stack.path('backups', file), bytes = readFileSync(path);

	f.vault.whole.clear();
	f.vault.backups();
	for (const wrong of [bytes.subarray(0, -1), Buffer.from(bytes).fill(0, 7, 8)]) {
		f.vault.whole.clear();
		writeFileSync(path, wrong);
		assert.throws(() => f.vault.backups(), assert.AssertionError);
	}
	writeFileSync(path, bytes);
	const stray = file.replace(/-t\d+/, '-t999999');
	for (const end of ['', '.json'])
		copyFileSync(`${path}${end}`, f.stack.path('backups', `${stray}${end}`));
	assert.throws(() => f.vault.inventory(), /known to nobody/);
	f.stack.cli(['backup', 'look'], { exits: [0, 1, 3] });
	f.vault.inventory();
	for (const end of ['', '.json'])
		rmSync(f.stack.path('backups', `${stray}${end}`));
	f.stack.psql('postgres', 'CREATE DATABASE gatehouse_proof_of_nobody');
	assert.deepEqual(f.vault.strays(), ['gatehouse_proof_of_nobody']);
	f.vault.forget();
	assert.deepEqual(f.vault.strays(), []);
	await f.check(plan('backup'));
});

test('nothing secret was written or is shown, and each backup is whole', () => f.finish());
