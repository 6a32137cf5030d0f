// Restores that nobody can count the loss of, and a server that dies in the moment in which the databases change names.
//
// Needs a build with fault points (GATEHOUSE_BUILD=build/clang).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { until } from '../../tools/web-client.mjs';
import { Restores } from '../support/restores.mjs';
import { PG_BIN, USERS, isRoot, run as runAs } from '../support/stack.mjs';

const skip = !isRoot && 'needs other accounts';
let r, stack;

before(async () => {
	if (skip)
		return;
	r = await Restores.start({ free: { approvals: 0 }, dies: {}, comes: {} });
	stack = r.stack;
});
after(() => stack?.stop());

// A job that is killed is started again, but not for ever.
test('where nobody approves and nobody can count, it ends, unless it was asked for nonetheless', { skip }, () => {
	for (const version of ['001', '002'])
		assert.equal(stack.cliTry(['up', '--target', 'free', '--to', version, '--reason', 'a test', '--wait']).status, 0);
	const backup = r.newest('backup', 'free');
	const killed = () => stack.setFault(Array(3).fill('job.count.table kill').join('\n'));

	killed();
	const no = stack.cliTry(['backup', 'restore', backup, '--reason', 'a test', '--wait']);
	assert.ok(stack.faultPassed(), 'its jobs were killed');
	assert.notEqual(no.status, 0);
	assert.match(r.one(`SELECT state || ' ' || state_text FROM request ORDER BY id DESC LIMIT 1`), /^stale what it would lose could not be counted: .*--uncounted/);
	assert.equal(r.run(r.newest('run', 'free')).state, 'failed-clean');
	killed();
	const yes = stack.cliTry(['backup', 'restore', backup, '--uncounted', '--reason', 'a test', '--wait']);
	assert.ok(stack.faultPassed(), 'its jobs were killed again');
	assert.equal(yes.status, 0, yes.stdout + yes.stderr);
	assert.match(r.one('SELECT goal FROM request ORDER BY id DESC LIMIT 1'), /, uncounted$/);
	assert.equal(stack.store(`SELECT 1 FROM event WHERE run_id = ${r.newest('run', 'free')} AND text LIKE '%could not be counted, and it was asked for nonetheless%'`).length, 1);
	assert.deepEqual(stack.rows('free', 'SELECT count(*) FROM orders'), ['500']);
});

for (const [name, soon] of [['comes', true], ['dies', false]]) {
	test(`a server that dies when the names have changed, and ${soon ? 'soon comes back' : 'stays away for a while'}`, { skip }, async () => {
		const backup = await r.mistaken(name);

		stack.setFault('job.restore.swapped stop');
		const run = await r.go(name, ['backup', 'restore', backup], { wait: false });
		await until(() => stack.faultPassed(), { seconds: 60, say: 'the swap' });
		await until(() => stack.standingJobs().length === 1, { seconds: 60, say: 'a job that stands still' });
		runAs(USERS.pg, [`${PG_BIN}/pg_ctl`, '-D', stack.path('pg'), '-m', 'immediate', '-w', 'stop'], { ok: false });
		await until(() => stack.parts.postgres.ended, { seconds: 60, say: 'the end of the server' });
		const back = async () => {
			stack.runPostgres();
			await stack.postgresReady();
		};

		if (soon)
			await back();
		stack.wakeJobs();
		if (!soon) {
			await until(() => r.run(run.id).state === 'unknown', { seconds: 120, say: 'a run that is unknown' });
			await back();
		}
		const end = await r.ended(run.id);
		assert.equal(end.state, 'succeeded', end.outcome);
		assert.equal(r.databases(name).length, 2);
		assert.deepEqual(stack.rows(name, 'SELECT count(*) FROM orders'), ['500']);
		assert.equal(stack.store(`SELECT 1 FROM kept_database WHERE run_id = ${run.id}`).length, 1);
	});
}
