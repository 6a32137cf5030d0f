// The command line over admin.sock: the same rules, exit codes for a pipeline, JSON.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Stack, isRoot } from '../support/stack.mjs';

const files = {
	'001_a.sql': 'CREATE TABLE a (id int);\n', '001_a_down.sql': 'DROP TABLE a;\n',
	'002_b.sql': 'CREATE TABLE b (id int);\n', '002_b_down.sql': 'DROP TABLE b;\n',
	'003_bad.sql': 'INSERT INTO no_such_table VALUES (1);\n', '003_bad_down.sql': 'SELECT 1;\n',
};
// Other people at other terminals: accounts that every machine has.
const ACCOUNTS = { daemon: 'lead', games: 'lead2', mail: 'viewer' };
let stack;

before(async () => {
	stack = await Stack.start({
		projects: { plain: { convention: 'numbered', files } },
		targets: { dev: { environment: 'development' }, part: { environment: 'development', rollback_on_failure: false }, prod: { environment: 'production' } },
		conf: Object.entries(ACCOUNTS).map(([account, person]) => `account "${account}" { person = "${person}" }\n`).join(''),
		web: false,
	});
	// What is pending is known when folder and targets have been looked at.
	stack.cli(['refresh']);
});
after(() => stack?.stop());

function expect(status, args, options) {
	const r = stack.cliTry(args, options);
	assert.equal(r.status, status, `gatehouse ${args.join(' ')}: ${r.status}\n${r.stdout}\n${r.stderr}`);
	return r;
}
// status says 3 when something is pending.
const json = (args) => JSON.parse(stack.cli(['--json', ...args], { exits: [0, 3] }));

test('status, list and runs as text and as JSON', () => {
	assert.match(expect(3, ['status']).stdout, /dev[\s\S]*prod/);
	assert.deepEqual(json(['status']).rows.map((r) => r.target ?? r.name), ['dev', 'part', 'prod']);
	assert.match(stack.cli(['list', '--target', 'dev']), /001/);
	assert.deepEqual(json(['runs']).rows, []);
	assert.deepEqual(json(['backup', 'list']).rows, []);
});

test('0: done', () => {
	const r = expect(0, ['up', '--target', 'dev', '--to', '001', '--wait']);
	assert.match(r.stdout + r.stderr, /succeeded|001/);
	assert.deepEqual(stack.tracked('dev').length, 1);
	assert.equal(json(['runs']).rows.length, 1);
	assert.match(stack.cli(['run', '1']), /migrate/);
});

test('0: an environment with one target stands for it', () => {
	expect(0, ['--env', 'production', 'list']);
	expect(2, ['--env', 'development', 'list']);
});

test('1: failed, and nothing is changed', () => {
	const r = expect(1, ['up', '--target', 'dev', '--wait']);
	assert.match(r.stdout + r.stderr, /no_such_table|42P01/);
	assert.equal(stack.tracked('dev').length, 1);
});

test('5: failed partly needs a person', () => {
	expect(5, ['up', '--target', 'part', '--wait']);
	assert.equal(stack.tracked('part').length, 2);
});

for (const args of [[], ['nonsense'], ['up', '--nonsense'], ['run'], ['run', 'x'], ['run', '0'], ['people', 'add'],
	['people', 'add', 'somebody'], ['down', '--steps', '0', '--target', 'dev'], ['up', '--target', 'dev', 'extra'], ['approve', '1', '2']]) {
	test(`2: the call was wrong: gatehouse ${args.join(' ')}`, () => {
		const r = expect(2, args);
		assert.ok(r.stderr.length > 0);
	});
}

