// The health check after a run: a real server that answers as the test wants.
import assert from 'node:assert/strict';
import http from 'node:http';
import { after, before, test } from 'node:test';
import { until } from '../../tools/web-client.mjs';
import { Stack } from '../support/stack.mjs';

const files = {
	'001_a.sql': 'CREATE TABLE a (id int);\n', '001_a_down.sql': 'DROP TABLE a;\n',
	'002_b.sql': 'CREATE TABLE b (id int);\n', '002_b_down.sql': 'DROP TABLE b;\n',
};
const targets = Object.fromEntries(['fine', 'flaky', 'ill', 'hung', 'moved', 'wrong'].map((n) => [n, n]));
let stack, server;
const asked = {};
const answers = {
	fine: (n, reply) => reply.end('all is fine'),
	flaky: (n, reply) => { reply.statusCode = n < 3 ? 500 : 200; reply.end(n < 3 ? 'starting' : 'all is fine'); },
	ill: (n, reply) => { reply.statusCode = 503; reply.end('database is on fire'); },
	hung: () => {},
	moved: (n, reply) => { reply.statusCode = 302; reply.setHeader('Location', '/fine'); reply.end(); },
	wrong: (n, reply) => reply.end('nothing to see'),
};

before(async () => {
	server = http.createServer((request, reply) => {
		const name = request.url.slice(1);
		asked[name] = (asked[name] ?? []).concat(request);
		answers[name](asked[name].length, reply);
	});
	await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address();
	stack = await Stack.start({
		projects: { shop: { convention: 'numbered', files } },
		targets: Object.fromEntries(Object.keys(targets).map((n) => [n, { environment: 'development', health_url: `http://127.0.0.1:${port}/${n}`,
			health_body: 'fine', health_attempts: 3, health_delay: '100ms', health_timeout: n === 'hung' ? '1s' : '20s' }])),
		people: ['admin'], web: false,
	});
});
after(async () => {
	server?.closeAllConnections();
	server?.close();
	await stack?.stop();
});

// Not with --wait: the server that is asked lives in this process.
const up = async (target) => {
	stack.cli(['--target', target, 'up', '--reason', 'because'], { exits: [0, 3] });
	const run = Number(stack.store('SELECT max(id) FROM run')[0]);
	await until(() => stack.store(`SELECT count(*) FROM run WHERE id = ${run} AND ended_at IS NOT NULL`)[0] === '1', { seconds: 90, every: 50, say: 'the end of the run' });
	const [state, outcome] = stack.store(`SELECT state, outcome FROM run WHERE id = ${run}`)[0].split('|');
	const evidence = stack.store(`SELECT state, text FROM run_evidence WHERE run_id = ${run} AND kind = 'health' ORDER BY position`);
	return { state, outcome, evidence, tracked: stack.tracked(target) };
};

test('an application that answers is asked once', async () => {
	const r = await up('fine');

	assert.equal(r.state, 'succeeded');
	assert.equal(r.evidence.length, 1);
	assert.match(r.evidence[0], /^ok\|Attempt 1 of 3: it answered 200 in/);
	assert.equal(asked.fine.length, 1);
	assert.equal(asked.fine[0].method, 'GET');
	assert.match(asked.fine[0].headers['user-agent'], /^gatehouse\//);
});

test('one that needs a moment is asked again', async () => {
	const r = await up('flaky');

	assert.equal(r.state, 'succeeded');
	assert.deepEqual(r.evidence.map((e) => e.split('|')[0]), ['failed', 'failed', 'ok']);
	assert.match(r.evidence[0], /it answered 500, not 200: starting/);
});

for (const [name, why] of [['ill', /it answered 503, not 200: database is on fire/], ['hung', /timed out/i],
	['moved', /it answered 302, not 200/], ['wrong', /"fine" is not in the answer: nothing to see/]]) {
	test(`one that is ${name} has the migrations taken back`, async () => {
		const before = asked.fine.length;
		const r = await up(name);

		assert.equal(r.state, 'failed-clean', r.outcome);
		assert.match(r.outcome, why);
		assert.match(r.outcome, /is not healthy after 3 attempts/);
		assert.match(r.outcome, /taken back by its down SQL/);
		assert.equal(r.evidence.length, 3);
		assert.deepEqual(r.tracked, []);
		// One that nobody waits for may be heard of only now.
		await until(() => asked[name]?.length >= 3, { seconds: 60, say: 'the last question' });
		assert.equal(asked[name].length, 3);
		assert.equal(asked.fine.length, before, 'nobody follows a redirect');
	});
}
