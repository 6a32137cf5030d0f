// Plain numbers, through the runner.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Rig } from '../../support/convention.mjs';

const files = {
	'001_a.sql': 'CREATE TABLE a (id int);\n', '001_a_down.sql': 'DROP TABLE a;\n',
	'002_index.sql': 'CREATE INDEX CONCURRENTLY a_id ON a (id);\n', '002_index_down.sql': 'DROP INDEX a_id;\n',
	'003_c.sql': 'CREATE TABLE c AS SELECT count(*) AS n FROM schema_migrations;\n', '003_c_down.sql': 'DROP TABLE c;\n',
};
const keys = ['001_a', '002_index', '003_c'];
const all = (state) => Object.fromEntries(keys.map((k) => [k, state]));
const recorded = (target) => rig.rows(target, 'SELECT version FROM schema_migrations ORDER BY version');
let rig;

before(async () => {
	rig = await Rig.start({ convention: '', files, targets: ['life', 'failing', 'late'] });
});
after(() => rig?.stop());

test('up and down', async () => {
	await rig.is('life', all('pending'));
	assert.match(rig.stack.store('SELECT detected FROM project')[0], /numbered/);
	rig.up('life');
	await rig.is('life', all('applied'));
	assert.deepEqual(recorded('life'), keys);
	assert.deepEqual(rig.rows('life', 'SELECT n FROM c'), ['2']);
	rig.down('life', 3);
	assert.deepEqual(recorded('life'), []);
	await rig.is('life', all('pending'));
});

test('a failure leaves no row', async () => {
	rig.file('004_bad.sql', 'CREATE TABLE d (id int);\nINSERT INTO nowhere VALUES (1);\n');
	await rig.is('failing', { ...all('pending'), '004_bad': 'pending' });
	assert.match(rig.up('failing', undefined, 5), /nowhere/);
	assert.deepEqual(recorded('failing'), keys);
	assert.ok(!rig.exists('failing', 'd'));
	rig.file('004_bad.sql', null);
});

test('an older one runs with the next up', async () => {
	await rig.is('late', all('pending'));
	rig.up('late');
	rig.file('0020_x.sql', 'SELECT 1;\n');
	rig.file('0021_y.sql', 'SELECT 1;\n');
	await rig.is('late', { ...all('applied'), '0020_x': 'pending', '0021_y': 'pending' });
	rig.up('late');
	rig.stack.psql('late', "DELETE FROM schema_migrations WHERE version = '0020_x'");
	assert.equal((await rig.becomes('late', '0020_x', 'out-of-order')).decision, 'runs');
	rig.up('late');
	assert.deepEqual(recorded('late'), ['0020_x', '0021_y', ...keys].sort());
});
