// Restores of backups that are no plain file, encrypted ones with and without their key and folders, back and beside; of a
// target that asks for no approval; and a server that dies in the moment in which the databases change names.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { renameSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { CANARY, PG_BIN, PROGRAMS, Stack, USERS, isRoot, run as runAs } from '../support/stack.mjs';
import { until } from '../../tools/web-client.mjs';

const skip = !isRoot && 'needs other accounts';
const files = {
	'001_orders.sql': "CREATE TABLE orders (id int PRIMARY KEY, note text);\nINSERT INTO orders SELECT i, 'order ' || i FROM generate_series(1, 500) i;\n",
	'002_clean.sql': 'DELETE FROM orders WHERE id > 10;\n',
};
const restored = { environment: 'production', restore_connection: 'host=@run@ port=5432 dbname=postgres user=gatehouse_restore', max_retries: 0 };
let stack;

const one = (sql) => stack.store(sql)[0];
const newest = (table, name) => one(`SELECT max(id) FROM ${table} WHERE target_id = (SELECT id FROM target WHERE name = '${name}')`);
const run = (id) => {
	const [state, outcome] = one(`SELECT state || '~' || outcome FROM run WHERE id = ${id}`).split('~');
	return { id, state, outcome };
};
const databases = (name) => stack.rows('postgres', `SELECT datname || CASE WHEN datallowconn THEN '' ELSE ' refuses' END FROM pg_database WHERE datname ~ '^(${name}|gatehouse_restore)' ORDER BY 1`);
const ended = async (id) => {
	await until(() => !['queued', 'running', 'unknown'].includes(run(id).state), { seconds: 90, say: `the end of run ${id}` });
	return run(id);
};

async function ask(name, args) {
	const asked = stack.cliTry([...args, '--reason', 'a test']);
	assert.equal(asked.status, 3, asked.stdout + asked.stderr);
	await until(() => one(`SELECT count(*) FROM plan_count WHERE state IN ('queued', 'running')`) === '0', { say: 'the count' });
	return newest('request', name);
}
async function go(name, args, { wait = true } = {}) {
	const id = await ask(name, args);
	const yes = stack.cliTry(['approve', id, '--yes', ...(wait ? ['--wait'] : [])], { user: 'daemon' });
	const result = run(newest('run', name));

	assert.equal(one(`SELECT request_id FROM run WHERE id = ${result.id}`), id, yes.stdout + yes.stderr);
	return { ...result, request: id };
}
// 001, then 002, which was a mistake: the backup of before it.
async function mistaken(name) {
	for (const version of ['001', '002'])
		assert.equal((await go(name, ['up', '--target', name, '--to', version])).state, 'succeeded');
	assert.deepEqual(stack.rows(name, 'SELECT count(*) FROM orders'), ['10']);
	return newest('backup', name);
}

before(async () => {
	if (skip)
		return;
	stack = await Stack.start({
		projects: { shop: { convention: 'numbered', files } },
		targets: { sealed: { ...restored }, locked: { ...restored }, folder: { ...restored, backup_format: 'directory', backup_jobs: 2 },
			free: { ...restored, approvals: 0 }, dies: { ...restored }, comes: { ...restored } },
		conf: 'account "daemon" { person = "lead" }\n',
		prepare: (s) => {
			const key = (name) => {
				const said = execFileSync(PROGRAMS.gatehouse, ['backup', 'key', s.path(`etc/${name}`)], { encoding: 'utf8' });

				s.give(`etc/${name}`, USERS.runner);
				return { backup_encrypt_to: /^backup_encrypt_to = "([A-Za-z0-9+/]{43}=)"$/m.exec(said)[1], backup_key_file: s.path(`etc/${name}`) };
			};

			Object.assign(s.options.targets.sealed, key('sealed.key'));
			Object.assign(s.options.targets.locked, key('locked.key'));
			s.psql('postgres', `CREATE ROLE gatehouse_restore LOGIN CREATEDB PASSWORD '${CANARY}-restore'; GRANT shop, pg_signal_backend TO gatehouse_restore`);
			s.passfile('etc/passfile', { shop: `${CANARY}-shop`, gatehouse_restore: `${CANARY}-restore` });
		},
		web: false,
		people: ['admin', 'lead'],
	});
});
after(() => stack?.stop());

for (const [name, end] of [['sealed', '.dump.zst.sealed'], ['folder', '.dir']]) {
	test(`${name}: back, and beside`, { skip }, async () => {
		const backup = await mistaken(name);
		assert.ok(one(`SELECT file FROM backup WHERE id = ${backup}`).endsWith(end));

		const side = await go(name, ['backup', 'restore', backup, '--side', `${name}_look`]);
		assert.equal(side.state, 'succeeded', side.outcome);
		assert.deepEqual(databases(name), [name, `${name}_look`]);
		assert.deepEqual(stack.rows(`${name}_look`, 'SELECT count(*) FROM orders'), ['500']);
		assert.deepEqual(stack.rows(name, 'SELECT count(*) FROM orders'), ['10']);

		const back = await go(name, ['backup', 'restore', backup]);
		assert.equal(back.state, 'succeeded', back.outcome);
		assert.deepEqual(stack.rows(name, 'SELECT count(*), max(note) FROM orders'), ['500|order 99']);
		assert.equal(one(`SELECT level || '/' || broken FROM backup WHERE id = ${backup}`), 'counted/');
		// What was there before has become a backup of the same kind.
		assert.ok(one(`SELECT file FROM backup WHERE run_id = ${back.id}`).endsWith(end));
	});
}

