// Rehearsals as people meet them: asked for, demanded by the policy, killed, and what a way back would destroy.
import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { until } from '../../tools/web-client.mjs';
import { Stack, USERS } from '../support/stack.mjs';

const files = {
	'001_orders.sql': 'CREATE TABLE orders (id int PRIMARY KEY, total int);\nINSERT INTO orders SELECT n, n FROM generate_series(1, 2000) n;\n',
	'001_orders_down.sql': 'DROP TABLE orders;\n',
	'002_note.sql': 'ALTER TABLE orders ADD COLUMN note text;\n',
	'002_note_down.sql': 'ALTER TABLE orders DROP COLUMN note;\n',
};
let stack;
const asLead = { user: USERS.nginx }, asLead2 = { user: USERS.pg };
const request = (args) => {
	const r = stack.cliTry(args);
	const id = /request (\d+)/.exec(r.stdout + r.stderr)?.[1];
	assert.ok(id, `${r.stdout}${r.stderr}`);
	return Number(id);
};
const digestOf = (id) => stack.store(`SELECT plan_digest FROM request WHERE id = ${id}`)[0];
const rehearsal = (id) => stack.store(`SELECT state, good, text FROM rehearsal WHERE plan_digest = '${digestOf(id)}' ORDER BY id DESC LIMIT 1`)[0];
const over = (id) => until(() => /^(done|failed)\|/.test(rehearsal(id) ?? ''), { seconds: 60, say: `rehearsal of request ${id}` });
const left = () => readdirSync(stack.path('jobs')).filter((n) => n.startsWith('rehearse.'));
// Servers that work in a folder of rehearsals.
const servers = () => stack.workers(stack.path('jobs'));

before(async () => {
	stack = await Stack.start({
		web: false,
		projects: { plain: { convention: 'numbered', files } },
		targets: {
			dev: { environment: 'development', rehearse_rows: 100 },
			prod: { environment: 'production', backup: false, rehearse: true, rehearse_rows: 100, revert_window: '10min', approvals: 2 },
		},
		people: ['admin', 'lead', 'lead2'],
		conf: `account "${USERS.nginx}" { person = "lead" }\naccount "${USERS.pg}" { person = "lead2" }\n`,
	});
});
after(() => stack?.stop());

test('a plan is carried out on a copy, and the target stays as it is', async () => {
	const id = request(['--target', 'prod', 'up', '--to', '002', '--reason', 'orders']);

	// The policy has asked for it already.
	await over(id);
	assert.match(rehearsal(id), /^done\|1\|The schema of prod and at most 100 rows/);
	const again = JSON.parse(stack.cli(['rehearse', String(id), '--wait', '--json']));
	assert.equal(again.rehearsal.rows[0].good, 'yes');
	assert.match(again.rehearsal.rows[0].place, /^a cluster of its own, PostgreSQL 15/);
	assert.deepEqual(again.migrations.rows.map((m) => [m.verdict, m.loses]), [['exact', 'yes'], ['exact', 'yes']]);
	assert.deepEqual(again.statements.rows.filter((s) => s.migration === 2).map((s) => [s.pass, s.kind, s.locks, s.rewritten]), [
		['up', 'ALTER TABLE', 'public.orders ACCESS EXCLUSIVE', ''], ['down', 'ALTER TABLE', 'public.orders ACCESS EXCLUSIVE', ''],
		['again', 'ALTER TABLE', 'public.orders ACCESS EXCLUSIVE', '']]);
	assert.deepEqual(stack.tracked('prod'), []);
	assert.deepEqual(stack.rows('prod', "SELECT to_regclass('orders') IS NULL"), ['t']);
	assert.deepEqual(left(), []);
	assert.deepEqual(servers(), []);
	stack.cli(['withdraw', String(id)]);
});

test('where the policy demands it, nothing is approved that was not rehearsed well', async () => {
	stack.migration('003_bad.sql', 'CREATE TABLE bad (id int);\n');
	stack.migration('003_bad_down.sql', 'SELECT 1;\n');
	const id = request(['--target', 'prod', 'up', '--reason', 'with a bad one']);
	const early = stack.cliTry(['approve', String(id), '--yes'], asLead);
	assert.notEqual(early.status, 0);
	assert.match(early.stderr, /wants every plan rehearsed/);
	await over(id);
	assert.match(rehearsal(id), /^done\|0\|/);
	assert.deepEqual(stack.store(`SELECT verdict FROM rehearsal_migration m JOIN rehearsal h ON h.id = m.rehearsal_id
		WHERE plan_digest = '${digestOf(id)}' ORDER BY migration`), ['exact', 'exact', 'fails']);
	const r = stack.cliTry(['approve', String(id), '--yes'], asLead);
	assert.notEqual(r.status, 0);
	assert.match(r.stderr, /not good/);
	stack.cli(['withdraw', String(id)]);
	stack.migration('003_bad.sql', null);
	stack.migration('003_bad_down.sql', null);
});

