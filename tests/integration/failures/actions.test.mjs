// The five troubleshooting cases of the guides' page on migrations, end to end: what the page is told, and that the
// actions which are offered work.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ask, cause, failure, kinds, startCases } from '../../support/failures.mjs';

const users = "CREATE TABLE users (id int PRIMARY KEY, email text); INSERT INTO users VALUES (1, 'a@b'), (2, 'a@b'), (3, NULL);";
const cases = {
	midway: { before: users, files: {
		'001_a.sql': 'BEGIN;\nCREATE TABLE a (id int);\nALTER TABLE users ADD COLUMN n int;\nSELECT 1 / (SELECT count(*) FROM a);\nCOMMIT;\n', '001_a_down.sql': 'DROP TABLE a;\n',
	} },
	midway_open: { before: users, target: { rollback_on_failure: false }, files: {
		'001_a.sql': 'CREATE TABLE a (id int);\n', '001_a_down.sql': 'DROP TABLE a;\n', '002_b.sql': 'SELECT 1 / (SELECT count(*) FROM a);\n', '002_b_down.sql': 'SELECT 1;\n',
	} },
	duplicate_key: { before: users, files: { '001_u.sql': 'CREATE UNIQUE INDEX users_email ON users (email);\n' } },
	permission: { admin: 'REVOKE CREATE ON SCHEMA public FROM PUBLIC; ALTER SCHEMA public OWNER TO postgres; GRANT USAGE ON SCHEMA public TO PUBLIC; CREATE TABLE schema_migrations (version varchar(255) PRIMARY KEY, applied_at timestamp DEFAULT current_timestamp); ALTER TABLE schema_migrations OWNER TO shop;',
		files: { '001_t.sql': 'CREATE TABLE t (id int);\n' } },
	too_long: { before: users, target: { statement_timeout: '3s' }, files: { '001_s.sql': 'UPDATE users SET email = email WHERE pg_sleep(2) IS NOT NULL;\n' } },
	existing_data: { before: users, files: { '001_n.sql': 'ALTER TABLE users ALTER COLUMN email SET NOT NULL;\n' } },
	invalid: { before: users, target: { rollback_on_failure: false }, files: { '001_i.sql': 'CREATE UNIQUE INDEX CONCURRENTLY users_email ON users (email);\n' } },
	by_hand: { before: `${users} CREATE TABLE t (id int);`, files: { '001_t.sql': 'CREATE TABLE t (id int);\n' } },
};
let stack;

before(async () => {
	stack = await startCases(cases);
});
after(() => stack?.stop());

test('case 1 of the guide: fails midway: what was in a transaction is rolled back, and it runs when the cause is corrected', () => {
	const f = ask(stack, 'midway');

	assert.equal(f.state, 'failed-clean', f.outcome + f.said);
	assert.deepEqual(f.statements.map((s) => s.state), ['rolled-back', 'rolled-back', 'failed']);
	assert.ok(f.facts.some((x) => x.kind === 'table' && x.object === 'public.a' && /Not there: .* was rolled back/.test(x.text)), JSON.stringify(f.facts));
	assert.ok(f.facts.some((x) => x.kind === 'column' && x.object === 'public.users.n'));
	assert.equal(kinds(f), 'retry');
	stack.migration('001_a.sql', 'CREATE TABLE a (id int);\n', 'midway');
	assert.equal(ask(stack, 'midway', ['up', '--to', f.actions[0].goal]).state, 'succeeded');
});

test('case 1 of the guide: what stays can be taken back by its down SQL', () => {
	const f = ask(stack, 'midway_open');

	assert.equal(f.state, 'failed-partly', f.outcome);
	assert.equal(kinds(f), 'retry down');
	assert.ok(f.facts.some((x) => x.object === 'public.a' && x.good === 1 && /There, as 001.* makes it/.test(x.text)), JSON.stringify(f.facts));
	assert.equal(ask(stack, 'midway_open', ['down', '--steps', f.actions[1].goal]).state, 'succeeded');
	assert.deepEqual(stack.tracked('midway_open'), []);
});

