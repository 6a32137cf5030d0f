// sqlx's folders through the runner.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import { Rig } from '../../support/convention.mjs';

const files = {
	'1_a.up.sql': 'CREATE TABLE a (id int);\n',
	'1_a.down.sql': 'DROP TABLE a;\n',
	'2_index_a.up.sql': '-- no-transaction\nCREATE INDEX CONCURRENTLY a_id ON a (id);\n',
	'2_index_a.down.sql': '-- no-transaction\nDROP INDEX CONCURRENTLY a_id;\n',
	// Reads the table of its own tool.
	'3_count.up.sql': 'CREATE TABLE c AS SELECT count(*) AS n FROM _sqlx_migrations;\n',
	'3_count.down.sql': 'DROP TABLE c;\n',
};
const all = (state, others = {}) => ({ 1: state, 2: state, 3: state, ...others });
let rig;

before(async () => {
	rig = await Rig.start({ convention: 'sqlx', files, targets: ['alone', 'failing', 'dirty'] });
});
after(() => rig?.stop());

test('everything goes up and comes down', async () => {
	await rig.is('alone', all('pending'));
	rig.up('alone');
	await rig.is('alone', all('applied'));
	assert.deepEqual(rig.rows('alone', "SELECT concat_ws('|', version, description, success, encode(checksum, 'hex'), execution_time >= 0) " +
		'FROM _sqlx_migrations ORDER BY version LIMIT 2'), ['1_a', '2_index_a'].map((f) => `${f[0]}|${f.slice(2).replace('_', ' ')}|t|${
		createHash('sha384').update(files[`${f}.up.sql`]).digest('hex')}|t`));
	assert.deepEqual(rig.rows('alone', 'SELECT n FROM c'), ['2'], 'the table is there before the first file');
	rig.down('alone', 3);
	await rig.is('alone', all('pending'));
	assert.deepEqual(rig.rows('alone', 'SELECT version FROM _sqlx_migrations'), []);
	assert.ok(!rig.exists('alone', 'a'));
});

test('a failure leaves no row; an older file is applied when it appears', async () => {
	rig.file('5_bad.up.sql', 'CREATE TABLE d (id int);\nINSERT INTO nowhere VALUES (1);');
	await rig.is('failing', all('pending', { 5: 'pending' }));
	rig.up('failing', undefined, 5);
	await rig.is('failing', all('applied', { 5: 'failed' }));
	assert.deepEqual(rig.rows('failing', 'SELECT count(*) FROM _sqlx_migrations'), ['3']);
	assert.ok(!rig.exists('failing', 'd'));
	rig.file('5_bad.up.sql', 'CREATE TABLE d (id int);');
	rig.stack.cliTry(['refresh']);
	rig.up('failing');
	rig.file('4_late.up.sql', 'CREATE TABLE late (id int);');
	assert.equal((await rig.becomes('failing', '4', 'out-of-order')).decision, 'runs');
	rig.up('failing');
	await rig.is('failing', all('applied', { 4: 'applied', 5: 'applied' }));
});

test('a dirty row blocks, and a changed byte does', async () => {
	rig.up('dirty', '2');
	rig.rows('dirty', 'UPDATE _sqlx_migrations SET success = false WHERE version = 2');
	const row = await rig.becomes('dirty', '2', 'failed');
	assert.equal(row.decision, 'blocks');
	assert.match(rig.up('dirty', undefined, 4), /dirty/);
	rig.rows('dirty', 'UPDATE _sqlx_migrations SET success = true WHERE version = 2');
	rig.file('1_a.up.sql', 'CREATE TABLE a (id int);\r\n');
	assert.equal((await rig.becomes('dirty', '1', 'edited')).decision, 'blocks');
	rig.up('dirty', undefined, 4);
});
