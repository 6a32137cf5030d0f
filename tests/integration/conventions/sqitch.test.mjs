// Sqitch: plan, deploy, revert, verify and rework, and the tool itself on the same folder and database.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Rig } from '../../support/convention.mjs';

const line = (text, minute, note) => `${text} 2026-01-02T03:${minute}:00Z The Planner <planner@example.org> # ${note}\n`;
const PLAN = `%syntax-version=1.0.0
%project=flipr
%uri=https://example.org/flipr/

${line('app', '04', 'Add the schema')}${line('users [app]', '05', 'Add users')}${line('@v1', '06', 'First')}
${line('lists [users !other]', '07', 'Add lists')}${line('other', '07', 'In the way')}${line('users [users@v1 lists]', '08', 'More of users')}`;
const tx = (sql) => `BEGIN;\n\n${sql}\n\nCOMMIT;\n`;
const files = {
	'sqitch.plan': PLAN,
	'sqitch.conf': '[core]\n\tengine = pg\n',
	'deploy/app.sql': tx('CREATE SCHEMA app;'),
	'revert/app.sql': tx('DROP SCHEMA app;'),
	'verify/app.sql': "BEGIN;\nSELECT 1 / count(*) FROM pg_namespace WHERE nspname = 'app';\nROLLBACK;\n",
	'deploy/users@v1.sql': tx('CREATE TABLE app.users (id int PRIMARY KEY);'),
	'revert/users@v1.sql': tx('DROP TABLE app.users;'),
	'verify/users@v1.sql': 'BEGIN;\nSELECT id FROM app.users WHERE false;\nROLLBACK;\n',
	'deploy/lists.sql': 'CREATE TABLE app.lists (id int);\nCREATE INDEX CONCURRENTLY lists_id ON app.lists (id);\n',
	'revert/lists.sql': 'DROP TABLE app.lists;\n',
	'deploy/other.sql': tx('CREATE TABLE app.other (id int);'),
	'revert/other.sql': tx('DROP TABLE app.other;'),
	'deploy/users.sql': tx('ALTER TABLE app.users ADD COLUMN name text;'),
	'revert/users.sql': tx('ALTER TABLE app.users DROP COLUMN name;'),
	'verify/users.sql': 'BEGIN;\nSELECT name FROM app.users WHERE false;\nROLLBACK;\n',
};
const ENV = { SQITCH_FULLNAME: 'Gatehouse', SQITCH_EMAIL: 'gatehouse@localhost', LC_ALL: 'C.UTF-8' };
// Everything in the registry but the times of writing.
const REGISTRY = {
	projects: 'project, uri, creator_name, creator_email',
	changes: 'change_id, script_hash, change, project, note, committer_name, committer_email, planned_at, planner_name, planner_email',
	tags: 'tag_id, tag, project, change_id, note, committer_name, committer_email, planned_at, planner_name, planner_email',
	dependencies: 'change_id, type, dependency, dependency_id',
	events: 'event, change_id, change, project, note, requires, conflicts, tags, committer_name, committer_email, planned_at, planner_name, planner_email',
	releases: 'version',
};
let rig, ids;

const sqitch = (target, argv, options = {}) => rig.tool(['sqitch', ...argv, '--target', `db:pg:${target}`], { ...options, env: ENV });
const registry = (target) => Object.fromEntries(Object.entries(REGISTRY).map(([table, columns]) =>
	[table, rig.rows(target, `SELECT ${columns} FROM sqitch.${table} ORDER BY ${table === 'events' ? 'committed_at' : '1'}`)]));
const status = (target) => sqitch(target, ['status'], { exits: [0, 1, 2] }).replace(/^.*(On database|Deployed:|By:).*$/gm, '');
const all = (states) => Object.fromEntries(states.map((s, i) => [ids[i], s]));

before(async () => {
	rig = await Rig.start({ convention: '', files, targets: ['ours', 'theirs', 'shared'] });
	ids = null;
	for (let i = 0; i < 100 && !(ids?.length === 5); i++) {
		rig.stack.cliTry(['refresh']);
		ids = rig.list('ours').map((r) => r.key);
	}
});
after(() => rig?.stop());

test('ids, registry and rows are as the tool has them', async () => {
	await rig.is('ours', all(['pending', 'pending', 'pending', 'pending', 'pending']));
	rig.up('ours');
	await rig.is('ours', all(['applied', 'applied', 'applied', 'applied', 'applied']));
	sqitch('theirs', ['deploy']);
	assert.deepEqual(registry('ours'), registry('theirs'));
	assert.equal(status('ours'), status('theirs'));
	await rig.is('theirs', all(['applied', 'applied', 'applied', 'applied', 'applied']));
	sqitch('ours', ['verify']);
	sqitch('ours', ['check']);
});

