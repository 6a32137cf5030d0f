// Folders as nobody should make them, read by a real runner: every entry is listed once, what is not taken with a reason, on
// the command line and on the page; nothing of them runs, nothing hangs, and the runner answers meanwhile.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, linkSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { until, textOf } from '../../tools/web-client.mjs';
import { Stack, isRoot } from '../support/stack.mjs';

const up = 'CREATE TABLE a (id int);\n', down = 'DROP TABLE a;\n';
const projects = {
	double: { convention: 'golang-migrate', files: { '1_a.up.sql': up, '001_b.up.sql': up, '2_c.up.sql': up } },
	mixed: { convention: '', files: { '001_a.up.sql': up, '001_a.down.sql': down, 'V2__b.sql': up, '003_c.sql': `-- +goose Up\n${up}` } },
	chosen: { convention: 'golang-migrate', files: { '001_a.up.sql': up, '001_a.down.sql': down, 'V2__b.sql': up, '003_c.sql': up } },
	half: { convention: 'golang-migrate', files: { '1_a.up.sql': up, '2_b.down.sql': down } },
	texts: { convention: 'numbered', files: {
		'001_utf16.sql': Buffer.from('\ufeffSELECT 1;', 'utf16le'), '002_bom.sql': '\ufeffSELECT 1;', '003_nul.sql': 'SELECT\0 1;', '004_crlf.sql': 'SELECT 1;\r\nSELECT 2;\r\n',
		'005_latin.sql': Buffer.from("SELECT '\xe9';", 'latin1'), '006_empty.sql': '' } },
	names: { convention: 'numbered', files: { '001_a\n002_b.sql': up, '002_\x1b[31mred\x07.sql': up, '003_<script>alert(1)<\u2044script>.sql': up, '=cmd|calc.sql': up, '-rf.sql': up, ' .sql': up } },
	odd: { convention: 'numbered', files: { '003_hard.sql': up } },
	within: { convention: 'numbered', files: { '001_a.sql': up, '001_a_down.sql': down, '002_dir.sql/003_in.sql': up, '.git/004_x.sql': up, 'node_modules/005_y.sql': up } },
	moving: { convention: 'golang-migrate', files: { '000_a.up.sql': up } },
	many: { convention: 'golang-migrate', files: {} },
};
const targets = Object.fromEntries(Object.keys(projects).map((p) => [`${p}_db`, { project: p, environment: 'development' }]));
let stack, viewer;

const at = (project, ...names) => stack.path('projects', project, ...names);

before(async () => {
	stack = await Stack.start({ projects, targets, people: ['admin', 'viewer'], refresh: 3600 });
	writeFileSync(stack.path('etc/secret.sql'), 'CREATE TABLE secret_of_the_host (id int);\n');
	symlinkSync(stack.path('etc/secret.sql'), at('odd', '001_link.sql'));
	symlinkSync('.', at('odd', 'loop'));
	symlinkSync(stack.path('etc'), at('odd', '006_folder'));
	execFileSync('mkfifo', [at('odd', '002_pipe.sql'), at('odd', 'atlas.sum')]);
	linkSync(at('odd', '003_hard.sql'), at('odd', '004_hard.sql'));
	writeFileSync(at('odd', '005_closed.sql'), up);
	chmodSync(at('odd', '005_closed.sql'), 0);
	mkdirSync(at('odd', 'closed'));
	chmodSync(at('odd', 'closed'), 0);
	// A byte that is no UTF-8: the name as bytes.
	writeFileSync(Buffer.concat([Buffer.from(at('names', '004_')), Buffer.from([0xff]), Buffer.from('.sql')]), up);
	mkdirSync(at('within', ...Array(20).fill('d')), { recursive: true });
	viewer = await stack.as('viewer');
});
after(() => stack?.stop());

