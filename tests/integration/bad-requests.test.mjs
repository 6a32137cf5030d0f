// What the web tier must refuse: wrong passwords, ended sessions, forged tokens, unknown fields, wrong methods, bodies
// that are too large.
import assert from 'node:assert/strict';
import net from 'node:net';
import { after, before, test } from 'node:test';
import { WebClient, formsOf, textOf, until } from '../../tools/web-client.mjs';
import { PASSWORDS, Stack } from '../support/stack.mjs';

let stack, viewer;

before(async () => {
	stack = await Stack.start({
		projects: { plain: { convention: 'numbered', files: { '001_a.sql': 'CREATE TABLE a (id int);\n', '001_a_down.sql': 'DROP TABLE a;\n' } } },
		targets: { stage: { environment: 'staging' } },
	});
	viewer = await stack.as('viewer');
});
after(() => stack?.stop());

const ledger = (op, outcome) => Number(stack.store(`SELECT count(*) FROM ledger WHERE op = '${op}' AND outcome = '${outcome}'`)[0]);
const incidents = () => Number(stack.store('SELECT count(*) FROM incident')[0]);
// A form that makes an incident: an act that anybody may do.
async function incidentForm(who) {
	for (const where of ['/incidents/new', '/incidents']) {
		const page = await who.send('GET', where);
		const form = page.status === 200 && formsOf(page.body).find((f) => f.action === '/incidents' && f.method === 'post');
		if (form)
			return { ...form.fields, title: 'Slow queries', severity: 'low', text: 'since noon' };
	}
	throw new Error('no page has a form for a new incident');
}
function assertRefused(reply, status, pattern) {
	assert.equal(reply.status, status, textOf(reply.body).slice(0, 300));
	if (pattern)
		assert.match(textOf(reply.body), pattern);
	assert.match(reply.headers['content-security-policy'] ?? '', /default-src 'none'/);
}

test('pages want somebody who is signed in, and lead to the sign-in page', async () => {
	const nobody = new WebClient(stack.base);

	for (const where of ['/', '/migrations', '/runs', '/backups', '/ledger', '/deliveries', '/incidents', '/account', '/requests/new']) {
		const reply = await nobody.send('GET', where);
		assert.equal(reply.status, 303, where);
		assert.match(reply.headers.location, /^\/signin/, where);
	}
	assert.ok([401, 303].includes((await nobody.send('GET', '/runs?format=json')).status));
});

test('a wrong password and an unknown name get the same answer, and the ledger has both', async () => {
	const was = ledger('session.open', 'refused');
	const texts = [];
	for (const [name, password] of [['viewer', 'wrong password'], ['nobody-of-that-name', 'wrong password']]) {
		const who = new WebClient(stack.base);
		const reply = await who.submit('/signin', '/signin', { name, password });
		assert.equal(reply.status, 401);
		assert.equal(who.cookies.size, 0);
		assert.ok(!reply.body.includes('wrong password'), 'what was typed is not shown again');
		texts.push(textOf(reply.body.replace(`value="${name}"`, '')));
	}
	assert.equal(texts[0], texts[1]);
	assert.equal(ledger('session.open', 'refused'), was + 2);
});

test('after five wrong passwords even the right one is refused for a while', async () => {
	for (let i = 0; i < 5; i++)
		await new WebClient(stack.base).submit('/signin', '/signin', { name: 'auditor', password: `guess number ${i}` });
	const reply = await new WebClient(stack.base).submit('/signin', '/signin', { name: 'auditor', password: PASSWORDS.auditor });
	assert.notEqual(reply.status, 200);
	// Others are not locked out by it.
	await stack.as('lead');
});

test('the cookie is not readable by scripts and not sent from other sites', async () => {
	const who = new WebClient(stack.base);
	const form = who.form(await who.get('/signin'), '/signin');
	const reply = await who.post('/signin', { ...form.fields, name: 'lead2', password: PASSWORDS.lead2 });

	assert.equal(reply.status, 303);
	assert.match(reply.headers['set-cookie'][0], /HttpOnly/i);
	assert.match(reply.headers['set-cookie'][0], /SameSite=Lax/i);
});

test('next leads only to a page of ours', async () => {
	const who = new WebClient(stack.base);
	for (const next of ['//evil.example/', 'https://evil.example/', '/\\evil.example']) {
		const form = who.form(await who.get(`/signin?next=${encodeURIComponent(next)}`), '/signin');
		const reply = await who.post('/signin', { ...form.fields, next, name: 'lead2', password: PASSWORDS.lead2 });
		if (reply.status === 303)
			assert.match(reply.headers.location, /^\/($|[^/\\])/, next);
		who.cookies.clear();
	}
});

