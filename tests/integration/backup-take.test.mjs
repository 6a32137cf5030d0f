// Taking backups as people meet it: encrypted ones that only the key elsewhere opens, folders, what a pg_dump that is not as
// it should be comes to, and what is shown meanwhile.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { until } from '../../tools/web-client.mjs';
import { CANARY, ENV, PG_BIN, PROGRAMS, Stack, USERS, run } from '../support/stack.mjs';
import { procFile, procLink } from '../support/there.mjs';

const ROWS = 20000;
const files = {
	'001_orders.sql': `CREATE TABLE orders (id int PRIMARY KEY, note text);\nINSERT INTO orders SELECT n, repeat(md5(n::text), 4) FROM generate_series(1, ${ROWS}) n;\n`,
	'002_notes.sql': 'CREATE TABLE notes (id int PRIMARY KEY);\n',
};
// Called as pg_dump: what etc/mode says, then the real one with its passfile, descriptor 5.
const standIn = (dir) => `#!${process.execPath}
const { execFileSync, spawnSync } = require('node:child_process');
const fs = require('node:fs');
const mode = fs.readFileSync('${dir}/etc/mode', 'utf8').trim(), args = process.argv.slice(2);
if (args[0] === '--version') {
	console.log(mode === 'old' ? 'pg_dump (PostgreSQL) 9.6.24' : execFileSync('${PG_BIN}/pg_dump', args, { encoding: 'utf8' }).trim());
	process.exit(0);
}
if (mode === 'warns')
	fs.writeSync(2, 'pg_dump: warning: something is odd\\n');
if (mode === 'stands') {
	fs.writeSync(2, 'pg_dump: dumping contents of table "public.orders"\\n');
	fs.writeSync(1, 'PGDMP');
	Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}
process.exitCode = spawnSync('${PG_BIN}/pg_dump', args, { stdio: [0, 1, 2, 'ignore', 'ignore', 5] }).status;
`;
let stack, key;
const mode = (word) => writeFileSync(stack.path('etc/mode'), `${word}\n`, { mode: 0o644 });
const take = (target, exits = [0]) => {
	const r = JSON.parse(stack.cli(['--target', target, 'backup', 'take', '--wait', '--json'], { exits }));
	return { task: r.task.rows[0], backup: r.backup?.rows[0] };
};
const row = (target) => Object.fromEntries(['id', 'file', 'format', 'encrypted_to', 'digest', 'size', 'plain_size', 'level', 'log', 'snapshot', 'fingerprint', 'schema_key']
	.map((c) => [c, stack.store(`SELECT ${c} FROM backup WHERE target_id = (SELECT id FROM target WHERE name = '${target}') ORDER BY id DESC LIMIT 1`).join('\n')]));
const shelf = (target) => readdirSync(stack.path('backups')).filter((n) => n.replace(/^\./, '').startsWith(`${target}-`)).sort();
// Those that stand.
const dumps = () => stack.pids().filter((pid) => procLink(pid, 'exe') === process.execPath && procFile(pid, 'cmdline').includes(`${stack.dir}/bin/pg/pg_dump\0--verbose`));
// Into a new database, by the tools that an operator has; how many orders there are then.
const restored = (from) => {
	stack.psql('postgres', 'DROP DATABASE IF EXISTS back;\nCREATE DATABASE back;\n');
	run(USERS.pg, [`${PG_BIN}/pg_restore`, '--exit-on-error', '-h', stack.path('run/pg'), '-U', 'postgres', '-d', 'back', from]);
	return Number(stack.rows('back', 'SELECT count(*) FROM orders')[0]);
};
const open = (file, args, to) => {
	const out = openSync(to, 'w', 0o644);
	const r = spawnSync(PROGRAMS.gatehouse, ['backup', 'open', file, ...args], { stdio: ['ignore', out, 'pipe'], encoding: 'utf8', env: ENV });
	closeSync(out);
	return r;
};

before(async () => {
	stack = await Stack.start({
		web: false,
		projects: { plain: { convention: 'numbered', files } },
		targets: {
			plain: { environment: 'production', approvals: 0 },
			// Long enough for the stand-in, which needs a moment before it says anything.
			hung: { environment: 'production', approvals: 0, backup_silence: '10s' },
			sealed: { environment: 'production', approvals: 0, backup_level: 'checksummed' },
			folder: { environment: 'production', approvals: 0, backup_format: 'directory', backup_jobs: 2 },
			hurried: { environment: 'production', approvals: 0, backup_timeout: '10s' },
		},
		people: ['admin', 'lead'],
		prepare(s) {
			const said = execFileSync(PROGRAMS.gatehouse, ['backup', 'key', s.path('etc/key')], { encoding: 'utf8' });
			key = /^backup_encrypt_to = "([A-Za-z0-9+/]{43}=)"$/m.exec(said)[1];
			s.options.targets.sealed.backup_encrypt_to = key;
			mkdirSync(s.path('bin/pg'));
			writeFileSync(s.path('bin/pg/pg_dump'), standIn(s.dir), { mode: 0o755 });
			symlinkSync(`${PG_BIN}/pg_restore`, s.path('bin/pg/pg_restore'));
			s.options.conf = `postgresql "15" { bin = "${s.path('bin/pg')}" }\naccount "${USERS.nginx}" { person = "lead" }\n`;
			writeFileSync(s.path('etc/mode'), 'pass\n', { mode: 0o644 });
		},
	});
	for (const target of ['plain', 'hung', 'sealed', 'folder', 'hurried'])
		stack.cli(['--target', target, 'up', '--to', '001', '--reason', 'begin', '--wait']);
});
after(() => stack?.stop());

