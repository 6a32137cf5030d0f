// kill -9 of runner and job at each change of state of a message and its delivery.  Afterwards, always: what ran was told, each
// delivery is sent, and none is sent twice but where the other side had taken it before its job could say so.
//
// Needs a build with fault points (GATEHOUSE_BUILD=build/clang).
import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { until } from '../../tools/web-client.mjs';
import { HttpReceiver } from '../support/receivers.mjs';
import { Stack, USERS } from '../support/stack.mjs';

// How many times a message may come, and whether it is the runner that dies.
const POINTS = [
	{ point: 'job.notify.before-send', most: 1 },
	{ point: 'job.notify.after-send', most: 2 },
	{ point: 'runner.message.added', most: 1, runner: true },
	{ point: 'runner.delivery.before-claim', most: 1, runner: true },
	{ point: 'runner.delivery.claimed', most: 1, runner: true },
	{ point: 'runner.delivery.started', most: 1, runner: true },
	{ point: 'runner.delivery.before-settle', most: 1, runner: true },
	{ point: 'runner.delivery.settled', most: 1, runner: true },
];
const version = (i) => String(i + 1).padStart(3, '0');
let stack, hook;

before(async () => {
	hook = await HttpReceiver.start();
	stack = await Stack.start({
		projects: { plain: { convention: 'numbered', files: Object.fromEntries(POINTS.map((_, i) => [`${version(i)}_t.sql`, `SELECT ${i};\n`])) } },
		targets: { dev: { environment: 'development' } },
		people: ['admin'],
		web: false,
	});
	writeFileSync(stack.path('etc/hook.url'), `${hook.base}/hook\n`, { mode: 0o600 });
	stack.give('etc/hook.url', USERS.runner);
	stack.options.conf = `notify "hook" {\n  kind = "webhook"\n  url_file = "${stack.path('etc/hook.url')}"\n  retry_delay = "50ms"\n}\n`;
	stack.writeConf();
	await stack.end('runner');
	await stack.startRunner();
});
after(async () => {
	await stack?.stop();
	hook?.stop();
});

POINTS.forEach(({ point, most, runner }, i) => test(point, async () => {
	const seen = hook.got.length;

	stack.setFault(`${point} kill`);
	stack.cliTry(['up', '--target', 'dev', '--to', version(i), '--reason', point]);
	await until(() => stack.faultPassed(), { seconds: 60, say: `the passing of ${point}` });
	if (runner) {
		await until(() => stack.parts.runner.ended, { seconds: 60, say: 'the end of the runner' });
		await stack.startRunner();
	}
	await until(() => stack.store("SELECT count(*) FROM run WHERE state IN ('queued', 'running', 'unknown')")[0] === '0',
		{ seconds: 60, say: 'the end of the run' });
	// A kill before the request's commit leaves no run.
	if (!stack.tracked('dev').some((v) => v.startsWith(version(i))))
		stack.cli(['up', '--target', 'dev', '--to', version(i), '--reason', 'again', '--wait']);
	await until(() => stack.store("SELECT count(*) FROM delivery WHERE state <> 'sent'")[0] === '0', { seconds: 60, say: 'all deliveries' });

	const told = hook.json().slice(seen);
	const run = Number(stack.store('SELECT max(id) FROM run')[0]);
	for (const event of ['before', 'after']) {
		const times = told.filter((m) => m.run === run && m.event === event).length;
		assert.ok(times >= 1 && times <= most, `${event} came ${times} times`);
	}
	// The same one twice is known by its number.
	const ids = new Set(told.map((m) => m.delivery));
	assert.ok(told.length - ids.size <= most - 1, `${told.length} for ${ids.size}`);
	// A journal goes after its delivery's end is written.
	await until(() => !readdirSync(stack.path('jobs')).some((f) => f.startsWith('notify.')), { seconds: 60, say: () => `the end of ${readdirSync(stack.path('jobs'))}` });
	assert.deepEqual(stack.store('SELECT count(*) FROM message m WHERE NOT EXISTS (SELECT 1 FROM delivery WHERE message_id = m.id)'), ['0']);
}));
