// When parts are missing: the runner is down, the store has another schema version, the disk is full.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { approve, ask, ended } from '../../tools/web-acts.mjs';
import { WebClient, formsOf, textOf, until } from '../../tools/web-client.mjs';
import { PASSWORDS, Stack, USERS, isRoot, run } from '../support/stack.mjs';

const files = {
	'001_a.sql': 'CREATE TABLE a AS SELECT n, md5(n::text) || md5((n * 7)::text) AS t FROM generate_series(1, 60000) n;\n', '001_a_down.sql': 'DROP TABLE a;\n',
	'002_b.sql': 'CREATE TABLE b (id int);\n', '002_b_down.sql': 'DROP TABLE b;\n',
};
let stack, viewer, lead;

before(async () => {
	stack = await Stack.start({
		projects: { plain: { convention: 'numbered', files } },
		targets: { dev: { environment: 'development' }, prod: { environment: 'production' } },
		people: ['admin', 'viewer', 'lead'],
	});
	// A page offers what is pending when that is known.
	stack.cli(['refresh']);
	viewer = await stack.as('viewer');
	lead = await stack.as('lead');
	await ended(viewer, (await ask(viewer, 'dev', { to: '001', reason: 'one run to look at' })).run);
});
after(async () => {
	if (isRoot && stack)
		run('root', ['/bin/umount', stack.path('backups')], { ok: false });
	await stack?.stop();
});

for (const signal of ['SIGTERM', 'SIGKILL']) {
	test(`with the runner gone by ${signal} pages still show history, and acts say so with 503`, async () => {
		const form = formsOf((await viewer.get('/requests/new?target=dev')).body).find((f) => f.action === '/requests');
		const end = await stack.end('runner', signal);
		if (signal === 'SIGTERM')
			assert.equal(end.code, 0, 'it stops cleanly');
		for (const where of ['/', '/migrations', '/runs', '/runs/1', '/backups', '/incidents']) {
			const reply = await viewer.send('GET', where);
			assert.equal(reply.status, 200, `${where}: ${textOf(reply.body).slice(0, 200)}`);
		}
		assert.match(textOf((await viewer.get('/runs')).body), /succeeded/);
		const reply = await viewer.post('/requests', { ...form.fields, goal: '002', reason: 'nobody is there' });
		assert.equal(reply.status, 503);
		assert.match(textOf(reply.body), /runner/i);
		const nobody = new WebClient(stack.base);
		assert.equal((await nobody.submit('/signin', '/signin', { name: 'lead', password: PASSWORDS.lead })).status, 503);
		const cli = stack.cliTry(['status']);
		assert.equal(cli.status, 1);
		assert.match(cli.stderr, /runner|admin\.sock/);
		await stack.startRunner();
		// The same form, the same key: now it is done.
		assert.equal((await viewer.post('/requests', { ...form.fields, goal: '002', reason: 'somebody is there', direction: 'up' })).status, 303);
		await until(() => stack.store("SELECT count(*) FROM run WHERE state IN ('queued', 'running')")[0] === '0', { seconds: 60, say: 'the end of the run' });
		const back = await ask(viewer, 'dev', { steps: 1, reason: 'back for the next time' });
		assert.equal((await ended(viewer, back.run)).state, 'succeeded');
	});
}

test('a second runner on the same folder goes away and says why', async () => {
	const r = run(USERS.runner, [stack.program('gatehouse-runner'), '--config', stack.path('etc/gatehouse.conf')], { ok: false });

	assert.equal(r.signal, null);
	assert.notEqual(r.status, 0);
	assert.match(r.stderr, /another|already|lock/i);
	assert.equal(stack.cliTry(['people']).status, 0, 'the first one still answers');
});

test('a store of another schema version: pages answer 503 and name both, the runner refuses a newer one', async () => {
	const version = Number(stack.store('PRAGMA user_version')[0]);
	const set = (v) => stack.sqlite('store/store.db', `PRAGMA user_version = ${v}`);

	assert.ok(version > 0);
	await stack.end('runner');
	set(version + 1);
	const reply = await viewer.send('GET', '/runs');
	assert.equal(reply.status, 503);
	assert.match(textOf(reply.body), new RegExp(`${version + 1}.*${version}|${version}.*${version + 1}`));
	const r = run(USERS.runner, [stack.program('gatehouse-runner'), '--config', stack.path('etc/gatehouse.conf')], { ok: false });
	assert.notEqual(r.status, 0);
	assert.match(r.stderr, new RegExp(String(version + 1)));
	set(version);
	await stack.startRunner();
	assert.equal((await viewer.send('GET', '/runs')).status, 200);
});

test('a store of no schema at all is refused as well', async () => {
	const other = stack.path('other');
	mkdirSync(other, { mode: 0o755 });
	const r = run(USERS.web, [stack.program('gatehouse-web'), '--listen', '/nonexistent/x.sock', '--store', other, '--runner', '/nonexistent'], { ok: false });
	assert.notEqual(r.status, 0);
	assert.match(r.stderr, /\/nonexistent\/x\.sock|store/);
});

test('the disk fills up during the backup: nothing is applied, nothing half written is kept', { skip: !isRoot && 'needs root to mount a small disk' }, async () => {
	const first = await ask(viewer, 'prod', { to: '001', reason: 'something large' });
	assert.equal((await ended(lead, await approve(lead, first.request, PASSWORDS.lead))).state, 'succeeded');
	const id = run('root', ['/usr/bin/id', '-u', USERS.runner]).stdout.trim();
	const gid = run('root', ['/usr/bin/id', '-g', USERS.runner]).stdout.trim();
	run('root', ['/bin/mount', '-t', 'tmpfs', '-o', `size=256k,mode=0700,uid=${id},gid=${gid}`, 'tmpfs', stack.path('backups')]);

	const { request } = await ask(viewer, 'prod', { to: '002', reason: 'no room' });
	const r = await ended(lead, await approve(lead, request, PASSWORDS.lead));
	assert.equal(r.state, 'failed-clean');
	assert.equal(stack.tracked('prod').length, 1);
	assert.equal(stack.rows('prod', "SELECT to_regclass('b') IS NULL")[0], 't');
	const text = textOf((await viewer.get(`/runs/${stack.store('SELECT max(id) FROM run')[0]}`)).body);
	assert.match(text, /space|disk|room/i);
	assert.equal(run('root', ['/usr/bin/find', stack.path('backups'), '-type', 'f']).stdout, '', 'nothing half written is left');
	assert.deepEqual(stack.store(`SELECT count(*) FROM backup WHERE run_id = (SELECT max(id) FROM run)`), ['0']);
	// The runner may be looking at it just then.
	await until(() => run('root', ['/bin/umount', stack.path('backups')], { ok: false }).status === 0, { seconds: 60, say: 'the end of the small disk' });
	const again = await ask(viewer, 'prod', { to: '002', reason: 'room again' });
	assert.equal((await ended(lead, await approve(lead, again.request, PASSWORDS.lead))).state, 'succeeded');
});
