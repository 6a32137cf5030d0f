// Who may decide, and about what: roles, four eyes, second approvals, plans that went stale, withdrawals.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { approve, ask, ended, requestOf } from '../../tools/web-acts.mjs';
import { formsOf, textOf } from '../../tools/web-client.mjs';
import * as forge from '../support/forge.mjs';
import { PASSWORDS, Stack } from '../support/stack.mjs';

const M = {
	'001_a.sql': 'CREATE TABLE a (id int);\n', '001_a_down.sql': 'DROP TABLE a;\n',
	'002_b.sql': 'CREATE TABLE b (id int);\n', '002_b_down.sql': 'DROP TABLE b;\n',
	'003_c.sql': 'CREATE TABLE c (id int);\n', '003_c_down.sql': 'DROP TABLE c;\n',
};
let stack, viewer, lead, lead2, admin;

before(async () => {
	stack = await Stack.start({
		projects: { plain: { convention: 'numbered', files: M } },
		targets: {
			stage: { environment: 'staging', backup: false },
			moved: { environment: 'staging', backup: false },
			other: { environment: 'staging', backup: false },
			two: { environment: 'production', backup: false, approvals: 2 },
		},
		people: ['admin', 'viewer', 'lead', 'lead2'],
	});
	[viewer, lead, lead2, admin] = await Promise.all(['viewer', 'lead', 'lead2', 'admin'].map((n) => stack.as(n)));
});
after(() => stack?.stop());

const digestOf = (id) => stack.store(`SELECT plan_digest FROM request WHERE id = ${id}`)[0];
// Posts an approval past the page, as somebody would who has no button for it.
const forceApprove = (who, id, password) => forge.approve(who, id, digestOf(id), password);
const runsOf = (id) => stack.store(`SELECT count(*) FROM run WHERE request_id = ${id}`)[0];
const refused = (op) => Number(stack.store(`SELECT count(*) FROM ledger WHERE op = '${op}' AND outcome = 'refused'`)[0]);

test('a viewer has no button to approve, and a POST of theirs is refused and recorded', async () => {
	const { request } = await ask(lead, 'stage', { to: '001', reason: 'first' });
	const page = await viewer.get(`/requests/${request}`);

	assert.ok(!formsOf(page.body).some((f) => f.action.endsWith('/approve')), 'no form');
	const was = refused('request.approve');
	const reply = await forceApprove(viewer, request, PASSWORDS.viewer);
	assert.equal(reply.status, 403);
	assert.equal(runsOf(request), '0');
	assert.equal(refused('request.approve'), was + 1);
});

test('nobody approves a request of their own', async () => {
	const { request } = await ask(lead, 'stage', { to: '001', reason: 'mine' });
	const reply = await forceApprove(lead, request, PASSWORDS.lead);

	assert.equal(reply.status, 403);
	assert.match(textOf(reply.body), /own/);
	assert.equal(runsOf(request), '0');
});

test('an approval needs the right password', async () => {
	const { request } = await ask(viewer, 'stage', { to: '001', reason: 'password' });
	const reply = await forceApprove(lead, request, 'not the password');

	assert.ok([401, 403].includes(reply.status), String(reply.status));
	assert.match(textOf(reply.body), /password/i);
	assert.equal(runsOf(request), '0');
	assert.ok(!reply.body.includes('not the password'));
});

test('a second approval of the same request changes nothing', async () => {
	const { request } = await ask(viewer, 'stage', { to: '001', reason: 'twice' });
	const run = await approve(lead, request, PASSWORDS.lead);
	await ended(lead, run);
	const again = await forceApprove(lead2, request, PASSWORDS.lead2);

	assert.equal(again.status, 409);
	assert.equal(runsOf(request), '1');
	assert.deepEqual(stack.tracked('stage').length, 1);
});

test('an approval of another plan than the request\'s is refused', async () => {
	const { request } = await ask(viewer, 'stage', { to: '002', reason: 'digest' });

	assert.equal((await forge.approve(lead, request, '0'.repeat(64), PASSWORDS.lead)).status, 409);
	assert.equal(runsOf(request), '0');
	await forge.withdraw(viewer, request);
});

