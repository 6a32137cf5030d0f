// A session's life: what begins it, what ends it, and that nothing of it is left for anybody else.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { WebClient, formsOf, textOf, until } from '../../tools/web-client.mjs';
import * as forge from '../support/forge.mjs';
import { PASSWORDS, Stack } from '../support/stack.mjs';

let stack;

before(async () => {
	stack = await Stack.start({
		projects: { plain: { convention: 'numbered', files: { '001_a.sql': 'CREATE TABLE a (id int);\n', '001_a_down.sql': 'DROP TABLE a;\n' } } },
		targets: { stage: { environment: 'staging' } },
	});
});
after(() => stack?.stop());

const cookieOf = (who) => [...who.cookies.values()][0];
const incident = (who) => forge.post(who, '/incidents', 'incident.open', 'incident', { title: 'x', severity: 'low', text: 'x' });
// Every page and every act are closed to it.
async function assertOver(who, say) {
	for (const where of ['/', '/runs', '/account', '/ledger']) {
		const reply = await who.send('GET', where);
		assert.equal(reply.status, 303, `${say}: ${where}`);
		assert.match(reply.headers.location, /^\/signin/);
	}
	assert.equal((await who.send('GET', '/runs?format=json')).status, 401, say);
	assert.equal((await incident(who)).status, 401, say);
}

test('a token that somebody planted is not the one of the session', async () => {
	const who = new WebClient(stack.base);
	const planted = 'ab'.repeat(32);

	who.cookies.set('gatehouse', planted);
	await who.signIn('viewer', PASSWORDS.viewer);
	assert.notEqual(cookieOf(who), planted);
	const thief = new WebClient(stack.base);
	thief.cookies.set('gatehouse', planted);
	assert.equal((await thief.send('GET', '/runs')).status, 303);
});

test('each sign-in is a session of its own', async () => {
	const [one, two] = [await stack.as('viewer'), await stack.as('viewer')];

	assert.notEqual(cookieOf(one), cookieOf(two));
	assert.equal((await one.send('GET', '/runs')).status, 200);
});

for (const cookie of ['', 'x', '0'.repeat(64), 'g'.repeat(64), 'a'.repeat(63), 'a'.repeat(65), 'a'.repeat(5000), '%00', '"', "' OR 1=1 --"])
	test(`no session: ${cookie.slice(0, 20)} (${cookie.length})`, async () => {
		const who = new WebClient(stack.base);

		who.cookies.set('gatehouse', cookie);
		assert.equal((await who.send('GET', '/runs')).status, 303);
	});

test('the name of the cookie counts, not what it ends with', async () => {
	const who = await stack.as('viewer');
	const token = cookieOf(who);

	for (const name of ['xgatehouse', 'Gatehouse', '__Host-gatehouse', 'gatehouse2']) {
		who.cookies = new Map([[name, token]]);
		assert.equal((await who.send('GET', '/runs')).status, 303, name);
	}
});

test('a change of roles ends the sessions of that person, and only theirs', async () => {
	const [who, other] = [await stack.as('auditor'), await stack.as('lead')];

	assert.equal((await who.send('GET', '/ledger')).status, 200);
	stack.cli(['people', 'role', 'auditor', '--roles', 'viewer']);
	await assertOver(who, 'after the change');
	assert.equal((await other.send('GET', '/ledger')).status, 200);
	const again = await stack.as('auditor');
	assert.equal((await again.send('GET', '/ledger')).status, 403);
	stack.cli(['people', 'role', 'auditor', '--roles', 'auditor']);
});

