// Restores through request and approval: production goes back to before a bad migration, with its data; a database beside
// it; what is refused; sessions in the way; jobs and runners that are killed.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { renameSync } from 'node:fs';
import { CANARY, Stack, isRoot } from '../support/stack.mjs';
import { Session } from '../support/failures.mjs';
import { until } from '../../tools/web-client.mjs';

const skip = !isRoot && 'needs other accounts';
const files = {
	'001_orders.sql': "CREATE TABLE orders (id int PRIMARY KEY, note text);\nINSERT INTO orders SELECT i, 'order ' || i FROM generate_series(1, 500) i;\n",
	'002_clean.sql': 'DELETE FROM orders WHERE id > 10;\nALTER TABLE orders DROP COLUMN note;\n',
	'003_late.sql': 'CREATE TABLE late (id int);\n',
};
const restored = { restore_connection: 'host=@run@ port=5432 dbname=postgres user=gatehouse_restore', restore_keep: '3d', max_retries: 0 };
let stack;

const one = (sql) => stack.store(sql)[0];
const target = (name) => one(`SELECT id FROM target WHERE name = '${name}'`);
const newest = (table, name) => one(`SELECT max(id) FROM ${table} WHERE target_id = ${target(name)}`);
const run = (id) => {
	const [state, outcome] = one(`SELECT state || '~' || outcome FROM run WHERE id = ${id}`).split('~');
	return { id, state, outcome };
};
const databases = (name) => stack.rows('postgres', `SELECT datname || CASE WHEN datallowconn THEN '' ELSE ' refuses' END FROM pg_database WHERE datname ~ '^(${name}|gatehouse_restore)' ORDER BY 1`);

// Asks as one person, approves as another; the run that came of it, when it has ended.
async function go(name, args, { reason = 'a test', wait = true } = {}) {
	const asked = stack.cliTry([...args, '--reason', reason]);
	assert.equal(asked.status, 3, asked.stdout + asked.stderr);
	const id = newest('request', name);
	// What would be lost is counted before anybody may approve.
	await until(() => one(`SELECT count(*) FROM plan_count WHERE state IN ('queued', 'running')`) === '0', { seconds: 60, say: 'the count' });
	const yes = stack.cliTry(['approve', id, '--yes', ...(wait ? ['--wait'] : [])], { user: 'daemon' });
	const result = run(newest('run', name));

	assert.equal(one(`SELECT request_id FROM run WHERE id = ${result.id}`), id, yes.stdout + yes.stderr);
	return { ...result, request: id };
}
const up = (name, version) => go(name, ['up', '--target', name, '--to', version]);
const ended = async (id) => {
	await until(() => !['queued', 'running', 'unknown'].includes(run(id).state), { seconds: 60, say: `the end of run ${id}` });
	return run(id);
};

// 001, then 002, which was a mistake: the backup of before it.
async function mistaken(name) {
	assert.equal((await up(name, '001')).state, 'succeeded');
	assert.equal((await up(name, '002')).state, 'succeeded');
	assert.deepEqual(stack.rows(name, 'SELECT count(*) FROM orders'), ['10']);
	return newest('backup', name);
}

before(async () => {
	if (skip)
		return;
	stack = await Stack.start({
		projects: { shop: { convention: 'numbered', files } },
		targets: Object.fromEntries(['prod', 'beside', 'busy', 'killed', 'later', 'partly', 'plain'].map((n) => [n, { environment: 'production',
			...(n === 'plain' ? {} : restored), ...(n === 'partly' ? { rollback_on_failure: false } : {}) }])),
		conf: 'account "daemon" { person = "lead" }\n',
		prepare: (s) => {
			s.psql('postgres', `CREATE ROLE gatehouse_restore LOGIN CREATEDB PASSWORD '${CANARY}-restore'; GRANT shop, pg_signal_backend TO gatehouse_restore`);
			s.passfile('etc/passfile', { shop: `${CANARY}-shop`, gatehouse_restore: `${CANARY}-restore` });
		},
		web: false,
		people: ['admin', 'lead'],
	});
});
after(() => stack?.stop());

