// gatehouse lint: folders of several conventions, files, formats, exit codes, and what should not be in a folder.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { sarifWrong } from '../support/sarif.mjs';
import { PROGRAMS } from '../support/stack.mjs';

let home;
before(() => {
	home = mkdtempSync(path.join(tmpdir(), 'gatehouse-lint-'));
});
after(() => rmSync(home, { recursive: true, force: true }));

// A folder with files; gives its name beneath home.
let n = 0;
function folder(files) {
	const name = `f${++n}`;

	mkdirSync(path.join(home, name));
	for (const [file, content] of Object.entries(files)) {
		mkdirSync(path.dirname(path.join(home, name, file)), { recursive: true });
		writeFileSync(path.join(home, name, file), content);
	}
	return name;
}
function lint(...args) {
	const r = spawnSync(PROGRAMS.gatehouse, ['lint', ...args], { cwd: home, encoding: 'utf8', maxBuffer: 1 << 28, timeout: 60000, env: { PATH: '/usr/bin:/bin' } });

	assert.equal(r.signal, null, r.stderr);
	return r;
}
function found(...args) {
	const r = lint('--format', 'json', ...args);

	assert.ok(r.status === 0 || r.status === 1, r.stderr);
	return { status: r.status, ...JSON.parse(r.stdout) };
}
const rules = (d) => d.findings.map((f) => f.rule);
const asOf = (d) => Object.fromEntries(d.files.map((f) => [path.basename(f.file), f.as]));

const GOOD = '-- Migration: 001_a\n-- Description: a table\n-- Author: the team\n-- Date: 2026-01-02\nCREATE TABLE a (id bigint PRIMARY KEY);\n';

test('0 with nothing found, 1 from --fail-on upwards, 2 for a wrong call', () => {
	const clean = folder({ '001_a.sql': GOOD, '001_a_down.sql': 'SET lock_timeout = \'2s\';\nDROP TABLE a;\n' });
	const warned = folder({ '001_a.sql': 'CREATE INDEX CONCURRENTLY i ON t (a);\nALTER TABLE t ALTER a DROP NOT NULL;\n', '001_a_down.sql': 'DROP INDEX i;\n' });

	assert.equal(lint(clean).status, 0, lint(clean).stdout);
	assert.equal(lint('--fail-on', 'notice', clean).status, 0, lint(clean).stdout);
	assert.equal(lint(warned).status, 0);
	assert.equal(lint(warned, '--fail-on', 'warning').status, 1);
	assert.equal(lint('--fail-on', 'error', warned).status, 0);
	for (const [args, words] of [[[], /which files/], [['nowhere'], /nowhere: No such file/], [['--fail-on', 'never', clean], /fail-on/],
		[['--format', 'xml', clean], /--format/], [['--convention', 'alembic', clean], /no convention "alembic": numbered/]]) {
		const r = lint(...args);
		assert.equal(r.status, 2, args.join(' '));
		assert.match(r.stderr, words);
		assert.equal(r.stdout, '');
	}
});

test('text says where, shows the line and the safe way', () => {
	const dir = folder({ '001_users.sql': '-- users\nUPDATE users SET verified = false\n WHERE verified IS NULL LIMIT 10000;\n', '001_users_down.sql': 'SELECT 1;\n' });
	const r = lint(`${dir}/`);

	assert.equal(r.status, 1);
	assert.match(r.stdout, new RegExp(`^${dir}/001_users\\.sql:3:25: error update-limit: .*
     3 \\|  WHERE verified IS NULL LIMIT 10000;
       \\|                         \\^
       safe:
         -- in a file of its own: until it changes no row, each time in a transaction of its own
         -- gatehouse:batch repeat
         UPDATE users SET verified = false
          WHERE ctid IN \\(SELECT ctid FROM users WHERE verified IS NULL LIMIT 10000\\);
`));
	assert.match(r.stdout, /1 error, 0 warnings, 0 notices in 2 files\n$/);
});

test('a partial unique constraint gives a partial unique index', () => {
	const dir = folder({ '001_p.sql': 'CREATE TABLE p (\n  a int,\n  CONSTRAINT one UNIQUE (a) WHERE b = true\n);\n' });
	const d = found(dir);

	assert.deepEqual(d.findings.filter((f) => f.level === 'error').map((f) => [f.rule, f.line, f.column]), [['unique-where', 3, 29]]);
	assert.match(d.findings.find((f) => f.rule === 'unique-where').rewrite, /CREATE UNIQUE INDEX one ON p \(a\) WHERE b = true;/);
});

