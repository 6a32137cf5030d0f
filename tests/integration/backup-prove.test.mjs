// Proofs as people meet them: what is wrong with a file and at which level that shows, encrypted ones and folders, and a server
// of the operator's for them: who may be there, what a malicious backup leaves, a killed job, a server that is down.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, renameSync, rmSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { until } from '../../tools/web-client.mjs';
import { CANARY, PROGRAMS, Stack, USERS, isRoot } from '../support/stack.mjs';

const files = {
	'001_orders.sql': 'CREATE TABLE orders (id int PRIMARY KEY, note text, state varchar(9) CHECK (state IN (\'new\', \'paid\')));\n'
		+ "INSERT INTO orders SELECT n, repeat(md5(n::text), 4), 'new' FROM generate_series(1, 3000) n;\n",
};
const TARGETS = ['plain', 'other', 'sealed', 'locked', 'folder', 'served'];
let stack;
const database = (word) => stack.rows('postgres', `SELECT count(*) FROM pg_database WHERE ${word}`)[0];
const newest = (target) => Number(stack.store(`SELECT max(b.id) FROM backup b JOIN target t ON t.id = b.target_id WHERE t.name = '${target}'`)[0]);
const file = (id) => stack.path('backups', stack.store(`SELECT file FROM backup WHERE id = ${id}`)[0]);
const prove = (id, { level = 'counted', exits = [0] } = {}) => {
	const r = JSON.parse(stack.cli(['backup', 'prove', String(id), '--level', level, '--wait', '--json'], { exits }));
	return { task: r.task.rows[0], backup: r.backup?.rows[0],
		proofs: stack.store(`SELECT level || '|' || state FROM proof WHERE task_id = ${r.task.rows[0].task} ORDER BY id`) };
};
const ALL = ['checksummed|ok', 'listed|ok', 'restored|ok', 'counted|ok'];
// Done to the file, seen as broken with that reason, and undone: then it is as good as it was.
const breaks = async (id, how, reason, undo) => {
	// One that was missing is there again when somebody has looked.
	const back = async () => {
		undo();
		stack.cli(['backup', 'look']);
		await until(() => stack.store(`SELECT state FROM backup WHERE id = ${id}`)[0] === 'kept', { seconds: 60, say: 'the backup' });
	};
	let r;

	for (let i = 0; r === undefined; i++) {
		how();
		try {
			r = prove(id, { exits: [1] });
		} catch (e) {
			// A look at the folder came first: nobody proves what is not there.
			if (i === 5 || !/is missing: its file is not there/.test(e.message))
				throw e;
			await back();
		}
	}
	assert.equal(r.task.state, 'done');
	assert.deepEqual(r.proofs, ['checksummed|failed']);
	// The look at the folder that follows may say so as well, in its words.
	assert.match(r.backup.level, /^(written|none)$/);
	assert.notEqual(r.backup.broken, '');
	assert.match(r.task.text, reason);
	await back();
	assert.deepEqual(prove(id).proofs, ALL);
	assert.deepEqual(stack.store(`SELECT broken FROM backup WHERE id = ${id}`), []);
};
// It says nothing about the backup.
const fails = (id, reason, proofs) => {
	const was = stack.store(`SELECT level || '|' || broken FROM backup WHERE id = ${id}`);
	const r = prove(id, { exits: [1] });

	assert.equal(r.task.state, 'failed');
	assert.match(r.task.text, reason);
	assert.deepEqual(r.proofs, proofs);
	return [was, stack.store(`SELECT level || '|' || broken FROM backup WHERE id = ${id}`)];
};

