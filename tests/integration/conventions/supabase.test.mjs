// Supabase's folders through the runner: statements kept, pipelines, three ages of the table.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Rig } from '../../support/convention.mjs';

const files = {
	'20250101000000_a.sql': "CREATE TABLE a (id int, t text DEFAULT 'x;y');\n\nINSERT INTO a VALUES (1);\n",
	'20250102000000_index.sql': 'CREATE INDEX CONCURRENTLY a_id ON a (id);\n',
	// Reads the table of its own tool.
	'20250103000000_count.sql': 'CREATE TABLE c AS SELECT count(*) AS n FROM supabase_migrations.schema_migrations;\n',
};
const keys = ['20250101000000', '20250102000000', '20250103000000'];
const all = (state, others = {}) => ({ ...Object.fromEntries(keys.map((k) => [k, state])), ...others });
const targets = ['alone', 'old', 'failing', 'blocked'];
let rig;

before(async () => {
	rig = await Rig.start({ convention: 'supabase', files, targets, prepare: (stack) => {
		for (const t of targets)
			stack.psql(t, `GRANT CREATE ON DATABASE "${t}" TO shop`);
		stack.psql('old', 'SET ROLE shop; CREATE SCHEMA supabase_migrations; CREATE TABLE supabase_migrations.schema_migrations ' +
			"(version text NOT NULL PRIMARY KEY); CREATE TABLE a (id int); INSERT INTO supabase_migrations.schema_migrations VALUES ('20250101000000')");
	} });
});
after(() => rig?.stop());

test('everything goes up, with its statements', async () => {
	await rig.is('alone', all('pending'));
	rig.up('alone');
	await rig.is('alone', all('applied'));
	assert.deepEqual(rig.rows('alone', "SELECT concat_ws('|', version, name, array_length(statements, 1), statements[1]) " +
		'FROM supabase_migrations.schema_migrations ORDER BY version LIMIT 2'),
	["20250101000000|a|2|CREATE TABLE a (id int, t text DEFAULT 'x;y')", '20250102000000|index|1|CREATE INDEX CONCURRENTLY a_id ON a (id)']);
	assert.deepEqual(rig.rows('alone', 'SELECT n FROM c'), ['2'], 'the table is there before the first file');
	assert.match(rig.down('alone', 1, 4), /has no down SQL/);
});

test('a table of the first age is read and written as it is', async () => {
	await rig.is('old', all('pending', { 20250101000000: 'applied' }));
	rig.up('old');
	await rig.is('old', all('applied'));
});

test('a failure leaves no row', async () => {
	rig.file('20250104000000_bad.sql', 'CREATE TABLE d (id int);\nINSERT INTO nowhere VALUES (1);');
	await rig.is('failing', all('pending', { 20250104000000: 'pending' }));
	rig.up('failing', undefined, 5);
	await rig.is('failing', all('applied', { 20250104000000: 'failed' }));
	assert.ok(!rig.exists('failing', 'd'));
	rig.file('20250104000000_bad.sql', null);
});

test('an older file blocks, other statements are said', async () => {
	await rig.is('blocked', all('pending'));
	rig.up('blocked');
	rig.file('20250102500000_late.sql', 'SELECT 1;');
	assert.equal((await rig.becomes('blocked', '20250102500000', 'out-of-order')).decision, 'blocks');
	rig.up('blocked', undefined, 4);
	rig.file('20250102500000_late.sql', null);
	rig.file('20250103000000_count.sql', 'CREATE TABLE other ();');
	assert.notEqual((await rig.becomes('blocked', '20250103000000', 'edited')).decision, 'blocks');
	rig.file('20250103000000_count.sql', null);
	assert.equal((await rig.becomes('blocked', '20250103000000', 'missing')).decision, 'blocks');
});