test('production goes back to before a bad migration, with its data', { skip }, async () => {
	const backup = await mistaken('prod');
	const oid = one("SELECT database_oid FROM target WHERE name = 'prod'");

	stack.psql('prod', "INSERT INTO orders VALUES (9001), (9002)");
	// Somebody else has asked for more meanwhile, on what will not be there any longer.
	assert.equal(stack.cliTry(['up', '--target', 'prod', '--reason', 'more']).status, 3);
	const older = newest('request', 'prod');

	const asked = stack.cliTry(['backup', 'restore', backup, '--reason', 'orders are gone']);
	assert.equal(asked.status, 3, asked.stderr);
	const id = newest('request', 'prod');
	const digest = one(`SELECT plan_digest FROM request WHERE id = ${id}`);
	assert.match(one(`SELECT goal FROM request WHERE id = ${id}`), new RegExp(`^backup ${backup} of `));
	assert.equal(one(`SELECT act || ' ' || direction FROM plan WHERE digest = '${digest}'`), 'restore down');

	// What would be lost is counted before anybody approves.
	await until(() => one(`SELECT state FROM plan_count WHERE plan_digest = '${digest}'`) === 'done', { seconds: 60, say: 'the count' });
	const loss = stack.store(`SELECT object || ' ' || there || ' ' || since FROM plan_loss WHERE plan_digest = '${digest}' ORDER BY position`);
	assert.ok(loss.includes('public.orders 12 2'), loss.join('\n'));
	assert.match(one(`SELECT text FROM plan_loss WHERE plan_digest = '${digest}' AND object = 'public.orders'`), /12 rows now, 500 in the backup/);

	const yes = stack.cliTry(['approve', id, '--yes', '--wait'], { user: 'daemon' });
	const r = run(newest('run', 'prod'));
	assert.equal(r.state, 'succeeded', r.outcome + yes.stderr);
	assert.deepEqual(stack.rows('prod', 'SELECT count(*), max(note) FROM orders'), ['500|order 99']);
	assert.deepEqual(stack.tracked('prod'), ['001_orders']);

	// The old one is there, lets nobody in, and has a date.
	assert.deepEqual(databases('prod'), ['prod', `prod_before_${oid} refuses`]);
	assert.deepEqual(stack.store(`SELECT kind, name, oid, state, (drop_after - kept_at) / 86400000000 FROM kept_database WHERE run_id = ${r.id}`),
		[`before|prod_before_${oid}|${oid}|kept|3`]);
	assert.equal(stack.psql(`prod_before_${oid}`, 'SELECT 1', { ok: false }).status, 2);

	// What is known of the target follows, and what was asked for on the old one is stale.
	await until(() => one("SELECT database_oid FROM target WHERE name = 'prod'") !== oid, { seconds: 60, say: 'the new identity' });
	await until(() => one(`SELECT state FROM request WHERE id = ${older}`) === 'stale', { seconds: 60, say: 'a stale request' });
	assert.deepEqual(stack.store(`SELECT key, standing FROM standing WHERE target_id = ${target('prod')} ORDER BY key`),
		['001_orders|applied', '002_clean|pending', '003_late|pending']);
	// The restore itself has shown that the backup is good.
	assert.equal(one(`SELECT level || '/' || broken FROM backup WHERE id = ${backup}`), 'counted/');
	assert.ok(stack.store("SELECT op FROM ledger WHERE op IN ('request.add', 'run.succeeded')").length >= 2);

	// Life goes on, and back again to what was replaced: the run took a backup of it.
	const taken = one(`SELECT id FROM backup WHERE run_id = ${r.id}`);
	const again = await go('prod', ['backup', 'restore', taken]);
	assert.equal(again.state, 'succeeded', again.outcome);
	assert.deepEqual(stack.rows('prod', 'SELECT count(*) FROM orders'), ['12']);
});

test('a kept database that somebody has dropped is seen gone', { skip }, async () => {
	const [name] = stack.rows('postgres', "SELECT datname FROM pg_database WHERE datname LIKE 'prod_before_%' ORDER BY oid LIMIT 1");

	stack.psql('postgres', `DROP DATABASE "${name}"`);
	await until(() => one(`SELECT state FROM kept_database WHERE name = '${name}'`) === 'gone', { seconds: 60, say: 'the look at it' });
	assert.equal(stack.store("SELECT name FROM kept_database WHERE state = 'kept'").length, 1);
});

test('beside the target, for a look', { skip }, async () => {
	const backup = await mistaken('beside');
	const r = await go('beside', ['backup', 'restore', backup, '--side', 'beside_look']);

	assert.equal(r.state, 'succeeded', r.outcome);
	assert.deepEqual(databases('beside'), ['beside', 'beside_look']);
	assert.deepEqual(stack.rows('beside', 'SELECT count(*) FROM orders'), ['10']);
	assert.deepEqual(stack.rows('beside_look', 'SELECT count(*) FROM orders'), ['500']);
	assert.equal(one(`SELECT kind || ' ' || name FROM kept_database WHERE run_id = ${r.id}`), 'side beside_look');
	assert.deepEqual(stack.store(`SELECT 1 FROM plan_count c JOIN run r ON r.plan_digest = c.plan_digest WHERE r.id = ${r.id}`), [], 'nothing is lost');
	const twice = await go('beside', ['backup', 'restore', backup, '--side', 'beside_look']);
	assert.equal(twice.state, 'failed-clean');
	assert.match(twice.outcome, /there is a database beside_look already/);
});

