// What people tell runs that are under way: cancel, pause, resume, speed, extend; also across a restart of the runner.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { approve } from '../../tools/web-acts.mjs';
import { until } from '../../tools/web-client.mjs';
import { PASSWORDS, Stack } from '../support/stack.mjs';
import { procLink } from '../support/there.mjs';

const files = {
	'001_a.sql': 'CREATE TABLE a (id int);\n', '001_a_down.sql': 'DROP TABLE a;\n',
	'002_slow.sql': 'CREATE TABLE b (id int);\nDO $$ BEGIN WHILE NOT EXISTS (SELECT FROM told.go) LOOP PERFORM pg_sleep(0.05); END LOOP; END $$;\n', '002_slow_down.sql': 'DROP TABLE b;\n',
	'003_c.sql': 'CREATE TABLE c (id int);\n', '003_c_down.sql': 'DROP TABLE c;\n',
};
const names = ['cancelled', 'stays', 'paused', 'timed', 'needs'];
let stack;

before(async () => {
	stack = await Stack.start({
		projects: { shop: { convention: 'numbered', files } },
		targets: Object.fromEntries(names.map((n) => [n, { environment: n === 'needs' ? 'staging' : 'development',
			...(n === 'stays' ? { rollback_on_failure: false } : {}), ...(n === 'timed' ? { windows: [`0 ${new Date().getUTCHours()} * * * for 2h UTC`] } : {}) }])),
		people: ['admin', 'viewer', 'lead'],
		prepare: (s) => names.forEach((n) => s.psql(n, 'CREATE SCHEMA told; CREATE TABLE told.go (); GRANT USAGE ON SCHEMA told TO shop; GRANT SELECT ON told.go TO shop')),
	});
});
after(() => stack?.stop());

const one = (sql) => stack.store(sql)[0];
// Starts a run and waits until its second migration is under way.
const begin = async (target) => {
	stack.cli(['--target', target, 'up', '--reason', 'because'], { exits: [0, 3] });
	const run = Number(one('SELECT max(id) FROM run'));
	await until(() => one(`SELECT count(*) FROM run_migration WHERE run_id = ${run} AND position = 1 AND state = 'started'`) === '1', { seconds: 60, every: 50, say: 'the second migration' });
	return run;
};
// Its second migration stays under way until then.
const goOn = (target) => stack.psql(target, 'INSERT INTO told.go DEFAULT VALUES');
const tell = (what, run, ...more) => stack.cliTry([what, String(run), '--reason', 'too slow', ...more]);
const told = (what, run, ...more) => {
	const r = tell(what, run, ...more);
	assert.equal(r.status, 0, r.stderr);
};
const refused = (r, why, status = 4) => {
	assert.equal(r.status, status, r.stdout + r.stderr);
	assert.match(r.stderr, why);
};
const ended = async (run) => {
	await until(() => one(`SELECT count(*) FROM run WHERE id = ${run} AND ended_at IS NOT NULL`) === '1', { seconds: 60, every: 50, say: 'the end of the run' });
	const [state, outcome] = one(`SELECT state, outcome FROM run WHERE id = ${run}`).split('|');
	await until(() => !existsSync(stack.path('jobs', `${run}.control`)), { seconds: 60, say: 'the end of the record' });
	return { state, outcome };
};
const control = (run) => one(`SELECT control FROM run WHERE id = ${run}`) ?? '';

test('cancel ends the statement, takes back, and says who and why', async () => {
	const run = await begin('cancelled'), from = Date.now();

	assert.ok(existsSync(stack.path('jobs', `${run}.control`)));
	const job = stack.jobs().find((pid) => procLink(pid, 'fd/6').endsWith(`/${run}.control`));
	assert.ok(job);
	refused(stack.cliTry(['cancel', String(run)]), /--reason/, 2);
	refused(stack.cliTry(['cancel', String(run), '--reason', ' \t ']), /reason is missing/, 2);
	// It stands still, so that it is not over before it is told twice.
	process.kill(job, 'SIGSTOP');
	told('cancel', run);
	refused(tell('cancel', run), /being cancelled already \(admin: too slow\)/);
	refused(tell('pause', run), /being cancelled already/);
	process.kill(job, 'SIGCONT');
	const r = await ended(run);
	assert.ok(Date.now() - from < 30000, 'in moments');
	assert.equal(r.state, 'failed-clean', r.outcome);
	assert.match(r.outcome, /^Cancelled by admin: too slow\. 002 failed: canceling statement|^Cancelled by admin: too slow\. 002_slow failed: canceling statement/);
	assert.match(r.outcome, /taken back by its down SQL/);
	assert.deepEqual(stack.tracked('cancelled'), []);
	assert.equal(one(`SELECT actor || ' ' || text FROM ledger WHERE op = 'run.cancel' AND subject = 'run/${run}' AND outcome = 'ok'`), 'admin cancels the run: too slow');
	assert.equal(one(`SELECT count(*) FROM event WHERE run_id = ${run} AND kind = 'control'`), '2');
	refused(tell('cancel', run), /is not running: it is failed-clean/);
});