test('an encrypted backup is opened by the key that was kept elsewhere, without a runner', async () => {
	const { backup } = take('sealed'), b = row('sealed');
	const file = stack.path('backups', b.file), to = stack.path('run', 'plain.dump');

	assert.equal(backup.level, 'checksummed');
	assert.match(b.file, /^sealed-\d{8}T\d{6}Z-t\d+\.dump\.zst\.sealed$/);
	assert.equal(b.encrypted_to, key);
	assert.ok(Number(b.plain_size) > Number(b.size));
	assert.equal(readFileSync(file).indexOf('PGDMP'), -1);
	await stack.end('runner');
	try {
		assert.equal(open(file, ['--key', stack.path('etc/key')], to).status, 0);
		assert.equal(restored(to), ROWS);
		const without = open(file, [], to);
		assert.equal(without.status, 2);
		assert.match(without.stderr, /it is encrypted: give the key file with --key/);
		execFileSync(PROGRAMS.gatehouse, ['backup', 'key', stack.path('etc/other')]);
		assert.match(open(file, ['--key', stack.path('etc/other')], to).stderr, new RegExp(`sealed to the key ${key.replace(/[+/]/g, '\\$&')}`));
	} finally {
		await stack.startRunner();
	}
});

test('a backup in the directory format is one that pg_restore reads as it is', () => {
	const { backup } = take('folder'), b = row('folder'), folder = stack.path('backups', b.file);

	assert.equal(backup.level, 'listed');
	assert.match(b.file, /^folder-\d{8}T\d{6}Z-t\d+\.dir$/);
	assert.equal(statSync(folder).mode & 0o777, 0o700);
	assert.equal(Number(b.size), readdirSync(folder).map((n) => statSync(path.join(folder, n)).size).reduce((x, y) => x + y));
	execFileSync('cp', ['-r', folder, stack.path('run', 'folder')]);
	execFileSync('chmod', ['-R', 'go=rX', stack.path('run', 'folder')]);
	assert.equal(restored(stack.path('run', 'folder')), ROWS);
});

test('what is known of a backup: snapshot, catalog, newest migration, no secret', () => {
	take('plain');
	const b = row('plain'), json = readFileSync(stack.path('backups', `${b.file}.json`), 'utf8'), said = JSON.parse(json);

	assert.match(b.snapshot, /^\d+:\d+:/);
	assert.match(b.fingerprint, /^[0-9a-f]{64}\.[0-9a-f]{64}$/);
	assert.equal(b.schema_key, '001_orders.sql'.replace(/\.sql$/, ''));
	assert.equal(said.sha256, b.digest);
	assert.equal(said.fingerprint, b.fingerprint);
	assert.ok(!json.includes(CANARY));
	// The same is kept with the backup, but for the definitions of the catalog.
	const [side] = JSON.parse(stack.cli(['backup', 'show', String(b.id), '--json'])).sidecar.rows, { left_out, ...kept } = JSON.parse(side.text);

	assert.match(left_out, /^the definitions of \d+ objects? of the catalog/);
	delete said.catalog;
	assert.deepEqual(kept, said);
	assert.deepEqual([side.file, side.bytes, side.digest, side.wrong], [`${b.file}.json`, Buffer.byteLength(json), createHash('sha256').update(json).digest('hex'), '']);
});

