// What was measured of PostgreSQL and is why the runner does as it does (docs/security.md): shown on a real server, with
// what we do about it.
//
// Needs a build with fault points (GATEHOUSE_BUILD=build/clang).
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { until } from '../../tools/web-client.mjs';
import { CANARY, ENV, PG_BIN, Stack, USERS, asUser, isRoot } from '../support/stack.mjs';

const files = {
	'001_log.sql': "CREATE TABLE log (id int, t text);\nINSERT INTO log SELECT n, md5(n::text) FROM generate_series(1, 20000) n;\n", '001_log_down.sql': 'DROP TABLE log;\n',
	'002_slow.sql': 'CREATE TABLE slow (id int);\nSELECT pg_sleep(60);\n', '002_slow_down.sql': 'DROP TABLE slow;\n',
};
// The key of a run's advisory lock.
const KEY = createHash('sha256').update('gatehouse').digest().readBigInt64BE(0);
let stack;

before(async () => {
	stack = await Stack.start({
		web: false, people: ['admin'],
		projects: { plain: { convention: 'numbered', files } },
		targets: {
			prod: { environment: 'production', approvals: 0 }, dev: { environment: 'development' }, locked: { environment: 'development' },
			pooled: { environment: 'development', database: 'dev', connection: 'host=@run@ port=6432 dbname=dev user=shop' },
		},
		prepare: (s) => {
			mkdirSync(s.path('pool'));
			s.give('pool', USERS.pg);
			writeFileSync(s.path('pool/users.txt'), `"shop" "${CANARY}-shop"\n`);
			writeFileSync(s.path('pool/pgbouncer.ini'), `[databases]\n* = host=${s.path('run/pg')} port=5432\n[pgbouncer]\nlisten_addr =\nunix_socket_dir = ${s.path('run/pg')}\n`
				+ `listen_port = 6432\nauth_type = trust\nauth_file = ${s.path('pool/users.txt')}\npool_mode = transaction\nignore_startup_parameters = extra_float_digits\n`);
			s.spawn('pgbouncer', USERS.pg, ['/usr/sbin/pgbouncer', s.path('pool/pgbouncer.ini')]);
		},
	});
});
after(() => stack?.stop());

const last = () => {
	const [id, state, ...outcome] = stack.store("SELECT id, state, replace(outcome, char(10), ' ') FROM run ORDER BY id DESC LIMIT 1")[0].split('|');
	return { id, state, outcome: outcome.join('|') };
};
const ended = () => until(() => !['queued', 'running', 'unknown'].includes(last().state) && last(), { seconds: 60, say: () => `the end of ${JSON.stringify(last())}` });
const up = (target, to) => stack.cliTry(['up', '--target', target, '--to', to, '--reason', 'facts']);

// psql beside us: its statements one by one.
function session(database, ...statements) {
	const [program, ...args] = asUser(USERS.pg, [`${PG_BIN}/psql`, '-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-h', stack.path('run/pg'), '-U', 'postgres', '-d', database,
		...statements.flatMap((s) => ['-c', s])]);
	const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env: ENV });
	let said = '';

	child.stdout.on('data', (d) => (said += d));
	child.stderr.on('data', (d) => (said += d));
	return new Promise((done) => child.on('exit', (status) => done({ status, said })));
}

test('a pooler is noticed and refused', { skip: !existsSync('/usr/sbin/pgbouncer') && 'pgbouncer is not installed' }, async () => {
	await until(() => existsSync(stack.path('run/pg/.s.PGSQL.6432')), { seconds: 60, say: 'pgbouncer' });
	const r = up('pooled', '001_log');
	assert.notEqual(r.status, 3);
	assert.match(r.stderr, /reached through a connection pooler, where locks and settings leak/);
	assert.deepEqual(stack.store("SELECT count(*) FROM run r JOIN target t ON t.id = r.target_id WHERE t.name = 'pooled'"), ['0']);
});

