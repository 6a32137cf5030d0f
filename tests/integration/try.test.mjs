// ./try itself, in a folder of its own: up, again, down; and what it says when it cannot.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { WebClient, textOf, until } from '../../tools/web-client.mjs';
import { build, freePort, isRoot, run, top } from '../support/stack.mjs';
import { procFile, procLink } from '../support/there.mjs';

let dir, port, accounts;

function tryIt(...args) {
	const began = Date.now();
	const r = spawnSync(path.join(top, 'try'), args, { encoding: 'utf8', cwd: '/', timeout: 170000, stdio: ['ignore', 'pipe', 'pipe'],
		env: { PATH: process.env.PATH, LANG: 'C.UTF-8', GATEHOUSE_BUILD: build } });
	return { ...r, seconds: (Date.now() - began) / 1000 };
}
// Processes that have the folder in their arguments, their program or their working folder.
function ours() {
	return readdirSync('/proc').filter((n) => /^\d+$/.test(n))
		.filter((pid) => procFile(pid, 'cmdline').includes(dir) || procLink(pid, 'exe').startsWith(dir) || procLink(pid, 'cwd').startsWith(dir));
}

before(async () => {
	dir = mkdtempSync('/var/tmp/ght-');
	port = await freePort();
});
after(() => {
	if (existsSync(path.join(dir, 'etc/try')))
		tryIt('--reset', '--dir', dir);
	rmSync(dir, { recursive: true, force: true });
});

test('it comes up with accounts, a history and "ready"', () => {
	const r = tryIt('--detach', '--port', String(port), '--dir', dir);

	assert.equal(r.status, 0, r.stdout + r.stderr);
	assert.match(r.stdout, new RegExp(`http://127\\.0\\.0\\.1:${port}/`));
	assert.match(r.stdout, /\nready\n$/);
	accounts = Object.fromEntries([...r.stdout.matchAll(/^ {2}(viewer|lead|lead2|auditor|admin) +(\S+)$/gm)].map((m) => [m[1], m[2]]));
	assert.deepEqual(Object.keys(accounts), ['viewer', 'lead', 'lead2', 'auditor', 'admin']);
	assert.equal(statSync(path.join(dir, 'etc/accounts')).mode & 0o777, 0o600);
});

test('the history is there: four databases of two projects, a failure that was rolled back, an incident with notes', async () => {
	const viewer = new WebClient(`http://127.0.0.1:${port}`);
	await viewer.signIn('viewer', accounts.viewer);
	const overview = textOf((await viewer.get('/')).body);
	for (const t of ['shop_development', 'shop_staging', 'shop_production', 'vendors_development'])
		assert.ok(overview.includes(t));
	assert.match(textOf((await viewer.get('/runs')).body), /failed/);
	const incidents = await viewer.get('/incidents');
	const id = /\/incidents\/(\d+)/.exec(incidents.body)[1];
	assert.match(textOf((await viewer.get(`/incidents/${id}`)).body), /23514[\s\S]*SAMPLE-1/);
	if (!isRoot)
		assert.match(overview, /reduced isolation/);
});

test('backups of each kind are there: plain, encrypted, a folder, and one that others keep', async () => {
	const lead = new WebClient(`http://127.0.0.1:${port}`);
	await lead.signIn('lead', accounts.lead);
	const kept = (target) => lead.json(`/backups?target=${target}`).then((page) => page.backups);
	const names = readdirSync(path.join(dir, 'backups'));
	const of = (target, end) => names.filter((n) => n.startsWith(`${target}-`) && n.endsWith(end)).length;

	assert.ok(of('shop_production', '.dump.zst') >= 2, String(names));
	assert.ok(of('shop_staging', '.dump.zst.sealed') >= 2, String(names));
	assert.equal(of('shop_staging', '.dump.zst'), 0, 'none of it is there in the clear');
	assert.equal(of('shop_development', '.dir'), 1, String(names));
	assert.equal(statSync(path.join(dir, 'etc/backup.key')).mode & 0o777, 0o600);
	assert.deepEqual((await kept('shop_production')).map((b) => b.level), ['counted', 'counted']);
	assert.equal((await kept('shop_development')).length, 1);
	const [others] = await kept('vendors_development');
	assert.match(others.origin, /vendors-dumps/);
	assert.equal((await kept('vendors_development')).length, 1);
	// It was the backup of the vendors' run, which took none of its own.
	assert.equal(of('vendors_development', ''), 0);
	assert.match(textOf((await lead.get('/runs?target=vendors_development')).body), /succeeded/);
});

test('the second time it takes less than 5 seconds, leaves what runs alone and prints the same', () => {
	const before = tryIt('--status', '--dir', dir);
	const r = tryIt('--detach', '--dir', dir);

	assert.equal(r.status, 0, r.stdout + r.stderr);
	assert.ok(r.seconds < 5, `${r.seconds} s`);
	for (const [name, password] of Object.entries(accounts))
		assert.match(r.stdout, new RegExp(`^  ${name} +${password}$`, 'm'));
	assert.match(r.stdout, new RegExp(`:${port}/`), 'the port of the first time');
	assert.equal(before.status, 0);
	assert.equal(tryIt('--status', '--dir', dir).stdout, before.stdout);
});

