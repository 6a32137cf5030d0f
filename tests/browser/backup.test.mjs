// Backups as people see them, in Chromium: taken, proved, broken on purpose, and production brought back from one.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { ask, approve, ended } from '../../tools/web-acts.mjs';
import { until } from '../../tools/web-client.mjs';
import { Browser } from '../support/browser.mjs';
import { CANARY, PASSWORDS, PG_BIN, Stack, USERS, isRoot } from '../support/stack.mjs';

const skip = !isRoot && 'needs other accounts';
const files = { '001_orders.sql': "CREATE TABLE orders (id int PRIMARY KEY, note text);\nINSERT INTO orders SELECT i, 'order ' || i FROM generate_series(1, 500) i;\n" };
let stack, browser, lead, lead2;

before(async () => {
	if (skip)
		return;
	stack = await Stack.start({
		projects: { shop: { convention: 'numbered', files } },
		targets: { prod: { environment: 'production', approvals: 1, restore_connection: 'host=@run@ port=5432 dbname=postgres user=gatehouse_restore' } },
		prepare: (s) => {
			s.psql('postgres', `CREATE ROLE gatehouse_restore LOGIN CREATEDB PASSWORD '${CANARY}-restore'; GRANT shop, pg_signal_backend TO gatehouse_restore`);
			s.passfile('etc/passfile', { shop: `${CANARY}-shop`, gatehouse_restore: `${CANARY}-restore` });
		},
	});
	browser = await Browser.start(stack.base);
	const [asks, decides] = await Promise.all([stack.as('lead'), stack.as('lead2')]);
	const { request } = await ask(asks, 'prod', { to: '001', reason: 'The first orders.' });
	await ended(asks, await approve(decides, request, PASSWORDS.lead2));
	[lead, lead2] = await Promise.all(['lead', 'lead2'].map((n) => browser.person(n)));
});
after(async () => {
	await browser?.stop();
	await stack?.stop();
});

const newest = () => Number(stack.store('SELECT max(id) FROM backup')[0]);
const main = (page) => page.locator('main').innerText();
const says = async (page, path, what) => {
	await page.goto(path);
	return until(async () => what.test(await main(page)) || (await page.reload(), false), { seconds: 90, say: async () => `${path}: ${what} in ${await main(page)}` });
};

test('a lead takes a backup and proves it', { skip }, async () => {
	await lead.goto('/backups');
	await lead.getByRole('link', { name: 'Take a backup' }).click();
	await browser.good(lead, '30-backup-new');
	await lead.getByLabel('Reason').fill('Before the fair.');
	await lead.getByRole('button', { name: 'Take a backup of prod' }).click();
	await lead.waitForURL(/targets\/prod/);
	await until(() => stack.store("SELECT count(*) FROM backup WHERE kind = 'hand'")[0] === '1', { seconds: 60, say: 'the backup' });
	await says(lead, `/backups/${newest()}`, /listed/i);
	await lead.getByRole('button', { name: 'Restore and count it' }).click();
	await says(lead, `/backups/${newest()}`, /counted[^]*as many rows/i);
	assert.match(await main(lead), /public\.orders\s+500\s+500\s+equal/);
	await browser.good(lead, '31-backup-counted');
	await says(lead, '/targets/prod', /Yes[^]*was restored and its rows counted/);
	await browser.good(lead, '32-target');
});

test('one that waits is cancelled by a lead, with a reason', { skip }, async () => {
	const waits = "SELECT count(*) FROM pg_locks WHERE relation = 'orders'::regclass AND mode = 'AccessExclusiveLock'";

	stack.spawn('holder', USERS.pg, [`${PG_BIN}/psql`, '-X', '-h', stack.path('run/pg'), '-U', 'postgres', '-d', 'prod', '-c', 'BEGIN; LOCK TABLE orders IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(600)']);
	await until(() => stack.rows('prod', waits)[0] === '1', { seconds: 60, say: 'the lock' });
	const { length } = stack.store('SELECT id FROM backup');
	await lead.goto('/backups/new');
	await lead.getByLabel('Reason').fill('Behind a lock.');
	await lead.getByRole('button', { name: 'Take a backup of prod' }).click();
	await lead.waitForURL(/targets\/prod/);
	await until(() => stack.store("SELECT state FROM task ORDER BY id DESC LIMIT 1")[0] === 'running', { seconds: 60, say: 'the task' });
	await lead.goto('/backups');
	await browser.good(lead, '37-backup-under-way');
	await lead.getByRole('link', { name: 'Cancel' }).click();
	await browser.good(lead, '38-task-cancel');
	await lead.getByLabel('Reason').fill('Not now.');
	await lead.getByRole('button', { name: 'Cancel it' }).click();
	await says(lead, '/backups', /Cancelled by lead: Not now\./i);
	assert.equal(stack.store('SELECT id FROM backup').length, length);
	stack.psql('prod', "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(600)%' AND pid <> pg_backend_pid()");
});

test('what somebody has changed in it turns it red, with the reason', { skip }, async () => {
	const first = Number(stack.store('SELECT min(id) FROM backup')[0]);
	const file = stack.path('backups', stack.store(`SELECT file FROM backup WHERE id = ${first}`)[0]);
	const bytes = readFileSync(file);

	bytes[bytes.length >> 1] ^= 4;
	writeFileSync(file, bytes);
	await lead.goto(`/backups/${first}`);
	await lead.getByRole('button', { name: 'Read it again' }).click();
	await says(lead, `/backups/${first}`, /Do not count on this backup[^]*is not the file that was written/);
	await browser.good(lead, '33-backup-broken');
	assert.equal(await lead.getByRole('link', { name: 'Restore from it' }).count(), 0);
	await says(lead, '/backups', /broken/);
	await browser.good(lead, '34-backups');
});

test('production goes back to it, asked for by one and approved by another', { skip }, async () => {
	const backup = newest();

	stack.psql('prod', "DELETE FROM orders WHERE id > 10; INSERT INTO orders VALUES (1000, 'late')");
	await lead.goto(`/backups/${backup}`);
	await lead.getByRole('link', { name: 'Restore from it' }).click();
	await browser.good(lead, '35-restore');
	await lead.getByLabel('Reason').fill('Somebody has deleted the orders.');
	await lead.getByLabel(/Type the name of the target/).fill('prod');
	await lead.getByRole('button', { name: 'Ask for the restore' }).click();
	await lead.waitForURL(/requests\/\d+/);
	const request = new URL(lead.url()).pathname;
	await says(lead2, request, /public\.orders\s+11\s+500/);
	await browser.good(lead2, '36-restore-request');
	await lead2.getByLabel('Your password').fill(PASSWORDS.lead2);
	await lead2.getByRole('button', { name: 'Approve' }).click();
	await lead2.waitForURL(/runs\/\d+/);
	await says(lead2, new URL(lead2.url()).pathname, /succeeded[^]*is what backup \d+ was/);
	await browser.good(lead2, '37-restored');
	assert.deepEqual(stack.rows('prod', 'SELECT count(*) FROM orders'), ['500']);
	await says(lead, '/targets/prod', /Databases beside it[^]*prod_before/);
	await browser.good(lead, '38-target-restored');
	assert.deepEqual(browser.problems, []);
});
