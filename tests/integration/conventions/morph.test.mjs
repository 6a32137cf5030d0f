// morph's folders through the runner: golang-migrate's names, a row a migration.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Rig } from '../../support/convention.mjs';

const files = {
	'000001_a.up.sql': 'CREATE TABLE a (id int);', '000001_a.down.sql': 'DROP TABLE a;',
	'000002_index.up.sql': '-- morph:nontransactional\nCREATE INDEX CONCURRENTLY a_id ON a (id);',
	'000002_index.down.sql': '-- morph:nontransactional\nDROP INDEX CONCURRENTLY a_id;',
	'000003_c.up.sql': 'CREATE TABLE c AS SELECT count(*) AS n FROM db_migrations;', '000003_c.down.sql': 'DROP TABLE c;',
};
const all = (state) => ({ 1: state, 2: state, 3: state });
const recorded = (target) => rig.rows(target, "SELECT version || ' ' || name FROM db_migrations ORDER BY version");
let rig;

before(async () => {
	rig = await Rig.start({ convention: '', files, targets: ['life', 'failing'] });
});
after(() => rig?.stop());

test('its first line tells it from golang-migrate; up, down, and an older one', async () => {
	await rig.is('life', all('pending'));
	assert.match(rig.stack.store('SELECT detected FROM project')[0], /morph/);
	rig.up('life', '000001');
	rig.up('life');
	await rig.is('life', all('applied'));
	assert.deepEqual(recorded('life'), ['1 a', '2 index', '3 c']);
	assert.deepEqual(rig.rows('life', 'SELECT n FROM c'), ['2']);
	rig.stack.psql('life', 'DELETE FROM db_migrations WHERE version = 2; DROP INDEX a_id');
	assert.equal((await rig.becomes('life', '2', 'out-of-order')).decision, 'runs');
	rig.up('life');
	await rig.is('life', all('applied'));
	rig.down('life', 3);
	assert.deepEqual(recorded('life'), []);
	await rig.is('life', all('pending'));
});

test('a failure leaves no row; what cannot run in a transaction is said before', async () => {
	rig.file('000004_bad.up.sql', 'CREATE TABLE d (id int);\nINSERT INTO nowhere VALUES (1);');
	rig.file('000005_no.up.sql', '\n-- morph:nontransactional\nCREATE INDEX CONCURRENTLY late ON a (id);');
	await rig.is('failing', { ...all('pending'), 4: 'pending', 5: 'pending' });
	assert.match(rig.one('failing', '5').reason, /CREATE INDEX cannot run in a transaction.*first bytes/);
	assert.match(rig.up('failing', '000004', 5), /nowhere/);
	assert.deepEqual(recorded('failing'), ['1 a', '2 index', '3 c']);
	assert.ok(!rig.exists('failing', 'd'));
});
