// diesel's folders through the runner.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Rig } from '../../support/convention.mjs';

const files = {
	'2025-01-01-000000_a/up.sql': 'CREATE TABLE a (id int);\nSET search_path = pg_catalog;\n',
	'2025-01-01-000000_a/down.sql': 'DROP TABLE a;\n',
	// Its table has no schema: what the file before has set is gone.
	'2025-01-02-000000_b/up.sql': 'CREATE TABLE b AS SELECT count(*) AS n FROM __diesel_schema_migrations;\n',
	'2025-01-02-000000_b/down.sql': 'DROP TABLE b;\n',
	'2025-01-03-000000_index/up.sql': 'CREATE INDEX CONCURRENTLY a_id ON a (id);\n',
	'2025-01-03-000000_index/down.sql': 'DROP INDEX CONCURRENTLY a_id;\n',
	'2025-01-03-000000_index/metadata.toml': 'run_in_transaction = false\n',
};
const keys = ['20250101000000', '20250102000000', '20250103000000'];
const all = (state, others = {}) => ({ ...Object.fromEntries(keys.map((k) => [k, state])), ...others });
const recorded = (target) => rig.rows(target, 'SELECT version FROM __diesel_schema_migrations ORDER BY version');
let rig;

before(async () => {
	rig = await Rig.start({ convention: '', files, targets: ['alone', 'failing'] });
});
after(() => rig?.stop());

test('it is recognised, everything goes up and comes down', async () => {
	await rig.is('alone', all('pending'));
	assert.match(rig.stack.store('SELECT detected FROM project')[0], /diesel/);
	rig.up('alone');
	await rig.is('alone', all('applied'));
	assert.deepEqual(recorded('alone'), keys);
	assert.deepEqual(rig.rows('alone', 'SELECT n FROM public.b'), ['1']);
	rig.down('alone', 3);
	await rig.is('alone', all('pending'));
	assert.deepEqual(recorded('alone'), []);
	assert.ok(!rig.exists('alone', 'a') && !rig.exists('alone', 'b'));
});

test('a failure leaves no row; a missing folder is no obstacle', async () => {
	rig.file('2025-01-04-000000_bad/up.sql', 'CREATE TABLE d (id int);\nINSERT INTO nowhere VALUES (1);');
	await rig.is('failing', all('pending', { 20250104000000: 'pending' }));
	rig.up('failing', undefined, 5);
	await rig.is('failing', all('applied', { 20250104000000: 'failed' }));
	assert.deepEqual(recorded('failing'), keys);
	assert.ok(!rig.exists('failing', 'd'));
	rig.file('2025-01-04-000000_bad/up.sql', 'CREATE TABLE d (id int);');
	rig.file('2025-01-02-000000_b/up.sql', null);
	rig.file('2025-01-02-000000_b/down.sql', null);
	assert.notEqual((await rig.becomes('failing', '20250102000000', 'missing')).decision, 'blocks');
});
