// The whole story as people see it, in Chromium: asking, approving, watching live, auditing, rolling back, failing.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { approve, ask, ended } from '../../tools/web-acts.mjs';
import { until } from '../../tools/web-client.mjs';
import { Browser, NARROW } from '../support/browser.mjs';
import { PASSWORDS, Stack, top } from '../support/stack.mjs';

let stack, browser, viewer, lead, lead2, auditor;
let request, run, failed, incident;

before(async () => {
	stack = await Stack.start();
	browser = await Browser.start(stack.base);
	// Production is at 0010 with the shop's rows when the story begins; development is ahead.
	const [asks, decides] = await Promise.all([stack.as('viewer'), stack.as('lead')]);
	const bring = async (target, to) => {
		const asked = await ask(asks, target, { to, reason: `${target} to ${to}` });
		await ended(asks, asked.run || await approve(decides, asked.request, PASSWORDS.lead));
	};
	const data = (name) => readFileSync(path.join(top, 'examples/shop/data', `${name}.sql`), 'utf8');
	await Promise.all([bring('shop_development', '0016'), (async () => {
		await bring('shop_production', '0006');
		stack.psql('shop_production', `\\set customers 1200\n\\set orders 800\n${data('base')}\n${data('production')}`);
		await bring('shop_production', '0010');
	})()]);
	[viewer, lead, lead2, auditor] = await Promise.all(['viewer', 'lead', 'lead2', 'auditor'].map((n) => browser.person(n)));
});
after(async () => {
	await browser?.stop();
	await stack?.stop();
});

const main = (page) => page.locator('main').innerText();
const idIn = (page, noun) => Number(new RegExp(`/${noun}/(\\d+)`).exec(page.url())[1]);

const good = (page, name) => browser.good(page, name);

test('a viewer sees what ran where', async () => {
	await viewer.goto('/');
	const text = await main(viewer);
	for (const target of ['shop_development', 'shop_staging', 'shop_production'])
		assert.ok(text.includes(target), target);
	await good(viewer, '01-overview');
	await viewer.getByRole('link', { name: 'Migrations' }).first().click();
	assert.match(await main(viewer), /0010/);
	await good(viewer, '02-migrations');
});

test('a viewer requests "bring production to 0012" with a reason', async () => {
	await viewer.goto('/requests/new?target=shop_production');
	await good(viewer, '03-request-new');
	await viewer.locator('input[name=goal][value^="0012"]').check();
	await viewer.getByLabel('Reason').fill('Search and shipments go live on Monday.');
	await viewer.locator('form[action="/requests"][method=post] button[type=submit]').click();
	await viewer.waitForURL(/\/requests\/\d+/);
	request = idIn(viewer, 'requests');
	assert.match(await main(viewer), /Search and shipments go live on Monday/);
	assert.equal(await viewer.getByRole('button', { name: 'Approve' }).count(), 0, 'a viewer has no button to approve');
	await good(viewer, '04-request-waits');
});

test('a lead finds it, reads the SQL and approves with the password', async () => {
	await lead.goto('/');
	await lead.locator(`a[href="/requests/${request}"]`).first().click();
	await lead.waitForURL(new RegExp(`/requests/${request}`));
	const text = await main(lead);
	assert.match(text, /CREATE TABLE[\s\S]*shipments/);
	assert.match(text, /0011[\s\S]*0012/);
	await good(lead, '05-review');
	await lead.getByLabel('Your password').fill('not my password');
	await lead.getByRole('button', { name: 'Approve' }).click();
	assert.match(await main(lead), /password/i);
	await browser.shot(lead, '06-wrong-password');
	assert.deepEqual(stack.store(`SELECT count(*) FROM run WHERE request_id = ${request}`), ['0']);
	await lead.goto(`/requests/${request}`);
	await lead.getByLabel('Your password').fill(PASSWORDS.lead);
	await lead.getByRole('button', { name: 'Approve' }).click();
	await lead.waitForURL(/\/runs\/\d+/);
	run = idIn(lead, 'runs');
});

test('everybody watches it happen, without loading the page again', async () => {
	await Promise.all([viewer, auditor].map((p) => p.goto(`/runs/${run}`)));
	await Promise.all([viewer, lead, auditor].map((p) => p.getByText(/succeeded/i).first().waitFor()));
	assert.match(await main(viewer), /0012/);
	assert.match(await main(viewer), /listed/i, 'the proof level of the backup');
	await good(viewer, '07-run-succeeded');
	assert.equal(stack.tracked('shop_production').length, 12);
	await viewer.goto('/backups');
	await good(viewer, '08-backups');
});

test('an auditor finds each act in the ledger', async () => {
	await auditor.goto('/ledger');
	const text = await main(auditor);
	for (const act of ['request.add', 'request.approve', 'run.succeeded', 'session.open'])
		assert.ok(text.includes(act), act);
	await good(auditor, '09-ledger');
});

test('one lead requests a rollback of the last migration, the other approves', async () => {
	await lead.goto('/requests/new?target=shop_production&direction=down');
	await lead.locator('input[name=steps][value="1"]').check();
	await lead.getByLabel('Reason').fill('Shipments have to wait for the carrier.');
	await lead.locator('form[action="/requests"][method=post] button[type=submit]').click();
	await lead.waitForURL(/\/requests\/\d+/);
	const id = idIn(lead, 'requests');
	assert.equal(await lead.getByRole('button', { name: 'Approve' }).count(), 0, 'not their own');
	assert.match(await main(lead), /DROP TABLE/);
	await good(lead, '10-rollback-review');
	await lead2.goto(`/requests/${id}`);
	await lead2.getByLabel('Your password').fill(PASSWORDS.lead2);
	await lead2.getByRole('button', { name: 'Approve' }).click();
	await lead2.waitForURL(/\/runs\/\d+/);
	await lead2.getByText(/succeeded/i).first().waitFor();
	assert.equal(stack.tracked('shop_production').length, 11);
	await good(lead2, '11-rollback-run');
});