test('without rollback_on_failure what was in stays, and the sentence says so', async () => {
	const run = await begin('stays');

	told('cancel', run);
	const r = await ended(run);
	assert.equal(r.state, 'failed-partly', r.outcome);
	assert.match(r.outcome, /^Cancelled by admin: too slow\..*001(_a)? is applied and stays/);
	assert.deepEqual(stack.tracked('stays'), ['001_a']);
});

test('pause waits before the next migration, also while the runner is away', async () => {
	const run = await begin('paused');

	refused(tell('resume', run), /is not paused/);
	told('pause', run);
	refused(tell('pause', run), /is paus(ing|ed) already/);
	goOn('paused');
	await until(() => control(run) === 'paused', { seconds: 60, every: 50, say: 'the pause' });
	// What it does is another frame of its journal than its answer.
	await until(() => /^paused Paused before 003/.test(one(`SELECT activity || ' ' || text FROM run_progress WHERE run_id = ${run}`) ?? ''),
		{ seconds: 60, every: 50, say: 'where it is paused' });
	await stack.end('runner', 'SIGKILL');
	await stack.startRunner();
	assert.equal(control(run), 'paused');
	assert.deepEqual(stack.tracked('paused'), ['001_a', '002_slow']);
	told('resume', run);
	const r = await ended(run);
	assert.equal(r.state, 'succeeded', r.outcome);
	assert.deepEqual(stack.tracked('paused'), ['001_a', '002_slow', '003_c']);
	assert.equal(control(run), '');
});

test('a window is extended; a run without batches has no speed', async () => {
	const run = await begin('timed');
	const end = Number(one(`SELECT window_end FROM run WHERE id = ${run}`));

	assert.ok(end > Date.now() * 1000, 'the window has an end');
	refused(tell('extend', run, '--until', '+1s'), /is open until/);
	told('extend', run, '--until', '+23h');
	assert.ok(Number(one(`SELECT window_end FROM run WHERE id = ${run}`)) > end);
	refused(tell('speed', run, '--size', '9000', '--pause', '100ms'), /no migration that runs in batches/);
	goOn('timed');
	assert.equal((await ended(run)).state, 'succeeded');
	assert.match(stack.store(`SELECT text FROM event WHERE run_id = ${run} AND kind = 'control'`).join('\n'), /Nothing new begins after/);
});

test('on a target that needs approval a lead has to say it', async () => {
	stack.cli(['--target', 'needs', 'up', '--reason', 'because'], { exits: [3] });
	const request = one("SELECT max(id) FROM request");
	const lead = await stack.as('lead');
	await approve(lead, Number(request), PASSWORDS.lead);
	await until(() => one(`SELECT count(*) FROM run r JOIN run_migration m ON m.run_id = r.id WHERE r.request_id = ${request}
		AND m.position = 1 AND m.state = 'started'`) === '1', { seconds: 60, every: 50, say: 'the run' }).catch((e) => assert.fail(`${e.message} ${stack.store('SELECT state, outcome FROM run ORDER BY id DESC LIMIT 1')}`));
	const run = Number(one(`SELECT id FROM run WHERE request_id = ${request}`));

	refused(tell('cancel', run), /needs a role that you do not have: lead/);
	const page = await lead.submit(`/runs/${run}/control?do=cancel`, `/runs/${run}/cancel`, { reason: 'enough' });
	assert.equal(page.status, 200);
	assert.match(page.url, new RegExp(`^/runs/${run}`));
	const r = await ended(run);
	assert.match(r.outcome, /^Cancelled by lead: enough\./);
});