before(async () => {
	stack = await Stack.start({
		web: false,
		projects: { plain: { convention: 'numbered', files } },
		targets: {
			plain: { environment: 'production', approvals: 0 },
			other: { environment: 'production', approvals: 0 },
			sealed: { environment: 'production', approvals: 0 },
			locked: { environment: 'production', approvals: 0, backup_level: 'checksummed' },
			folder: { environment: 'production', approvals: 0, backup_format: 'directory', backup_jobs: 2 },
			served: { environment: 'production', approvals: 0, prove_server: 'host=@run@ port=5432 dbname=postgres user=prover' },
		},
		people: ['admin', 'lead'],
		conf: `account "${USERS.nginx}" { person = "lead" }\n`,
		prepare(s) {
			const said = execFileSync(PROGRAMS.gatehouse, ['backup', 'key', s.path('etc/key')], { encoding: 'utf8' });
			const key = /^backup_encrypt_to = "([A-Za-z0-9+/]{43}=)"$/m.exec(said)[1];

			s.give('etc/key', USERS.runner);
			Object.assign(s.options.targets.sealed, { backup_encrypt_to: key, backup_key_file: s.path('etc/key') });
			s.options.targets.locked.backup_encrypt_to = key;
			s.psql('postgres', `CREATE ROLE prover LOGIN CREATEDB PASSWORD '${CANARY}-prover'`);
			s.passfile('etc/passfile', { shop: `${CANARY}-shop`, prover: `${CANARY}-prover` });
		},
	});
	for (const target of TARGETS) {
		stack.cli(['--target', target, 'up', '--reason', 'begin', '--wait']);
		stack.cli(['--target', target, 'backup', 'take', '--wait'], { exits: [0] });
	}
});
after(() => stack?.stop());

test('every kind is proved to the end: in the clear, encrypted with the key here, a folder, on a server', () => {
	for (const target of ['plain', 'sealed', 'folder', 'served']) {
		const r = prove(newest(target));

		assert.deepEqual(r.proofs, ALL, target);
		assert.equal(r.backup.level, 'counted');
	}
	const places = stack.store("SELECT DISTINCT place FROM proof WHERE level = 'counted' ORDER BY place");
	assert.match(places.join(), /a cluster of its own, PostgreSQL 15.*a database of the configured server, PostgreSQL 15/s);
	assert.match(stack.store("SELECT text FROM proof WHERE level = 'counted' ORDER BY id LIMIT 1")[0], /2 tables with 3001 rows.*the catalog is the same\./);
	assert.equal(database("datname LIKE 'gatehouse%'"), '0');
});

test('what becomes of a file is seen, with the reason, and forgiven when it is put right', async () => {
	const id = newest('plain'), name = file(id), aside = `${name}.aside`, bytes = readFileSync(name);
	const back = () => { rmSync(name, { force: true }); renameSync(aside, name); };

	await breaks(id, () => truncateSync(name, 1000), /has 1000 bytes, and \d+ were written/, () => writeFileSync(name, bytes));
	await breaks(id, () => renameSync(name, aside), /is not there any more/, back);
	await breaks(id, () => { renameSync(name, aside); symlinkSync(aside, name); }, /is a symbolic link/, back);
	await breaks(id, () => writeFileSync(name, readFileSync(file(newest('other')))), /bytes, and \d+ were written|is not the file that was written/,
		() => writeFileSync(name, bytes));
});

test('a folder is as good as each of its files', async () => {
	const id = newest('folder'), dir = file(id), dat = `${dir}/${readdirSync(dir).find((n) => n.endsWith('.dat') || n.includes('.dat.'))}`;
	const bytes = readFileSync(dat), bad = Buffer.from(bytes);

	assert.ok(statSync(dir).isDirectory());
	bad[bad.length >> 1] ^= 1;
	await breaks(id, () => writeFileSync(dat, bad), /is not what was written/, () => writeFileSync(dat, bytes));
	await breaks(id, () => writeFileSync(`${dir}/more.dat`, 'x'), /is not what was written/, () => rmSync(`${dir}/more.dat`));
});

test('an encrypted one without its key is checksummed and no more, and says so', () => {
	const id = newest('locked');

	assert.deepEqual(prove(id, { level: 'checksummed' }).proofs, ['checksummed|ok']);
	fails(id, /is encrypted, and no key is configured that opens it/, ['checksummed|ok']);
	assert.deepEqual(stack.store(`SELECT level || '|' || broken FROM backup WHERE id = ${id}`), ['checksummed|']);
});

