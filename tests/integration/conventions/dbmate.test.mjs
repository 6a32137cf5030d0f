// dbmate's folders through the runner, and dbmate itself on the same database.
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Rig } from '../../support/convention.mjs';
import { top } from '../../support/stack.mjs';

const block = (up, down, options = '') => `-- migrate:up${options}\n${up}\n\n-- migrate:down${options}\n${down}\n`;
const files = {
	'001_a.sql': block('CREATE TABLE a (id int);', 'DROP TABLE a;'),
	'002_b.sql': block('CREATE TABLE b (id int);\nINSERT INTO b VALUES (1);', 'DROP TABLE b;'),
	'003_index.sql': block('CREATE INDEX CONCURRENTLY b_id ON b (id);', 'DROP INDEX CONCURRENTLY b_id;', ' transaction:false'),
	// Reads the table of its own tool.
	'004_count.sql': block('CREATE TABLE c AS SELECT count(*) AS n FROM schema_migrations;', 'DROP TABLE c;'),
};
const all = (state) => ({ '001': state, '002': state, '003': state, '004': state });
let rig;

before(async () => {
	rig = await Rig.start({ convention: '', files, targets: ['alone', 'shared', 'other', 'failing'] });
});
after(() => rig?.stop());

// dbmate from npm, its schema file kept away.
function dbmate(target, ...args) {
	const bin = path.join(top, 'node_modules/@dbmate/linux-x64/bin/dbmate');
	return rig.tool([bin, '--no-dump-schema', '--migrations-dir', '.', '--url', rig.url(target, 'socket'), ...args]);
}
const recorded = (target) => rig.rows(target, 'SELECT version FROM schema_migrations ORDER BY version');

test('it is recognised, everything goes up and comes down', async () => {
	await rig.is('alone', all('pending'));
	assert.match(rig.stack.store('SELECT detected FROM project')[0], /dbmate/);
	rig.up('alone');
	await rig.is('alone', all('applied'));
	assert.deepEqual(recorded('alone'), ['001', '002', '003', '004']);
	assert.deepEqual(rig.rows('alone', 'SELECT n FROM c'), ['3'], 'the table is there before the first file');
	rig.down('alone', 4);
	await rig.is('alone', all('pending'));
	assert.deepEqual(recorded('alone'), []);
	assert.ok(!rig.exists('alone', 'a') && !rig.exists('alone', 'c'));
});

test('Gatehouse applies half and dbmate the rest; dbmate takes back one and Gatehouse the others', async () => {
	rig.up('shared', '002');
	assert.match(dbmate('shared', 'status'), /\[X\] 002_b\.sql\s+\[ \] 003_index\.sql[\s\S]*Applied: 2\s+Pending: 2/);
	dbmate('shared', 'up');
	await rig.is('shared', all('applied'));
	assert.match(dbmate('shared', 'status'), /Applied: 4\s+Pending: 0/);
	dbmate('shared', 'rollback');
	await rig.is('shared', { ...all('applied'), '004': 'pending' });
	rig.down('shared', 3);
	assert.match(dbmate('shared', 'status'), /Applied: 0\s+Pending: 4/);
	await rig.is('shared', all('pending'));
});

test('the other way round: dbmate first', async () => {
	dbmate('other', 'up');
	await rig.is('other', all('applied'));
	rig.down('other', 2);
	assert.match(dbmate('other', 'status'), /Applied: 2\s+Pending: 2/);
	dbmate('other', 'rollback');
	await rig.is('other', { ...all('pending'), '001': 'applied' });
	rig.up('other');
	assert.match(dbmate('other', 'status'), /Applied: 4\s+Pending: 0/);
});

test('transaction:false is one query: with a second statement the server would refuse it, and that is said before', async () => {
	rig.file('005_two.sql', block('CREATE TABLE e (id int);\nCREATE INDEX CONCURRENTLY e_id ON e (id);', 'DROP TABLE e;', ' transaction:false'));
	await rig.is('failing', { ...all('pending'), '005': 'pending' });
	assert.match(rig.one('failing', '005').reason, /005_two\.sql:3:1: CREATE INDEX/);
	rig.file('005_two.sql', null);
});

test('the table may have another name, its schema is made', async () => {
	const other = await Rig.start({ convention: 'dbmate', tracking: "it's.my table", files: { '1_a.sql': files['001_a.sql'] }, targets: ['named'] });

	try {
		await other.is('named', { 1: 'pending' });
		other.up('named');
		await other.is('named', { 1: 'applied' });
		assert.deepEqual(other.rows('named', 'SELECT version FROM "it\'s"."my table"'), ['1']);
	} finally {
		await other.stop();
	}
});

test('a failure leaves no row, and says so', async () => {
	rig.file('005_bad.sql', block('CREATE TABLE d (id int);\nINSERT INTO nowhere VALUES (1);', 'DROP TABLE d;'));
	await rig.is('failing', { ...all('pending'), '005': 'pending' });
	assert.match(rig.up('failing', undefined, 5), /nowhere|42P01/);
	await rig.is('failing', { ...all('applied'), '005': 'failed' });
	assert.ok(!rig.exists('failing', 'd'));
	assert.deepEqual(recorded('failing'), ['001', '002', '003', '004']);
});
