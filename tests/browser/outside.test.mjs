// A backup of others as the evidence, as a lead sees it before approving: none that counts, then one that does.
import assert from 'node:assert/strict';
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { ask } from '../../tools/web-acts.mjs';
import { until } from '../../tools/web-client.mjs';
import { Browser } from '../support/browser.mjs';
import { PASSWORDS, Stack, isRoot } from '../support/stack.mjs';

const skip = !isRoot && 'needs other accounts';
let stack, browser, page, request;

function dump(name, hours) {
	const at = new Date(Date.now() - hours * 3600000);

	writeFileSync(stack.path('dumps', name), 'x');
	utimesSync(stack.path('dumps', name), at, at);
}
const idle = () => until(() => stack.store("SELECT count(*) FROM task WHERE state IN ('queued', 'running')")[0] === '0', { seconds: 60, say: 'the end of all looks' });

before(async () => {
	if (skip)
		return;
	stack = await Stack.start({
		projects: { shop: { convention: 'numbered', files: { '001_orders.sql': 'CREATE TABLE orders (id int PRIMARY KEY);\n' } } },
		targets: { prod: { environment: 'production', approvals: 1 } },
		people: ['admin', 'lead', 'lead2'],
		prepare: (s) => {
			stack = s;
			mkdirSync(s.path('dumps'), { mode: 0o755 });
			dump('monday.dump', 50);
		},
		get conf() {
			return `environment "production" { backup_outside = "24h" }
outside "nightly" { target = prod kind = folder folder = "${stack.path('dumps')}" pattern = "*.dump" refresh = "7d" }
`;
		},
	});
	await idle();
	({ request } = await ask(await stack.as('lead'), 'prod', { to: '001', reason: 'The first orders.' }));
	browser = await Browser.start(stack.base);
	page = await browser.person('lead2');
});
after(async () => {
	await browser?.stop();
	await stack?.stop();
});

const conditions = () => page.locator('.part', { has: page.getByRole('heading', { name: 'What must be there' }) }).innerText();

test('the only one is too old: the page says so before the decision', { skip }, async () => {
	await page.goto(`/requests/${request}`);
	assert.match(await conditions(), /missing[^]*The newest good outside backup is too old: monday\.dump of nightly ended 50 h \d+ min ago, and one within 1d is asked for\.[^]*the run stops before anything is changed/i);
	assert.match(await page.locator('main').innerText(), /one that others took within 1d; the run takes none of its own/);
	assert.equal(await page.getByRole('button', { name: 'Approve' }).count(), 1, 'a new one may be there by then');
	await browser.good(page, '40-outside-too-old');
});

test('a younger one counts, and the run that is approved then relies on it', { skip }, async () => {
	dump('today.dump', 3);
	stack.cli(['backup', 'look']);
	await idle();
	await page.reload();
	assert.match(await conditions(), /there[^]*The outside backup today\.dump of nightly counts: it ended 3 h \d+ min ago, and one within 1d is asked for/i);
	assert.doesNotMatch(await conditions(), /missing|too old/i);
	await browser.good(page, '41-outside-counts');
	await page.getByLabel('Your password').fill(PASSWORDS.lead2);
	await page.getByRole('button', { name: 'Approve' }).click();
	await page.waitForURL(/runs\/\d+/);
	await until(() => stack.store('SELECT state FROM run')[0] === 'succeeded', { seconds: 60, say: () => stack.store('SELECT state, outcome FROM run')[0] });
	assert.match(stack.store("SELECT evidence FROM run_phase WHERE phase = 'backup'")[0], /^The backup today\.dump of folder "nightly" ended at/);
});
