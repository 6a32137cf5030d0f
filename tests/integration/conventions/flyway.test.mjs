// Flyway's folders through the runner: versions, undo, repeatable ones, placeholders, a failure outside a transaction.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Rig } from '../../support/convention.mjs';

const files = {
	'V1__a.sql': 'CREATE TABLE a (id int);\nGRANT SELECT ON a TO ${reader};\n',
	'U1__take_a_back.sql': 'DROP TABLE a;\n',
	// Reads the table of its own tool.
	'deep/V1_2__count.sql': 'CREATE TABLE c AS SELECT count(*) AS n FROM flyway_schema_history;',
	'deep/U1_2__count.sql': 'DROP TABLE c;',
	'V2__index.sql': 'CREATE INDEX CONCURRENTLY a_id ON a (id);',
	'U2__index.sql': 'DROP INDEX CONCURRENTLY a_id;',
	'R__view.sql': 'CREATE OR REPLACE VIEW v AS SELECT id FROM a;\n',
};
const all = (state, others = {}) => ({ 1: state, '1.2': state, 2: state, R__view: state, ...others });
const history = (target) => rig.rows(target, 'SELECT concat_ws(\'|\', installed_rank, version, description, type, script, checksum, success) ' +
	'FROM flyway_schema_history ORDER BY installed_rank');
let rig;

before(async () => {
	rig = await Rig.start({ convention: 'flyway', files, targets: ['alone', 'failing', 'blocked'], options: { 'placeholders.reader': 'shop' } });
});
after(() => rig?.stop());

test('everything goes up with the rows that Flyway writes', async () => {
	await rig.is('alone', all('pending'));
	rig.up('alone');
	await rig.is('alone', all('applied'));
	const rows = history('alone');
	assert.match(rows[0], /^1\|1\|a\|SQL\|V1__a\.sql\|-?\d+\|t$/);
	assert.match(rows[1], /^2\|1\.2\|count\|SQL\|deep\/V1_2__count\.sql\|-?\d+\|t$/);
	assert.match(rows[2], /^3\|2\|index\|SQL\|V2__index\.sql\|-?\d+\|t$/);
	assert.match(rows[3], /^4\|view\|SQL\|R__view\.sql\|-?\d+\|t$/);
	assert.deepEqual(rig.rows('alone', 'SELECT n FROM c'), ['1'], 'the table is there before the first file');
	assert.deepEqual(rig.rows('alone', "SELECT conname FROM pg_constraint WHERE conrelid = 'flyway_schema_history'::regclass"),
		['flyway_schema_history_pk']);
});

test('a repeatable one runs again when it changes', async () => {
	rig.file('R__view.sql', 'CREATE OR REPLACE VIEW v AS SELECT id, 1 AS one FROM a;\n');
	await rig.is('alone', all('applied', { R__view: 'pending' }));
	rig.up('alone');
	await rig.is('alone', all('applied'));
	assert.match(history('alone')[4], /^5\|view\|SQL/);
	assert.deepEqual(rig.rows('alone', 'SELECT count(one) FROM v'), ['0']);
});

test('undo writes a row of its own', async () => {
	rig.down('alone', 1);
	await rig.is('alone', all('applied', { 2: 'pending' }));
	assert.match(history('alone')[5], /^6\|2\|index\|UNDO_SQL\|U2__index\.sql\|-?\d+\|t$/);
	rig.up('alone');
	await rig.is('alone', all('applied'));
});

test('a failure in a transaction leaves no row, one outside leaves one that blocks', async () => {
	rig.file('V3__bad.sql', 'CREATE TABLE d (id int);\nINSERT INTO nowhere VALUES (1);');
	await rig.is('failing', all('pending', { 3: 'pending' }));
	rig.up('failing', undefined, 5);
	await rig.is('failing', all('applied', { 3: 'failed', R__view: 'pending' }));
	assert.equal(history('failing').length, 3);
	assert.ok(!rig.exists('failing', 'd'));
	rig.file('V3__bad.sql', 'CREATE INDEX CONCURRENTLY a_twice ON a (id);\nCREATE INDEX CONCURRENTLY d_id ON nowhere (id);');
	rig.stack.cliTry(['refresh']);
	assert.notEqual(rig.stack.cliTry(['up', '--target', 'failing', '--to', '3', '--wait']).status, 0);
	const row = await rig.decides('failing', '3', 'blocks');
	assert.equal(row.state, 'failed');
	assert.match(row.reason, /flyway repair/);
	assert.match(history('failing').at(-1), /\|3\|bad\|SQL\|V3__bad\.sql\|-?\d+\|f$/);
	rig.file('V3__bad.sql', null);
});

test('a changed file and an older one block', async () => {
	rig.up('blocked', '1.2');
	rig.file('V1_1__between.sql', 'SELECT 1;');
	assert.equal((await rig.becomes('blocked', '1.1', 'out-of-order')).decision, 'blocks');
	rig.file('V1_1__between.sql', null);
	rig.file('deep/V1_2__count.sql', '-- other\nSELECT 1;');
	assert.equal((await rig.becomes('blocked', '1.2', 'edited')).decision, 'blocks');
	rig.up('blocked', undefined, 4);
});
