// Migration folders as they really are: wrong names, syntax errors, duplicates, files that are no text, links that lead
// elsewhere; and the sections convention.
import assert from 'node:assert/strict';
import { chmodSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { ask, ended } from '../../tools/web-acts.mjs';
import { textOf } from '../../tools/web-client.mjs';
import * as forge from '../support/forge.mjs';
import { Stack, isRoot } from '../support/stack.mjs';

const good = { '001_a.sql': 'CREATE TABLE a (id int);\n', '001_a_down.sql': 'DROP TABLE a;\n' };
const names = { ...good, 'add_photos.sql': 'SELECT 1;\n', '6_photos.sql': 'SELECT 1;\n', '006-add-photos.sql': 'SELECT 1;\n', 'notes.txt': 'x\n' };
const stamped = {
	'20261101120000_albums.sql': '-- Migration: albums\n-- Author: Shop team\n-- Up Migration\nCREATE TABLE albums (id int);\n\n-- Down Migration\nDROP TABLE albums;\n',
	'20261102120000_covers.sql': '-- Up Migration\nCREATE TABLE covers (id int);\nCREATE INDEX CONCURRENTLY covers_id ON covers (id);\n-- Down Migration\nDROP TABLE covers;\n',
	'20261103120000_alone.sql': '-- Up Migration\nCREATE INDEX CONCURRENTLY albums_id ON albums (id);\n-- Down Migration\nDROP INDEX CONCURRENTLY albums_id;\n',
};
const project = (files, convention = 'numbered') => ({ convention, files });
let stack, viewer;

before(async () => {
	const projects = {
		names: project(names), syntax: project({ ...good, '002_b.sql': 'CREATE TABLE b (id int);\n\nCREATE TABEL c (id int);\n', '002_b_down.sql': 'DROP TABLE b;\n' }),
		twice: project({ ...good, '001_b.sql': 'CREATE TABLE b (id int);\n' }), nodown: project({ '001_a.sql': good['001_a.sql'] }),
		unreadable: project(good), linked: project(good), binary: project(good), sections: project(stamped, 'sections'),
		control: project({ '001_a.sql': 'CREATE TABLE a (id int);\nCOMMIT;\nCREATE TABLE b (id int);\n' }),
		empty: project({}), missing: project({}),
	};
	stack = await Stack.start({
		projects,
		targets: Object.fromEntries(Object.keys(projects).map((name) => [`${name}_db`, { project: name, environment: 'development' }])),
		people: ['admin', 'viewer'],
		prepare(s) {
			s.psql('sections_db', 'ALTER DATABASE sections_db SET client_min_messages = notice');
		},
	});
	// What a copy of files cannot make.
	const at = (p, f) => stack.path('projects', p, f);
	writeFileSync(at('unreadable', '002_b.sql'), 'SELECT 1;\n');
	chmodSync(at('unreadable', '002_b.sql'), 0);
	writeFileSync(stack.path('etc/secret.sql'), 'CREATE TABLE secret_of_the_host (id int);\n');
	symlinkSync(stack.path('etc/secret.sql'), at('linked', '002_b.sql'));
	writeFileSync(at('binary', '002_b.sql'), Buffer.from([0x53, 0x45, 0xff, 0xfe, 0x00, 0x3b]));
	rmSync(stack.path('projects/missing'), { recursive: true });
	stack.cli(['refresh']);
	viewer = await stack.as('viewer');
});
after(() => stack?.stop());

const tryAsk = (name, fields) => forge.request(viewer, `${name}_db`, fields);
const matrix = async (name) => textOf((await viewer.get(`/migrations?project=${name}`)).body);
const tables = (name) => stack.rows(`${name}_db`, "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1");

test('files with bad names are listed with the reason, never jumped over, and what is before them runs', async () => {
	const { files } = await viewer.json('/projects/names');

	for (const [file, why] of [['add_photos.sql', /number/], ['6_photos.sql', /digit|padded|zero/], ['006-add-photos.sql', /underscore|dash/], ['notes.txt', /./]])
		assert.match(files.find((f) => f.file === file)?.reason ?? 'not listed', why, file);
	const all = await tryAsk('names');
	assert.equal(all.status, 409);
	assert.match(textOf(all.body), /jump over 006-add-photos\.sql/);
	const reply = await tryAsk('names', { goal: '001' });
	assert.match(reply.url, /^\/runs\//, textOf(reply.body).slice(0, 300));
	assert.equal((await ended(viewer, Number(/\d+/.exec(reply.url)[0]))).state, 'succeeded');
	assert.deepEqual(tables('names').filter((t) => t !== 'schema_migrations'), ['a']);
});

for (const [name, said] of [
	['syntax', /002_b\.sql:3:8/], ['twice', /001/], ['control', /COMMIT/], ['empty', /nothing|no migration/i],
	['missing', /projects\/missing|No such file|cannot be (read|opened)/],
]) {
	test(`${name}: nothing runs, and the answer says what is wrong`, async () => {
		const reply = await tryAsk(name);

		assert.ok([409, 422, 503].includes(reply.status), `${reply.status} ${reply.url} ${textOf(reply.body).slice(0, 300)}`);
		assert.match(textOf(reply.body), said);
		assert.deepEqual(tables(name), []);
	});
}

for (const [name, said] of [['unreadable', /[Pp]ermission|read/], ['linked', /link/], ['binary', /UTF-8/]]) {
	test(`${name}: the file is refused by name`, { skip: name === 'unreadable' && !isRoot && 'its owner can read it' }, async () => {
		const reply = await tryAsk(name);
		const text = textOf(reply.body);

		assert.equal(reply.status, 409);
		assert.match(text, /002_b/);
		assert.match(text, said);
		assert.ok(!tables(name).includes('secret_of_the_host'));
		assert.ok(!text.includes('secret_of_the_host'));
	});
}

test('a missing down lets the up run and refuses the way back', async () => {
	const up = await tryAsk('nodown');
	assert.equal((await ended(viewer, Number(/\d+/.exec(up.url)[0]))).state, 'succeeded');
	const reply = await tryAsk('nodown', { direction: 'down', steps: '1' });
	assert.ok([409, 422].includes(reply.status), `${reply.status}`);
	assert.match(textOf(reply.body), /down/);
	assert.ok(tables('nodown').includes('a'));
});

test('the sections convention: up, alone, down, with the tracking table of its tool', async () => {
	const refused = await tryAsk('sections');
	// CONCURRENTLY among others cannot be in a transaction: said before anything runs, or run by itself.
	if (!refused.url.startsWith('/runs/'))
		assert.match(textOf(refused.body), /CONCURRENTLY|covers/);
	else
		await ended(viewer, Number(/\d+/.exec(refused.url)[0]));
	stack.migration('20261102120000_covers.sql', '-- Up Migration\nCREATE TABLE covers (id int);\n-- Down Migration\nDROP TABLE covers;\n', 'sections');
	if (!tables('sections').includes('albums')) {
		const { run } = await ask(viewer, 'sections_db', { reason: 'all three' });
		assert.equal((await ended(viewer, run)).state, 'succeeded');
	}
	assert.deepEqual(stack.rows('sections_db', 'SELECT name FROM public.pgmigrations ORDER BY id').map((n) => n.slice(0, 14)),
		['20261101120000', '20261102120000', '20261103120000']);
	assert.equal(stack.rows('sections_db', "SELECT indisvalid FROM pg_index WHERE indexrelid = 'albums_id'::regclass")[0], 't');
	const { run: back } = await ask(viewer, 'sections_db', { steps: 2, reason: 'two back' });
	assert.equal((await ended(viewer, back)).state, 'succeeded');
	assert.deepEqual(tables('sections').filter((t) => t !== 'pgmigrations'), ['albums']);
	assert.equal(stack.rows('sections_db', 'SELECT count(*) FROM public.pgmigrations')[0], '1');
	assert.match(await matrix('sections'), /Shop team|albums/);
});
