// Text that wants to be more than text, in every place that people, files, databases and browsers fill: on no page is it
// markup, in no export a formula.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { approve, ask, ended, note } from '../../tools/web-acts.mjs';
import { WebClient, formsOf, unescapeHtml } from '../../tools/web-client.mjs';
import { PASSWORDS, Stack } from '../support/stack.mjs';

const EVIL = `=1+1"'><b id=pwn>&lt;{{x}}{{{x}}}<!--# echo var="status" --></script>" onfocus=pwn x="`;
const SQL = EVIL.replaceAll("'", "''");
const agent = { 'user-agent': EVIL };

let stack, viewer, lead, requests = [];

class Evil extends WebClient {
	send(method, where, options = {}) {
		return super.send(method, where, { ...options, headers: { ...agent, ...options.headers } });
	}
}
async function as(name) {
	const client = new Evil(stack.base);
	await client.signIn(name, PASSWORDS[name]);
	return client;
}

before(async () => {
	stack = await Stack.start({
		projects: { plain: { convention: 'numbered', files: {
			'001_a.sql': `-- Description: ${EVIL}\n-- Author: ${EVIL}\nCREATE TABLE "${EVIL.slice(0, 40).replaceAll('"', '""')}" (id int); -- ${EVIL}\nSELECT '${SQL}';\n`,
			'001_a_down.sql': `-- ${EVIL}\nSELECT 1;\n`,
			'002_b.sql': `DO $$BEGIN RAISE NOTICE '${SQL.replaceAll('%', '%%')}'; RAISE EXCEPTION '${SQL}' USING DETAIL = '${SQL}', HINT = '${SQL}'; END$$;\n`,
			'002_b_down.sql': 'SELECT 1;\n',
			'003_c.sql': `SELECT '${SQL} FROM ${EVIL};\n`,
			[`004_<b id=pwn>" onfocus=pwn.sql`]: 'SELECT 1;\n',
		} } },
		targets: { dev: { environment: 'development' }, prod: { environment: 'production', backup: false } },
	});
	// A page offers what is pending when that is known.
	stack.cli(['refresh']);
	[viewer, lead] = [await as('viewer'), await as('lead')];
});
after(() => stack?.stop());

test('every place gets its text', async () => {
	for (const to of ['001', '002']) {
		const { request, run } = await ask(viewer, 'prod', { to, reason: EVIL });
		requests.push(request);
		assert.equal((await ended(viewer, run || await approve(lead, request, PASSWORDS.lead, EVIL))).state, to === '001' ? 'succeeded' : 'failed-clean');
	}
	const opened = await viewer.submit('/incidents/new', '/incidents', { title: EVIL, severity: 'low', text: EVIL });
	await note(viewer, Number(opened.url.split('/')[2]), EVIL);
	const { request } = await ask(viewer, 'prod', { steps: 1, reason: EVIL });
	await lead.submit(`/requests/${request}`, `/requests/${request}/refuse`, { comment: EVIL });
	await viewer.submit('/signin', '/signin', { name: EVIL.slice(0, 60), password: EVIL });
});

function assertTame(reply) {
	const { body, url } = reply;

	if (!(reply.headers['content-type'] ?? '').startsWith('text/html'))
		return;
	assert.ok(!/<b id=pwn/.test(body), `${url}: markup came through: ${body.slice(body.indexOf('<b id=pwn') - 200, body.indexOf('<b id=pwn') + 20)}`);
	assert.ok(!/" onfocus=pwn/.test(body), `${url}: an attribute ended early`);
}

test('no page takes it for markup', async () => {
	const seen = new Map(), todo = ['/', '/account', '/ledger', '/incidents/new', '/requests/new?target=prod', '/requests/new?target=prod&direction=down'];

	for (let where; (where = todo.pop()) !== undefined;) {
		const reply = await lead.send('GET', where);
		seen.set(where, reply);
		assert.equal(reply.status, 200, `${where}: ${reply.body.slice(0, 300)}`);
		assertTame(reply);
		for (const m of reply.body.matchAll(/ href="(\/[^"#]*)/g)) {
			const link = unescapeHtml(m[1]);
			if (!link.startsWith('/static/') && !seen.has(link) && !todo.includes(link) && seen.size + todo.length < 200)
				todo.push(link);
		}
	}
	const pages = [...seen.values()].map((r) => r.body);
	// It is really there: in the reason, the error, the notes, the browser's name, the author.
	for (const where of [`/requests/${requests[0]}`, '/incidents', '/account', '/ledger', '/migrations'])
		assert.match(seen.get(where)?.body ?? (await lead.send('GET', where)).body, /&lt;b id=pwn&gt;/, where);
	assert.ok(pages.length > 20, `${pages.length} pages`);
});

for (const where of ['/runs?target=@', '/runs?state=@', '/requests?state=@', '/requests?target=@', '/backups?target=@', '/incidents?state=@', '/ledger?outcome=@',
	'/migrations?project=@', '/migrations?target=@', '/requests/new?target=@', '/requests/new?direction=@', '/incidents/new?target=@',
	'/incidents/new?run=@', '/migrations/@/001', '/migrations/plain/@', '/@', '/runs/@', '/runs?format=@', '/runs?before=@', '/runs?@=1', '/%ff', '/runs?state=%ff']) {
	test(`a value that no page knows is refused, and shown as text: ${where}`, async () => {
		const reply = await lead.send('GET', where.replace('@', encodeURIComponent(EVIL)));

		assert.ok([400, 404].includes(reply.status), `${reply.status}`);
		assertTame(reply);
	});
}
for (const where of ['/signin?next=@', '/requests/new?target=prod&to=@', '/ledger?actor=@', '/ledger?op=@', '/ledger?subject=@'])
	test(`free text in ${where} stays text`, async () => {
		const reply = await lead.send('GET', where.replace('@', encodeURIComponent(EVIL)));

		assert.equal(reply.status, 200);
		assertTame(reply);
	});

test('a refused form shows what was typed as text', async () => {
	const form = formsOf((await viewer.get('/incidents/new')).body).find((f) => f.action === '/incidents');
	const reply = await viewer.post('/incidents', { ...form.fields, title: '', severity: EVIL, text: EVIL });

	assert.equal(reply.status, 422);
	assertTame(reply);
	assertTame(await viewer.post('/incidents', { ...form.fields, [EVIL]: 'x' }));
	assertTame(await new Evil(stack.base).post('/signin', { name: EVIL.slice(0, 60), password: 'x', next: EVIL }));
});

// RFC 4180, as far as a test needs it.
function cells(text) {
	return [...text.matchAll(/"((?:[^"]|"")*)"|([^",\r\n]+)/g)].map((m) => m[2] ?? m[1].replaceAll('""', '"'));
}
for (const where of ['/migrations', '/requests', '/runs', '/backups', '/incidents', '/ledger'])
	test(`no cell of ${where}?format=csv is a formula`, async () => {
		const reply = await lead.send('GET', `${where}?format=csv`);

		assert.equal(reply.status, 200);
		assert.match(reply.headers['content-type'], /^text\/csv/);
		for (const cell of cells(reply.body))
			assert.ok(!/^[=+@\t\r]|^-[^\d]/.test(cell), `${where}: ${cell.slice(0, 60)}`);
	});

test('JSON is JSON, and keeps the text as it is', async () => {
	const reply = await lead.send('GET', `/requests/${requests[0]}?format=json`);

	assert.match(reply.headers['content-type'], /^application\/json/);
	assert.ok(JSON.stringify(JSON.parse(reply.body)).includes(JSON.stringify(EVIL).slice(1, -1)));
});
