// Drizzle's folders through the runner, and drizzle-orm itself on the same database.
import assert from 'node:assert/strict';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { after, before, test } from 'node:test';
import { Rig } from '../../support/convention.mjs';
import { top } from '../../support/stack.mjs';

const journal = (entries) => JSON.stringify({ version: '7', dialect: 'postgresql',
	entries: entries.map(([tag, when], idx) => ({ idx, version: '7', when, tag, breakpoints: true })) }, null, 2);
const three = [['0000_a', 1700000000000], ['0001_b', 1700000001000], ['0002_count', 1700000002000]];
const files = {
	'meta/_journal.json': journal(three),
	'0000_a.sql': 'CREATE TABLE "a" ("id" serial PRIMARY KEY);\n--> statement-breakpoint\nINSERT INTO "a" DEFAULT VALUES;',
	'0001_b.sql': 'CREATE TABLE b (id int);\n',
	// Reads the table of its own tool.
	'0002_count.sql': 'CREATE TABLE c AS SELECT count(*) AS n FROM drizzle.__drizzle_migrations;',
};
const keys = three.map(([, when]) => String(when));
const all = (state, others = {}) => ({ ...Object.fromEntries(keys.map((k) => [k, state])), ...others });
let rig;

before(async () => {
	rig = await Rig.start({ convention: '', files, targets: ['alone', 'shared', 'other', 'late', 'failing'],
		prepare: (stack) => {
			for (const t of ['alone', 'shared', 'other', 'late', 'failing'])
				stack.psql(t, `GRANT CREATE ON DATABASE "${t}" TO shop`);
		} });
});
after(() => rig?.stop());

const modules = (name) => JSON.stringify(pathToFileURL(path.join(top, 'node_modules', name)).href);
function drizzle(target, options) {
	return rig.tool([process.execPath, '--input-type=module', '-e', `
		import { drizzle } from ${modules('drizzle-orm/node-postgres/index.js')};
		import { migrate } from ${modules('drizzle-orm/node-postgres/migrator.js')};
		import pg from ${modules('pg/lib/index.js')};
		const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
		await client.connect();
		try {
			await migrate(drizzle(client), { migrationsFolder: '.' });
		} finally {
			await client.end();
		}`], { ...options, env: { DATABASE_URL: rig.url(target) } });
}
const recorded = (target) => rig.rows(target, 'SELECT created_at, hash FROM drizzle.__drizzle_migrations ORDER BY id');

test('it is recognised by its journal, and everything goes up', async () => {
	await rig.is('alone', all('pending'));
	assert.match(rig.stack.store('SELECT detected FROM project')[0], /drizzle/);
	rig.up('alone');
	await rig.is('alone', all('applied'));
	assert.equal(recorded('alone').length, 3);
	assert.deepEqual(rig.rows('alone', 'SELECT n FROM c'), ['2'], 'the table is there before the first file');
	drizzle('alone');
	assert.equal(recorded('alone').length, 3, 'nothing is left for the tool');
});

test('Gatehouse applies half and drizzle the rest: the rows are the same as when drizzle does it all', async () => {
	rig.up('shared', '0001');
	drizzle('shared');
	await rig.is('shared', all('applied'));
	drizzle('other');
	await rig.is('other', all('applied'));
	assert.deepEqual(recorded('shared'), recorded('other'));
	assert.deepEqual(recorded('alone'), recorded('other'));
});

test('there is no way back', () => {
	assert.match(rig.down('alone', 1, 4), /has no down SQL/);
	assert.equal(recorded('alone').length, 3);
});

test('an entry with an older date is skipped for ever, and said', async () => {
	drizzle('late');
	rig.file('0003_merged.sql', 'CREATE TABLE merged (id int);');
	rig.file('meta/_journal.json', journal([...three, ['0003_merged', 1700000001500]]));
	const row = await rig.becomes('late', '1700000001500', 'out-of-order');
	assert.equal(row.decision, 'never');
	drizzle('late');
	assert.ok(!rig.exists('late', 'merged'), 'as drizzle does');
	rig.file('meta/_journal.json', journal(three));
	rig.file('0003_merged.sql', null);
});

test('one failure takes all that was pending with it', async () => {
	rig.file('0003_bad.sql', 'CREATE TABLE d (id int);\n--> statement-breakpoint\nINSERT INTO nowhere VALUES (1);');
	rig.file('meta/_journal.json', journal([...three, ['0003_bad', 1700000003000]]));
	await rig.is('failing', all('pending', { 1700000003000: 'pending' }));
	assert.match(rig.up('failing', undefined, 1), /nowhere|42P01/);
	await rig.is('failing', all('pending', { 1700000003000: 'failed' }));
	assert.ok(!rig.exists('failing', 'a') && !rig.exists('failing', 'd'));
	drizzle('failing', { exits: [1] });
	assert.ok(!rig.exists('failing', 'a'), 'as drizzle does');
});
