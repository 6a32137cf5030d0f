// kill -9 of the job in each phase and at each risky step, and of the runner wherever it is, during runs on production.
// Afterwards, always: the page, the tracking table and the ledger agree, nothing is half done, nothing was run twice.
//
// Needs a build with fault points (GATEHOUSE_BUILD=build/clang).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { textOf, until } from '../../tools/web-client.mjs';
import { Stack, USERS, run } from '../support/stack.mjs';

const JOB = ['job.phase.connect', 'job.phase.identify', 'job.phase.lock', 'job.phase.status', 'job.phase.preflight',
	'job.phase.backup', 'job.phase.migrate', 'job.before-intent', 'job.before-commit', 'job.after-commit', 'job.phase.verify',
	'job.phase.done', 'job.before-outcome.run'];
const ALONE = ['job.before-alone', 'job.after-alone'];
const RUNNER = ['runner.cmd.before-commit', 'runner.run.before-exec', 'runner.run.after-exec', 'runner.follow.before-commit'];

const files = { '001_log.sql': 'CREATE TABLE log (version text);\n', '001_log_down.sql': 'DROP TABLE log;\n' };
const versions = [];
function migration(slow = '', alone = false) {
	const v = String(versions.length + 2).padStart(3, '0');

	versions.push(v);
	files[`${v}_t.sql`] = alone ? `CREATE INDEX CONCURRENTLY t_${v}_idx ON log (version);\n`
		: `CREATE TABLE t_${v} (id int);\n${slow}INSERT INTO log VALUES ('${v}');\n`;
	files[`${v}_t_down.sql`] = alone ? `DROP INDEX CONCURRENTLY t_${v}_idx;\n` : `DROP TABLE t_${v};\nDELETE FROM log WHERE version = '${v}';\n`;
	return v;
}
const plan = [
	...JOB.map((point) => ({ point, version: migration() })),
	...ALONE.map((point) => ({ point, version: migration('', true), alone: true })),
	...RUNNER.map((point) => ({ point, version: migration() })),
];
// In the order of the tests: each takes the next version.
const slow = Object.fromEntries(['runner', 'term', 'both'].map((name) => [name, migration('SELECT pg_sleep(1.5);\n')]));

let stack, viewer, admin;

before(async () => {
	stack = await Stack.start({
		projects: { plain: { convention: 'numbered', files } },
		targets: { prod: { environment: 'production', approvals: 0 } },
		people: ['admin', 'viewer'],
	});
	viewer = await stack.as('viewer');
	admin = await stack.as('admin');
	stack.cli(['up', '--target', 'prod', '--to', '001', '--reason', 'the log', '--wait']);
});
after(() => stack?.stop());

const open = () => Number(stack.store("SELECT count(*) FROM run WHERE state IN ('queued', 'running', 'unknown')")[0]);
const lastRun = () => stack.store('SELECT id, state, request_id FROM run ORDER BY id DESC LIMIT 1')[0].split('|');
const ask = (version) => stack.cliTry(['up', '--target', 'prod', '--to', version, '--reason', `bring ${version}`]);

// Waits until nothing is open, then compares everything that tells what is true.
async function oracle(version, { alone = false } = {}) {
	await until(() => open() === 0, { seconds: 60, say: `an answer to the run of ${version}` });
	const [id, state, request] = lastRun();
	const tracked = stack.tracked('prod');
	const is = tracked.some((t) => t.startsWith(version));

	assert.ok(['succeeded', 'failed-clean', 'failed-partly', 'needs-person'].includes(state), state);
	if (!alone) {
		assert.ok(['succeeded', 'failed-clean'].includes(state), `run ${id} is ${state}`);
		assert.equal(is, state === 'succeeded', 'tracking table and state agree');
		assert.equal(Number(stack.rows('prod', `SELECT count(*) FROM log WHERE version = '${version}'`)[0]), is ? 1 : 0, 'applied once or not at all');
		assert.equal(stack.rows('prod', `SELECT to_regclass('t_${version}') IS NOT NULL`)[0], is ? 't' : 'f');
	} else if (state === 'succeeded') {
		assert.ok(is);
		assert.equal(stack.rows('prod', `SELECT indisvalid FROM pg_index WHERE indexrelid = 't_${version}_idx'::regclass`)[0], 't');
	}
	assert.equal(new Set(tracked).size, tracked.length);
	assert.deepEqual(stack.store(`SELECT count(*) FROM run WHERE request_id = ${request}`), ['1'], 'one run a request');
	assert.deepEqual(stack.store(`SELECT count(*) FROM ledger WHERE subject = 'run/${id}' AND op = 'run.${state}'`), ['1'], 'the ledger has the end once');
	// Held only while a person has to look: until the incident is closed.
	const held = stack.store("SELECT held FROM target WHERE name = 'prod'").join('');
	assert.equal(held !== '', state === 'needs-person', held);
	if (held !== '') {
		assert.equal(stack.cliTry(['up', '--target', 'prod', '--reason', 'meanwhile']).status, 4);
		const incident = stack.store(`SELECT id FROM incident WHERE run_id = ${id} AND state = 'open'`)[0];
		stack.psql('prod', `DROP INDEX IF EXISTS t_${version}_idx`);
		await admin.submit(`/incidents/${incident}`, `/incidents/${incident}/close`, { text: 'The index is dropped.' });
		assert.deepEqual(stack.store("SELECT held FROM target WHERE name = 'prod'"), []);
	}
	assert.deepEqual(stack.store('PRAGMA integrity_check'), ['ok']);
	const text = textOf((await viewer.get(`/runs/${id}`)).body);
	assert.match(text, new RegExp(state.replace('-', '.(a.)?')), 'the page says the same');
	// No session of the run is left and no lock.  (A look at the target may be under way: it ends by itself.)
	await until(() => stack.rows('prod', `SELECT (SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'gatehouse%' AND state <> 'idle')
		+ (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory')`)[0] === '0', { seconds: 5, say: 'the end of all sessions' });
	// A backup in the inventory is there, whole; nothing half written lies about.
	const left = run(USERS.runner, ['/usr/bin/find', stack.path('backups'), '-type', 'f']).stdout.trim().split('\n').filter(Boolean);
	const listed = stack.store('SELECT file FROM backup');
	for (const f of listed)
		assert.ok(left.some((l) => l.endsWith(f.split('/').at(-1))), `${f} is there`);
	return { id, state };
}