test('the registry that Gatehouse makes has the form of the tool\'s', () => {
	const form = `SELECT c.conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(c.oid) FROM pg_constraint c
		WHERE connamespace = 'sqitch'::regnamespace ORDER BY 1`;
	const columns = `SELECT table_name || ' ' || column_name || ' ' || data_type || ' ' || is_nullable || ' ' || coalesce(column_default, '')
		FROM information_schema.columns WHERE table_schema = 'sqitch' ORDER BY table_name, ordinal_position`;

	assert.deepEqual(rig.rows('ours', form), rig.rows('theirs', form));
	assert.deepEqual(rig.rows('ours', columns), rig.rows('theirs', columns));
});

test('the tool goes on where Gatehouse stopped, and the other way round', async () => {
	rig.up('shared', 'users@v1');
	await rig.is('shared', all(['applied', 'applied', 'pending', 'pending', 'pending']));
	assert.match(sqitch('shared', ['status'], { exits: [0, 1] }), /Undeployed changes:\s+\* lists\s+\* other\s+\* users/);
	sqitch('shared', ['deploy', '--to', 'lists']);
	await rig.is('shared', all(['applied', 'applied', 'applied', 'pending', 'pending']));
	rig.up('shared');
	await rig.is('shared', all(['applied', 'applied', 'applied', 'applied', 'applied']));
	assert.match(sqitch('shared', ['status']), /Nothing to deploy \(up-to-date\)/);
	assert.deepEqual(registry('shared').changes, registry('theirs').changes);
});

test('what one has deployed the other takes back', async () => {
	sqitch('shared', ['revert', '-y', '--to', 'lists']);
	await rig.is('shared', all(['applied', 'applied', 'applied', 'pending', 'pending']));
	rig.down('shared', 2);
	await rig.is('shared', all(['applied', 'pending', 'pending', 'pending', 'pending']));
	assert.deepEqual(rig.rows('shared', "SELECT change, tags FROM sqitch.events WHERE event = 'revert' ORDER BY committed_at"),
		['users|{}', 'other|{}', 'lists|{}', 'users|{@v1}']);
	assert.deepEqual(rig.rows('shared', 'SELECT count(*) FROM sqitch.tags'), ['0']);
	assert.match(sqitch('shared', ['status'], { exits: [0, 1] }), /Undeployed changes:\s+\* users @v1/);
	sqitch('shared', ['deploy']);
	await rig.is('shared', all(['applied', 'applied', 'applied', 'applied', 'applied']));
});

test('a failure is an event, as the tool writes it; then the script is put right', async () => {
	const plan = PLAN + line('bad', '09', 'Goes wrong');

	rig.file('sqitch.plan', plan);
	rig.file('deploy/bad.sql', tx('SELECT 1 / 0;'));
	await rig.is('shared', { ...all(['applied', 'applied', 'applied', 'applied', 'applied']), ...await lastPending() });
	assert.match(rig.up('shared', undefined, 1), /division by zero/);
	sqitch('theirs', ['deploy'], { exits: [2] });
	const last = "SELECT event, change, tags, requires FROM sqitch.events ORDER BY committed_at DESC LIMIT 1";
	assert.deepEqual(rig.rows('shared', last), rig.rows('theirs', last));
	assert.deepEqual(rig.rows('shared', last), ['fail|bad|{}|{}']);
	const failed = await rig.becomes('shared', rig.list('shared').at(-1).key, 'failed');
	assert.match(JSON.stringify(failed), /has recorded that it failed/);
	rig.file('deploy/bad.sql', tx('CREATE TABLE app.good (id int);'));
	await rig.becomes('shared', failed.key, 'failed');
	rig.up('shared');
	await rig.becomes('shared', failed.key, 'applied');
});

// {id: 'pending'} of the change that was added last.
async function lastPending() {
	for (let i = 0; i < 100; i++) {
		rig.stack.cliTry(['refresh']);
		const last = rig.list('shared').at(-1);
		if (!ids.includes(last.key))
			return { [last.key]: 'pending' };
	}
	return {};
}

test('a script that needs psql is refused with its line', async () => {
	rig.file('deploy/bad.sql', 'BEGIN;\n\\copy app.good from stdin\nCOMMIT;\n');
	rig.file('sqitch.plan', PLAN + line('bad', '09', 'Goes wrong') + line('worse', '10', 'Needs psql'));
	rig.file('deploy/worse.sql', '\n\\i other.sql\n');
	for (let i = 0; i < 100 && rig.list('shared').length < 7; i++)
		rig.stack.cliTry(['refresh']);
	const said = rig.stack.cliTry(['up', '--target', 'shared', '--wait']);
	assert.notEqual(said.status, 0);
	assert.match(said.stdout + said.stderr, /deploy\/worse\.sql:2:1: \\i is a command of psql/);
});
