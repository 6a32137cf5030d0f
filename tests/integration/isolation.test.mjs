// The walls: who runs as whom, what the web tier's account may touch, and where no password may ever be.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { approve, ask, ended } from '../../tools/web-acts.mjs';
import { CANARY, PASSWORDS, PROGRAMS, Stack, USERS, isRoot, run } from '../support/stack.mjs';
import { filesBelow, procFile, there } from '../support/there.mjs';

const rootOnly = { skip: !isRoot && 'needs root: without it everything runs as one user' };
let stack, viewer, lead;
// Every secret that the stack knows: database passwords and people's.
const secrets = [CANARY, ...Object.values(PASSWORDS)];
const seen = new Map();

before(async () => {
	stack = await Stack.start({
		projects: { plain: { convention: 'numbered', files: {
			'001_a.sql': 'CREATE TABLE a AS SELECT n FROM generate_series(1, 1000) n;\n', '001_a_down.sql': 'DROP TABLE a;\n',
			'002_slow.sql': 'SELECT pg_sleep(2);\nCREATE TABLE b (id int);\n', '002_slow_down.sql': 'DROP TABLE b;\n' } } },
		targets: { prod: { environment: 'production' } },
	});
	viewer = await stack.as('viewer');
	lead = await stack.as('lead');
});
after(() => stack?.stop());

function familyOf(pid, all = []) {
	all.push(pid);
	const children = (there(() => readdirSync(`/proc/${pid}/task`)) ?? []).map((task) => procFile(pid, `task/${task}/children`)).join('');
	for (const child of children.split(' ').filter(Boolean))
		familyOf(Number(child), all);
	return all;
}
// Notes user, arguments and environment of every process of the stack, jobs and their dumps included.
function look() {
	const pids = new Set(Object.values(stack.parts).filter((c) => !c.ended).flatMap((c) => familyOf(c.pid)));

	for (const pid of stack.jobs())
		familyOf(pid).forEach((p) => pids.add(p));
	for (const pid of pids) {
		const argv = procFile(pid, 'cmdline').replaceAll('\0', ' ').trim();
		const environ = procFile(pid, 'environ');
		const user = procFile(pid, 'status').match(/^Uid:\s+(\d+)\s+(\d+)\s+(\d+)/m)?.slice(1);
		// What has ended meanwhile has no user any more.
		if (user !== undefined)
			seen.set(`${pid} ${argv}`, { argv, user, environ });
	}
}

test('a run is watched from outside', async () => {
	const first = await ask(viewer, 'prod', { to: '001', reason: 'something to back up' });
	await ended(lead, await approve(lead, first.request, PASSWORDS.lead));
	const { request } = await ask(viewer, 'prod', { to: '002', reason: 'slow enough to be seen' });
	const id = await approve(lead, request, PASSWORDS.lead);
	const end = Date.now() + 60000;
	let state = '';
	while (Date.now() < end && !/succeeded|failed/.test(state)) {
		for (let i = 0; i < 10; i++) {
			look();
			await new Promise((r) => setTimeout(r, 10));
		}
		[state] = stack.store(`SELECT state FROM run WHERE id = ${id}`);
	}
	assert.equal(state, 'succeeded');
	assert.ok([...seen.values()].some((p) => /gatehouse-job run /.test(p.argv)), 'the job was seen');
});

test('each process runs as PRIVSEP says', rootOnly, () => {
	const uid = (name) => run('root', ['/usr/bin/id', '-u', name]).stdout.trim();
	const expected = [[/gatehouse-runner/, 'gatehouse'], [/gatehouse-job/, 'gatehouse'], [/pg_dump/, 'gatehouse'],
		[/gatehouse-web/, 'gatehouse-web'], [/nginx/, 'www-data'], [/bin\/postgres|^postgres:/, 'postgres']];
	const found = new Set();

	for (const { argv, user } of seen.values()) {
		const rule = expected.find(([re]) => re.test(argv));
		if (!rule)
			continue;
		found.add(rule[1] + rule[0]);
		assert.deepEqual(new Set(user), new Set([uid(rule[1])]), argv);
	}
	for (const [re, name] of expected.filter(([re]) => !/pg_dump/.test(re.source)))
		assert.ok(found.has(name + re), `${re} was seen`);
});

test('no password is in any argument or environment', () => {
	assert.ok(seen.size > 8);
	for (const { argv, environ } of seen.values())
		for (const s of secrets) {
			assert.ok(!argv.includes(s), argv);
			assert.ok(!environ.includes(s), `environment of ${argv}`);
		}
});

test('no password is in the store, the secrets, the journals, the backups or a log', rootOnly, () => {
	const files = ['store', 'secrets', 'jobs', 'backups', 'log', 'run'].flatMap((d) => filesBelow(stack.path(d)))
		.concat(stack.path('etc/gatehouse.conf'), stack.path('etc/nginx.conf'));
	assert.ok(files.some((f) => f.endsWith('.journal')) && files.some((f) => f.includes('/backups/')));
	for (const f of files) {
		const bytes = there(() => readFileSync(f));
		for (const s of secrets) {
			// The script that made the databases is in the server's log only if it failed.
			assert.ok(!bytes?.includes(s), `${s} in ${f}`);
		}
	}
});

