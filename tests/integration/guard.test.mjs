// A run whose statement waits behind an idle transaction, and a reader behind it: through the runner into the store, and
// what `gatehouse run` prints of it.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { Stack, PG_BIN, USERS, asUser } from '../support/stack.mjs';
import { until } from '../../tools/web-client.mjs';

let stack, idle;
before(async () => {
	stack = await Stack.start({
		web: false, people: ['admin'],
		projects: { shop: { convention: 'numbered', files: { '001_orders.sql': 'CREATE TABLE orders (id int);\n', '002_note.sql': 'ALTER TABLE orders ADD COLUMN note text;\n' } } },
		targets: { dev: { environment: 'development', lock_timeout: '10s', guard_wait: '100ms', max_retries: 20, retry_delay: '300ms' } },
	});
});
after(async () => {
	idle?.child.kill();
	await stack?.stop();
});

// psql with its session open until its input ends.
function session(name, text) {
	const [program, ...args] = asUser(USERS.pg, [`${PG_BIN}/psql`, '-X', '-q', '-A', '-t', '-h', stack.path('run/pg'), '-U', 'postgres',
		'-d', `dbname=dev application_name=${name}`]);
	const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
	const ended = new Promise((resolve) => child.on('close', resolve));

	child.stdin.write(text);
	return { child, ended, end: () => (child.stdin.end(), ended) };
}

test('a reader behind a waiting statement is let through, and the store tells it', async () => {
	stack.psql('dev', 'GRANT pg_read_all_stats TO shop');
	stack.cli(['up', '--target', 'dev', '--to', '001', '--wait', '--reason', 'first']);
	idle = session('idle', 'BEGIN; SELECT count(*) FROM orders;\n');
	await until(() => stack.rows('dev', "SELECT 1 FROM pg_stat_activity WHERE application_name = 'idle' AND state = 'idle in transaction'").length === 1,
		{ seconds: 60, say: 'the idle transaction' });
	stack.cli(['up', '--target', 'dev', '--reason', 'second'], { exits: [3] });
	await until(() => stack.rows('dev', "SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'orders'::regclass").length > 0,
		{ seconds: 60, every: 10, say: 'the waiting statement' });

	const began = Date.now();
	stack.psql('dev', 'SELECT count(*) FROM orders');
	const waited = Date.now() - began;
	assert.ok(waited < 5000, `the reader waited ${waited} ms`);

	await until(() => stack.store("SELECT 1 FROM run_episode WHERE ending = 'gave-way' AND kind = 'queue'").length > 0, { seconds: 60, say: 'the episode' });
	const [run] = stack.store('SELECT max(id) FROM run');
	assert.deepEqual(stack.store(`SELECT DISTINCT activity IN ('waiting', 'backing-off', 'running') FROM run_progress WHERE run_id = ${run}`), ['1']);
	await idle.end();
	await until(() => stack.store(`SELECT state FROM run WHERE id = ${run}`)[0] === 'succeeded', { seconds: 60, say: 'the end of the run' });

	assert.deepEqual(stack.store(`SELECT DISTINCT role || ' ' || application FROM run_episode_session WHERE run_id = ${run} AND role = 'blocker'`), ['blocker idle']);
	assert.deepEqual(stack.store(`SELECT count(*) FROM run_episode WHERE run_id = ${run} AND ended_at IS NULL`), ['0']);
	assert.deepEqual(stack.store(`SELECT count(*) FROM run_progress`), ['0']);
	assert.match(stack.store(`SELECT group_concat(text, char(10)) FROM event WHERE run_id = ${run} AND kind = 'retry'`).join('\n'), /gave way to/);
	const { rows: items } = JSON.parse(stack.cliTry(['--json', 'run', run]).stdout).episodes;
	assert.ok(items.some((e) => e.kind === 'queue' && e.ending === 'gave-way' && e.relation === 'public.orders'), JSON.stringify(items));
	assert.ok(items.some((e) => e.role === 'blocker' && e.state === 'idle in transaction'));
});