test('a migration fails on production: the page says what happened and what is true now', async () => {
	await viewer.goto('/requests/new?target=shop_production');
	await viewer.locator('input[name=goal][value^="0014"]').check();
	await viewer.getByLabel('Reason').fill('One account an address.');
	await viewer.locator('form[action="/requests"][method=post] button[type=submit]').click();
	await viewer.waitForURL(/\/requests\/\d+/);
	const id = idIn(viewer, 'requests');
	await lead.goto(`/requests/${id}`);
	await lead.getByLabel('Your password').fill(PASSWORDS.lead);
	await lead.getByRole('button', { name: 'Approve' }).click();
	await lead.waitForURL(/\/runs\/\d+/);
	failed = idIn(lead, 'runs');
	await lead.getByText('23505').first().waitFor();
	// What was taken back, and why, comes after that.
	await until(() => stack.store(`SELECT state FROM run WHERE id = ${failed}`)[0] === 'failed-clean', { seconds: 60, say: 'the end of the run' });
	await lead.reload();
	const text = await main(lead);
	assert.match(text, /customers_email_key/);
	assert.match(text, /taken back|taken-back/i);
	assert.match(text, /What is true now/i);
	assert.equal(stack.tracked('shop_production').length, 11);
	await good(lead, '12-run-failed');
});

test('an incident is open with the facts, people add notes', async () => {
	await lead.locator('a[href^="/incidents/"]').first().click();
	await lead.waitForURL(/\/incidents\/\d+/);
	incident = idIn(lead, 'incidents');
	assert.match(await main(lead), /23505/);
	await lead.getByLabel('What did you find, do or decide?').fill('Three customers signed up twice.\nWe merge the accounts first.');
	await lead.getByRole('button', { name: 'Add note' }).click();
	await lead.getByText('Three customers signed up twice.').waitFor();
	await viewer.goto(`/incidents/${incident}`);
	await viewer.getByLabel('What did you find, do or decide?').fill('<script>alert(1)</script> & "quotes"');
	await viewer.getByRole('button', { name: 'Add note' }).click();
	await viewer.getByText('<script>alert(1)</script> & "quotes"').waitFor();
	await good(viewer, '13-incident');
	await viewer.goto('/incidents');
	await good(viewer, '14-incidents');
});

test('every page is good on a telephone and in the dark', async () => {
	const phone = await browser.person('lead', { viewport: NARROW, colorScheme: 'dark', hasTouch: true });
	const pages = ['/', '/migrations', '/migrations?state=pending&target=shop_production', '/migrations/shop/0014_customers_email_unique',
		'/projects/shop', '/docs/lint', '/requests', `/requests/${request}`, '/requests/new?target=shop_production', '/runs', `/runs/${run}`, `/runs/${failed}`,
		'/backups', '/backups/1', '/backups/1/restore', '/backups/new?target=shop_production', '/targets/shop_production', '/ledger', '/deliveries', '/incidents', `/incidents/${incident}`, '/account'];

	for (const where of pages) {
		await phone.goto(where);
		await good(phone, `20-phone-${where.replace(/\W+/g, '-')}`);
	}
	await phone.context().close();
	for (const colorScheme of ['light', 'dark']) {
		const page = await browser.person('lead', { colorScheme });
		for (const where of pages) {
			await page.goto(where);
			await good(page, `30-${colorScheme}${where.replace(/\W+/g, '-')}`);
		}
		await page.context().close();
	}
});

test('the sign-in and the error pages too', async () => {
	const nobody = await browser.person('');
	await good(nobody, '40-signin');
	await viewer.goto('/runs/999999');
	await good(viewer, '41-not-found');
	await viewer.goto('/ledger');
	await good(viewer, '42-not-allowed');
});

test('without JavaScript everything is there', async () => {
	const page = await browser.person('lead2', { javaScriptEnabled: false });
	await page.goto('/requests/new?target=shop_production');
	await page.locator('input[name=goal][value^="0012"]').check();
	await page.getByLabel('Reason').fill('Without a script.');
	await page.locator('form[action="/requests"][method=post] button[type=submit]').click();
	await page.waitForURL(/\/requests\/\d+/);
	assert.match(await main(page), /Without a script/);
	await page.getByText('Withdraw this request').click();
	await page.getByRole('button', { name: 'Withdraw' }).click();
	await page.locator('main', { hasText: /withdrawn/i }).waitFor();
	assert.match(await main(page), /withdrawn/i);
});

test('keyboard: the first stop is the way to the content, every stop can be seen', async () => {
	await viewer.goto('/runs');
	await viewer.keyboard.press('Tab');
	assert.match(await viewer.evaluate(() => document.activeElement.textContent), /content/);
	for (let i = 0; i < 12; i++) {
		await viewer.keyboard.press('Tab');
		const seen = await viewer.evaluate(() => {
			const e = document.activeElement, s = getComputedStyle(e);
			return e === document.body || s.outlineStyle !== 'none' || s.boxShadow !== 'none';
		});
		assert.ok(seen, `stop ${i} has a visible focus`);
	}
});

test('no script failed and nothing was blocked on any page', () => {
	assert.deepEqual(browser.problems, []);
});
