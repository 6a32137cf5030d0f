// graphile-migrate: committed files with chained sums, and the tool itself on the same folder and database.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Rig } from '../../support/convention.mjs';
import { top } from '../../support/stack.mjs';

const sum = (previous, body) => `sha1:${createHash('sha1').update(`${`${previous}\n${body.trim()}`.trim()}\n`).digest('hex')}`;

// Files of a chain: bodies in their order.
function chain(bodies) {
	const files = {};
	let previous = '';

	bodies.forEach((body, i) => {
		const hash = sum(previous, body);

		files[`committed/${String(i + 1).padStart(6, '0')}.sql`] = `--! Previous: ${previous || '-'}\n--! Hash: ${hash}\n\n${body}\n`;
		previous = hash;
	});
	return files;
}

const bodies = [
	'CREATE TABLE item (id int PRIMARY KEY);',
	'ALTER TABLE item ADD COLUMN name text;',
	'--! no-transaction\nCREATE INDEX CONCURRENTLY item_name ON item (name);',
	"INSERT INTO item VALUES (1, current_database());\nGRANT CONNECT ON DATABASE :DATABASE_NAME TO :APP;",
];
const ROWS = 'SELECT hash, previous_hash, filename FROM graphile_migrate.migrations ORDER BY filename';
const all = (states) => Object.fromEntries(states.map((s, i) => [`${String(i + 1).padStart(6, '0')}.sql`, s]));
let rig;

// The tool looks for .gmrc in its folder.
function tool(target, argv, options) {
	writeFileSync(rig.stack.path('projects/gmrc.json'), JSON.stringify({
		migrationsFolder: rig.stack.path('projects/project'), placeholders: { ':APP': 'PUBLIC' },
		connectionString: rig.url(target), shadowConnectionString: rig.url('shadow'), rootConnectionString: rig.url('postgres'),
	}));
	return rig.tool([process.execPath, path.join(top, 'node_modules/graphile-migrate/dist/cli.js'), ...argv, '--config',
		rig.stack.path('projects/gmrc.json')], { env: { DATABASE_OWNER: 'shop' }, ...options });
}

before(async () => {
	rig = await Rig.start({ convention: '', targets: ['ours', 'theirs', 'shared'], options: { APP: 'PUBLIC', DATABASE_NAME: 'shared' },
		files: { ...chain(bodies), 'current.sql': '-- nothing\n' } });
});
after(() => rig?.stop());

test('is found by its folder; status, up and the rows are as the tool has them', async () => {
	await rig.is('ours', all(['pending', 'pending', 'pending', 'pending']));
	rig.up('ours', '000003');
	await rig.is('ours', all(['applied', 'applied', 'applied', 'pending']));
	assert.equal(rig.exists('ours', 'public.item_name'), true);
	tool('theirs', ['migrate']);
	await rig.is('theirs', all(['applied', 'applied', 'applied', 'applied']));
	assert.deepEqual(rig.rows('ours', ROWS), rig.rows('theirs', ROWS).slice(0, 3));
});

test('the tool goes on where Gatehouse stopped, and the other way round', async () => {
	rig.up('shared', '000002');
	assert.match(tool('shared', ['status'], { exits: [1] }), /2 committed migrations pending/);
	tool('shared', ['migrate']);
	assert.equal(tool('shared', ['status']).includes('pending'), false);
	await rig.is('shared', all(['applied', 'applied', 'applied', 'applied']));
	assert.deepEqual(rig.rows('shared', ROWS), rig.rows('theirs', ROWS));
	const more = chain([...bodies, 'CREATE TABLE extra (id int);']);
	rig.file('committed/000005.sql', more['committed/000005.sql']);
	await rig.is('shared', all(['applied', 'applied', 'applied', 'applied', 'pending']));
	rig.up('shared');
	await rig.is('shared', all(['applied', 'applied', 'applied', 'applied', 'applied']));
	assert.equal(tool('shared', ['status']).includes('pending'), false);
});

test('there is no way back, and it says so', async () => {
	const said = rig.stack.cliTry(['down', '--target', 'shared', '--steps', '1', '--wait']);

	assert.notEqual(said.status, 0);
	assert.match(said.stdout + said.stderr, /000005/);
});

test('a failure leaves nothing behind, and the next up tries again', async () => {
	const bad = chain([...bodies, 'CREATE TABLE extra (id int);', 'CREATE TABLE half (id int);\nSELECT 1 / 0;']);

	rig.file('committed/000006.sql', bad['committed/000006.sql']);
	await rig.is('shared', all(['applied', 'applied', 'applied', 'applied', 'applied', 'pending']));
	assert.match(rig.up('shared', undefined, 1), /division by zero/);
	await rig.is('shared', all(['applied', 'applied', 'applied', 'applied', 'applied', 'failed']));
	assert.equal(rig.exists('shared', 'public.half'), false);
});

test('a file that was edited after it was committed is named, and does not run', async () => {
	const good = chain([...bodies, 'CREATE TABLE extra (id int);', 'CREATE TABLE half (id int);']);

	rig.file('committed/000006.sql', `${good['committed/000006.sql']}-- more\n`);
	await rig.is('shared', all(['applied', 'applied', 'applied', 'applied', 'applied', 'failed']));
	const said = rig.stack.cliTry(['up', '--target', 'shared', '--wait']);
	assert.notEqual(said.status, 0);
	assert.match(said.stdout + said.stderr, /edited after it was committed/);
	rig.file('committed/000006.sql', null);
});
