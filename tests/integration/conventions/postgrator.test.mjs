// postgrator's folders through the runner: do and undo, and an MD5 that must not change.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import { Rig } from '../../support/convention.mjs';

const files = {
	'001.do.a.sql': 'CREATE TABLE a (id int);\n', '001.undo.a.sql': 'DROP TABLE a;\n',
	'002.do.index.sql': 'CREATE INDEX CONCURRENTLY a_id ON a (id);', '002.undo.index.sql': 'DROP INDEX CONCURRENTLY a_id;',
	'003.do.c.sql': 'CREATE TABLE c AS SELECT count(*) AS n FROM schemaversion;', '003.undo.c.sql': 'DROP TABLE c;',
};
const all = (state) => ({ 1: state, 2: state, 3: state });
const recorded = (target) => rig.rows(target, "SELECT concat_ws(' ', version, name, md5) FROM schemaversion ORDER BY version");
let rig;

before(async () => {
	rig = await Rig.start({ convention: '', files, targets: ['life', 'failing', 'changed'] });
});
after(() => rig?.stop());

test('up and down, with its sums', async () => {
	await rig.is('life', all('pending'));
	assert.match(rig.stack.store('SELECT detected FROM project')[0], /postgrator/);
	rig.up('life');
	await rig.is('life', all('applied'));
	assert.deepEqual(recorded('life').slice(0, 2), ['0', `1 a ${createHash('md5').update(files['001.do.a.sql']).digest('hex')}`]);
	assert.deepEqual(rig.rows('life', 'SELECT n FROM c'), ['3'], 'row 0 and two more');
	rig.down('life', 3);
	assert.deepEqual(recorded('life'), ['0']);
	await rig.is('life', all('pending'));
});

test('a failure leaves no row', async () => {
	rig.file('004.do.bad.sql', 'CREATE TABLE d (id int);\nINSERT INTO nowhere VALUES (1);');
	await rig.is('failing', { ...all('pending'), 4: 'pending' });
	assert.match(rig.up('failing', undefined, 5), /nowhere/);
	assert.equal(recorded('failing').length, 4);
	assert.ok(!rig.exists('failing', 'd'), 'one query, so one transaction');
	rig.file('004.do.bad.sql', null);
});

test('a changed one blocks, an older one is never applied', async () => {
	await rig.is('changed', all('pending'));
	rig.up('changed', '002');
	rig.file('001.do.a.sql', 'CREATE TABLE a (id bigint);\n');
	assert.equal((await rig.becomes('changed', '1', 'edited')).decision, 'blocks');
	assert.notEqual(rig.stack.cliTry(['up', '--target', 'changed', '--wait']).status, 0);
	rig.file('001.do.a.sql', files['001.do.a.sql']);
	await rig.is('changed', { 1: 'applied', 2: 'applied', 3: 'pending' });
	rig.stack.psql('changed', 'DELETE FROM schemaversion WHERE version = 1');
	assert.equal((await rig.becomes('changed', '1', 'out-of-order')).decision, 'never');
	rig.up('changed');
	assert.deepEqual(recorded('changed').map((r) => r.split(' ')[0]), ['0', '2', '3']);
});
