// Restores of backups that are no plain file, encrypted ones with and without their key and folders, back and beside; and of
// a target that asks for no approval.  What they do when a job or the server dies is asked in tests/fault/restore.test.mjs.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { renameSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { Restores } from '../support/restores.mjs';
import { PROGRAMS, USERS, isRoot } from '../support/stack.mjs';

const skip = !isRoot && 'needs other accounts';
let r, stack;

before(async () => {
	if (skip)
		return;
	r = await Restores.start({ sealed: {}, locked: {}, folder: { backup_format: 'directory', backup_jobs: 2 }, free: { approvals: 0 } }, (s) => {
		const key = (name) => {
			const said = execFileSync(PROGRAMS.gatehouse, ['backup', 'key', s.path(`etc/${name}`)], { encoding: 'utf8' });

			s.give(`etc/${name}`, USERS.runner);
			return { backup_encrypt_to: /^backup_encrypt_to = "([A-Za-z0-9+/]{43}=)"$/m.exec(said)[1], backup_key_file: s.path(`etc/${name}`) };
		};

		Object.assign(s.options.targets.sealed, key('sealed.key'));
		Object.assign(s.options.targets.locked, key('locked.key'));
	});
	stack = r.stack;
});
after(() => stack?.stop());

for (const [name, end] of [['sealed', '.dump.zst.sealed'], ['folder', '.dir']]) {
	test(`${name}: back, and beside`, { skip }, async () => {
		const backup = await r.mistaken(name);
		assert.ok(r.one(`SELECT file FROM backup WHERE id = ${backup}`).endsWith(end));

		const side = await r.go(name, ['backup', 'restore', backup, '--side', `${name}_look`]);
		assert.equal(side.state, 'succeeded', side.outcome);
		assert.deepEqual(r.databases(name), [name, `${name}_look`]);
		assert.deepEqual(stack.rows(`${name}_look`, 'SELECT count(*) FROM orders'), ['500']);
		assert.deepEqual(stack.rows(name, 'SELECT count(*) FROM orders'), ['10']);

		const back = await r.go(name, ['backup', 'restore', backup]);
		assert.equal(back.state, 'succeeded', back.outcome);
		assert.deepEqual(stack.rows(name, 'SELECT count(*), max(note) FROM orders'), ['500|order 99']);
		assert.equal(r.one(`SELECT level || '/' || broken FROM backup WHERE id = ${backup}`), 'counted/');
		// What was there before has become a backup of the same kind.
		assert.ok(r.one(`SELECT file FROM backup WHERE run_id = ${back.id}`).endsWith(end));
	});
}

test('a key that has gone meanwhile, or another one in its place: nothing is begun', { skip }, async () => {
	const backup = await r.mistaken('locked');
	const key = stack.path('etc/locked.key');

	renameSync(key, `${key}.away`);
	const gone = await r.go('locked', ['backup', 'restore', backup]);
	assert.equal(gone.state, 'failed-clean', gone.outcome);
	assert.match(gone.outcome, /nothing was changed: .*key/);
	execFileSync(PROGRAMS.gatehouse, ['backup', 'key', key]);
	stack.give('etc/locked.key', USERS.runner);
	const other = await r.go('locked', ['backup', 'restore', backup]);
	assert.equal(other.state, 'failed-clean', other.outcome);
	assert.match(other.outcome, /cannot be restored: it is encrypted to another key than the one that is configured\. Nothing was applied/);
	assert.deepEqual(stack.store(`SELECT phase FROM run_phase WHERE run_id = ${other.id} AND phase IN ('before', 'backup', 'migrate')`), []);
	assert.deepEqual(r.databases('locked'), ['locked']);
	renameSync(`${key}.away`, key);
	assert.equal((await r.go('locked', ['backup', 'restore', backup])).state, 'succeeded');
});

test('where nobody approves it begins when what it would lose is counted', { skip }, async () => {
	for (const version of ['001', '002'])
		assert.equal(stack.cliTry(['up', '--target', 'free', '--to', version, '--reason', 'a test', '--wait']).status, 0);
	const backup = r.newest('backup', 'free');
	const said = stack.cliTry(['backup', 'restore', backup, '--reason', 'a test', '--wait']);
	const id = r.newest('run', 'free');

	assert.equal(said.status, 0, said.stdout + said.stderr);
	assert.equal(r.run(id).state, 'succeeded', r.run(id).outcome);
	assert.equal(r.one(`SELECT c.state || (c.counted_at <= r.started_at) FROM run r JOIN plan_count c ON c.plan_digest = r.plan_digest WHERE r.id = ${id}`), 'done1');
	assert.deepEqual(stack.store(`SELECT text FROM event WHERE run_id = ${id} AND text LIKE '%is being counted%'`), ['What it would lose is being counted.']);
	assert.deepEqual(stack.rows('free', 'SELECT count(*) FROM orders'), ['500']);
});
