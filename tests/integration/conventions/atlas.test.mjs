// Atlas: the sum file, directives, the revisions table; what it leaves of a file that stopped half way.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import { Rig } from '../../support/convention.mjs';

const base64 = (h) => h.copy().digest('base64');

// The sum file of files in the order of their names.
function seal(files) {
	const running = createHash('sha256'), total = createHash('sha256');
	let lines = '';

	for (const [name, text] of Object.entries(files).sort()) {
		running.update(name).update(text);
		total.update(name).update(base64(running));
		lines += `${name} h1:${base64(running)}\n`;
	}
	return `h1:${total.digest('base64')}\n${lines}`;
}

const files = {
	'1_item.sql': 'CREATE TABLE item (id int);\n',
	'2_index.sql': '-- atlas:txmode none\n\nCREATE INDEX CONCURRENTLY item_id ON item (id);\n',
	'3_more.sql': 'ALTER TABLE item ADD COLUMN name text;\nINSERT INTO item VALUES (1, $$a;b$$);\n',
};
const REVISIONS = 'atlas_schema_revisions.atlas_schema_revisions';
let rig;

// Writes files and the sum file that fits them.
function put(more) {
	for (const [name, text] of Object.entries(more)) {
		rig.file(name, text);
		if (text === null)
			delete files[name];
		else
			files[name] = text;
	}
	rig.file('atlas.sum', seal(files));
}

before(async () => {
	rig = await Rig.start({ convention: '', files: { ...files, 'atlas.sum': seal(files) }, targets: ['clean', 'half'] });
});
after(() => rig?.stop());

test('is found by its sum file; up, and the rows that the tool would write', async () => {
	await rig.is('clean', { 1: 'pending', 2: 'pending', 3: 'pending' });
	rig.up('clean', 2);
	await rig.is('clean', { 1: 'applied', 2: 'applied', 3: 'pending' });
	rig.up('clean');
	await rig.is('clean', { 1: 'applied', 2: 'applied', 3: 'applied' });
	const h = createHash('sha256').update('ALTER TABLE item ADD COLUMN name text;');
	const first = base64(h), second = base64(h.update('INSERT INTO item VALUES (1, $$a;b$$);'));
	const line3 = seal(files).split('\n')[3].split('h1:')[1];
	assert.deepEqual(rig.rows('clean', `SELECT version, description, type, applied, total, error, hash, partial_hashes FROM ${REVISIONS} WHERE version = '3'`),
		[`3|more|2|2|2||${line3}|["h1:${first}", "h1:${second}"]`]);
	assert.deepEqual(rig.rows('clean', 'SELECT name FROM item'), ['a;b']);
});

test('there is no way back: Atlas computes it', () => {
	const said = rig.stack.cliTry(['down', '--target', 'clean', '--steps', '1', '--wait']);

	assert.notEqual(said.status, 0);
	assert.match(said.stderr, /no down SQL/);
});

test('a file that fails in its transaction leaves nothing', async () => {
	put({ '4_bad.sql': 'CREATE TABLE half (id int);\nSELECT 1 / 0;\n' });
	await rig.is('clean', { 1: 'applied', 2: 'applied', 3: 'applied', 4: 'pending' });
	assert.match(rig.up('clean', undefined, 1), /division by zero/);
	await rig.is('clean', { 1: 'applied', 2: 'applied', 3: 'applied', 4: 'failed' });
	assert.deepEqual(rig.rows('clean', `SELECT count(*) FROM ${REVISIONS}`), ['3']);
	assert.equal(rig.exists('clean', 'public.half'), false);
});

test('one without transaction stops half way: recorded as the tool would, explained, and nothing runs', async () => {
	put({ '4_bad.sql': '-- atlas:txmode none\n\nCREATE TABLE half (id int);\nSELECT 1 / 0;\nCREATE TABLE other (id int);\n' });
	await rig.is('half', { 1: 'pending', 2: 'pending', 3: 'pending', 4: 'pending' });
	rig.stack.cliTry(['up', '--target', 'half', '--wait']);
	const row = await rig.becomes('half', '4', 'failed');
	assert.match(JSON.stringify(row), /1 of 3 statements worked: division by zero; Atlas goes on with the next statement/);
	assert.deepEqual(rig.rows('half', `SELECT applied, total, error, jsonb_array_length(partial_hashes) FROM ${REVISIONS} WHERE version = '4'`),
		['1|3|division by zero|1']);
	assert.equal(rig.exists('half', 'public.half'), true);
	const said = rig.stack.cliTry(['up', '--target', 'half', '--wait']);
	assert.notEqual(said.status, 0);
});

test('a sum file that does not fit is explained by name, and nothing runs', async () => {
	put({ '4_bad.sql': 'CREATE TABLE good (id int);\n' });
	rig.file('2_index.sql', `${files['2_index.sql']}-- more\n`);
	for (let i = 0, said; i < 40; i++) {
		rig.stack.cliTry(['refresh']);
		said = rig.stack.cliTry(['up', '--target', 'clean', '--wait']);
		assert.notEqual(said.status, 0);
		if (/atlas\.sum:3:1: 2_index\.sql was edited after its sum was taken/.test(said.stderr + said.stdout))
			return;
	}
	assert.fail(rig.stack.cliTry(['up', '--target', 'clean', '--wait']).stderr);
});
