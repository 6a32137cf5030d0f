// The story that Gatehouse is for, told over HTTP: a viewer asks, a lead approves, the runner backs up, applies and
// verifies, an auditor finds every act, a rollback, a failure with its incident.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { approve, ask, ended, note } from '../../tools/web-acts.mjs';
import { textOf } from '../../tools/web-client.mjs';
import { PASSWORDS, Stack, run, top, USERS } from '../support/stack.mjs';

let stack, viewer, lead, lead2, auditor;
const shopSql = (name) => readFileSync(path.join(top, 'examples/shop/data', `${name}.sql`), 'utf8');

before(async () => {
	stack = await Stack.start();
	[viewer, lead, lead2, auditor] = await Promise.all(['viewer', 'lead', 'lead2', 'auditor'].map((n) => stack.as(n)));
});
after(() => stack?.stop());

async function bring(target, to) {
	const asked = await ask(viewer, target, { to, reason: `bring ${target} to ${to}` });
	const id = asked.run || await approve(lead, asked.request, PASSWORDS.lead);
	return ended(lead, id);
}

test('a development target runs at once, without backup or approval', async () => {
	const asked = await ask(viewer, 'shop_development', { to: '0003', reason: 'first tables' });

	assert.ok(asked.run > 0, 'a run was made at once');
	assert.equal((await ended(viewer, asked.run)).state, 'succeeded');
	assert.deepEqual(stack.tracked('shop_development'), ['0001', '0002', '0003'].map((v) => stack.tracked('shop_development').find((t) => t.startsWith(v))));
	assert.equal(stack.tracked('shop_development').length, 3);
	assert.deepEqual(stack.store("SELECT count(*) FROM backup"), ['0']);
	assert.deepEqual(stack.store(`SELECT state FROM run_phase WHERE run_id = ${asked.run} AND phase = 'backup'`), ['skipped']);
});

test('production is brought to 0006 and gets its rows', async () => {
	assert.equal((await bring('shop_production', '0006')).state, 'succeeded');
	stack.psql('shop_production', `\\set customers 1200\n\\set orders 600\n${shopSql('base')}\n${shopSql('production')}`);
	assert.equal((await bring('shop_production', '0010')).state, 'succeeded');
	assert.equal(stack.tracked('shop_production').length, 10);
});

test('a viewer asks for 0012, a lead reads the SQL and approves, everybody watches', async () => {
	const { request, run: none } = await ask(viewer, 'shop_production', { to: '0012', reason: 'search and shipments for the launch' });

	assert.ok(!none, 'nothing runs before a lead approved');
	assert.equal(stack.tracked('shop_production').length, 10);
	const page = await lead.get(`/requests/${request}`);
	const text = textOf(page.body);
	assert.match(text, /search and shipments for the launch/);
	assert.match(text, /CREATE TABLE( IF NOT EXISTS)? shipments/);
	assert.match(text, new RegExp(stack.store(`SELECT substr(plan_digest, 1, 12) FROM request WHERE id = ${request}`)[0]));

	const id = await approve(lead, request, PASSWORDS.lead, 'read it, fine');
	const r = await ended(viewer, id);
	assert.equal(r.state, 'succeeded');
	assert.equal(stack.tracked('shop_production').length, 12);
	assert.equal(stack.rows('shop_production', "SELECT to_regclass('public.shipments')")[0], 'shipments');
	// Every phase is recorded and ended.
	assert.deepEqual(stack.store(`SELECT phase, state FROM run_phase WHERE run_id = ${id} ORDER BY position`),
		['connect', 'identify', 'lock', 'status', 'preflight', 'before', 'backup', 'migrate', 'verify', 'health', 'after',
			'cleanup', 'done'].map((p) => `${p}|${['before', 'health', 'after'].includes(p) ? 'skipped' : 'ok'}`));
	for (const who of [viewer, auditor]) {
		const seen = textOf((await who.get(`/runs/${id}`)).body);
		assert.match(seen, /succeeded/i);
		assert.match(seen, /0012/);
	}
	// A backup was taken before, and its digest is the file's.
	const [file, digest, level] = stack.store(`SELECT file, digest, level FROM backup WHERE run_id = ${id}`)[0].split('|');
	const sum = run(USERS.runner, ['/usr/bin/sha256sum', path.isAbsolute(file) ? file : stack.path('backups', file)]).stdout;
	assert.equal(sum.split(' ')[0], digest);
	assert.equal(level, 'listed');
	assert.match(textOf((await viewer.get('/backups')).body), /listed/i);
});

