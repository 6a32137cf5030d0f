// The history of the demo, made by really doing it: people ask and approve on the pages, the runner runs, rows come in
// between as a shop's would.
//
//   node tools/try-seed.mjs DIR PORT
//
// What is done is remembered in DIR/etc/history.done, so that a start after an interruption goes on from there.
import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { WebClient, until } from './web-client.mjs';
import { approve, ask, ended, note } from './web-acts.mjs';

const [dir, port] = process.argv.slice(2);
const done = path.join(dir, 'etc/history.done');
const passwords = Object.fromEntries(readFileSync(path.join(dir, 'etc/accounts'), 'utf8').trim().split('\n')
	.map((line) => line.split(' ')));
const people = {};

// Signs a person in when first needed.
function as(name) {
	people[name] ??= (async () => {
		const client = new WebClient(`http://127.0.0.1:${port}`);
		await client.signIn(name, passwords[name]);
		return client;
	})();
	return people[name];
}

async function once(step, what) {
	const before = existsSync(done) ? readFileSync(done, 'utf8').split('\n') : [];

	if (before.includes(step))
		return;
	process.stdout.write(`  ${step}\n`);
	await what();
	appendFileSync(done, `${step}\n`);
}

// Straight into a database, as its owner the shop would.
function psql(database, ...more) {
	const program = ['/usr/lib/postgresql/15/bin/psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-h', path.join(dir, 'run/pg'),
		'-U', 'postgres', '-d', database, ...more];
	const argv = process.getuid() === 0 ? ['setpriv', '--reuid=postgres', '--regid=postgres', '--init-groups', '--', ...program] : program;
	const r = spawnSync(argv[0], argv.slice(1), { encoding: 'utf8', env: { PATH: process.env.PATH, LANG: 'C.UTF-8' } });

	if (r.status !== 0)
		throw new Error(`psql ${database}: ${r.stderr}`);
	return r.stdout;
}
const data = (name) => path.join(dir, 'projects/shop/data', `${name}.sql`);

// Asks, has it approved where that is needed, waits for the end.
async function run(target, what, asker, approver, expected = 'succeeded') {
	const who = await as(asker);
	const asked = await ask(who, target, what);
	const id = asked.run || await approve(await as(approver), asked.request, passwords[approver], what.comment ?? '');
	const r = await ended(who, id);

	if (r.state !== expected)
		throw new Error(`run ${id} on ${target} is ${r.state}, not ${expected}: ${r.error ?? r.outcome}`);
	return id;
}

// By hand; waits until it is in the inventory.
async function backup(target, reason, asker) {
	const who = await as(asker);
	const reply = await who.submit(`/backups/new?target=${target}`, '/backups', { reason });

	if (reply.status !== 200)
		throw new Error(`no backup of ${target} was begun: ${reply.status}`);
	await until(async () => (await who.json(`/backups?target=${target}`)).backups?.length > 0, { say: `the backup of ${target}` });
}

async function incidentOf(runId) {
	const who = await as('lead');

	return until(async () => (await who.json('/incidents')).incidents?.find((i) => i.run === runId)?.id,
		{ say: `the incident of run ${runId}` });
}

const rows = (database, customers, orders) =>
	psql(database, '-v', `customers=${customers}`, '-v', `orders=${orders}`, '-f', data('base'));

async function development() {
	await once('development: the first tables', () =>
		run('shop_development', { to: '0006', reason: 'The first tables of the shop.' }, 'lead'));
	await once('development: rows', () => rows('shop_development', 300, 900));
	await once('development: up to 0012', () =>
		run('shop_development', { to: '0012', reason: 'Row security, search and shipments.' }, 'lead2'));
	await once('development: everything', () =>
		run('shop_development', { reason: 'The rest of this month, to see whether it holds together.' }, 'lead'));
	await once('development: a backup by hand', () => backup('shop_development', 'Before the fair, a file for each table.', 'lead'));
}

async function staging() {
	await once('staging: the first tables', () => run('shop_staging',
		{ to: '0006', reason: 'First release to staging.', comment: 'Read, fine.' }, 'lead', 'lead2'));
	await once('staging: rows', () => {
		rows('shop_staging', 1200, 4000);
		psql('shop_staging', '-f', data('staging'));
	});
	await once('staging: up to 0012', () => run('shop_staging',
		{ to: '0012', reason: 'Row security, search and shipments for the testers.' }, 'viewer', 'lead'));
	await once('staging: 0013 fails', async () => {
		const failed = await run('shop_staging',
			{ to: '0013', reason: 'Prices must be above zero from now on.' }, 'viewer', 'lead2', 'failed-clean');
		const incident = await incidentOf(failed);
		await note(await as('lead2'), incident,
			'The check found the two free samples (SAMPLE-1, SAMPLE-2), entered with a price of zero. Nothing was changed.');
		await note(await as('viewer'), incident,
			'The samples get a price of one cent, the basket takes it off again. I mend the rows by hand.');
	});
	await once('staging: the samples are mended', () =>
		psql('shop_staging', '-c', "UPDATE products SET price_cents = 1 WHERE price_cents = 0 AND sku LIKE 'SAMPLE-%'"));
	await once('staging: up to 0014', async () => {
		const incident = (await (await as('lead')).json('/incidents')).incidents?.at(-1)?.id;
		const id = await run('shop_staging', { to: '0014', reason: 'Again, now that no price is zero; and one account an address.' },
			'viewer', 'lead');
		if (incident)
			await note(await as('lead'), incident, `Run ${id} applied 0013 after the samples were mended.`);
	});
	await once('staging: one back', () => run('shop_staging',
		{ steps: 1, reason: 'The sign-up page still accepts capitals; back until it is changed.' }, 'lead', 'lead2'));
}

async function production() {
	await once('production: the first tables', () => run('shop_production',
		{ to: '0006', reason: 'Opening of the shop.', comment: 'Same digest as on staging.' }, 'lead', 'lead2'));
	await once('production: rows', () => {
		rows('shop_production', 2400, 9000);
		psql('shop_production', '-f', data('production'));
	});
	await once('production: up to 0010', () => run('shop_production',
		{ to: '0010', reason: 'Row security and the totals; ran on staging without complaint.' }, 'lead2', 'lead'));
}

// Another team, another tool: dbmate's folder and table.
async function vendors() {
	await once('vendors: invoices and payments', () => run('vendors_development',
		{ to: '20260203140000', reason: 'Invoices, payments and their index.' }, 'lead2'));
}

try {
	console.log('Making a history (a few runs on each database):');
	await Promise.all([development(), staging(), production(), vendors()]);
} catch (e) {
	console.error(`try: ${e.message}`);
	process.exitCode = 1;
}