test('refused before anybody is asked', { skip }, async () => {
	const backup = newest('backup', 'beside');
	const no = (args, part) => {
		const r = stack.cliTry(['backup', 'restore', ...args]);
		assert.notEqual(r.status, 3, r.stdout);
		assert.match(r.stderr, part);
	};

	no([backup], /--reason/);
	no(['999', '--reason', 'x'], /999/);
	no([backup, '--target', 'prod', '--reason', 'x'], /is of beside/);
	no([backup, '--side', 'beside', '--reason', 'x'], /needs another name/);
	no([backup, '--side', 'x'.repeat(70), '--reason', 'x'], /at most 63 bytes/);
});

test('a role that lacks something is told what, and nothing is changed', { skip }, async () => {
	const backup = await mistaken('plain');
	const r = await go('plain', ['backup', 'restore', backup]);

	assert.equal(r.state, 'failed-clean', r.outcome);
	assert.match(r.outcome, /ALTER ROLE shop CREATEDB/);
	assert.match(r.outcome, /GRANT pg_signal_backend TO shop/);
	assert.deepEqual(databases('plain'), ['plain']);
});

test('a session that may not be ended stops it, and connections are let in again', { skip }, async () => {
	const backup = await mistaken('busy');
	const session = new Session(stack, 'busy');

	await session.say('BEGIN; SELECT 1;');
	const stopped = await go('busy', ['backup', 'restore', backup]);
	await session.end();
	assert.equal(stopped.state, 'failed-clean', stopped.outcome);
	assert.match(stopped.outcome, /of postgres .*may not be ended/);
	assert.deepEqual(databases('busy'), ['busy']);
	assert.deepEqual(stack.store(`SELECT kind || ' ' || goal FROM run_action WHERE run_id = ${stopped.id}`), [`restore ${backup}`]);
	const r = await go('busy', ['backup', 'restore', backup]);
	assert.equal(r.state, 'succeeded', r.outcome);
});

test('a file that is not what it was is found before anything is made', { skip }, async () => {
	const backup = await mistaken('later');
	const file = stack.path('backups', one(`SELECT file FROM backup WHERE id = ${backup}`));

	renameSync(file, `${file}.away`);
	const r = await go('later', ['backup', 'restore', backup]);
	assert.equal(r.state, 'failed-clean', r.outcome);
	assert.deepEqual(databases('later'), ['later']);
	renameSync(`${file}.away`, file);
});

test('a failed run names the restore, with the number of its backup', { skip }, async () => {
	assert.equal((await up('partly', '001')).state, 'succeeded');
	stack.psql('partly', 'SET ROLE shop; CREATE TABLE late (id int)');
	const r = await go('partly', ['up', '--target', 'partly']);

	assert.equal(r.state, 'failed-partly', r.outcome);
	const backup = one(`SELECT id FROM backup WHERE run_id = ${r.id}`);
	assert.deepEqual(stack.store(`SELECT goal FROM run_action WHERE run_id = ${r.id} AND kind = 'restore'`), [backup]);
	const back = await go('partly', ['backup', 'restore', backup]);
	assert.equal(back.state, 'succeeded', back.outcome);
	assert.deepEqual(stack.rows('partly', 'SELECT count(*) FROM orders'), ['500']);
	assert.deepEqual(stack.tracked('partly'), ['001_orders']);
});

test('killed on its way: done, or as before, and never in between', { skip }, async () => {
	const backup = await mistaken('killed');
	const cases = [['job.restore.created kill', false], ['job.restore.closed kill', false], ['job.restore.before-commit kill-both', false], ['job.restore.swapped kill', true]];

	for (const [fault, done] of cases) {
		stack.setFault(fault);
		const r = await go('killed', ['backup', 'restore', backup], { wait: false });
		if (!await until(() => stack.faultPassed(), { seconds: 60, say: fault }).then(() => true, () => false))
			return; // a build without fault points
		if (fault.endsWith('both')) {
			await until(() => stack.parts.runner.ended, { seconds: 60, say: 'the end of the runner' });
			await stack.startRunner();
		}
		const end = await ended(r.id);
		assert.equal(end.state, done ? 'succeeded' : 'failed-clean', `${fault}: ${end.outcome}`);
		assert.equal(databases('killed').length, done ? 2 : 1, fault);
		assert.deepEqual(stack.rows('killed', 'SELECT count(*) FROM orders'), [done ? '500' : '10'], fault);
		assert.equal(stack.store(`SELECT 1 FROM kept_database WHERE run_id = ${r.id}`).length, done ? 1 : 0, fault);
	}
});