test('a killed job leaves no server and no folder', async () => {
	stack.migration('003_slow.sql', 'SELECT pg_sleep(300);\n');
	const id = request(['--target', 'prod', 'up', '--reason', 'slow']);
	await until(() => servers().length > 3 && stack.jobs().length > 0 && stack.store('SELECT count(*) FROM rehearsal_step')[0] > 0
		&& stack.store("SELECT count(*) FROM rehearsal_migration m JOIN rehearsal h ON h.id = m.rehearsal_id WHERE h.state = 'running'")[0] === '2', { seconds: 60 });
	stack.killJobs();
	await over(id);
	assert.match(rehearsal(id), /^failed\|0\|its job was ended by signal 9/);
	await until(() => servers().length === 0 && left().length === 0, { seconds: 60 });
	// The runner and the job at once: the next runner cleans up.
	stack.cli(['rehearse', String(id)], { exits: [3] });
	await until(() => servers().length > 3, { seconds: 60 });
	await stack.end('runner', 'SIGKILL');
	stack.killJobs();
	assert.ok(left().some((n) => existsSync(stack.path('jobs', n))));
	await stack.startRunner();
	await over(id);
	assert.match(rehearsal(id), /^failed\|0\|its job was ended before it said how it went/);
	await until(() => servers().length === 0 && left().length === 0, { seconds: 60 });
	stack.cli(['withdraw', String(id)]);
	stack.migration('003_slow.sql', null);
});

test('within the revert window one approval is enough, and what it destroys is counted', async () => {
	const id = request(['--target', 'prod', 'up', '--to', '002', '--reason', 'both']);
	await over(id);
	stack.cli(['approve', String(id), '--yes'], { ...asLead, exits: [3] });
	stack.cli(['approve', String(id), '--yes', '--wait'], asLead2);
	const [of, until_] = stack.store(`SELECT r.id, r.revert_until > r.ended_at FROM run r WHERE request_id = ${id}`)[0].split('|');
	assert.equal(until_, '1');
	stack.psql('prod', "UPDATE orders SET note = 'x' WHERE id <= 5; INSERT INTO orders VALUES (2001, 1, 'new'), (2002, 1, NULL)");
	// One migration alone is not what the run did.
	const part = request(['--target', 'prod', 'down', '--steps', '1', '--reason', 'half']);
	assert.deepEqual(stack.store(`SELECT needed, coalesce(reverts, 0) FROM request_row WHERE id = ${part}`), ['2|0']);
	await until(() => stack.store(`SELECT state FROM plan_count WHERE plan_digest = '${digestOf(part)}'`)[0] === 'done', { seconds: 60 });
	assert.deepEqual(stack.store(`SELECT text FROM plan_loss WHERE plan_digest = '${digestOf(part)}'`),
		['public.orders.note: 6 values, 6 in rows written since the run']);
	stack.cli(['withdraw', String(part)]);
	const back = request(['--target', 'prod', 'down', '--steps', '2', '--reason', 'it was wrong']);
	assert.deepEqual(stack.store(`SELECT needed, reverts FROM request_row WHERE id = ${back}`), [`1|${of}`]);
	await until(() => stack.store(`SELECT state FROM plan_count WHERE plan_digest = '${digestOf(back)}'`)[0] === 'done', { seconds: 60 });
	assert.deepEqual(stack.store(`SELECT text FROM plan_loss WHERE plan_digest = '${digestOf(back)}' ORDER BY position`),
		['public.orders.note: 6 values, 6 in rows written since the run', 'public.orders: 2,002 rows, 7 written since the run']);
	// Asked within the window, not approved within it.
	const window = (sql) => stack.sqlite('store/store.db', `UPDATE run SET revert_until = ${sql} WHERE id = ${of}`);
	window('revert_until - 3600000000');
	const late = stack.cliTry(['approve', String(back), '--yes'], asLead);
	window('revert_until + 3600000000');
	assert.notEqual(late.status, 0);
	assert.match(late.stderr, /the revert window of run \d+ has ended/);
	assert.deepEqual(stack.store(`SELECT state FROM request WHERE id = ${back}`), ['stale']);
	const again = request(['--target', 'prod', 'down', '--steps', '2', '--reason', 'it was wrong']);
	stack.cli(['approve', String(again), '--yes', '--wait'], asLead);
	assert.deepEqual(stack.tracked('prod'), []);
});