test('a new password of one\'s own ends the other sessions and keeps this one', async () => {
	const [here, there] = [await stack.as('lead2'), await stack.as('lead2')];
	const form = here.form(await here.get('/account'), '/account/password');
	const next = 'another password';

	for (const fields of [
		{ old: 'not the old one', new: next, again: next },
		{ old: PASSWORDS.lead2, new: next, again: 'a third password' },
		{ old: PASSWORDS.lead2, new: 'short', again: 'short' },
	]) {
		const reply = await here.post('/account/password', { csrf: form.fields.csrf, key: crypto.randomUUID(), ...fields });
		assert.ok(reply.status >= 400 && reply.status < 500, `${reply.status}`);
		assert.ok(!reply.body.includes(next) && !reply.body.includes(PASSWORDS.lead2), 'a password came back');
	}
	assert.equal((await there.send('GET', '/runs')).status, 200);
	const reply = await here.post('/account/password', { ...form.fields, old: PASSWORDS.lead2, new: next, again: next });
	assert.equal(reply.status, 303, textOf(reply.body));
	assert.equal((await here.send('GET', '/runs')).status, 200);
	await assertOver(there, 'the other session');
	await assert.rejects(stack.as('lead2'), /cannot sign in/);
});

test('a password that an admin sets ends every session of that person', async () => {
	const who = await stack.as('viewer');

	stack.cli(['people', 'password', 'viewer'], { input: `${PASSWORDS.viewer}\n` });
	await assertOver(who, 'after the reset');
});

test('a session that was ended from another browser is over, and nobody ends one of somebody else', async () => {
	const [here, there, lead] = [await stack.as('viewer'), await stack.as('viewer'), await stack.as('lead')];
	const form = formsOf((await here.get('/account')).body).filter((f) => /\/account\/sessions\/\d+\/end/.test(f.action));
	const theirs = stack.store(`SELECT s.id FROM session s JOIN person p ON p.id = s.person_id WHERE p.name = 'lead' AND s.ended_at IS NULL`)[0];

	assert.ok([403, 404, 409].includes((await forge.post(here, `/account/sessions/${theirs}/end`, 'session.close', `session/${theirs}`, {})).status));
	assert.equal((await lead.send('GET', '/runs')).status, 200);
	for (const f of form)
		assert.equal((await here.post(f.action, f.fields)).status, 303);
	await assertOver(there, 'the one that was ended');
	assert.equal((await here.send('GET', '/runs')).status, 200);
});

test('half an hour without a request ends it, a request a minute keeps it', async () => {
	const [idle, used] = [await stack.as('viewer'), await stack.as('lead')];
	const back = (who, minutes) => stack.sqlite('store/store.db', `UPDATE session SET seen_at = seen_at - ${minutes * 60e6} WHERE id = (SELECT max(s.id) FROM session s JOIN person p ON p.id = s.person_id WHERE p.name = '${who}')`);

	back('viewer', 31);
	await assertOver(idle, 'after 31 minutes');
	const seen = () => Number(stack.store("SELECT s.seen_at FROM session s JOIN person p ON p.id = s.person_id WHERE p.name = 'lead' ORDER BY s.id DESC LIMIT 1")[0]);
	for (let i = 0; i < 2; i++) {
		back('lead', 20);
		const was = seen();
		// That it is used is written when the page is on its way.
		await until(async () => {
			assert.equal((await used.send('GET', '/runs')).status, 200);
			return seen() > was;
		}, { seconds: 60, say: 'a session that was seen' });
	}
});

test('no tag of one person\'s page saves another from being asked', async () => {
	const [viewer, lead] = [await stack.as('viewer'), await stack.as('lead')];
	const seen = await lead.send('GET', '/ledger?format=json');
	const etag = { 'if-none-match': seen.headers.etag };

	assert.match(seen.headers['cache-control'], /private/);
	assert.equal((await viewer.send('GET', '/ledger?format=json', { headers: etag })).status, 403);
	assert.equal((await new WebClient(stack.base).send('GET', '/ledger?format=json', { headers: etag })).status, 401);
	assert.equal((await lead.send('GET', '/runs?format=json', { headers: { 'if-none-match': (await lead.send('GET', '/runs?format=json')).headers.etag } })).status, 304);
});