test('a key that has gone meanwhile, or another one in its place: nothing is begun', { skip }, async () => {
	const backup = await mistaken('locked');
	const key = stack.path('etc/locked.key');

	renameSync(key, `${key}.away`);
	const gone = await go('locked', ['backup', 'restore', backup]);
	assert.equal(gone.state, 'failed-clean', gone.outcome);
	assert.match(gone.outcome, /nothing was changed: .*key/);
	execFileSync(PROGRAMS.gatehouse, ['backup', 'key', key]);
	stack.give('etc/locked.key', USERS.runner);
	const other = await go('locked', ['backup', 'restore', backup]);
	assert.equal(other.state, 'failed-clean', other.outcome);
	assert.match(other.outcome, /cannot be restored: it is encrypted to another key than the one that is configured\. Nothing was applied/);
	assert.deepEqual(stack.store(`SELECT phase FROM run_phase WHERE run_id = ${other.id} AND phase IN ('before', 'backup', 'migrate')`), []);
	assert.deepEqual(databases('locked'), ['locked']);
	renameSync(`${key}.away`, key);
	assert.equal((await go('locked', ['backup', 'restore', backup])).state, 'succeeded');
});

test('where nobody approves it begins when what it would lose is counted', { skip }, async () => {
	for (const version of ['001', '002'])
		assert.equal(stack.cliTry(['up', '--target', 'free', '--to', version, '--reason', 'a test', '--wait']).status, 0);
	const backup = newest('backup', 'free');
	const r = stack.cliTry(['backup', 'restore', backup, '--reason', 'a test', '--wait']);
	const id = newest('run', 'free');

	assert.equal(r.status, 0, r.stdout + r.stderr);
	assert.equal(run(id).state, 'succeeded', run(id).outcome);
	assert.equal(one(`SELECT c.state || (c.counted_at <= r.started_at) FROM run r JOIN plan_count c ON c.plan_digest = r.plan_digest WHERE r.id = ${id}`), 'done1');
	assert.deepEqual(stack.store(`SELECT text FROM event WHERE run_id = ${id} AND text LIKE '%is being counted%'`), ['What it would lose is being counted.']);
	assert.deepEqual(stack.rows('free', 'SELECT count(*) FROM orders'), ['500']);
});

test('where nobody approves and nobody can count, it ends, unless it was asked for nonetheless', { skip }, async (t) => {
	const backup = one(`SELECT min(id) FROM backup WHERE target_id = (SELECT id FROM target WHERE name = 'free')`);
	const killed = () => stack.setFault('job.count.table kill');

	killed();
	const no = stack.cliTry(['backup', 'restore', backup, '--reason', 'a test', '--wait']);
	if (!stack.faultPassed())
		return t.skip('a build without fault points');
	assert.notEqual(no.status, 0);
	assert.match(one(`SELECT state || ' ' || state_text FROM request ORDER BY id DESC LIMIT 1`), /^stale what it would lose could not be counted: .*--uncounted/);
	assert.equal(run(newest('run', 'free')).state, 'failed-clean');
	killed();
	const yes = stack.cliTry(['backup', 'restore', backup, '--uncounted', '--reason', 'a test', '--wait']);
	assert.equal(yes.status, 0, yes.stdout + yes.stderr);
	assert.match(one('SELECT goal FROM request ORDER BY id DESC LIMIT 1'), /, uncounted$/);
	assert.equal(stack.store(`SELECT 1 FROM event WHERE run_id = ${newest('run', 'free')} AND text LIKE '%could not be counted, and it was asked for nonetheless%'`).length, 1);
});

for (const [name, soon] of [['comes', true], ['dies', false]]) {
	test(`a server that dies when the names have changed, and ${soon ? 'soon comes back' : 'stays away for a while'}`, { skip }, async (t) => {
		const backup = await mistaken(name);

		stack.setFault('job.restore.swapped stop');
		const r = await go(name, ['backup', 'restore', backup], { wait: false });
		if (!await until(() => stack.faultPassed(), { seconds: 60, say: 'the swap' }).then(() => true, () => false))
			return t.skip('a build without fault points');
		await until(() => stack.standingJobs().length === 1, { say: 'a job that stands still' });
		runAs(USERS.pg, [`${PG_BIN}/pg_ctl`, '-D', stack.path('pg'), '-m', 'immediate', '-w', 'stop'], { ok: false });
		await until(() => stack.parts.postgres.ended, { say: 'the end of the server' });
		const back = async () => {
			stack.runPostgres();
			await stack.postgresReady();
		};

		if (soon)
			await back();
		stack.wakeJobs();
		if (!soon) {
			await until(() => run(r.id).state === 'unknown', { seconds: 120, say: 'a run that is unknown' });
			await back();
		}
		const end = await ended(r.id);
		assert.equal(end.state, 'succeeded', end.outcome);
		assert.equal(databases(name).length, 2);
		assert.deepEqual(stack.rows(name, 'SELECT count(*) FROM orders'), ['500']);
		assert.equal(stack.store(`SELECT 1 FROM kept_database WHERE run_id = ${r.id}`).length, 1);
	});
}