test('a session of a job that is gone ends by itself within seconds', async () => {
	assert.equal(stack.cliTry(['up', '--target', 'dev', '--to', '001_log', '--reason', 'facts', '--wait']).status, 0);
	assert.equal(up('dev', '002_slow').status, 3);
	const sleeping = () => Number(stack.rows('dev', "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%' AND datname = 'dev' AND pid <> pg_backend_pid()")[0]);
	await until(() => sleeping() === 1, { seconds: 60, say: 'the middle of 002' });
	// Nobody is there to end it.
	await stack.end('runner', 'SIGKILL');
	stack.killJobs();
	await until(() => sleeping() === 0, { seconds: 15, say: 'the end of the session' });
	await stack.startRunner();
	assert.equal((await ended()).state, 'failed-clean');
});

test('who waits inside pg_advisory_lock stands in the way of CREATE INDEX CONCURRENTLY; a run that polls does not', async () => {
	stack.psql('locked', 'CREATE TABLE t (id int)');
	// then: SQL that is true when the other one is there.
	const holds = (name, then) => session('locked', `SET application_name = 'holder'; SELECT pg_advisory_lock(${KEY})`,
		`DO $$ BEGIN WHILE NOT (${then}) LOOP PERFORM pg_stat_clear_snapshot(); PERFORM pg_sleep(0.05); END LOOP; END $$`,
		`CREATE INDEX CONCURRENTLY ${name} ON t (id)`, `SELECT pg_advisory_unlock(${KEY})`);
	const held = () => until(() => stack.rows('locked', "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted")[0] === '1', { seconds: 60, say: 'the lock' });

	const first = holds('t_one', "EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted)");
	await held();
	const waiter = session('locked', `SELECT pg_advisory_lock(${KEY})`);
	const both = await Promise.all([first, waiter]);
	assert.ok(both.some((r) => r.status !== 0 && /deadlock detected/.test(r.said)), JSON.stringify(both));

	// A run has asked for the lock and has not got it.
	const second = holds('t_two', "EXISTS (SELECT FROM pg_stat_activity WHERE application_name LIKE 'gatehouse:%' AND query LIKE '%pg_try_advisory_lock%')");
	await held();
	assert.equal(up('locked', '001_log').status, 3);
	const r = await second;
	assert.equal(r.status, 0, r.said);
	assert.doesNotMatch((await ended()).outcome, /deadlock/);
	assert.deepEqual(stack.rows('locked', "SELECT indisvalid FROM pg_index WHERE indexrelid = 't_two'::regclass"), ['t']);
});

test('a short lock_timeout ends CREATE INDEX CONCURRENTLY in the middle, and IF NOT EXISTS takes what it left for good', async () => {
	stack.psql('locked', 'CREATE TABLE u (id int)');
	const old = session('locked', 'BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM u; SELECT pg_sleep(600); COMMIT');
	await until(() => stack.rows('locked', "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'")[0] === '1', { seconds: 60, say: 'the old transaction' });
	const r = await session('locked', "SET lock_timeout = '200ms'", 'CREATE INDEX CONCURRENTLY u_id ON u (id)');
	assert.match(r.said, /lock timeout/);
	stack.psql('locked', "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep'");
	await old;
	assert.match((await session('locked', 'CREATE INDEX CONCURRENTLY IF NOT EXISTS u_id ON u (id)')).said, /already exists, skipping/);
	assert.deepEqual(stack.rows('locked', "SELECT indisvalid FROM pg_index WHERE indexrelid = 'u_id'::regclass"), ['f']);
	stack.psql('locked', 'DROP TABLE u');
});

test('a backup locks the tables before its snapshot: a TRUNCATE waits instead of emptying the dump', async () => {
	assert.equal(stack.cliTry(['up', '--target', 'prod', '--to', '001_log', '--reason', 'facts', '--wait']).status, 0);
	stack.migration('002_slow.sql', 'CREATE TABLE slow (id int);\n');
	stack.setFault('job.backup.snapshot stop');
	assert.equal(up('prod', '002_slow').status, 3);
	await until(() => stack.faultPassed() && stack.standingJobs().length === 1, { seconds: 60, say: 'the snapshot' });
	const r = await session('prod', "SET lock_timeout = '300ms'", 'TRUNCATE log');
	stack.wakeJobs();
	assert.match(r.said, /lock timeout/);
	assert.equal((await ended()).state, 'succeeded');
	assert.deepEqual(stack.store(`SELECT row_count FROM backup WHERE run_id = ${last().id}`), ['20001'], 'and all rows are in it');
});

