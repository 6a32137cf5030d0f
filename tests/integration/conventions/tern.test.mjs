// tern's folders through the runner: one number in the database.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Rig } from '../../support/convention.mjs';

const file = (up, down) => `${up}\n---- create above / drop below ----\n${down}\n`;
const files = {
	'001_a.sql': file('CREATE TABLE a (id int);', 'DROP TABLE a;'),
	'002_index.sql': file('---- tern: disable-tx ----\nCREATE INDEX CONCURRENTLY a_id ON a (id);', '---- tern: disable-tx ----\nDROP INDEX CONCURRENTLY a_id;'),
	'003_c.sql': file('CREATE TABLE c AS SELECT version AS n, {{.answer}} AS answer FROM schema_version;', 'DROP TABLE c;'),
};
const all = (state) => ({ 1: state, 2: state, 3: state });
const row = (target) => rig.rows(target, 'SELECT version FROM schema_version');
let rig;

before(async () => {
	rig = await Rig.start({ convention: '', files, options: { answer: '42' }, targets: ['life', 'failing', 'ahead'] });
});
after(() => rig?.stop());

test('up and down move one number; data comes from the options', async () => {
	await rig.is('life', all('pending'));
	assert.match(rig.stack.store('SELECT detected FROM project')[0], /tern/);
	rig.up('life', '002');
	assert.deepEqual(row('life'), ['2']);
	await rig.is('life', { 1: 'applied', 2: 'applied', 3: 'pending' });
	rig.up('life');
	assert.deepEqual(rig.rows('life', "SELECT n || ' ' || answer FROM c"), ['2 42']);
	await rig.is('life', all('applied'));
	rig.down('life', 2);
	assert.deepEqual(row('life'), ['1']);
	rig.down('life');
	assert.deepEqual(row('life'), ['0']);
	await rig.is('life', all('pending'));
});

test('a failure leaves the number', async () => {
	rig.file('004_bad.sql', file('CREATE TABLE d (id int);\nINSERT INTO nowhere VALUES (1);', 'DROP TABLE d;'));
	await rig.is('failing', { ...all('pending'), 4: 'pending' });
	assert.match(rig.up('failing', undefined, 5), /nowhere/);
	assert.deepEqual(row('failing'), ['3']);
	assert.ok(!rig.exists('failing', 'd'));
	rig.file('004_bad.sql', null);
});

test('a table ahead of the folder, and a gap, stop everything', async () => {
	rig.stack.psql('ahead', 'CREATE TABLE schema_version (version int4 not null); INSERT INTO schema_version VALUES (7); ALTER TABLE schema_version OWNER TO shop');
	assert.match((await rig.becomes('ahead', '7', 'missing')).reason, /the folder ends with 3/);
	assert.notEqual(rig.stack.cliTry(['up', '--target', 'ahead', '--wait']).status, 0);
	rig.file('005_gap.sql', file('SELECT 1;', 'SELECT 1;'));
	await rig.becomes('life', '5', 'pending');
	assert.match(rig.stack.store('SELECT folder_problem FROM project')[0], /number 4 is missing before 005_gap\.sql/);
	assert.notEqual(rig.stack.cliTry(['up', '--target', 'life', '--wait']).status, 0);
	assert.deepEqual(row('life'), ['0']);
});