for (const [what, forge] of [
	['a forged token', (f) => ({ ...f, csrf: f.csrf.replace(/^./, (c) => c === 'A' ? 'B' : 'A') })],
	['an empty token', (f) => ({ ...f, csrf: '' })],
	['no token', ({ csrf, ...f }) => f],
	['the token of another form', (f, account) => ({ ...f, csrf: account.csrf })],
]) {
	test(`${what} is refused`, async () => {
		const other = formsOf((await viewer.get('/account')).body).find((f) => 'csrf' in f.fields);
		const was = incidents();
		const reply = await viewer.post('/incidents', forge(await incidentForm(viewer), other.fields));

		assert.ok([400, 403].includes(reply.status), `${reply.status}`);
		assert.equal(incidents(), was);
	});
}

test('a token of another person is refused', async () => {
	const lead = await stack.as('lead');
	const was = incidents();
	const reply = await viewer.post('/incidents', await incidentForm(lead));

	assertRefused(reply, 403);
	assert.equal(incidents(), was);
});

for (const headers of [{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }]) {
	test(`a POST from another site is refused: ${Object.keys(headers)[0]}`, async () => {
		const was = incidents();
		const reply = await viewer.post('/incidents', await incidentForm(viewer), { headers });

		assertRefused(reply, 403);
		assert.equal(incidents(), was);
	});
}

test('the honest form is taken, and twice the same is one incident', async () => {
	const form = await incidentForm(viewer);
	const was = incidents();
	const first = await viewer.post('/incidents', form);
	const again = await viewer.post('/incidents', form);

	assert.equal(first.status, 303);
	assert.equal(again.headers.location, first.headers.location);
	assert.equal(incidents(), was + 1);
});

test('an unknown field, a field given twice and a missing field are refused', async () => {
	const form = await incidentForm(viewer);
	const was = incidents();

	assertRefused(await viewer.post('/incidents', { ...form, approved: 'yes' }), 400, /approved/);
	assertRefused(await viewer.send('POST', '/incidents', { body: `${new URLSearchParams(form)}&title=b` }), 400, /title/);
	const { title, ...rest } = form;
	assert.ok([400, 422].includes((await viewer.post('/incidents', rest)).status));
	assert.ok([400, 422].includes((await viewer.post('/incidents', { ...form, title: 'x'.repeat(10000) })).status));
	assert.ok([400, 422].includes((await viewer.post('/incidents', { ...form, severity: 'dreadful' })).status));
	assertRefused(await viewer.send('POST', '/incidents', { body: 'title=%ff%fe&text=%zz' }), 400);
	assert.equal(incidents(), was);
});

test('what was typed is kept when a form is refused for what is in it', async () => {
	const form = await incidentForm(viewer);
	const reply = await viewer.post('/incidents', { ...form, title: '', text: 'a text of some length <i>' });

	assert.ok([400, 422].includes(reply.status));
	assert.ok(reply.body.includes('a text of some length &lt;i&gt;'));
});

test('a body that is too large is refused before it is read', async () => {
	const reply = await viewer.send('POST', '/incidents', { body: `text=${'x'.repeat(200000)}` });

	assert.equal(reply.status, 413);
});

test('a body that is no form is refused', async () => {
	const reply = await viewer.send('POST', '/incidents', { body: '{"title":"x"}', headers: { 'content-type': 'application/json' } });

	assert.ok([400, 415].includes(reply.status), `${reply.status}`);
});

for (const [method, where, status] of [
	['POST', '/runs', 405], ['DELETE', '/runs', 405], ['PUT', '/incidents', 405], ['GET', '/requests/1/approve', 405],
	['GET', '/runs/999999', 404], ['GET', '/requests/999999', 404], ['GET', '/incidents/999999', 404],
	['GET', '/runs/0', 404], ['GET', '/runs/-1', 404], ['GET', '/runs/1x', 404], ['GET', '/runs/99999999999999999999', 404],
	['GET', '/nothing', 404], ['GET', '/runs/%2e%2e%2fetc', 404], ['GET', '/static/../../etc/passwd', 404],
	['GET', '/runs?cursor=garbage', 400], ['GET', '/migrations?cursor=%00', 400], ['GET', '/runs?format=xml', 400],
	['GET', '/runs?nonsense=1', 400], ['GET', '/runs?target=no-such-target', 400], ['GET', '/runs/..%2f..%2fetc/passwd', 400],
]) {
	test(`${method} ${where} is ${status}`, async () => {
		const reply = await viewer.send(method, where, method === 'GET' ? {} : { body: '' });

		assert.equal(reply.status, status, textOf(reply.body).slice(0, 200));
	});
}

