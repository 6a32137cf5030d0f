// Twelve real failures: the query that shows the cause, what it gave, what is true now and what may be done.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { Session, ask, cause, failure, kinds, startCases } from '../../support/failures.mjs';
import { USERS, isRoot, run } from '../../support/stack.mjs';
import { until } from '../../../tools/web-client.mjs';

const users = "CREATE TABLE users (id int PRIMARY KEY, email text); INSERT INTO users VALUES (1, 'a@b'), (2, 'a@b'), (3, NULL), (4, 'c@d');";
const one = (sql) => ({ '001_it.sql': `${sql}\n` });
const cases = {
	duplicates: { before: users, files: one('ALTER TABLE users ADD CONSTRAINT one_email UNIQUE (email);') },
	nulls: { before: users, files: one('ALTER TABLE users ALTER COLUMN email SET NOT NULL;') },
	checks: { before: users, files: one('CREATE TABLE extra (id int);\nALTER TABLE users ADD CONSTRAINT small CHECK (id < 3);') },
	dangling: { before: `${users} CREATE TABLE orders (id int PRIMARY KEY, who int); INSERT INTO orders VALUES (1, 1), (2, 9), (3, 9);`,
		files: one('ALTER TABLE orders ADD CONSTRAINT orders_who FOREIGN KEY (who) REFERENCES users;') },
	permission: { admin: 'CREATE SCHEMA app;', files: one('CREATE TABLE app.things (id int);') },
	locked: { before: users, target: { lock_timeout: '3s' }, files: one('ALTER TABLE users ADD COLUMN x int;') },
	deadlock: { before: `${users} CREATE TABLE other AS SELECT * FROM users;`, target: { lock_timeout: '20000ms' },
		files: one("UPDATE users SET email = 'x' WHERE id = 1;\nDO $$ BEGIN WHILE NOT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND pid <> pg_backend_pid()) LOOP PERFORM pg_sleep(0.05); END LOOP; END $$;\nUPDATE other SET email = 'x' WHERE id = 1;") },
	slow: { before: `${users} CREATE FUNCTION slow(text) RETURNS text IMMUTABLE LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(2); RETURN $1; END';`, target: { statement_timeout: '3s' }, files: one('CREATE INDEX users_slow ON users (slow(email));') },
	disk: { files: one('CREATE TABLE big (t text) TABLESPACE small;\nINSERT INTO big SELECT repeat(md5(n::text), 30) FROM generate_series(1, 60000) n;') },
	undefined_one: { before: users, files: one('UPDATE userz SET id = 1;') },
	reading: { admin: "ALTER DATABASE reading SET default_transaction_read_only = on;", files: one('CREATE TABLE t (id int);') },
	syntax: { files: { '001_it.sql': "DO $$ BEGIN EXECUTE 'CREATE TABEL t (id int)'; END $$;\n" } },
	half: { before: users, target: { rollback_on_failure: false }, files: one('CREATE UNIQUE INDEX CONCURRENTLY users_email ON users (email);') },
};
let stack;

before(async () => {
	stack = await startCases(cases);
});
after(async () => {
	if (isRoot && stack)
		run('root', ['/bin/umount', '-l', stack.path('small')], { ok: false });
	await stack?.stop();
});

// Everything of the run is gone and it may be tried again.
function clean(f, sqlstate) {
	assert.equal(f.state, 'failed-clean', f.outcome + f.said);
	assert.equal(f.sqlstate, sqlstate);
	assert.equal(kinds(f), 'retry');
	assert.ok(f.facts.some((x) => x.kind === 'row' && x.good === 1 && /Not recorded/.test(x.text)), JSON.stringify(f.facts));
	assert.ok(f.statements.every((s) => ['failed', 'rolled-back'].includes(s.state)), JSON.stringify(f.statements));
}

test('duplicates', () => {
	const f = ask(stack, 'duplicates');
	const c = cause(f, 'Values that are there more than once');

	clean(f, '23505');
	assert.match(c.sql, /^SELECT email, count\(\*\) AS rows FROM public\.users .*GROUP BY email HAVING count\(\*\) > 1/);
	assert.equal(c.columns, 'email\trows');
	assert.equal(c.rows, 'a@b\t2\n');
	assert.deepEqual(stack.rows('duplicates', c.sql), ['a@b|2'], 'it can be asked again as it stands');
	assert.ok(f.facts.some((x) => x.object === 'public.users.one_email' && /Not there/.test(x.text)));
});

test('nulls', () => {
	const f = ask(stack, 'nulls');
	const c = cause(f, 'Rows without a value');

	clean(f, '23502');
	assert.equal(c.sql, 'SELECT count(*) OVER () AS nulls, id FROM public.users WHERE email IS NULL ORDER BY id LIMIT 21');
	assert.equal(c.rows, '3\n', 'how many is said once, in the sentence');
});

test('a check', () => {
	const f = ask(stack, 'checks');
	const c = cause(f, 'Rows that break the rule');

	clean(f, '23514');
	assert.match(c.rows, /^3\t\\N\n4\tc@d\n$/);
	assert.ok(f.facts.some((x) => x.object === 'public.extra' && /Not there/.test(x.text)));
});

test('a foreign key', () => {
	const f = ask(stack, 'dangling');
	const c = cause(f, 'Values that refer to nothing');

	clean(f, '23503');
	assert.equal(c.rows, '9\t2\n');
	assert.match(c.text, /1 value of public\.orders is not in public\.users/);
});