test('case 2 of the guide: duplicate key: the guide\'s own query is asked already', () => {
	const f = ask(stack, 'duplicate_key');
	const c = cause(f, 'Values that are there more than once');

	assert.equal(f.sqlstate, '23505');
	assert.match(c.sql, /SELECT email, count\(\*\) AS rows FROM public\.users .*GROUP BY email HAVING count\(\*\) > 1/);
	assert.equal(c.rows, 'a@b\t2\n');
	stack.psql('duplicate_key', 'DELETE FROM users a USING users b WHERE a.id > b.id AND a.email = b.email');
	assert.equal(ask(stack, 'duplicate_key').state, 'succeeded');
});

test('case 3 of the guide: permission denied: with the GRANT that is printed it runs', () => {
	const f = ask(stack, 'permission');
	const grant = /GRANT CREATE ON SCHEMA public TO shop/.exec(cause(f, 'The right that is missing').text);

	assert.equal(f.sqlstate, '42501', f.outcome);
	assert.ok(grant, JSON.stringify(f.causes));
	stack.psql('permission', grant[0]);
	assert.equal(ask(stack, 'permission').state, 'succeeded');
});

test('case 4 of the guide: takes too long', () => {
	const f = ask(stack, 'too_long');

	assert.equal(f.sqlstate, '57014', f.outcome);
	assert.match(cause(f, 'What took so long').text, /3\.0 s.*in batches/);
});

test('case 5 of the guide: a constraint on data that is there', () => {
	const f = ask(stack, 'existing_data');

	assert.equal(f.sqlstate, '23502', f.outcome);
	assert.match(cause(f, 'Rows without a value').text, /1 row of public\.users has no value in email.*UPDATE public\.users SET email = /);
	stack.psql('existing_data', "UPDATE users SET email = 'noemail@example.com' WHERE email IS NULL");
	assert.equal(ask(stack, 'existing_data').state, 'succeeded');
});

test('an invalid index is dropped while the target is held, and stays held until a person has looked', () => {
	const f = ask(stack, 'invalid');
	const drop = f.actions.find((a) => a.kind === 'drop-index');

	assert.equal(f.state, 'needs-person', f.outcome);
	assert.match(stack.cliTry(['up', '--target', 'invalid', '--reason', 'again']).stderr, /is held/);
	assert.equal(stack.cliTry(['repair', ...drop.goal.split('/')]).status, 2, 'a reason is asked for');
	const g = ask(stack, 'invalid', ['repair', ...drop.goal.split('/')]);
	assert.equal(g.state, 'succeeded', g.outcome + g.said);
	assert.deepEqual(stack.rows('invalid', "SELECT relname FROM pg_class WHERE relname = 'users_email'"), []);
	assert.deepEqual(stack.tracked('invalid'), [], 'the tracking table is left alone');
	assert.notEqual(stack.store("SELECT held FROM target WHERE name = 'invalid'")[0] ?? '', '');
	const again = stack.cliTry(['repair', ...drop.goal.split('/'), '--reason', 'twice', '--wait']);
	assert.match(again.stdout + again.stderr, /there is no index public\.users_email any more/);
});

test('what was made by hand is marked as applied, with proof', () => {
	const f = ask(stack, 'by_hand');
	const mark = f.actions.find((a) => a.kind === 'mark');

	assert.equal(f.sqlstate, '42P07', f.outcome);
	assert.equal(kinds(f), 'retry mark');
	const g = ask(stack, 'by_hand', ['mark', 'by_hand', mark.goal]);
	assert.equal(g.state, 'succeeded', g.outcome + g.said);
	assert.match(g.outcome, /Marked as applied/);
	assert.equal(stack.tracked('by_hand').length, 1);
	assert.deepEqual(stack.rows('by_hand', 'SELECT count(*) FROM t'), ['0']);
});

test('a mark without the objects is refused by the run itself', () => {
	stack.migration('002_more.sql', 'CREATE TABLE more (id int);\n', 'by_hand');
	const g = ask(stack, 'by_hand', ['mark', 'by_hand', '002']);

	assert.equal(g.state, 'failed-clean', g.outcome + g.said);
	assert.match(g.outcome, /table public\.more that .* creates is not there/);
	assert.equal(stack.tracked('by_hand').length, 1);
	assert.equal(failure(stack, g.id).actions.length, 0);
	// Of that name, but something else.
	stack.psql('by_hand', 'CREATE VIEW more AS SELECT 1 AS id');
	const other = ask(stack, 'by_hand', ['mark', 'by_hand', '002']);
	assert.equal(other.state, 'failed-clean', other.outcome + other.said);
	assert.equal(stack.tracked('by_hand').length, 1);
});