test('warnings of a pg_dump that succeeds are kept with the backup', () => {
	mode('warns');
	const { task } = take('plain');
	mode('pass');

	assert.match(task.text, /pg_dump warned 1 time: see the backup's log/);
	assert.equal(row('plain').log, 'pg_dump: warning: something is odd');
});

test('a pg_dump that hangs is ended; meanwhile one sees at which table it is; what was there stays', async () => {
	const before_ = shelf('hung');
	mode('stands');
	const id = Number(/task (\d+) is queued/.exec(stack.cli(['--target', 'hung', 'backup', 'take'], { exits: [3] }))[1]);
	await until(() => stack.store(`SELECT note FROM task WHERE id = ${id}`)[0] === 'table public.orders'
		|| /^(done|failed)/.test(stack.store(`SELECT state FROM task WHERE id = ${id}`)[0]), { seconds: 60 });
	await until(() => /^failed/.test(stack.store(`SELECT state FROM task WHERE id = ${id}`)[0]), { seconds: 60 });
	mode('pass');
	assert.match(stack.store(`SELECT text FROM task WHERE id = ${id}`)[0], /pg_dump hangs: it gave no byte and said nothing for 10\.0 s, at the table public\.orders, and was ended/);
	assert.deepEqual(shelf('hung'), before_);
});

test('a pg_dump that is killed leaves no backup and no process', async () => {
	const before_ = shelf('folder');
	mode('stands');
	const id = Number(/task (\d+) is queued/.exec(stack.cli(['--target', 'folder', 'backup', 'take'], { exits: [3] }))[1]);
	await until(() => dumps().length === 1, { seconds: 60, say: 'pg_dump' });
	process.kill(dumps()[0], 'SIGKILL');
	await until(() => /^failed/.test(stack.store(`SELECT state FROM task WHERE id = ${id}`)[0]), { seconds: 60 });
	mode('pass');
	assert.match(stack.store(`SELECT text FROM task WHERE id = ${id}`)[0], /pg_dump was ended by signal 9/);
	assert.deepEqual(shelf('folder'), before_);
	assert.equal(stack.rows('postgres', "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'gatehouse%' AND state = 'idle in transaction'")[0], '0');
});

test('a backup that is cancelled in the middle of its dump leaves neither a part of it nor a process', async () => {
	for (const target of ['sealed', 'folder']) {
		const before_ = shelf(target);
		mode('stands');
		const id = Number(/task (\d+) is queued/.exec(stack.cli(['--target', target, 'backup', 'take'], { exits: [3] }))[1]);
		await until(() => dumps().length === 1 && shelf(target).length > before_.length, { seconds: 60, say: 'a part of the dump' });
		stack.cli(['backup', 'cancel', String(id), '--reason', 'enough'], { user: USERS.nginx });
		await until(() => /^failed/.test(stack.store(`SELECT state FROM task WHERE id = ${id}`)[0]), { seconds: 60, say: 'its end' });
		mode('pass');
		assert.deepEqual(stack.store(`SELECT text FROM task WHERE id = ${id}`), ['cancelled by lead: enough']);
		assert.deepEqual(shelf(target), before_);
		await until(() => dumps().length === 0, { seconds: 60, say: 'the end of pg_dump' });
	}
});

test('a backup that takes longer than it may is ended, and names the setting', async () => {
	const before_ = shelf('hurried');
	mode('stands');
	const id = Number(/task (\d+) is queued/.exec(stack.cli(['--target', 'hurried', 'backup', 'take'], { exits: [3] }))[1]);
	await until(() => /^failed/.test(stack.store(`SELECT state FROM task WHERE id = ${id}`)[0]), { seconds: 60, say: 'its end' });
	mode('pass');
	assert.deepEqual(stack.store(`SELECT text FROM task WHERE id = ${id}`), ['it took longer than 10s and was ended: so long it may take by backup_timeout']);
	assert.deepEqual(shelf('hurried'), before_);
	await until(() => dumps().length === 0, { seconds: 60, say: 'the end of pg_dump' });
});

test('a run with a pg_dump of another version is refused before anything is done', () => {
	mode('old');
	stack.cli(['--target', 'plain', 'up', '--reason', 'next', '--wait'], { exits: [1] });
	mode('pass');
	const [state, outcome] = stack.store("SELECT state, outcome FROM run ORDER BY id DESC LIMIT 1")[0].split('|');

	assert.equal(state, 'failed-clean');
	assert.match(outcome, /Stopped in preflight.*pg_dump 9\.6\.24 is not of the version of PostgreSQL 15/);
	assert.deepEqual(stack.tracked('plain'), ['001_orders']);
});

test('a disk that is full fails the backup with the reason, and the next one is taken', { skip: process.getuid() !== 0 && 'only root can mount' }, async (t) => {
	const full = stack.path('backups'), before_ = shelf('plain');
	// All the room that is there is taken away, but for what 1.3 of the last one needs: the dump is larger now.
	stack.psql('plain', `INSERT INTO orders SELECT n, repeat(md5(n::text || 'x'), 4) FROM generate_series(${ROWS + 1}, ${ROWS * 4}) n;\n`);
	if (spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${Math.floor(Number(row('plain').size) * 1.6 / 4096) * 4096},mode=700,uid=${idOf()[0]},gid=${idOf()[1]}`, 'none', full]).status !== 0)
		return t.skip('mounting is not allowed here');
	try {
		writeFileSync(path.join(full, 'plain-20260101T000000Z-r1.dump.zst'), 'x');
		const { task } = take('plain', [1]);
		assert.match(task.text, /cannot write the backup: No space left on device/);
		assert.deepEqual(readdirSync(full), ['plain-20260101T000000Z-r1.dump.zst']);
	} finally {
		// The runner looks at it when the job has gone.
		await until(() => spawnSync('umount', [full]).status === 0, { seconds: 60, say: 'the end of the small disk' });
	}
	assert.deepEqual(shelf('plain'), before_);
	take('plain');
	rmSync(stack.path('run', 'plain.dump'), { force: true });
});

function idOf() {
	const s = statSync(stack.path('jobs'));
	return [s.uid, s.gid];
}