test('an auditor finds each of these acts in the ledger', async () => {
	const page = await auditor.get('/ledger');
	const text = textOf(page.body);

	assert.equal(page.status, 200);
	for (const act of ['session.open', 'request.add', 'request.approve', 'run.succeeded'])
		assert.match(text, new RegExp(act.replace('.', '\\.')));
	assert.match(text, /viewer/);
	const csv = await auditor.send('GET', '/ledger?format=csv');
	assert.match(csv.headers['content-type'], /^text\/csv/);
	assert.ok(csv.body.trim().split('\n').length > 10);
	// Not for everybody.
	assert.equal((await viewer.get('/ledger')).status, 403);
});

test('one lead asks for a rollback, the other approves, the down SQL runs', async () => {
	const { request } = await ask(lead, 'shop_production', { steps: 1, reason: 'shipments have to wait' });
	const r = await ended(lead, await approve(lead2, request, PASSWORDS.lead2));

	assert.equal(r.state, 'succeeded');
	assert.equal(stack.tracked('shop_production').length, 11);
	assert.equal(stack.rows('shop_production', "SELECT to_regclass('public.shipments') IS NULL")[0], 't');
});

test('a migration that fails rolls back; the page says what happened; an incident is open', async () => {
	const before = stack.rows('shop_production', 'SELECT count(*), md5(string_agg(email, $$,$$ ORDER BY id)) FROM customers');
	const r = await bring('shop_production', '0014');

	assert.equal(r.state, 'failed-clean');
	const tracked = stack.tracked('shop_production');
	// rollback_on_failure: what this run committed before the failure is taken back too.
	assert.equal(tracked.length, 11);
	assert.deepEqual(stack.rows('shop_production', 'SELECT count(*), md5(string_agg(email, $$,$$ ORDER BY id)) FROM customers'), before);
	const run_id = stack.store('SELECT max(id) FROM run')[0];
	const seen = textOf((await viewer.get(`/runs/${run_id}`)).body);
	assert.match(seen, /23505/);
	assert.match(seen, /customers_email_key/);
	const incident = stack.store(`SELECT id FROM incident WHERE run_id = ${run_id} AND state = 'open'`)[0];
	assert.ok(incident, 'an incident is open');
	const facts = textOf((await viewer.get(`/incidents/${incident}`)).body);
	assert.match(facts, /23505/);
	assert.match(facts, /shop_production/);
	await note(viewer, incident, 'Three people signed up twice, with other capitals.');
	await note(lead2, incident, 'We merge the accounts <b>tomorrow</b>.');
	const page = await auditor.get(`/incidents/${incident}`);
	assert.match(textOf(page.body), /Three people signed up twice/);
	assert.ok(!page.body.includes('<b>tomorrow</b>'), 'notes are escaped');
	assert.deepEqual(stack.store(`SELECT count(*) FROM note WHERE incident_id = ${incident}`), ['3']);
});

test('lists and details answer JSON, lists CSV', async () => {
	for (const where of ['/', '/migrations', '/runs', '/runs/1', '/backups', '/incidents', '/incidents/1']) {
		const reply = await viewer.send('GET', `${where}?format=json`);
		assert.equal(reply.status, 200, where);
		assert.match(reply.headers['content-type'], /^application\/json/, where);
		assert.equal(typeof JSON.parse(reply.body), 'object', where);
	}
	for (const where of ['/migrations', '/runs', '/backups', '/incidents']) {
		const reply = await viewer.send('GET', `${where}?format=csv`);
		assert.equal(reply.status, 200, where);
		assert.match(reply.headers['content-type'], /^text\/csv/, where);
		assert.ok(reply.body.trim().split('\n').length > 1, where);
	}
});

test('a page that did not change answers 304', async () => {
	const first = await viewer.send('GET', '/runs/1');
	assert.ok(first.headers.etag);
	const again = await viewer.send('GET', '/runs/1', { headers: { 'if-none-match': first.headers.etag } });
	assert.equal(again.status, 304);
	assert.equal(again.body, '');
});