test('3: waits for approval; 4: refused; 0: approved by another person', { skip: !isRoot && 'needs other accounts' }, () => {
	const r = expect(3, ['up', '--target', 'prod', '--to', '001', '--reason', 'release'], { user: 'mail' });
	const id = /request (\d+)/.exec(r.stdout + r.stderr)[1];
	expect(4, ['approve', id, '--yes'], { user: 'mail' });
	expect(4, ['approve', id, '--yes']);
	const wrong = stack.cliTry(['approve', id, '--digest', '0123456789abcdef'], { user: 'daemon' });
	assert.notEqual(wrong.status, 0);
	assert.equal(stack.tracked('prod').length, 0);
	expect(0, ['approve', id, '--yes', '--wait'], { user: 'daemon' });
	assert.equal(stack.tracked('prod').length, 1);
	const twice = stack.cliTry(['approve', id, '--yes'], { user: 'games' });
	assert.ok([1, 4].includes(twice.status), `${twice.status}`);
	assert.deepEqual(stack.store(`SELECT count(*) FROM run WHERE request_id = ${id}`), ['1']);
});

test('4: a lead does not approve a request of their own', { skip: !isRoot && 'needs other accounts' }, () => {
	const r = expect(3, ['down', '--target', 'prod', '--steps', '1', '--reason', 'back'], { user: 'daemon' });
	const id = /request (\d+)/.exec(r.stdout + r.stderr)[1];
	assert.match(expect(4, ['approve', id, '--yes'], { user: 'daemon' }).stderr, /own/);
	expect(0, ['approve', id, '--yes', '--wait'], { user: 'games' });
	assert.equal(stack.tracked('prod').length, 0);
});

test('4: an account that nobody mapped is refused', { skip: !isRoot && 'needs other accounts' }, () => {
	for (const args of [['status'], ['up', '--target', 'dev'], ['people', 'add', 'x', '--roles', 'admin']])
		assert.match(expect(4, args, { user: 'nobody', input: 'long enough password\n' }).stderr, /nobody/);
});

test('4: a viewer adds nobody, an admin does; a short password is refused', { skip: !isRoot && 'needs other accounts' }, () => {
	expect(4, ['people', 'add', 'mallory', '--roles', 'admin'], { user: 'mail', input: 'long enough password\n' });
	assert.notEqual(stack.cliTry(['people', 'add', 'carol', '--roles', 'viewer'], { input: 'short\n' }).status, 0);
	expect(0, ['people', 'add', 'carol', '--roles', 'viewer,auditor'], { input: 'long enough password\n' });
	assert.match(stack.cli(['people']), /carol/);
	assert.notEqual(stack.cliTry(['people', 'add', 'carol', '--roles', 'viewer'], { input: 'long enough password\n' }).status, 0, 'twice');
	expect(0, ['people', 'role', 'carol', '--roles', 'viewer']);
	assert.notEqual(stack.cliTry(['people', 'role', 'carol', '--roles', 'emperor']).status, 0);
});

test('the ledger over the command line: filters and pages', () => {
	const all = json(['ledger', '--limit', '200']).rows;
	assert.ok(all.length > 5);
	assert.ok(json(['ledger', '--op', 'person.add']).rows.every((r) => r.op === 'person.add'));
	const first = json(['ledger', '--limit', '2']);
	assert.equal(first.rows.length, 2);
	const next = json(['ledger', '--limit', '2', '--cursor', first.next]);
	assert.notDeepEqual(next.rows[0], first.rows[0]);
	assert.notEqual(stack.cliTry(['ledger', '--cursor', 'garbage']).status, 0);
});

test('a target that does not exist, a run that does not exist', () => {
	assert.notEqual(stack.cliTry(['list', '--target', 'nowhere']).status, 0);
	assert.notEqual(stack.cliTry(['run', '999999']).status, 0);
	assert.notEqual(stack.cliTry(['approve', '999999', '--yes']).status, 0);
});

test('1: the runner does not answer, and the message says so', () => {
	const r = stack.cliTry(['--socket', '/nonexistent/admin.sock', 'status']);
	assert.equal(r.status, 1);
	assert.match(r.stderr, /\/nonexistent\/admin\.sock/);
});
