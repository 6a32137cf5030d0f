// sql-migrate's folders through the runner, and sql-migrate itself, where it is installed, on the same database.
import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { Rig } from '../../support/convention.mjs';
import { CANARY } from '../../support/stack.mjs';

const TOOL = '/usr/bin/sql-migrate';
const file = (up, down, options = '') => `-- +migrate Up${options}\n${up}\n\n-- +migrate Down${options}\n${down}\n`;
const files = {
	'1-a.sql': file('CREATE TABLE a (id int);', 'DROP TABLE a;'),
	'2-f.sql': file('-- +migrate StatementBegin\nCREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$\nBEGIN\n  RETURN 1;\nEND;\n$$;\n-- +migrate StatementEnd\nSELECT f();',
		'DROP FUNCTION f();'),
	'10-index.sql': file('CREATE INDEX CONCURRENTLY a_id ON a (id);', 'DROP INDEX CONCURRENTLY a_id;', ' notransaction'),
	'c.sql': file('CREATE TABLE c AS SELECT count(*) AS n FROM gorp_migrations;', 'DROP TABLE c;'),
};
const all = (state) => Object.fromEntries(Object.keys(files).map((k) => [k, state]));
const recorded = (target) => rig.rows(target, 'SELECT id FROM gorp_migrations ORDER BY id COLLATE "C"');
let rig;

before(async () => {
	rig = await Rig.start({ convention: '', files, targets: ['life', 'failing', 'shared', 'other', 'late'] });
});
after(() => rig?.stop());

function sqlMigrate(target, ...args) {
	const config = rig.stack.path('etc', `sql-migrate-${target}.yml`);

	writeFileSync(config, `development:\n  dialect: postgres\n  dir: ${rig.stack.path('projects/project')}\n  datasource: host=${
		rig.stack.path('run/pg')} user=shop password=${CANARY}-shop dbname=${target} sslmode=disable\n`);
	return rig.tool([TOOL, args[0], `-config=${config}`, ...args.slice(1)]);
}

test('up and down: numbers before names', async () => {
	await rig.is('life', all('pending'));
	assert.match(rig.stack.store('SELECT detected FROM project')[0], /sql-migrate/);
	rig.up('life');
	await rig.is('life', all('applied'));
	assert.deepEqual(rig.rows('life', 'SELECT n FROM c'), ['3'], 'the one without a number is last');
	rig.down('life', 4);
	assert.deepEqual(recorded('life'), []);
	await rig.is('life', all('pending'));
});

test('Gatehouse applies half and sql-migrate the rest; both take back', { skip: !existsSync(TOOL) && 'sql-migrate is not installed' }, async () => {
	await rig.is('shared', all('pending'));
	rig.up('shared', '2');
	assert.match(sqlMigrate('shared', 'status'), /2-f\.sql\s*\| 20[\s\S]*10-index\.sql \| no/);
	sqlMigrate('shared', 'up');
	await rig.is('shared', all('applied'));
	assert.doesNotMatch(sqlMigrate('shared', 'status'), /\| no/);
	sqlMigrate('shared', 'down', '-limit=1');
	await rig.is('shared', { ...all('applied'), 'c.sql': 'pending' });
	rig.down('shared', 3);
	assert.doesNotMatch(sqlMigrate('shared', 'status'), /\| 20/);
	sqlMigrate('other', 'up');
	await rig.is('other', all('applied'));
	rig.down('other', 2);
	sqlMigrate('other', 'up');
	await rig.is('other', all('applied'));
});

test('a failure leaves no row', async () => {
	rig.file('d.sql', file('CREATE TABLE d (id int);\nINSERT INTO nowhere VALUES (1);', 'DROP TABLE d;'));
	await rig.is('failing', { ...all('pending'), 'd.sql': 'pending' });
	assert.match(rig.up('failing', undefined, 5), /nowhere/);
	assert.equal(recorded('failing').length, 4);
	assert.ok(!rig.exists('failing', 'd'));
	rig.file('d.sql', null);
});

test('an older one is applied, one without its file stops everything', async () => {
	await rig.is('late', all('pending'));
	rig.up('late', '10');
	rig.file('3-late.sql', file('CREATE TABLE late (id int);', 'DROP TABLE late;'));
	assert.equal((await rig.becomes('late', '3-late.sql', 'out-of-order')).decision, 'runs');
	rig.up('late');
	assert.ok(rig.exists('late', 'late'));
	rig.file('3-late.sql', null);
	assert.equal((await rig.becomes('late', '3-late.sql', 'missing')).decision, 'blocks');
});
