// Fourteen digits with sections, through the runner.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Rig } from '../../support/convention.mjs';

const file = (up, down) => `-- Up Migration\n${up}\n\n-- Down Migration\n${down}\n`;
const keys = ['20240101000000_a', '20240102000000_index', '20240103000000_c'];
const files = {
	[`${keys[0]}.sql`]: file('CREATE TABLE a (id int);', 'DROP TABLE a;'),
	[`${keys[1]}.sql`]: file('CREATE INDEX CONCURRENTLY a_id ON a (id);', 'DROP INDEX a_id;'),
	[`${keys[2]}.sql`]: file('CREATE TABLE c AS SELECT count(*) AS n FROM pgmigrations;', 'DROP TABLE c;'),
};
const all = (state) => Object.fromEntries(keys.map((k) => [k, state]));
const recorded = (target) => rig.rows(target, 'SELECT name FROM pgmigrations ORDER BY id');
let rig;

before(async () => {
	rig = await Rig.start({ convention: 'sections', files, targets: ['life', 'failing', 'late'] });
});
after(() => rig?.stop());

test('up and down', async () => {
	await rig.is('life', all('pending'));
	rig.up('life');
	await rig.is('life', all('applied'));
	assert.deepEqual(recorded('life'), keys);
	assert.deepEqual(rig.rows('life', 'SELECT n FROM c'), ['2']);
	rig.down('life', 3);
	assert.deepEqual(recorded('life'), []);
	await rig.is('life', all('pending'));
});

test('a failure leaves no row', async () => {
	rig.file('20240104000000_bad.sql', file('CREATE TABLE d (id int);\nINSERT INTO nowhere VALUES (1);', 'DROP TABLE d;'));
	await rig.is('failing', { ...all('pending'), '20240104000000_bad': 'pending' });
	assert.match(rig.up('failing', undefined, 5), /nowhere/);
	assert.deepEqual(recorded('failing'), keys);
	assert.ok(!rig.exists('failing', 'd'));
	rig.file('20240104000000_bad.sql', null);
});

test('an older one blocks', async () => {
	await rig.is('late', all('pending'));
	rig.up('late');
	rig.file('20240102120000_late.sql', file('SELECT 1;', 'SELECT 1;'));
	assert.equal((await rig.becomes('late', '20240102120000_late', 'out-of-order')).decision, 'blocks');
	assert.notEqual(rig.stack.cliTry(['up', '--target', 'late', '--wait']).status, 0);
	assert.deepEqual(recorded('late'), keys);
});
