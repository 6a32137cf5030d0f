// golang-migrate's folders through the runner: one row with a version and whether it is dirty, outside every transaction.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Rig } from '../../support/convention.mjs';

const files = {
	'000001_a.up.sql': 'CREATE TABLE a (id int);', '000001_a.down.sql': 'DROP TABLE a;',
	'000002_b.up.sql': 'CREATE TABLE b AS SELECT version, dirty FROM schema_migrations;\nCREATE TABLE b2 (id int);', '000002_b.down.sql': 'DROP TABLE b, b2;',
	// A single statement is no transaction.
	'000005_index.up.sql': 'CREATE INDEX CONCURRENTLY a_id ON a (id);', '000005_index.down.sql': 'DROP INDEX CONCURRENTLY a_id;',
	// No down: taken back by doing nothing.
	'000007_half.up.sql': 'CREATE TABLE half (id int);',
};
const keys = ['1', '2', '5', '7'];
const all = (state) => Object.fromEntries(keys.map((k) => [k, state]));
const upto = (n) => Object.fromEntries(keys.map((k) => [k, Number(k) <= n ? 'applied' : 'pending']));
const row = (target) => rig.rows(target, "SELECT version || ' ' || dirty FROM schema_migrations");
let rig;

before(async () => {
	rig = await Rig.start({ convention: 'golang-migrate', files, targets: ['steps', 'dirty', 'halfway', 'older', 'elsewhere'] });
});
after(() => rig?.stop());

test('up and down: the row is that of the tool at each step', async () => {
	await rig.is('steps', all('pending'));
	rig.up('steps', '000002');
	await rig.is('steps', upto(2));
	assert.deepEqual(row('steps'), ['2 false']);
	assert.deepEqual(rig.rows('steps', "SELECT version || ' ' || dirty FROM b"), ['2 true'], 'written before the file runs');
	rig.up('steps');
	await rig.is('steps', all('applied'));
	assert.deepEqual(row('steps'), ['7 false']);
	rig.down('steps');
	assert.deepEqual(row('steps'), ['5 false'], 'the previous one that exists');
	assert.ok(rig.exists('steps', 'half'), 'without a down file nothing is run');
	await rig.is('steps', upto(5));
	rig.down('steps', 3);
	assert.deepEqual(row('steps'), [], 'below the first one the table is empty');
	await rig.is('steps', all('pending'));
	assert.ok(!rig.exists('steps', 'a'));
});

test('what the tool wrote is read: a version means all up to it', async () => {
	rig.rows('elsewhere', 'CREATE TABLE schema_migrations (version bigint not null primary key, dirty boolean not null); INSERT INTO schema_migrations VALUES (5, false);'
		+ 'ALTER TABLE schema_migrations OWNER TO shop');
	await rig.is('elsewhere', upto(5));
	rig.up('elsewhere');
	assert.deepEqual(row('elsewhere'), ['7 false']);
});

test('a failure leaves it dirty, explained, and nothing runs until a person has decided', async () => {
	rig.file('000008_bad.up.sql', 'CREATE TABLE d (id int);\nINSERT INTO nowhere VALUES (1);');
	rig.file('000008_bad.down.sql', 'DROP TABLE d;');
	await rig.is('dirty', { ...all('pending'), 8: 'pending' });
	assert.match(rig.up('dirty', undefined, 5), /nowhere/);
	assert.deepEqual(row('dirty'), ['8 true']);
	assert.ok(!rig.exists('dirty', 'd'), 'an implicit transaction');
	const failed = await rig.becomes('dirty', '8', 'failed');
	assert.match(failed.reason, /dirty: the up of 000008 has begun.*one implicit transaction without COMMIT/);
	assert.notEqual(rig.stack.cliTry(['up', '--target', 'dirty', '--wait']).status, 0);
	assert.deepEqual(row('dirty'), ['8 true']);
	rig.file('000008_bad.up.sql', null);
	rig.file('000008_bad.down.sql', null);
});

test('with a COMMIT of its own a part stays, and that is said', async () => {
	rig.file('000008_bad.up.sql', 'BEGIN;\nCREATE TABLE d (id int);\nCOMMIT;\nINSERT INTO nowhere VALUES (1);');
	await rig.is('halfway', { ...all('pending'), 8: 'pending' });
	rig.up('halfway', undefined, 5);
	assert.ok(rig.exists('halfway', 'd'));
	assert.match((await rig.becomes('halfway', '8', 'failed')).reason, /has a COMMIT of its own/);
	rig.file('000008_bad.up.sql', null);
});

test('an older file is never applied, and a version without file stops everything', async () => {
	await rig.is('older', all('pending'));
	rig.up('older');
	rig.file('000003_late.up.sql', 'CREATE TABLE late (id int);');
	// The table only says "7", so the tool counts it as applied; who has looked before knows better.
	const late = await rig.becomes('older', '3', 'out-of-order');
	assert.equal(late.decision, 'never');
	assert.match(late.reason, /added after version 7 was recorded: golang-migrate never applies it.*higher number/);
	rig.file('000009_next.up.sql', 'CREATE TABLE next (id int);');
	rig.file('000009_next.down.sql', 'DROP TABLE next;');
	await rig.is('older', { ...all('applied'), 3: 'out-of-order', 9: 'pending' });
	rig.up('older');
	assert.ok(rig.exists('older', 'next') && !rig.exists('older', 'late'));
	await rig.is('older', { ...all('applied'), 3: 'out-of-order', 9: 'applied' });
	// The way back passes over it as well, and below it it is pending.
	rig.down('older', 3);
	assert.deepEqual(row('older'), ['2 false'], 'not 3, which never ran');
	await rig.is('older', { ...upto(2), 3: 'pending', 9: 'pending' });
	rig.stack.psql('older', 'DROP TABLE half'); // 7 has no down
	rig.up('older', '9');
	assert.ok(rig.exists('older', 'late'));
	await rig.is('older', { ...all('applied'), 3: 'applied', 9: 'applied' });
	rig.file('000003_late.up.sql', null);
	rig.file('000009_next.up.sql', null);
	rig.file('000009_next.down.sql', null);
	rig.stack.psql('older', 'UPDATE schema_migrations SET version = 6');
	const missing = await rig.becomes('older', '6', 'missing');
	assert.match(missing.reason, /no migration found for version 6/);
	assert.notEqual(rig.stack.cliTry(['up', '--target', 'older', '--wait']).status, 0);
	assert.deepEqual(row('older'), ['6 false']);
});

test('several statements are one query; with x-multi-statement each is sent by itself', async () => {
	const both = { '1_m.up.sql': 'CREATE TABLE m (id int);\nCREATE INDEX CONCURRENTLY m_id ON m (id);\n' };
	const one = await Rig.start({ convention: 'golang-migrate', files: both, targets: ['single'] });
	const many = await Rig.start({ convention: 'golang-migrate', files: both, targets: ['pieces'], options: { 'x-multi-statement': 'true' } });

	try {
		await one.is('single', { 1: 'pending' });
		assert.match(one.one('single', '1').reason, /1_m\.up\.sql:2:1: CREATE INDEX.*file of its own/);
		assert.notEqual(one.stack.cliTry(['up', '--target', 'single', '--wait']).status, 0);
		await many.is('pieces', { 1: 'pending' });
		many.up('pieces');
		assert.ok(many.exists('pieces', 'm_id'));
		assert.deepEqual(many.rows('pieces', 'SELECT version, dirty FROM schema_migrations'), ['1|f']);
	} finally {
		await one.stop();
		await many.stop();
	}
});
