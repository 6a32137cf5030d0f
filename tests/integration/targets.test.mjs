// Targets that cannot be used: down, wrong credentials, a role without rights, a superuser; and a SQL error in the middle.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { textOf, until } from '../../tools/web-client.mjs';
import { ask, ended } from '../../tools/web-acts.mjs';
import * as forge from '../support/forge.mjs';
import { CANARY, Stack } from '../support/stack.mjs';

const files = {
	'001_a.sql': 'CREATE TABLE a (id int);\n', '001_a_down.sql': 'DROP TABLE a;\n',
	'002_b.sql': "CREATE TABLE b (id int);\nINSERT INTO b SELECT 1 / (x - 3) FROM generate_series(1, 5) x;\n", '002_b_down.sql': 'DROP TABLE b;\n',
};
let stack, viewer;

before(async () => {
	stack = await Stack.start({
		projects: { plain: { convention: 'numbered', files } },
		targets: {
			down: { environment: 'development', connection: 'host=/var/tmp/no-such-folder dbname=shop user=shop' },
			unknown: { environment: 'development', connection: 'host=@run@ dbname=no_such_database user=shop' },
			wrong: { environment: 'development', database: 'fine', passfile: '@wrong@' },
			powerless: { environment: 'development' },
			superuser: { environment: 'development', connection: 'host=@run@ dbname=fine user=boss' },
			fine: { environment: 'development' },
			kept: { environment: 'development', rollback_on_failure: false },
		},
		people: ['admin', 'viewer'],
		prepare(s) {
			s.psql('postgres', `CREATE ROLE boss LOGIN SUPERUSER PASSWORD '${CANARY}-boss'`);
			s.psql('powerless', 'ALTER DATABASE powerless OWNER TO postgres; REVOKE CREATE ON SCHEMA public FROM PUBLIC;'
				+ 'REVOKE ALL ON SCHEMA public FROM shop;');
			s.passfile('etc/passfile', { shop: `${CANARY}-shop`, boss: `${CANARY}-boss` });
			s.passfile('etc/wrong', { shop: 'not-the-password' });
		},
	});
	viewer = await stack.as('viewer');
});
after(() => stack?.stop());

const tryAsk = (target) => forge.request(viewer, target);

for (const [target, said] of [
	['down', /no-such-folder|No such file|cannot be reached|not reachable/],
	['unknown', /no_such_database/],
	['wrong', /password authentication failed/],
	['superuser', /superuser/],
]) {
	test(`${target}: the request is refused and says why`, async () => {
		const reply = await tryAsk(target);

		assert.ok([409, 422, 503].includes(reply.status), `${reply.status} ${textOf(reply.body).slice(0, 300)}`);
		assert.match(textOf(reply.body), said);
		assert.ok(!reply.body.includes('not-the-password') && !reply.body.includes(CANARY));
		assert.deepEqual(stack.store(`SELECT count(*) FROM request r JOIN target t ON t.id = r.target_id WHERE t.name = '${target}'`), ['0']);
	});
}

test('what is wrong with a target is on the overview', async () => {
	const text = textOf((await viewer.get('/')).body);

	assert.match(text, /no_such_database|cannot be reached|not reachable|unreachable/i);
});

test('a role without rights: refused, or the run fails clean and says which right is missing', async () => {
	const reply = await tryAsk('powerless');

	if (reply.url.startsWith('/runs/')) {
		const r = await ended(viewer, Number(/\d+/.exec(reply.url)[0]));
		assert.equal(r.state, 'failed-clean');
		assert.match(textOf((await viewer.get(reply.url)).body), /lacks CREATE|permission denied|42501/);
	} else {
		assert.ok([409, 422, 503].includes(reply.status), `${reply.status}`);
		assert.match(textOf(reply.body), /permission|right|CREATE/);
	}
	assert.deepEqual(stack.rows('powerless', "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"), ['0']);
});

test('a run that fails takes back what it committed, by its down SQL', async () => {
	const asked = await ask(viewer, 'fine', { reason: 'both' });
	const r = await ended(viewer, asked.run);

	assert.equal(r.state, 'failed-clean');
	assert.deepEqual(stack.tracked('fine'), []);
	assert.equal(stack.rows('fine', "SELECT to_regclass('a') IS NULL AND to_regclass('b') IS NULL")[0], 't');
	assert.match(textOf((await viewer.get(`/runs/${asked.run}`)).body), /22012/);
	assert.deepEqual(stack.store(`SELECT state FROM run_migration WHERE run_id = ${asked.run} ORDER BY position`), ['taken-back', 'rolled-back']);
});

test('with rollback_on_failure off what was committed stays, and the page says so', async () => {
	const asked = await ask(viewer, 'kept', { reason: 'both' });
	const r = await ended(viewer, asked.run);

	assert.equal(r.state, 'failed-partly');
	assert.equal(stack.tracked('kept').length, 1);
	assert.equal(stack.rows('kept', "SELECT to_regclass('a')::text, to_regclass('b') IS NULL")[0], 'a|t');
	assert.equal(stack.store(`SELECT count(*) FROM incident WHERE run_id = ${asked.run}`)[0], '1');
});

test('a target that comes back is seen again', async () => {
	await stack.end('postgres', 'SIGINT');
	const reply = await tryAsk('fine');
	assert.equal(reply.status, 503, textOf(reply.body).slice(0, 300));
	stack.runPostgres();
	await stack.postgresReady();
	await until(async () => stack.store("SELECT reachable FROM target WHERE name = 'fine'")[0] === '1', { seconds: 60 });
});