test('the same form sent twice is answered twice and done once', async () => {
	const { request } = await ask(viewer, 'stage', { to: '002', reason: 'double click' });
	const form = formsOf((await lead.get(`/requests/${request}`)).body).find((f) => f.action.endsWith('/approve'));
	const body = { ...form.fields, password: PASSWORDS.lead, comment: '' };
	const [a, b] = await Promise.all([lead.post(form.action, body), lead.post(form.action, body)]);

	assert.equal(a.status, 303);
	assert.equal(b.status, 303);
	assert.equal(a.headers.location, b.headers.location);
	await ended(lead, (await requestOf(lead, request)).run);
	assert.equal(runsOf(request), '1');
});

test('two approvals by two leads where the policy asks for two', async () => {
	const { request } = await ask(viewer, 'two', { to: '001', reason: 'six eyes' });

	assert.ok(!await approve(lead, request, PASSWORDS.lead), 'one is not enough');
	assert.equal(runsOf(request), '0');
	const same = await forceApprove(lead, request, PASSWORDS.lead);
	assert.equal(same.status, 409);
	const run = await approve(lead2, request, PASSWORDS.lead2);
	assert.equal((await ended(lead, run)).state, 'succeeded');
});

test('a plan whose file changed is stale and does not run', async () => {
	const { request } = await ask(viewer, 'stage', { to: '003', reason: 'stale by file' });
	const page = await lead.get(`/requests/${request}`);

	stack.migration('003_c.sql', 'CREATE TABLE c (id bigint);\n');
	const form = formsOf(page.body).find((f) => f.action.endsWith('/approve'));
	const reply = await lead.follow(await lead.post(form.action, { ...form.fields, password: PASSWORDS.lead, comment: '' }));
	assert.equal(reply.status, 409);
	assert.match(textOf(reply.body), /003_c/);
	assert.deepEqual(stack.store(`SELECT state FROM request WHERE id = ${request}`), ['stale']);
	assert.equal(runsOf(request), '0');
	stack.migration('003_c.sql', M['003_c.sql']);
});

test('a plan whose target moved on is stale', async () => {
	const { request } = await ask(viewer, 'moved', { to: '002', reason: 'stale by schema' });
	const first = await ask(viewer, 'moved', { to: '001', reason: 'meanwhile' });

	assert.equal((await ended(lead, await approve(lead, first.request, PASSWORDS.lead))).state, 'succeeded');
	const reply = await forceApprove(lead, request, PASSWORDS.lead);
	assert.equal(reply.status, 409);
	assert.deepEqual(stack.store(`SELECT state FROM request WHERE id = ${request}`), ['stale']);
	assert.equal(runsOf(request), '0');
	assert.equal(stack.tracked('moved').length, 1);
});

test('another database behind the same name makes a plan stale', async () => {
	const { request } = await ask(viewer, 'other', { to: '001', reason: 'stale by database' });

	stack.psql('postgres', 'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $$other$$;\n'
		+ 'DROP DATABASE other;\nCREATE DATABASE other OWNER shop;');
	const reply = await forceApprove(lead, request, PASSWORDS.lead);
	assert.equal(reply.status, 409);
	assert.match(textOf(reply.body), /database/);
	assert.deepEqual(stack.store(`SELECT state FROM request WHERE id = ${request}`), ['stale']);
	assert.equal(stack.rows('other', "SELECT to_regclass('a') IS NULL")[0], 't');
});

test('a requester takes a request back; somebody else cannot', async () => {
	const { request } = await ask(viewer, 'stage', { to: '003', reason: 'second thoughts' });

	assert.equal((await forge.withdraw(lead, request)).status, 403);
	const reply = await viewer.submit(`/requests/${request}`, `/requests/${request}/withdraw`, { comment: 'not needed' });
	assert.equal(reply.status, 200);
	assert.deepEqual(stack.store(`SELECT state FROM request WHERE id = ${request}`), ['withdrawn']);
});

test('a lead refuses with a reason, and the request cannot be approved after that', async () => {
	const { request } = await ask(viewer, 'stage', { to: '003', reason: 'please' });
	const reply = await lead.submit(`/requests/${request}`, `/requests/${request}/refuse`, { comment: 'not on a Friday' });

	assert.equal(reply.status, 200);
	assert.match(textOf(reply.body), /not on a Friday/);
	assert.equal((await forceApprove(lead2, request, PASSWORDS.lead2)).status, 409);
	assert.equal(runsOf(request), '0');
});

test('an admin is no lead: roles are what they say', async () => {
	const { request } = await ask(viewer, 'stage', { to: '003', reason: 'admin' });

	assert.equal((await forceApprove(admin, request, PASSWORDS.admin)).status, 403);
	assert.equal(runsOf(request), '0');
});