test('a part that died is started again, the others are left alone', async () => {
	const pid = Number(/runner runs \(pid (\d+)\)/.exec(tryIt('--status', '--dir', dir).stdout)[1]);
	process.kill(pid, 'SIGKILL');
	// A process takes a moment to be gone.
	await until(() => tryIt('--status', '--dir', dir).status === 1, { seconds: 60, say: 'the end of the runner' });
	const dead = tryIt('--status', '--dir', dir);
	assert.equal(dead.status, 1);
	assert.match(dead.stdout, /runner does not run/);
	assert.equal(tryIt('--detach', '--dir', dir).status, 0);
	const now = tryIt('--status', '--dir', dir);
	assert.equal(now.status, 0);
	assert.equal(now.stdout.match(/web runs.*/)[0], dead.stdout.match(/web runs.*/)[0]);
});

test('another ./try cannot have the same port, and says so', () => {
	const other = mkdtempSync('/var/tmp/ght-');
	try {
		const r = tryIt('--detach', '--port', String(port), '--dir', other);
		assert.equal(r.status, 1);
		assert.match(r.stderr, new RegExp(`^try: Port ${port} is in use: .*--port.*\n$`));
		assert.deepEqual(readdirSync(other), []);
	} finally {
		rmSync(other, { recursive: true, force: true });
	}
});

test('--stop leaves no process, a start after it is quick, --reset leaves nothing', () => {
	assert.notDeepEqual(ours(), []);
	const stop = tryIt('--stop', '--dir', dir);
	assert.equal(stop.status, 0, stop.stderr);
	assert.deepEqual(ours(), []);
	assert.equal(tryIt('--stop', '--dir', dir).status, 0, 'twice is harmless');
	const r = tryIt('--detach', '--dir', dir);
	assert.equal(r.status, 0, r.stderr);
	assert.ok(r.seconds < 5, `${r.seconds} s`);
	assert.equal(tryIt('--reset', '--dir', dir).status, 0);
	assert.ok(!existsSync(path.join(dir, 'etc')));
	assert.deepEqual(ours(), []);
});

for (const [what, args, said] of [
	['an unknown option', ['--colour'], /--colour.*--help/],
	['two modes', ['--stop', '--detach'], /one of/],
	['a port that is none', ['--port', '70000'], /1 to 65535/],
	['a port without a number', ['--port', 'http'], /1 to 65535/],
	['a path that is too long for a socket', ['--detach', '--dir', `/var/tmp/${'x'.repeat(90)}`], /too long.*--dir/],
	['a folder that cannot be written', ['--detach', '--dir', '/proc/gatehouse'], /cannot be written.*--dir/],
	['a folder with a blank', ['--detach', '--dir', '/var/tmp/a b'], /blank.*--dir/],
]) {
	test(`one sentence about ${what}`, () => {
		const r = tryIt(...args);
		assert.equal(r.status, 1);
		assert.match(r.stderr, said);
		assert.equal(r.stderr.trim().split('\n').length, 1, r.stderr);
	});
}

test('a folder of somebody else\'s files is left alone', () => {
	const other = mkdtempSync('/var/tmp/ght-');
	try {
		writeFileSync(path.join(other, 'thesis.txt'), 'x');
		for (const mode of ['--detach', '--reset']) {
			tryIt(mode, '--dir', other);
			assert.deepEqual(readdirSync(other), ['thesis.txt']);
		}
	} finally {
		rmSync(other, { recursive: true, force: true });
	}
});

test('one sentence about a full disk', { skip: !isRoot && 'needs root to mount a small one' }, () => {
	const small = mkdtempSync('/var/tmp/ght-');
	try {
		run('root', ['/bin/mount', '-t', 'tmpfs', '-o', 'size=10m', 'tmpfs', small]);
		const r = tryIt('--detach', '--dir', small);
		assert.equal(r.status, 1);
		assert.match(r.stderr, /^try: Only \d+ MB are free in .*\n$/);
	} finally {
		run('root', ['/bin/umount', small], { ok: false });
		rmSync(small, { recursive: true, force: true });
	}
});

test('one sentence about a private folder above', { skip: !isRoot && 'only the service users are kept out' }, () => {
	const closed = mkdtempSync('/var/tmp/ght-');
	try {
		mkdirSync(path.join(closed, 'in'));
		const r = tryIt('--detach', '--dir', path.join(closed, 'in'));
		assert.equal(r.status, 1);
		assert.match(r.stderr, new RegExp(`may not enter ${closed}`));
	} finally {
		rmSync(closed, { recursive: true, force: true });
	}
});
