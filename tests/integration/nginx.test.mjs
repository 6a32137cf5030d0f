// What nginx answers by itself: its own refusals, and what people see while the web tier is down.
import assert from 'node:assert/strict';
import net from 'node:net';
import { after, before, test } from 'node:test';
import { WebClient, formsOf, textOf } from '../../tools/web-client.mjs';
import { Stack } from '../support/stack.mjs';

let stack, viewer;

before(async () => {
	stack = await Stack.start({
		projects: { plain: { convention: 'numbered', files: { '001_a.sql': 'CREATE TABLE a (id int);\n', '001_a_down.sql': 'DROP TABLE a;\n' } } },
		targets: { stage: { environment: 'staging' } },
		people: ['admin', 'viewer'], workers: 2,
	});
	viewer = await stack.as('viewer');
});
after(() => stack?.stop());

// Sends bytes as they are; gives status, headers and text of what comes back.
function raw(bytes) {
	return new Promise((resolve, reject) => {
		const s = net.connect(stack.port, '127.0.0.1', () => s.write(bytes, 'latin1'));
		let text = '';
		s.setTimeout(15000, () => s.destroy(new Error('no answer')));
		const done = () => {
			s.destroy();
			const [head, ...body] = text.split('\r\n\r\n');
			const [line, ...headers] = head.split('\r\n');
			resolve({ status: Number(line.split(' ')[1]), body: body.join('\r\n\r\n'),
				headers: Object.fromEntries(headers.map((h) => [h.split(':')[0].toLowerCase(), h.slice(h.indexOf(':') + 2)])) });
		};
		// nginx keeps reading for a while what it has refused.
		s.on('data', (d) => {
			text += d;
			if (text.includes('</html>'))
				done();
		});
		s.on('end', done);
		s.on('error', reject);
	});
}
function assertOurs(reply, status) {
	assert.equal(reply.status, status, reply.body.slice(0, 200));
	assert.match(reply.headers['content-type'], /^text\/html; *charset=utf-8/i);
	assert.match(reply.headers['content-security-policy'] ?? '', /default-src 'none'.*frame-ancestors 'none'/);
	assert.equal(reply.headers['x-content-type-options'], 'nosniff');
	assert.equal(reply.headers['cache-control'], 'no-store');
	assert.match(reply.body, /<link rel="stylesheet" href="\/static\/gatehouse\.css"/);
	assert.ok(!/nginx|<!--#|\(none\)/.test(reply.body), reply.body);
}

for (const [what, line, status, says] of [
	['a NUL in the address', 'GET /%00 HTTP/1.1\r\nHost: x', 400, /Nothing was done/],
	['an address out of the folder', 'GET /static/..%2f..%2fetc/passwd HTTP/1.1\r\nHost: x', 400, /Nothing was done/],
	['a head without host', 'GET / HTTP/1.1', 400, /Nothing was done/],
	['a line that is no HTTP', 'HELLO', 400, /Nothing was done/],
	['TRACE', 'TRACE / HTTP/1.1\r\nHost: x', 405, /method/],
	['POST to a file', 'POST /static/gatehouse.css HTTP/1.1\r\nHost: x\r\nContent-Length: 0', 405, /method/],
	['an address of 40,000 bytes', `GET /${'a'.repeat(40000)} HTTP/1.1\r\nHost: x`, 414, /too long/],
	['a cookie of 40,000 bytes', `GET / HTTP/1.1\r\nHost: x\r\nCookie: ${'a'.repeat(40000)}`, 431, /cookies/],
	['a file that is not there', 'GET /static/nothing.css HTTP/1.1\r\nHost: x', 404, /no file/],
	['a folder', 'GET /static/ HTTP/1.1\r\nHost: x', 403, /no file/],
	['the error page itself', 'GET /static/error.html HTTP/1.1\r\nHost: x', 404, /no file/],
	['a body of 70,000 bytes', `POST /signin HTTP/1.1\r\nHost: x\r\nContent-Length: 70000`, 413, /64 KiB/],
]) {
	test(`${what}: ${status} as a page of ours`, async () => {
		const reply = await raw(`${line}\r\nConnection: close\r\n\r\n`);

		assertOurs(reply, status);
		assert.match(textOf(reply.body), says);
	});
}

test('a flood of forms is told to wait', async () => {
	// Many more than come through while they are sent: a hundred, and twenty a second.
	const all = await Promise.all(Array.from({ length: 400 }, () => new WebClient(stack.base).send('POST', '/runs', { body: '', timeout: 60000 })));
	const refused = all.filter((r) => r.status === 429);

	assert.ok(refused.length > 0, 'nothing was refused');
	assertOurs(refused[0], 429);
	assert.equal(refused[0].headers['retry-after'], '5');
	assert.match(textOf(refused[0].body), /wait/);
});

test('guesses of passwords are told to wait before they keep the runner busy', async () => {
	const began = Date.now();
	const all = await Promise.all(Array.from({ length: 100 }, (_, i) =>
		new WebClient(stack.base).post('/signin', { name: `nobody${i}`, password: 'wrong', next: '/' }, { timeout: 60000 })));
	const refused = all.filter((r) => r.status === 429).length;

	// Forty at once come through, and two for each second.
	assert.ok(refused >= 15 && all.length - refused <= 45 + 2 * (Date.now() - began) / 1000, `${all.map((r) => r.status)}`);
	assert.equal((await viewer.send('GET', '/runs')).status, 200);
});

test('pages bring their own errors along', async () => {
	const reply = await viewer.send('GET', '/nothing');

	assert.equal(reply.status, 404);
	assert.match(textOf(reply.body), /There is no page here/);
});

test('a runner that hangs costs no page: one worker is kept for them', async () => {
	const forms = await Promise.all([0, 1, 2].map(async () => formsOf((await viewer.get('/incidents/new')).body).find((f) => f.action === '/incidents')));
	const send = (f) => viewer.post('/incidents', { ...f.fields, title: 'slow', severity: 'low', text: 'typed' });

	process.kill(stack.parts.runner.pid, 'SIGSTOP');
	let first;
	try {
		first = send(forms[0]);
		await new Promise((r) => setTimeout(r, 1000));
		const at = Date.now();
		assert.equal((await viewer.send('GET', '/runs')).status, 200);
		const second = await send(forms[1]);
		assert.equal(second.status, 503);
		assert.match(textOf(second.body), /try again in a moment/);
		assert.ok(second.body.includes('typed'), 'what was typed is kept');
		assert.ok(Date.now() - at < 5000, `${Date.now() - at} ms`);
	} finally {
		process.kill(stack.parts.runner.pid, 'SIGCONT');
	}
	assert.equal((await first).status, 303);
	assert.equal((await send(forms[1])).status, 303, 'the same form, when the runner is back');
});

test('without the web tier every page says what to do', async () => {
	await stack.end('web', 'SIGKILL');
	for (const where of ['/', '/runs?format=json', '/signin']) {
		const reply = await viewer.send('GET', where);
		assertOurs(reply, 503);
		assert.match(textOf(reply.body), /gatehouse-web/);
		assert.equal(reply.headers['retry-after'], '5');
	}
	assert.equal((await viewer.send('GET', '/static/gatehouse.css')).status, 200, 'the style sheet is there all the same');
	await stack.startWeb();
	assert.equal((await viewer.send('GET', '/runs')).status, 200, 'and the session goes on');
});