test('permission: which grant is missing', () => {
	const f = ask(stack, 'permission');
	const c = cause(f, 'The right that is missing');

	clean(f, '42501');
	assert.match(c.text, /GRANT USAGE, CREATE ON SCHEMA app TO shop/);
	assert.match(c.rows, /^shop\tpostgres\tf\tf\n$/);
	stack.psql('permission', 'GRANT USAGE, CREATE ON SCHEMA app TO shop');
	assert.equal(ask(stack, 'permission').state, 'succeeded', 'with the grant as it was printed it runs');
});

test('a lock that is held', async () => {
	const other = new Session(stack, 'locked');
	await other.say("SET application_name = 'report'; BEGIN; SELECT * FROM users;");
	const f = ask(stack, 'locked');
	const c = cause(f, 'Who holds the lock');

	clean(f, '55P03');
	assert.match(c.rows, /^\d+\tpostgres\treport\t.*\tAccessShareLock\tusers\t/);
	assert.match(c.text, /1 lock is in the way now; the oldest is of session \d+ \(postgres, report, what it does is hidden from the run's role: GRANT pg_monitor\).*While it waited, it was for pid \d+ \(postgres, report/);
	await other.say('COMMIT;');
	await other.end();
	assert.equal(ask(stack, 'locked').state, 'succeeded', 'when it has ended it runs');
});

test('a deadlock', async () => {
	const other = new Session(stack, 'deadlock');
	await other.say("SET application_name = 'app'; SET deadlock_timeout = '60s'; BEGIN; UPDATE other SET email = 'y' WHERE id = 1;");
	stack.cli(['up', '--target', 'deadlock', '--reason', 'a test'], { exits: [0, 3] });
	await until(() => stack.rows('deadlock', "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'gatehouse:%' AND query LIKE '%DO $$ BEGIN WHILE%' AND state = 'active' AND datname = 'deadlock'")[0] !== '0', { seconds: 60, say: 'its first update' });
	other.send("UPDATE users SET email = 'y' WHERE id = 1;");
	const id = () => stack.store("SELECT max(r.id) FROM run r JOIN target t ON t.id = r.target_id WHERE t.name = 'deadlock' AND r.state = 'failed-clean'")[0];
	await until(() => Number(id()) > 0, { seconds: 60, say: 'the end of the run' });
	const f = failure(stack, id());
	const c = cause(f, 'Who waited for whom');

	clean(f, '40P01');
	assert.equal(c.columns, 'process\twaited_for\tblocked_by');
	assert.equal(c.rows.trim().split('\n').length, 2, c.rows);
	assert.match(cause(f, 'The other session now').rows, /\tapp\t/);
	other.send('ROLLBACK;');
	await other.end();
});

test('a statement that is too slow', () => {
	const f = ask(stack, 'slow');
	const c = cause(f, 'What took so long');

	clean(f, '57014');
	assert.match(c.rows, /^users\t/);
	assert.match(c.text, /3\.0 s.*CREATE INDEX CONCURRENTLY/);
});

test('a disk that is full', { skip: !isRoot && 'mounting needs root' }, (t) => {
	mkdirSync(stack.path('small'));
	if (spawnSync('/bin/mount', ['-t', 'tmpfs', '-o', 'size=8m,mode=777', 'tmpfs', stack.path('small')]).status !== 0)
		return t.skip('mounting is not allowed here');
	mkdirSync(stack.path('small/space'));
	spawnSync('/bin/chown', [USERS.pg, stack.path('small/space')]);
	stack.psql('disk', `CREATE TABLESPACE small LOCATION '${stack.path('small/space')}';`);
	stack.psql('disk', 'GRANT CREATE ON TABLESPACE small TO shop; CREATE TABLE witness AS SELECT 1;');
	const f = ask(stack, 'disk');
	const c = cause(f, 'What takes the space');

	clean(f, '53100');
	assert.match(c.sql, /pg_total_relation_size/);
	assert.match(c.rows, /witness\t/);
	return undefined;
});

test('something that is not there', () => {
	const g = ask(stack, 'undefined_one');
	const c = cause(g, 'What there is with a similar name');

	clean(g, '42P01');
	assert.match(c.text, /There is no relation userz here; the closest is users\./);
	assert.match(c.rows, /^public\tusers\ttable\tt\n/);
	assert.match(cause(g, 'The place in the file').rows, /UPDATE userz SET id = 1/);
});

test('a database that only reads', () => {
	const f = ask(stack, 'reading');

	assert.equal(f.state, 'failed-clean', f.outcome);
	assert.equal(f.sqlstate, '25006');
	assert.match(cause(f, 'Why the database only reads').text, /default_transaction_read_only is on/);
	assert.match(cause(f, 'Why the database only reads').rows, /reading \/ every role: default_transaction_read_only=on/);
});

test('syntax that only the server sees', () => {
	const f = ask(stack, 'syntax');

	clean(f, '42601');
	assert.match(cause(f, 'The place in the file').text, /syntax error at or near "TABEL".*puts together while it runs.*EXECUTE/);
});

test('half-way outside a transaction: an invalid index', () => {
	const f = ask(stack, 'half');
	const index = f.facts.find((x) => x.kind === 'index');

	assert.equal(f.state, 'needs-person', f.outcome);
	assert.equal(f.sqlstate, '23505');
	assert.equal(cause(f, 'Values that are there more than once').rows, 'a@b\t2\n');
	assert.equal(index.object, 'public.users_email');
	assert.equal(index.good, 0);
	assert.match(index.text, /There but invalid/);
	assert.equal(kinds(f), 'drop-index repair');
	assert.equal(f.actions[0].goal, `${f.id}/${index.position}`);
});