test('no password is on any page', async () => {
	for (const where of ['/', '/migrations', '/runs', '/runs/1', '/runs/2', '/requests/1', '/backups', '/incidents', '/account'])
		for (const format of ['', '?format=json']) {
			const reply = await viewer.send('GET', where + format);
			for (const s of secrets)
				assert.ok(!reply.body.includes(s), where);
		}
});

test('folders and files have the modes of PRIVSEP', rootOnly, () => {
	const is = (name, user, group, mode) => {
		const s = statSync(stack.path(name));
		const uid = Number(run('root', ['/usr/bin/id', '-u', user]).stdout);
		const gid = Number(run('root', ['/usr/bin/id', '-g', group]).stdout);
		assert.deepEqual([name, s.uid, s.gid, (s.mode & 0o7777).toString(8)], [name, uid, gid, mode.toString(8)]);
	};

	is('store', 'gatehouse', 'gatehouse-web', 0o2750);
	for (const f of ['store.db', 'store.db-wal', 'store.db-shm'])
		is(`store/${f}`, 'gatehouse', 'gatehouse-web', 0o640);
	for (const d of ['secrets', 'jobs', 'backups']) {
		is(d, 'gatehouse', 'gatehouse', 0o700);
		for (const f of readdirSync(stack.path(d)))
			there(() => is(`${d}/${f}`, 'gatehouse', 'gatehouse', 0o600));
	}
	is('run/gatehouse/web.sock', 'gatehouse', 'gatehouse-web', 0o660);
	assert.equal(statSync(stack.path('run/gatehouse/admin.sock')).mode & 0o777, 0o666);
	is('run/web/fcgi.sock', 'gatehouse-web', 'www-data', 0o660);
});

test('the web tier\'s account reads the store and writes nothing', rootOnly, () => {
	const web = (argv, options) => run(USERS.web, argv, { ok: false, ...options });

	assert.equal(web(['/usr/bin/sqlite3', '-readonly', stack.path('store/store.db'), 'SELECT count(*) FROM person']).stdout.trim(), '5');
	assert.notEqual(web(['/usr/bin/sqlite3', stack.path('store/store.db'), "UPDATE person SET name = 'x'"]).status, 0);
	assert.notEqual(web(['/usr/bin/sqlite3', stack.path('store/store.db'), 'DELETE FROM ledger']).status, 0);
	for (const d of ['store', 'secrets', 'jobs', 'backups', 'run/gatehouse', 'projects/plain', 'etc', 'share/static', 'bin'])
		assert.notEqual(web(['/usr/bin/touch', stack.path(d, 'x')]).status, 0, d);
	for (const f of ['store/store.db', 'store/store.db-wal', 'store/store.db-shm', 'etc/gatehouse.conf'])
		assert.notEqual(web(['/usr/bin/dd', 'if=/dev/null', `of=${stack.path(f)}`, 'conv=notrunc']).status, 0, f);
	for (const f of ['secrets/secrets.db', 'etc/passfile', 'jobs/1.journal'])
		assert.notEqual(web(['/bin/cat', stack.path(f)]).status, 0, f);
	for (const d of ['secrets', 'jobs', 'backups'])
		assert.notEqual(web(['/bin/ls', stack.path(d)]).status, 0, d);
	const find = web(['/usr/bin/find', stack.dir, '-writable', '-not', '-type', 'l', '-not', '-name', 'admin.sock', '-not', '-name', 'web.sock',
		'-not', '-path', `${stack.path('run/web')}*`, '-not', '-path', '*/pg/.s.PGSQL*', '-print']).stdout.trim();
	assert.equal(find, '', 'nothing is writable for it but its own socket');
});

test('the web tier\'s program has no code that writes the store', () => {
	assert.ok(existsSync(PROGRAMS['gatehouse-web']));
	const names = run(USERS.pg, ['/usr/bin/nm', '-D', '--undefined-only', stack.program('gatehouse-web')], { ok: false }).stdout;
	assert.ok(!/PQconnect|PQexec|pg_query/.test(names), 'no libpq, no parser');
});

test('only the web tier is answered on web.sock, and only mapped accounts on admin.sock', rootOnly, () => {
	for (const user of ['nobody', 'www-data', USERS.pg]) {
		const r = stack.cliTry(['people'], { user });
		assert.equal(r.status, 4, r.stderr + r.stdout);
	}
	const r = run('nobody', [stack.program('gatehouse'), '--socket', stack.path('run/gatehouse/web.sock'), 'people'], { ok: false });
	assert.notEqual(r.status, 0);
	const web = run(USERS.web, [stack.program('gatehouse'), '--socket', stack.path('run/gatehouse/web.sock'), 'people'], { ok: false });
	assert.notEqual(web.status, 0, 'reads for the command line are not answered there');
});