test('each convention by its own rules', () => {
	const folders = [
		['dbmate', { '1_a.sql': '-- migrate:up\nDROP TABLE x;\n-- migrate:down\nCREATE TABLE x (id bigint PRIMARY KEY);\n' }, 2],
		['goose', { '00001_a.sql': '-- +goose Up\nDROP TABLE x;\n-- +goose Down\nCREATE TABLE x (id bigint PRIMARY KEY);\n' }, 2],
		['diesel', { 'diesel.toml': '', '2026-01-02-000000_a/up.sql': 'DROP TABLE x;\n', '2026-01-02-000000_a/down.sql': 'CREATE TABLE x (id bigint PRIMARY KEY);\n' }, 1],
		['node-pg-migrate', { '1700000000000_a.sql': '-- Up Migration\nDROP TABLE x;\n-- Down Migration\nCREATE TABLE x (id bigint PRIMARY KEY);\n' }, 2],
		['prisma', { 'migration_lock.toml': 'provider = "postgresql"\n', '20260102000000_a/migration.sql': 'DROP TABLE x;\n' }, 1],
		['flyway', { 'V1__a.sql': 'DROP TABLE x;\n' }, 1],
	];
	for (const [convention, files, line] of folders) {
		const d = found(folder(files), '--convention', convention), drop = d.findings.filter((f) => f.rule === 'drop-table');

		assert.deepEqual(drop.map((f) => [f.side, f.line, f.table]), [['up', line, 'x']], `${convention}: ${JSON.stringify(d.findings)}`);
		assert.equal(d.status, 1, convention);
	}
	for (const [convention, files] of folders.filter(([c]) => c !== 'diesel'))
		assert.ok(found(folder(files)).files.some((f) => f.convention === convention), convention);
});

test('one file, in the convention of the folder around it', () => {
	const dir = folder({ '1_a.sql': '-- migrate:up\nDROP TABLE x;\n-- migrate:down\nSELECT 1;\n', '2_b.sql': '-- migrate:up\nDROP TABLE y;\n-- migrate:down\nSELECT 1;\n' });
	const d = found(`./${dir}/2_b.sql`);

	assert.deepEqual(d.files.map((f) => [f.file, f.convention]), [[`${dir}/2_b.sql`, 'dbmate']]);
	assert.deepEqual(d.findings.filter((f) => f.rule === 'drop-table').map((f) => f.table), ['y']);
	// Given twice, once alone and once with its folder: each finding once.
	assert.equal(found(`${dir}/2_b.sql`, dir).findings.filter((f) => f.rule === 'drop-table').length, 2);
	// A migration in a folder of its own.
	const diesel = folder({ '2026-01-02-000000_a/up.sql': 'DROP TABLE x;\n', '2026-01-02-000000_a/down.sql': 'SELECT 1;\n' });
	assert.deepEqual(found('--convention', 'diesel', `${diesel}/2026-01-02-000000_a/up.sql`).files.map((f) => f.as), ['up']);
	// No convention: plain SQL.
	const plain = folder({ 'notes.sql': 'DROP TABLE z;\n' });
	assert.deepEqual(found(`${plain}/notes.sql`).files.map((f) => f.convention), ['']);
	assert.ok(rules(found(`${plain}/notes.sql`)).includes('drop-table'));
});

test('ignored with a reason: shown, not counted', () => {
	const dir = folder({ '001_a.sql': '-- gatehouse:ignore drop-table nobody has read it since May\nDROP TABLE a;\n', '001_a_down.sql': 'SELECT 1;\n' });
	const d = found(dir), r = lint(dir);

	assert.equal(d.status, 0);
	assert.equal(d.findings.find((f) => f.rule === 'drop-table').ignored, 'nobody has read it since May');
	assert.equal(d.counts.ignored, 1);
	assert.doesNotMatch(r.stdout, /error drop-table/);
	assert.match(r.stdout, /1 ignored with a reason/);
	const sarif = JSON.parse(lint('--format', 'sarif', dir).stdout);
	assert.deepEqual(sarif.runs[0].results.find((x) => x.ruleId === 'drop-table').suppressions,
		[{ kind: 'inSource', justification: 'nobody has read it since May' }]);
});

