// gatehouse.conf: each mistake by file and line, a wrong file on SIGHUP keeps the old one, DATABASE_URL.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { until } from '../../tools/web-client.mjs';
import { CANARY, Stack, USERS, run } from '../support/stack.mjs';

let stack;
before(async () => {
	stack = await Stack.start({
		projects: { plain: { convention: 'numbered', files: { '001_a.sql': 'CREATE TABLE a (id int);\n' } } },
		targets: { dev: { environment: 'development' } }, people: ['admin'], web: false,
	});
});
after(() => stack?.stop());

function check(text) {
	const file = stack.path('etc/other.conf');
	writeFileSync(file, text);
	return run(USERS.runner, [stack.program('gatehouse-runner'), '--check-config', file], { ok: false });
}

test('a good configuration is called good', () => {
	const r = check(stack.conf());
	assert.equal(r.status, 0, r.stderr + r.stdout);
});

for (const [what, change, said] of [
	['an unknown key', (t) => t.replace('web_user', 'colour = "red"\nweb_user'), /other\.conf:3:.*colour/],
	['an unknown key in a target', (t) => t.replace('  project = "plain"', '  projekt = "plain"'), /other\.conf:\d+:.*projekt/],
	['a word where a number belongs', (t) => t.replace('max_retries = 1', 'max_retries = many'), /other\.conf:\d+:/],
	['a password in the connection', (t) => t.replace('user=shop', `user=shop password=${CANARY}`), /other\.conf:\d+:.*passfile/],
	['a password in a URI', (t) => t.replace(/connection = "[^"]*"/, `connection = "postgresql://shop:${CANARY}@localhost/dev"`), /other\.conf:\d+:.*passfile/],
	['a project that is not there', (t) => t.replace('project = "plain"', 'project = "lost"'), /other\.conf:\d+:.*lost/],
	['an environment that is not there', (t) => t.replace('environment = "development"', 'environment = "moon"'), /other\.conf:\d+:.*moon/],
	['a convention that is not there', (t) => t.replace('"numbered"', '"roman"'), /other\.conf:\d+:.*roman/],
	['an account that is not there', (t) => t.replace(/web_user = "[^"]*"/, 'web_user = "nobody-of-that-name"'), /other\.conf:\d+:.*nobody-of-that-name/],
	['a bracket too few', (t) => t.replace(/\}\s*$/, ''), /other\.conf:\d+:/],
	['two targets of one name', (t) => t + t.slice(t.indexOf('target "dev"')), /other\.conf:\d+:.*dev/],
]) {
	test(`${what} is named by file and line`, () => {
		const r = check(change(stack.conf()));
		assert.equal(r.status === 0, false, 'not accepted');
		assert.match(r.stderr + r.stdout, said);
		assert.ok(!(r.stderr + r.stdout).includes(CANARY), 'a password is not repeated');
	});
}

test('a file that is not there', () => {
	const r = run(USERS.runner, [stack.program('gatehouse-runner'), '--check-config', '/nonexistent/x.conf'], { ok: false });
	assert.notEqual(r.status, 0);
	assert.match(r.stderr + r.stdout, /\/nonexistent\/x\.conf/);
});

test('SIGHUP with a wrong file keeps the old configuration; with a good one it takes it', async () => {
	const names = () => JSON.parse(stack.cli(['--json', 'status'], { exits: [0, 3] })).rows.map((r) => r.target ?? r.name);
	assert.deepEqual(names(), ['dev']);
	stack.writeConf(`${stack.conf()}\nnonsense = 1\n`);
	process.kill(stack.parts.runner.pid, 'SIGHUP');
	await until(() => /nonsense/.test(stack.log('runner')), { seconds: 60, say: 'a word about the mistake' });
	assert.deepEqual(names(), ['dev']);
	stack.options.targets = { dev: { environment: 'development' }, second: { environment: 'staging', database: 'dev' } };
	stack.writeConf();
	process.kill(stack.parts.runner.pid, 'SIGHUP');
	await until(() => names().length === 2, { seconds: 60, say: 'the new target' });
	stack.options.targets = { dev: { environment: 'development' } };
	stack.writeConf();
	process.kill(stack.parts.runner.pid, 'SIGHUP');
	await until(() => names().length === 1, { seconds: 60, say: 'the end of the second target' });
});

test('a passfile that others can read is not used', async () => {
	run(USERS.runner, ['/bin/chmod', '644', stack.path('etc/passfile')]);
	const r = stack.cliTry(['up', '--target', 'dev', '--wait']);
	assert.notEqual(r.status, 0);
	assert.match(r.stderr + r.stdout, /passfile/);
	run(USERS.runner, ['/bin/chmod', '600', stack.path('etc/passfile')]);
});

test('DATABASE_URL for one target: used, and its password is nowhere to be seen', async () => {
	await stack.end('runner');
	const socket = encodeURIComponent(stack.path('run/pg'));
	stack.writeConf(stack.conf().replace(/ {2}connection = .*\n/, '').replace(/ {2}passfile = .*\n/, ''));
	await stack.startRunner({ DATABASE_URL: `postgresql://shop:${CANARY}-shop@${socket}/dev` });
	const r = stack.cliTry(['up', '--target', 'dev', '--wait']);
	assert.equal(r.status, 0, r.stderr + r.stdout);
	assert.deepEqual(stack.tracked('dev').length, 1);
	const pid = stack.parts.runner.pid;
	assert.ok(!readFileSync(`/proc/${pid}/environ`).includes(CANARY), 'wiped from the environment');
	assert.ok(!readFileSync(`/proc/${pid}/cmdline`).includes(CANARY));
	assert.ok(!stack.log('runner').includes(CANARY));
});
