// A backup of others as the evidence: what is said of it before anybody approves, and what the run then does.
import assert from 'node:assert/strict';
import { mkdirSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { approve, ask, ended, requestOf } from '../../tools/web-acts.mjs';
import { textOf, until } from '../../tools/web-client.mjs';
import { CANARY, PASSWORDS, Stack } from '../support/stack.mjs';

const files = Object.fromEntries(['a', 'b'].flatMap((n, i) => [[`00${i + 1}_${n}.sql`, `CREATE TABLE ${n} (id int);\n`],
	[`00${i + 1}_${n}_down.sql`, `DROP TABLE ${n};\n`]]));
let stack, lead, lead2;

before(async () => {
	stack = await Stack.start({
		projects: { plain: { convention: 'numbered', files } },
		targets: { prod: { environment: 'production', approvals: 1, restore_connection: 'host=@run@ port=5432 dbname=postgres user=gatehouse_restore' } },
		prepare: (s) => {
			stack = s;
			s.psql('postgres', `CREATE ROLE gatehouse_restore LOGIN CREATEDB PASSWORD '${CANARY}-restore'; GRANT shop, pg_signal_backend TO gatehouse_restore`);
			s.passfile('etc/passfile', { shop: `${CANARY}-shop`, gatehouse_restore: `${CANARY}-restore` });
			mkdirSync(s.path('dumps'), { mode: 0o755 });
		},
		get conf() {
			return `environment "production" { backup_outside = "24h" }
outside "nightly" { target = prod kind = folder folder = "${stack.path('dumps')}" pattern = "*.dump" refresh = "7d" }
`;
		},
	});
	await idle();
	// A page offers what is pending when that is known.
	stack.cli(['refresh']);
	[lead, lead2] = await Promise.all([stack.as('lead'), stack.as('lead2')]);
});
after(() => stack?.stop());

const idle = () => until(() => stack.store("SELECT count(*) FROM task WHERE state IN ('queued', 'running')")[0] === '0', { seconds: 60, say: 'the end of all looks' });
async function look() {
	stack.cli(['backup', 'look']);
	await idle();
}
function dump(name, hours) {
	writeFileSync(stack.path('dumps', name), 'x');
	utimesSync(stack.path('dumps', name), new Date(Date.now() - hours * 3600000), new Date(Date.now() - hours * 3600000));
}
// The same is said wherever the plan is read before it is approved.
async function said(request, text, counts) {
	const page = await requestOf(lead, request);
	const [condition] = page.conditions;

	assert.match(textOf((await lead.get(`/requests/${request}`)).body), /What must be there/);
	assert.equal(page.conditions.length, 1);
	assert.equal(condition.holds, counts);
	assert.match(condition.text, text);
	assert.match(page.backup, /^one that others took within 1d; the run takes none of its own$/);
	assert.match(stack.cliTry(['approve', String(request)], { input: '\n' }).stderr, text);
}
function planSaid(text, counts, label) {
	const plan = JSON.parse(stack.cli(['--json', '--target', 'prod', 'plan']));

	assert.match(stack.cli(['--target', 'prod', 'plan']), new RegExp(`\nbackup: ${text.source}`));
	assert.match(plan.outside_backup.text, text);
	assert.equal(plan.outside_backup.counts, counts);
	assert.equal(plan.outside_backup.label, label);
	assert.equal(plan.outside_backup.within_ms, 86400000);
}
let request;

test('nothing is listed: the plan and the request say so, and that the run would stop', async () => {
	const nothing = /No outside backup with which nothing is wrong is listed, and one within 1d is asked for\. Until there is one, the run stops before anything is changed\./;

	planSaid(nothing, false, '');
	({ request } = await ask(lead, 'prod', { to: '001', reason: 'The first table.' }));
	await said(request, nothing, false);
	assert.match(textOf((await lead.get('/requests/new?target=prod')).body), /asks for a backup that others took within 1d and/);
	assert.match(textOf((await lead.get('/targets/prod')).body), /those that others keep are restored with their tools/);
});

test('the only one is too old: it is named with its age and the limit, and the run is stopped as was said', async () => {
	const old = /The newest good outside backup is too old: old\.dump of nightly ended 50 h \d+ min ago, and one within 1d is asked for\. Until/;

	dump('old.dump', 50);
	await look();
	planSaid(old, false, 'old.dump');
	await said(request, old, false);
	const run = await ended(lead, await approve(lead2, request, PASSWORDS.lead2));
	assert.equal(run.state, 'failed-clean');
	assert.match(stack.store('SELECT outcome FROM run ORDER BY id DESC LIMIT 1')[0], /too old: old\.dump of folder "nightly"/);
	assert.deepEqual(stack.tracked('prod'), []);
});

test('a young one counts: it is named before the approval, and is the evidence of the run', async () => {
	const young = /The outside backup young\.dump of nightly counts: it ended 2 h \d+ min ago, and one within 1d is asked for\. The run looks again and takes none of its own\./;

	dump('young.dump', 2);
	await look();
	planSaid(young, true, 'young.dump');
	({ request } = await ask(lead, 'prod', { to: '001', reason: 'The first table, again.' }));
	await said(request, young, true);
	const run = await ended(lead, await approve(lead2, request, PASSWORDS.lead2));
	assert.equal(run.state, 'succeeded');
	assert.match(stack.store("SELECT evidence FROM run_phase WHERE phase = 'backup' ORDER BY run_id DESC LIMIT 1")[0], /^The backup young\.dump of folder "nightly" ended at/);
	assert.deepEqual(stack.store('SELECT count(*) FROM backup WHERE run_id IS NOT NULL'), ['0']);
	assert.deepEqual((await requestOf(lead, request)).conditions, [], 'it is over');
});

test('a look that fails takes the word back; where the run itself sees it, it counts', async () => {
	({ request } = await ask(lead, 'prod', { to: '002', reason: 'The second.' }));
	renameSync(stack.path('dumps'), stack.path('away'));
	await look();
	await said(request, /The last look at nightly failed, so nobody knows whether its young\.dump of 2 h \d+ min ago is still there: .*cannot open the folder.*\. Until there is one, the run stops/, false);
	renameSync(stack.path('away'), stack.path('dumps'));
	const run = await ended(lead, await approve(lead2, request, PASSWORDS.lead2));
	assert.equal(run.state, 'succeeded', 'nobody has looked since but the run');
	// It has told the inventory.
	assert.equal(JSON.parse(stack.cli(['--json', '--target', 'prod', 'plan', '--down', '1'])).outside_backup.counts, true);
});

test('a restore takes it as its backup too, and says so', async () => {
	stack.cli(['--target', 'prod', 'backup', 'take', '--wait']);
	const id = stack.store("SELECT max(id) FROM backup WHERE kind = 'hand'")[0];

	stack.psql('prod', 'INSERT INTO a VALUES (1)');
	const asked = stack.cli(['--json', 'backup', 'restore', id, '--reason', 'because'], { exits: [3] });
	request = Number(stack.store('SELECT max(id) FROM request')[0]);
	assert.ok(asked.includes(String(request)));
	await said(request, /The outside backup young\.dump of nightly counts/, true);
	rmSync(stack.path('dumps/young.dump'));
	await look();
	await said(request, /too old: old\.dump of nightly/, false);
	dump('later.dump', 1);
	await look();
	await said(request, /The outside backup later\.dump of nightly counts/, true);
	await until(() => stack.store("SELECT count(*) FROM plan_count WHERE state IN ('queued', 'running')")[0] === '0', { seconds: 60, say: 'the end of the count' });
	const run = await ended(lead, await approve(lead2, request, PASSWORDS.lead2));
	assert.equal(run.state, 'succeeded');
	assert.match(stack.store("SELECT evidence FROM run_phase WHERE phase = 'backup' ORDER BY run_id DESC LIMIT 1")[0], /^The backup later\.dump of folder "nightly"/);
	assert.deepEqual(stack.rows('prod', 'SELECT count(*) FROM a'), ['0']);
	// One beside the target touches no data, and asks for none.
	stack.cli(['backup', 'restore', id, '--side', 'look', '--reason', 'because'], { exits: [3] });
	request = Number(stack.store('SELECT max(id) FROM request')[0]);
	const page = await requestOf(lead, request);
	assert.deepEqual([page.conditions, page.backup], [[], 'none: it touches no data']);
});
