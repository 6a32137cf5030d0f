// A server whose messages are not in English: what only its words would tell is not said, everything else works.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ask, cause, startCases } from '../support/failures.mjs';
import { CANARY } from '../support/stack.mjs';

const users = "CREATE TABLE users (id int PRIMARY KEY, email text); INSERT INTO users VALUES (1, 'a@b'), (2, 'a@b');";
const one = (sql) => ({ '001_it.sql': `${sql}\n`, '001_it_down.sql': 'SELECT 1;\n' });
const cases = {
	works: { before: users, files: one('ALTER TABLE users ADD COLUMN x int;') },
	duplicates: { before: users, files: one('ALTER TABLE users ADD CONSTRAINT one_email UNIQUE (email);') },
	slow: { target: { statement_timeout: '3s' }, files: one('SELECT pg_sleep(30);') },
	missing: { before: users, files: one('UPDATE userz SET id = 1;') },
	denied: { admin: 'CREATE SCHEMA app;', files: one('CREATE TABLE app.things (id int);') },
	served: { before: users, target: { prove_server: 'host=@run@ port=5432 dbname=postgres user=prover' }, files: one('SELECT 1;') },
};
let stack;

before(async () => {
	stack = await startCases(cases, { language: 'de_DE.UTF-8' });
	stack.psql('postgres', `CREATE ROLE prover LOGIN CREATEDB PASSWORD '${CANARY}-prover'`);
	stack.passfile('etc/passfile', { shop: `${CANARY}-shop`, prover: `${CANARY}-prover` });
});
after(() => stack?.stop());

test('the server does not answer in English', () => {
	assert.match(stack.psql('works', 'SELECT * FROM nowhere', { ok: false }).stderr, /FEHLER.*existiert nicht/);
});

test('what runs runs, and what fails has its SQLSTATE and the query that shows the cause', () => {
	assert.equal(ask(stack, 'works').state, 'succeeded');
	const f = ask(stack, 'duplicates');

	assert.deepEqual([f.state, f.sqlstate], ['failed-clean', '23505']);
	assert.equal(cause(f, 'Values that are there more than once').rows, 'a@b\t2\n');
});

test('nobody is said to have cancelled what ran into its time-out', () => {
	const f = ask(stack, 'slow'), c = cause(f, 'What was ended');

	assert.deepEqual([f.state, f.sqlstate], ['failed-clean', '57014']);
	assert.match(c.text, /^The server ended the statement \(SELECT\).*storniere Anfrage wegen Zeitüberschreitung/);
	assert.equal(f.causes.some(({ title, text }) => title === 'What was cancelled' || /by a person/.test(text)), false);
});

test('what is missing is in the words of the server, with the line', () => {
	const f = ask(stack, 'missing'), g = ask(stack, 'denied');

	assert.equal(cause(f, 'What is missing').text, 'Relation »userz« existiert nicht');
	assert.match(cause(f, 'The place in the file').text, /^Line 1, column 8/);
	assert.equal(g.sqlstate, '42501');
	assert.ok(g.causes.some(({ text }) => /keine Berechtigung für Schema app/.test(text)), JSON.stringify(g.causes));
});

test('a backup is proved on its server only when that answers in English', () => {
	stack.cli(['backup', 'take', '--target', 'served', '--wait']);
	const id = stack.store('SELECT max(id) FROM backup')[0];
	const prove = () => JSON.parse(stack.cli(['backup', 'prove', id, '--wait', '--json'], { exits: [0, 1] })).task.rows[0];
	const level = () => stack.store(`SELECT level || '|' || broken FROM backup WHERE id = ${id}`)[0];
	const refused = prove();

	assert.equal(refused.state, 'failed');
	assert.match(refused.text, /answers in de_DE\.UTF-8.*ALTER ROLE prover SET lc_messages = 'C'/);
	assert.equal(level(), 'listed|');
	// As it says, and then the role has a setting that is nobody's business.
	stack.psql('postgres', "ALTER ROLE prover SET lc_messages = 'C'");
	assert.equal(prove().state, 'done');
	assert.equal(level(), 'counted|');
	assert.deepEqual(stack.rows('postgres', "SELECT setconfig FROM pg_db_role_setting WHERE setrole = 'prover'::regrole"), ['{lc_messages=C}']);
});

test('one is taken and proved in a cluster of its own without that', () => {
	stack.cli(['backup', 'take', '--target', 'works', '--wait']);
	const id = stack.store('SELECT max(id) FROM backup')[0];

	stack.cli(['backup', 'prove', id, '--wait']);
	assert.equal(stack.store(`SELECT level FROM backup WHERE id = ${id}`)[0], 'counted');
});