// Every file as the command line lists it.
function listed(project) {
	const rows = [];

	for (let cursor = ''; ;) {
		const page = JSON.parse(stack.cli(['--json', 'list', '--files', '--target', `${project}_db`, '--limit', '200', ...(cursor && ['--cursor', cursor])]));
		rows.push(...page.rows);
		if (!page.next)
			return rows;
		cursor = page.next;
	}
}
async function read(project) {
	stack.cli(['refresh']);
	// eslint-disable-next-line no-control-regex
	const control = /[\x00-\x08\x0b-\x1f\x7f]/;
	const text = stack.cli(['list', '--files', '--target', `${project}_db`, '--limit', '500']);
	const page = await viewer.get(`/projects/${project}`);

	assert.doesNotMatch(text, control);
	assert.equal(page.status, 200);
	assert.doesNotMatch(page.body, control);
	const rows = listed(project), files = rows.filter((r) => r.file);
	assert.equal(new Set(files.map((r) => r.file)).size, files.length, 'no file twice');
	for (const r of files) {
		assert.ok(r.reason || !['ignored', 'refused', 'code'].includes(r.taken_as), `${r.file} has no reason`);
		assert.ok(textOf(page.body).includes(r.file.replace(/\s+/g, ' ').trim()), `${r.file} is not on the page`);
	}
	return { rows, files, page: textOf(page.body), of: (name) => files.find((r) => r.file === name) ?? assert.fail(`${name} is not listed: ${files.map((r) => r.file)}`) };
}
// An up applies nothing and says why.
function stopped(project, why) {
	const r = stack.cliTry(['up', '--target', `${project}_db`, '--wait']);

	assert.notEqual(r.status, 0);
	assert.match(r.stdout + r.stderr, why);
	assert.deepEqual(stack.rows(`${project}_db`, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'").filter((t) => t !== 'schema_migrations'), []);
}

test('two files of one version: both are named, and nothing runs', async () => {
	const f = await read('double');

	assert.match(f.of('001_b.up.sql').reason + f.of('1_a.up.sql').reason + f.page, /1_a\.up\.sql/);
	assert.match(f.page, /001_b\.up\.sql/);
	stopped('double', /1_a\.up\.sql|001_b\.up\.sql/);
});

test('conventions that are mixed: none is guessed; with one chosen the others are left out with a reason', async () => {
	const f = await read('mixed');

	assert.match(f.page, /write convention =/);
	for (const name of Object.keys(projects.mixed.files))
		assert.equal(f.of(name).taken_as, 'ignored');
	stopped('mixed', /convention/);
	const g = await read('chosen');
	assert.equal(g.of('001_a.up.sql').taken_as, 'up');
	assert.equal(g.of('001_a.down.sql').taken_as, 'down');
	assert.match(g.of('V2__b.sql').reason, /./);
	assert.match(g.of('003_c.sql').reason, /./);
});

test('half pairs: an up without a down runs, a down without an up never does', async () => {
	const f = await read('half');

	assert.equal(f.of('2_b.down.sql').taken_as, 'down');
	assert.match(f.page, /2_b\.down\.sql/);
	stack.cli(['up', '--target', 'half_db', '--to', '1', '--wait']);
	assert.deepEqual(stack.rows('half_db', 'SELECT version, dirty FROM schema_migrations'), ['1|f']);
});

test('texts that are none are told by line and column; CRLF is a line end', async () => {
	const f = await read('texts');
	const problem = (key) => stack.store(`SELECT problem FROM migration_row WHERE key = '${key}' AND project = 'texts'`)[0];

	assert.match(problem('001_utf16'), /001_utf16\.sql:1:1: this is UTF-16/);
	assert.match(problem('002_bom'), /002_bom\.sql:1:1: begins with a byte order mark/);
	assert.match(problem('003_nul'), /003_nul\.sql:1:7: a NUL byte/);
	assert.equal(problem('004_crlf'), undefined);
	assert.match(problem('005_latin'), /005_latin\.sql:1:9: byte 0xe9/);
	assert.match(problem('006_empty'), /006_empty\.sql:1:1: nothing to run/);
	assert.equal(f.of('004_crlf.sql').taken_as, 'up');
	stopped('texts', /001_utf16\.sql:1:1/);
});

test('names that would fool a terminal, a page or a shell are shown as text and refused', async () => {
	const f = await read('names');

	for (const [name, why] of [['001_a\\x0a002_b.sql', /control character/], ['002_\\x1b[31mred\\x07.sql', /control character/], ['004_\\xff.sql', /UTF-8/],
		['003_<script>alert(1)<\u2044script>.sql', /./], ['=cmd|calc.sql', /./], ['-rf.sql', /./], [' .sql', /./]]) {
		assert.equal(f.of(name).taken_as, 'refused', name);
		assert.match(f.of(name).reason, why);
	}
	assert.doesNotMatch((await viewer.get('/projects/names')).body, /<script>alert/);
	assert.doesNotMatch((await viewer.get('/projects/names?format=csv')).body, /^"?[=-]/m);
	stopped('names', /./);
});

test('links, pipes, hard links and what cannot be read are refused by name and not followed', async () => {
	const f = await read('odd');

	for (const [name, why] of [['001_link.sql', /symbolic link/], ['002_pipe.sql', /named pipe/], ['003_hard.sql', /2 names/], ['004_hard.sql', /2 names/]]) {
		assert.equal(f.of(name).taken_as, 'refused', name);
		assert.match(f.of(name).reason, why);
	}
	for (const name of ['loop', '006_folder', 'atlas.sum'])
		assert.match(f.of(name).reason, /./);
	if (isRoot) {
		assert.match(f.of('closed').reason, /./);
		assert.match(f.of('005_closed.sql').reason + f.page, /[Pp]ermission/);
	}
	stopped('odd', /./);
	assert.ok(!stack.store('SELECT hex(bytes) FROM content').some((c) => Buffer.from(c, 'hex').includes('secret_of_the_host')));
});

test('folders within the folder: listed with a reason, their files not run', async () => {
	const f = await read('within');

	for (const name of ['002_dir.sql', '.git', 'node_modules'])
		assert.ok(['ignored', 'refused'].includes(f.of(name).taken_as), `${name}: ${f.of(name).taken_as}`);
	assert.ok(!f.files.some((r) => /^(\.git|node_modules)\//.test(r.file)), 'not looked into');
	assert.ok(!f.files.some((r) => r.file.split('/').length > 17));
	assert.deepEqual(f.files.filter((r) => r.taken_as === 'up').map((r) => r.file), ['001_a.sql']);
});

test('a folder that is replaced while it is read is read again as it is then', async () => {
	let go = true, turns = 0;
	const churn = (async () => {
		for (; go; turns++) {
			mkdirSync(at('moving', '..', 'next'));
			for (let i = 0; i <= turns % 7; i++)
				writeFileSync(at('moving', '..', 'next', `00${i}_a.up.sql`), `CREATE TABLE a${i} (id int);\n`.repeat(turns % 3 + 1));
			renameSync(at('moving'), at('moving', '..', 'old'));
			await sleep(turns % 5);
			renameSync(at('moving', '..', 'next'), at('moving'));
			rmSync(at('moving', '..', 'old'), { recursive: true });
			await sleep(20);
		}
	})();
	const refresh = async () => {
		const child = spawn(stack.program('gatehouse'), ['--socket', stack.path('run/gatehouse/admin.sock'), 'refresh'], { stdio: 'ignore', env: {} });
		return new Promise((done) => child.on('exit', done));
	};

	for (let i = 0; i < 10; i++)
		await refresh();
	go = false;
	await churn;
	assert.ok(turns > 5, `${turns}`);
	const f = await read('moving');
	assert.deepEqual(f.files.map((r) => r.file).sort(), readdirSync(at('moving')).sort());
	assert.deepEqual(f.files.map((r) => r.file), f.files.map((r) => r.file).sort());
	assert.equal(stack.store("SELECT count(*) FROM migration WHERE present = 1 AND project_id = (SELECT id FROM project WHERE name = 'moving')")[0], String(f.files.length));
	assert.equal(stack.parts.runner.ended, undefined);
});

test('100,000 files are read within a minute while the runner answers; one more is refused with the number', async () => {
	let slowest = 0, done = false;

	for (let i = 0; i < 100000; i++)
		writeFileSync(at('many', `x${i}.sql`), '');
	const began = Date.now();
	const child = spawn(stack.program('gatehouse'), ['--socket', stack.path('run/gatehouse/admin.sock'), 'refresh'], { stdio: ['ignore', 'ignore', 'inherit'], env: {} });
	const gone = new Promise((resolve) => child.on('exit', (code) => {
		done = true;
		resolve(code);
	}));
	while (!done) {
		const asked = Date.now();
		stack.cli(['status', '--target', 'half_db'], { exits: [0, 3] });
		slowest = Math.max(slowest, Date.now() - asked);
		await sleep(50);
	}
	assert.equal(await gone, 0);
	const took = Date.now() - began;
	const count = (what) => Number(stack.store(`SELECT ${what} FROM project_file WHERE project_id = (SELECT id FROM project WHERE name = 'many')`)[0]);
	await until(() => count('count(*)') === 100000, { seconds: 60, say: 'all 100,000 in the store' });
	assert.equal(count("sum(reason = '')"), 0, 'each has a reason');
	console.error(`# 100,000 files: ${took} ms, the slowest answer meanwhile ${slowest} ms`);
	assert.ok(took < 60000, `${took} ms`);
	assert.ok(slowest < 5000, `the runner did not answer for ${slowest} ms`);
	const page = await viewer.get('/projects/many?as=refused');
	assert.match(textOf(page.body), /100,?000/);
	writeFileSync(at('many', 'one-more.sql'), '');
	stack.cliTry(['refresh']);
	await until(() => /more than 100000 entries/.test(stack.store("SELECT problem FROM project WHERE name = 'many'")[0] ?? ''), { seconds: 60, say: 'the refusal' });
	assert.match(textOf((await viewer.get('/projects/many')).body), /more than 100000 entries/);
	// As many migrations as files is too many, too.
	rmSync(at('many'), { recursive: true });
	mkdirSync(at('many'));
	for (let i = 1; i <= 50000; i++) {
		writeFileSync(at('many', `${i}_t.up.sql`), `CREATE TABLE t${i} (id int);\n`);
		writeFileSync(at('many', `${i}_t.down.sql`), `DROP TABLE t${i};\n`);
	}
	stack.cliTry(['refresh']);
	await until(() => /has 50000 migrations/.test(stack.store("SELECT problem FROM project WHERE name = 'many'")[0] ?? ''), { seconds: 60, say: 'the refusal of so many migrations' });
	stopped('many', /50000 migrations/);
});