test('SARIF as its standard says, the same each time', () => {
	const dir = folder({ 'a b.sql': 'DROP TABLE a;\n', 'README.md': 'x', 'ö.sql': 'SELECT \'é\'; DROP TABLE "ü";\n', 'c.sql': 'SELEC 1;\n' });
	const r = lint('--format', 'sarif', dir), log = JSON.parse(r.stdout);

	assert.equal(r.status, 1);
	assert.deepEqual(sarifWrong(log), []);
	assert.ok(sarifWrong({ ...log, version: '2.0' }).length > 0);
	const of = (id) => log.runs[0].results.filter((x) => x.ruleId === id);
	assert.deepEqual(of('drop-table').map((x) => x.locations[0].physicalLocation.artifactLocation.uri), [`${dir}/a%20b.sql`, `${dir}/%C3%B6.sql`]);
	// Columns count characters, as columnKind says.
	assert.equal(of('drop-table')[1].locations[0].physicalLocation.region.startColumn, 13);
	assert.equal(of('cannot-run').length, 1);
	assert.match(JSON.stringify(log.runs[0].invocations[0].toolExecutionNotifications), /README\.md/);
	assert.equal(lint('--format', 'sarif', dir).stdout, r.stdout);
	for (const format of ['text', 'json'])
		assert.equal(lint('--format', format, dir).stdout, lint('--format', format, dir).stdout);
});

test('what is no SQL is said with its place', () => {
	const dir = folder({
		'001_bom.sql': '\ufeffSELECT 1;\n', '002_nul.sql': 'SELECT 1;\nSELECT \0;\n', '003_utf16.sql': Buffer.from('\ufeffSELECT 1;\n', 'utf16le'),
		'004_latin.sql': Buffer.from('SELECT 1;\n-- caf\xe9\n', 'latin1'), '005_empty.sql': '', '006_copy.sql': 'COPY t FROM stdin;\n1\n\\.\n',
		'007_psql.sql': 'SELECT 1;\n\\i other.sql\n', '008_deep.sql': `SELECT ${'('.repeat(200000)}1${')'.repeat(200000)};\n`, '009_last.sql': 'DROP TABLE after_all;\n',
	});
	const d = found('--convention', 'numbered', dir);
	const first = Object.fromEntries(d.findings.filter((f) => f.level === 'error').map((f) => [path.basename(f.file), f]));

	assert.equal(d.status, 1);
	assert.match(first['001_bom.sql'].message, /byte order mark/);
	assert.deepEqual([first['002_nul.sql'].line, first['002_nul.sql'].column], [2, 8]);
	assert.match(first['003_utf16.sql'].message, /UTF-16/);
	assert.deepEqual([first['004_latin.sql'].line, first['004_latin.sql'].column], [2, 7]);
	assert.equal(first['006_copy.sql'].rule, 'copy-from-stdin');
	assert.deepEqual([first['007_psql.sql'].rule, first['007_psql.sql'].line], ['psql-command', 2]);
	assert.equal(first['008_deep.sql'].rule, 'cannot-run');
	// The parser's death does not take the next file with it.
	assert.equal(first['009_last.sql'].rule, 'drop-table');
});

test('what is wrong with a file is said once, for both of its directions', () => {
	const d = found(folder({ '1_a.sql': '-- +goose Up\nCREATE TABLE x (id bigint)\n' }));

	assert.deepEqual(d.findings.filter((f) => f.rule === 'cannot-run').map((f) => f.message), ['the last statement has no end: a semicolon is missing']);
});

test('odd files and names are listed, never followed', () => {
	const dir = folder({ '001_a.sql': GOOD, 'a\nb\u001b[31m.txt': 'x', '4_x.sql': 'SELECT 1;\n' }), at = (name) => path.join(home, dir, name);
	symlinkSync('/etc/passwd', at('002_link.sql'));
	spawnSync('/usr/bin/mkfifo', [at('003_pipe.sql')]);
	const d = found('--convention', 'numbered', dir), as = asOf(d), text = lint('--convention', 'numbered', dir).stdout;

	assert.equal(as['002_link.sql'], 'refused');
	assert.equal(as['003_pipe.sql'], 'refused');
	assert.equal(as['a\\x0ab\\x1b[31m.txt'], 'refused');
	assert.ok(d.findings.some((f) => f.rule === 'refused-file' && /symbolic link/.test(f.message)));
	assert.ok(!text.includes('\u001b'));
	assert.equal(d.files.length, 5);
	// By themselves, too.
	assert.deepEqual(rules(found(`${dir}/002_link.sql`)), ['refused-file']);
	assert.deepEqual(rules(found(`${dir}/003_pipe.sql`)), ['refused-file']);
	// An empty folder is no error, and nothing is found in it.
	assert.equal(lint(folder({})).status, 0);
});

test('a thousand files', () => {
	const files = {};
	for (let i = 1; i <= 1000; i++)
		files[`${String(i).padStart(4, '0')}_t.sql`] = `CREATE TABLE t${i} (id bigint PRIMARY KEY);\nCREATE INDEX t${i}_i ON t${i} (id);\n`;
	const d = found(folder(files));

	assert.equal(d.files.length, 1000);
	assert.equal(d.counts.error, 0);
});