test('a dump that was cut short is no backup, and nothing is applied', async () => {
	stack.migration('003_more.sql', 'CREATE TABLE more (id int);\n');
	stack.migration('003_more_down.sql', 'DROP TABLE more;\n');
	stack.setFault('job.backup.part stop');
	assert.equal(up('prod', '003_more').status, 3);
	await until(() => stack.faultPassed() && stack.standingJobs().length === 1, { seconds: 60, say: 'the dump' });
	const part = readdirSync(stack.path('backups')).find((n) => n.endsWith('.part'));
	truncateSync(stack.path('backups', part), statSync(stack.path('backups', part)).size - 20);
	stack.wakeJobs();
	const r = await ended();
	assert.equal(r.state, 'failed-clean');
	assert.match(r.outcome, /the backup is not what was written: \S+ has \d+ bytes, and \d+ were written/);
	assert.deepEqual(stack.rows('prod', "SELECT to_regclass('more') IS NULL"), ['t']);
	assert.deepEqual(readdirSync(stack.path('backups')).filter((n) => n.endsWith('.part')), []);
});

test('two dumps of one schema differ, the fingerprint of the catalog does not need them', async () => {
	const dump = () => session('prod').then(() => stack.psql('prod', 'SELECT 1')) && new Promise((done) => {
		const [program, ...args] = asUser(USERS.pg, [`${PG_BIN}/pg_dump`, '--schema-only', '-h', stack.path('run/pg'), '-U', 'postgres', 'prod']);
		const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'ignore'], env: ENV });
		let text = '';
		child.stdout.on('data', (d) => (text += d));
		child.on('exit', () => done(text));
	});
	const [one, two] = [await dump(), await dump()], without = (text) => text.replace(/^\\(un)?restrict .*$/gm, '');
	assert.equal(without(one), without(two));
	// Clients since August 2025 write a random word at the top.
	if (/^\\restrict /m.test(one))
		assert.notEqual(one, two);
});

test('a session that may not be ended keeps the run unknown, and the page names the command for it', { skip: !isRoot && 'needs a second account' }, async () => {
	stack.migration('004_last.sql', 'CREATE TABLE last (id int);\n');
	stack.migration('004_last_down.sql', 'DROP TABLE last;\n');
	stack.migration('002_slow.sql', 'CREATE TABLE slow (id int);\n');
	const before = Number(last().id);
	// Somebody of another role uses the name of the run's sessions.
	const name = `gatehouse:${before + 1}:${stack.store('SELECT name FROM installation')[0]}`;
	const other = session('dev', `SET application_name = '${name}'`, 'SELECT pg_sleep(600)');
	await until(() => stack.rows('dev', `SELECT count(*) FROM pg_stat_activity WHERE application_name = '${name}'`)[0] === '1', { seconds: 60, say: 'the other session' });
	stack.setFault('job.after-flush kill');
	const r = up('dev', '004_last');
	assert.equal(r.status, 3, r.stderr);
	assert.equal(Number(last().id), before + 1);
	await until(() => /pg_terminate_backend\(\d+\)/.test(stack.store("SELECT held FROM target WHERE name = 'dev'").join('')), { seconds: 60, say: () => `the command for the administrator: ${JSON.stringify(last())} ${stack.store("SELECT held FROM target WHERE name = 'dev'")}` });
	assert.equal(last().state, 'unknown');
	// No other run meanwhile.
	assert.equal(stack.cliTry(['up', '--target', 'dev', '--reason', 'meanwhile']).status, 4);
	stack.psql('dev', `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = '${name}'`);
	await other;
	assert.equal((await ended()).state, 'failed-clean');
});