test('a superuser is refused, and a server that is down says nothing about the backup', async () => {
	const id = newest('served');

	stack.psql('postgres', 'ALTER ROLE prover SUPERUSER');
	let [was, is] = fails(id, /the role prover of the server for proofs is a superuser/, ['checksummed|ok', 'listed|ok']);
	assert.deepEqual(is, was);
	stack.psql('postgres', 'ALTER ROLE prover NOSUPERUSER NOLOGIN');
	[was, is] = fails(id, /cannot connect to the scratch server: .*not permitted to log in/, ['checksummed|ok', 'listed|ok']);
	assert.deepEqual(is, was);
	stack.psql('postgres', 'ALTER ROLE prover LOGIN');
	assert.deepEqual(prove(id).proofs, ALL);
});

test('a kernel that cannot confine is named where it must not, and nothing is proved where it must', { skip: !isRoot }, async () => {
	const tracer = await stack.strace('-e', 'trace=landlock_create_ruleset', '-e', 'inject=landlock_create_ruleset:error=ENOSYS');

	try {
		assert.deepEqual(prove(newest('served')).proofs, ALL);
		const [was, is] = fails(newest('plain'), /this kernel cannot confine a program \(Landlock is missing or switched off\)/, ['checksummed|ok', 'listed|ok']);
		assert.deepEqual(is, was);
	} finally {
		await tracer.end();
	}
	const said = (id) => stack.store(`SELECT text FROM proof WHERE backup_id = ${id} AND level = 'restored' AND state = 'ok' ORDER BY id DESC LIMIT 1`)[0];
	assert.match(said(newest('served')), /pg_restore was not confined: this kernel cannot\./);
	assert.deepEqual(prove(newest('served')).proofs, ALL);
	assert.doesNotMatch(said(newest('served')), /confined/);
});

test('what a killed proof leaves on the server goes with the next one', async () => {
	const id = newest('served');

	stack.setFault('job.proof.restored kill');
	const r = prove(id, { exits: [0, 1] });
	if (!stack.faultPassed())
		return; // a build without fault points
	assert.equal(r.task.state, 'failed');
	assert.equal(database("datname LIKE 'gatehouse_proof_%'"), '1');
	assert.deepEqual(prove(id).proofs, ALL);
	assert.equal(database("datname LIKE 'gatehouse_proof_%'"), '0');
});

test('a malicious backup turns red and leaves nothing outside its database', () => {
	stack.psql('served', `SET ROLE shop;
CREATE FUNCTION deed(int) RETURNS boolean LANGUAGE plpgsql AS 'BEGIN
  IF starts_with(current_database(), ''gatehouse_'') THEN ALTER ROLE prover SET search_path = evil; END IF; RETURN true; END';
ALTER TABLE orders ADD CHECK (public.deed(id));`);
	stack.psql('plain', `SET ROLE shop;
CREATE FUNCTION deed(int) RETURNS boolean LANGUAGE plpgsql AS 'BEGIN
  IF current_database() = ''gatehouse_proof'' THEN COPY (SELECT 1) TO PROGRAM ''touch ${stack.path('run/mark')}''; END IF; RETURN true; END';
ALTER TABLE orders ADD CHECK (public.deed(id));`);
	for (const [target, reason] of [['served', /reaches beyond its database: settings of the role/], ['plain', /cannot be restored: .*could not execute command/]]) {
		stack.cli(['--target', target, 'backup', 'take', '--wait'], { exits: [0] });
		const r = prove(newest(target), { exits: [1] });

		assert.deepEqual(r.proofs, ['checksummed|ok', 'listed|ok', 'restored|failed']);
		assert.equal(r.backup.level, 'listed');
		assert.match(r.backup.broken, reason);
	}
	assert.ok(!existsSync(stack.path('run/mark')));
	assert.equal(stack.rows('postgres', 'SELECT count(*) FROM pg_db_role_setting')[0], '0');
	assert.equal(database("datname LIKE 'gatehouse%'"), '0');
});