test('HEAD answers as GET does, without the body', async () => {
	const head = await viewer.send('HEAD', '/runs');

	assert.equal(head.status, 200);
	assert.equal(head.body, '');
});

test('an unknown id in an act is 404', async () => {
	const form = await incidentForm(viewer);
	const reply = await viewer.post('/incidents/999999/notes', { csrf: form.csrf, key: 'k-1', text: 'x' });

	assert.ok([403, 404].includes(reply.status), `${reply.status}`);
});

test('a request to a target that does not exist is 404, not a run', async () => {
	const page = await viewer.get('/requests/new?target=stage');
	const form = viewer.form(page, '/requests');
	const reply = await viewer.post('/requests', { ...form.fields, target: 'elsewhere', reason: 'x' });

	assert.ok([403, 404].includes(reply.status), `${reply.status}`);
	assert.deepEqual(stack.store('SELECT count(*) FROM request'), ['0']);
});

test('strange bytes in the head end that request and nothing else', async () => {
	for (const line of [`Cookie: session=${'x'.repeat(3000)}`, 'Cookie: session=\x01\x02', 'Cookie: gatehouse=\xff\xfe', 'X-Forwarded-For: "><script>',
		`Cookie: ${'a=b; '.repeat(2000)}`]) {
		const head = await new Promise((resolve, reject) => {
			const s = net.connect(stack.port, '127.0.0.1', () => s.write(`GET /runs HTTP/1.1\r\nHost: x\r\n${line}\r\nConnection: close\r\n\r\n`, 'latin1'));
			let text = '';
			s.on('data', (d) => { text += d; });
			s.on('end', () => resolve(text.split('\r\n')[0]));
			s.on('error', reject);
		});
		assert.match(head, /^HTTP\/1\.1 (303|400|431) /, line.slice(0, 40));
	}
	assert.equal((await viewer.send('GET', '/runs')).status, 200);
});

test('every answer has the headers that keep a page to itself', async () => {
	for (const where of ['/signin', '/runs', '/nothing', '/runs?format=json', '/static/gatehouse.css']) {
		const { headers } = await viewer.send('GET', where);
		assert.match(headers['content-security-policy'] ?? '', /default-src 'none'.*frame-ancestors 'none'/, where);
		assert.equal(headers['x-content-type-options'], 'nosniff', where);
		assert.match(headers['referrer-policy'] ?? '', /no-referrer|same-origin/, where);
		if (!where.startsWith('/static'))
			assert.match(headers['cache-control'] ?? '', /no-store|no-cache|private/, where);
	}
});

test('signing out ends the session for good', async () => {
	const who = await stack.as('lead');
	const cookies = new Map(who.cookies);
	await who.submit('/account', '/signout', {});
	who.cookies = cookies;
	assert.equal((await who.send('GET', '/runs')).status, 303, 'the old cookie is worth nothing');
});

test('an expired session is asked to sign in again, and its acts are not carried out', async () => {
	const who = await stack.as('lead2');
	const form = await incidentForm(who);
	const was = incidents();

	// Time cannot be turned, so the session is made older, as its owner could in no other way.
	const old = 'UPDATE session SET expires_at = 1, seen_at = 1, created_at = 1';
	stack.sqlite('store/store.db', old);
	const tables = stack.sqlite('secrets/secrets.db',
		"SELECT m.name || '.' || p.name FROM sqlite_schema m, pragma_table_info(m.name) p WHERE p.name = 'expires_at'");
	for (const t of tables.split('\n').filter(Boolean))
		stack.sqlite('secrets/secrets.db', `UPDATE ${t.split('.')[0]} SET expires_at = 1`);
	const page = await who.send('GET', '/runs');
	assert.equal(page.status, 303);
	assert.match(page.headers.location, /^\/signin\?(expired=1&)?next=%2Fruns/);
	const act = await who.post('/incidents', form);
	assert.ok([303, 401].includes(act.status), `${act.status}`);
	assert.equal(incidents(), was);
	viewer = await until(() => stack.as('viewer'));
});
