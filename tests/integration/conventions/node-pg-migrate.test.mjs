// node-pg-migrate's folders through the runner, and node-pg-migrate itself on the same database.
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Rig } from '../../support/convention.mjs';
import { top } from '../../support/stack.mjs';

const both = (up, down) => `-- Up Migration\n${up}\n\n-- Down Migration\n${down}\n`;
const files = {
	'1700000000001_a.sql': both('CREATE TABLE a (id int);', 'DROP TABLE a;'),
	'1700000000002_b.sql': both('CREATE TABLE b (id int);\nINSERT INTO b VALUES (1);', 'DROP TABLE b;'),
	// Seventeen digits are a date: between 1700000000002 and 1700000000004.
	'20231114221320003_between.sql': both('CREATE TABLE between_them (id int);', 'DROP TABLE between_them;'),
	// Reads the table of its own tool.
	'1700000000004_count.sql': both('CREATE TABLE c AS SELECT count(*) AS n FROM pgmigrations;', 'DROP TABLE c;'),
};
const names = ['1700000000001_a', '1700000000002_b', '20231114221320003_between', '1700000000004_count'];
const all = (state, others = {}) => ({ ...Object.fromEntries(names.map((n) => [n, state])), ...others });
let rig;

before(async () => {
	rig = await Rig.start({ convention: 'node-pg-migrate', files, targets: ['alone', 'shared', 'other', 'blocked', 'failing'] });
});
after(() => rig?.stop());

function tool(target, args, options) {
	const bin = path.join(top, 'node_modules/node-pg-migrate/bin/node-pg-migrate');
	return rig.tool([process.execPath, bin, '-m', '.', ...args], { ...options, env: { DATABASE_URL: rig.url(target) } });
}
const recorded = (target) => rig.rows(target, 'SELECT name FROM pgmigrations ORDER BY run_on, id');

test('everything goes up and comes down', async () => {
	await rig.is('alone', all('pending'));
	rig.up('alone');
	await rig.is('alone', all('applied'));
	assert.deepEqual(recorded('alone'), names);
	assert.deepEqual(rig.rows('alone', 'SELECT n FROM c'), ['3'], 'the table is there before the first file');
	rig.down('alone', 4);
	await rig.is('alone', all('pending'));
	assert.deepEqual(recorded('alone'), []);
	assert.ok(!rig.exists('alone', 'a') && !rig.exists('alone', 'c'));
});

test('Gatehouse applies half and the tool the rest; the tool takes back one and Gatehouse the others', async () => {
	rig.up('shared', names[1]);
	assert.match(tool('shared', ['up']), /Migrating files:\s+> - 20231114221320003_between\s+> - 1700000000004_count/);
	await rig.is('shared', all('applied'));
	assert.match(tool('shared', ['up']), /No migrations to run/);
	tool('shared', ['down']);
	await rig.is('shared', all('applied', { [names[3]]: 'pending' }));
	rig.down('shared', 3);
	assert.deepEqual(recorded('shared'), []);
	await rig.is('shared', all('pending'));
});

test('the other way round: the tool first', async () => {
	tool('other', ['up', '2']);
	await rig.is('other', all('pending', { [names[0]]: 'applied', [names[1]]: 'applied' }));
	rig.up('other');
	assert.match(tool('other', ['up']), /No migrations to run/);
	assert.deepEqual(recorded('other'), names);
	rig.down('other', 2);
	assert.match(tool('other', ['down', '2']), /1700000000002_b[\s\S]*1700000000001_a/);
	await rig.is('other', all('pending'));
});

test('a file before an applied one blocks both', async () => {
	rig.up('blocked');
	rig.file('1700000000000_early.sql', both('CREATE TABLE early (id int);', 'DROP TABLE early;'));
	const row = await rig.becomes('blocked', '1700000000000_early', 'out-of-order');
	assert.equal(row.decision, 'blocks');
	assert.match(tool('blocked', ['up'], { exits: [1] }), /Not run migration 1700000000000_early is preceding already run migration 1700000000001_a/);
	assert.match(rig.up('blocked', undefined, 4), /preceding already run/);
	assert.ok(!rig.exists('blocked', 'early'));
	rig.file('1700000000000_early.sql', null);
});

test('one failure takes all that was pending with it', async () => {
	rig.file('1700000000005_bad.sql', both('CREATE TABLE d (id int);\nINSERT INTO nowhere VALUES (1);', 'DROP TABLE d;'));
	await rig.is('failing', all('pending', { '1700000000005_bad': 'pending' }));
	assert.match(rig.up('failing', undefined, 1), /nowhere|42P01/);
	await rig.is('failing', all('pending', { '1700000000005_bad': 'failed' }));
	assert.ok(!rig.exists('failing', 'a') && !rig.exists('failing', 'd'));
	assert.match(tool('failing', ['up'], { exits: [1] }), /nowhere/);
	assert.ok(!rig.exists('failing', 'a'), 'as the tool does');
	rig.file('1700000000005_bad.sql', null);
});