// After a failure the same is asked again, and works.
async function again(version, was, options) {
	if (was.state === 'succeeded')
		return;
	const r = stack.cliTry(['up', '--target', 'prod', '--to', version, '--reason', 'once more', '--wait']);
	assert.equal(r.status, 0, `${r.stdout}${r.stderr}`);
	assert.equal((await oracle(version, options)).state, 'succeeded');
}

for (const { point, version, alone } of plan.filter((p) => p.point.startsWith('job.'))) {
	test(`kill -9 of the job at ${point}`, async () => {
		stack.setFault(`${point} kill`);
		const r = ask(version);
		assert.equal(r.status, 3, `${r.stdout}${r.stderr}`);
		await until(() => stack.faultPassed(), { seconds: 30, say: `the fault point ${point}` });
		const was = await oracle(version, { alone });
		if (point === 'job.after-commit' || point === 'job.phase.verify' || point === 'job.phase.done' || point === 'job.before-outcome.run')
			assert.equal(was.state, 'succeeded', 'what was committed is not called failed');
		if (/connect|identify|lock|status|preflight|backup|before-intent/.test(point))
			assert.equal(was.state, 'failed-clean');
		await again(version, was, { alone });
	});
}

for (const { point, version } of plan.filter((p) => p.point.startsWith('runner.'))) {
	test(`kill -9 of the runner at ${point}`, async () => {
		const before = lastRun()[0];

		stack.setFault(`${point} kill`);
		const asked = ask(version);
		await until(() => stack.parts.runner.ended, { seconds: 30, say: `the end of the runner at ${point}` });
		assert.equal(stack.parts.runner.ended.signal, 'SIGKILL');
		assert.ok(stack.faultPassed());
		await stack.startRunner();
		if (lastRun()[0] === before) {
			// Killed before the request was made durable: then nobody was told that it was.
			assert.notEqual(asked.status, 0);
			assert.notEqual(asked.status, 3);
			assert.equal(stack.cliTry(['up', '--target', 'prod', '--to', version, '--reason', 'again', '--wait']).status, 0);
		}
		await again(version, await oracle(version));
	});
}

const running = (version) => until(() => stack.rows('prod', "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%' AND state = 'active' AND datname = 'prod' AND pid <> pg_backend_pid()")[0] === '1'
	&& stack.store('SELECT state FROM run ORDER BY id DESC LIMIT 1')[0] === 'running', { seconds: 20, say: `the middle of ${version}` });

for (const [signal, version] of [['SIGKILL', slow.runner], ['SIGTERM', slow.term]]) {
	test(`the runner ends by ${signal} in the middle of a migration: the job carries on, the next runner catches up`, async () => {
		assert.equal(ask(version).status, 3);
		await running(version);
		await stack.end('runner', signal);
		assert.equal(stack.jobs().length, 1, 'the job lives');
		assert.equal(lastRun()[1], 'running');
		await stack.startRunner();
		assert.equal((await oracle(version)).state, 'succeeded');
	});
}

test('kill -9 of runner and job in the middle of a production run', async () => {
	assert.equal(ask(slow.both).status, 3);
	await running(slow.both);
	process.kill(stack.jobs()[0], 'SIGKILL');
	await stack.end('runner', 'SIGKILL');
	await stack.startRunner();
	const was = await oracle(slow.both);
	assert.equal(was.state, 'failed-clean');
	await again(slow.both, was);
});
