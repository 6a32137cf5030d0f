// goose's folders through the runner.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Rig } from '../../support/convention.mjs';

const file = (up, down) => `-- +goose Up\n${up}\n\n-- +goose Down\n${down}\n`;
const files = {
	'00001_a.sql': file('CREATE TABLE a (id int);', 'DROP TABLE a;'),
	'00002_f.sql': file('-- +goose StatementBegin\nCREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$\nBEGIN\n  RETURN 1;\nEND;\n$$;\n-- +goose StatementEnd\nSELECT f();',
		'DROP FUNCTION f();'),
	'00003_index.sql': `-- +goose NO TRANSACTION\n${file('CREATE INDEX CONCURRENTLY a_id ON a (id);\nCREATE TABLE a2 (id int);', 'DROP TABLE a2;\nDROP INDEX CONCURRENTLY a_id;')}`,
	'00004_c.sql': '-- +goose Up\nCREATE TABLE c AS SELECT count(*) AS n FROM goose_db_version;\n',
};
const all = (state) => ({ 1: state, 2: state, 3: state, 4: state });
const recorded = (target) => rig.rows(target, "SELECT version_id || ' ' || is_applied FROM goose_db_version ORDER BY id");
let rig;

before(async () => {
	rig = await Rig.start({ convention: '', files, targets: ['life', 'failing', 'old', 'code'] });
});
after(() => rig?.stop());

test('up, down, and a file without Down', async () => {
	await rig.is('life', all('pending'));
	assert.match(rig.stack.store('SELECT detected FROM project')[0], /goose/);
	rig.up('life');
	await rig.is('life', all('applied'));
	assert.deepEqual(recorded('life'), ['0 true', '1 true', '2 true', '3 true', '4 true']);
	assert.deepEqual(rig.rows('life', 'SELECT n FROM c'), ['4'], 'row 0 is there before the first file');
	rig.down('life');
	assert.ok(rig.exists('life', 'c'), 'no Down: nothing is run, the row goes');
	await rig.is('life', { ...all('applied'), 4: 'pending' });
	rig.down('life', 3);
	assert.deepEqual(recorded('life'), ['0 true']);
	await rig.is('life', all('pending'));
});

test('NO TRANSACTION stops in the middle: no row, the first statement stays', async () => {
	rig.file('00005_bad.sql', `-- +goose NO TRANSACTION\n${file('CREATE TABLE d (id int);\nINSERT INTO nowhere VALUES (1);', 'DROP TABLE d;')}`);
	await rig.is('failing', { ...all('pending'), 5: 'pending' });
	assert.match(rig.up('failing', undefined, 5), /nowhere/);
	assert.deepEqual(recorded('failing'), ['0 true', '1 true', '2 true', '3 true', '4 true']);
	assert.ok(rig.exists('failing', 'd'));
	rig.file('00005_bad.sql', null);
});

test('the newest row of a version decides; a missing one blocks', async () => {
	rig.stack.psql('old', `CREATE TABLE goose_db_version (id serial NOT NULL, version_id bigint NOT NULL, is_applied boolean NOT NULL,
		tstamp timestamp NULL DEFAULT now(), PRIMARY KEY (id));
		INSERT INTO goose_db_version (version_id, is_applied) VALUES (0, true), (1, true), (2, true), (2, false), (3, true);
		ALTER TABLE goose_db_version OWNER TO shop; CREATE TABLE a (id int); ALTER TABLE a OWNER TO shop`);
	const late = await rig.becomes('old', '2', 'out-of-order');
	assert.equal(late.decision, 'blocks');
	assert.notEqual(rig.stack.cliTry(['up', '--target', 'old', '--wait']).status, 0);
	assert.equal(recorded('old').length, 5);
});

test('a step in Go stops what stands behind it', async () => {
	rig.file('00003_step.go', 'package migrations\n');
	rig.file('00003_index.sql', null);
	await rig.is('code', all('pending'));
	assert.match(rig.stack.store("SELECT reason FROM project_file WHERE file = '00003_step.go'")[0], /a step in Go/);
	assert.notEqual(rig.stack.cliTry(['up', '--target', 'code', '--wait']).status, 0);
});
