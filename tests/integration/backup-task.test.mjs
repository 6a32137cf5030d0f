// Backups and proofs beside runs as people meet them: by hand, by the clock, killed in the middle, two at once, and what
// a run does meanwhile.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { until } from '../../tools/web-client.mjs';
import { PG_BIN, Stack, USERS } from '../support/stack.mjs';
import { procLink, there } from '../support/there.mjs';

const files = {
	'001_orders.sql': 'CREATE TABLE orders (id int PRIMARY KEY, note text);\nINSERT INTO orders SELECT n, repeat(md5(n::text), 4) FROM generate_series(1, 20000) n;\n',
	'002_note.sql': 'CREATE TABLE notes (id int PRIMARY KEY);\n',
};
let stack;
const asLead = { user: USERS.nginx }, asViewer = { user: USERS.pg };
const task = (id) => stack.store(`SELECT state, text FROM task WHERE id = ${id}`)[0] ?? '';
const over = (id) => until(() => /^(done|failed)\|/.test(task(id)), { seconds: 90, say: `task ${id}` });
const queue = (args) => Number(/task (\d+) is queued/.exec(stack.cli(args, { ...asLead, exits: [3] }))[1]);
const waited = (args, exits = [0]) => {
	const r = JSON.parse(stack.cli([...args, '--wait', '--json'], { ...asLead, exits }));
	return { task: r.task.rows[0], backup: r.backup?.rows[0] };
};
const left = () => readdirSync(stack.path('jobs')).filter((n) => n.startsWith('task.'));
const entries = (id) => stack.store(`SELECT op, outcome FROM ledger WHERE subject = 'task/${id}'`);
// A session that has a table of the target for itself: a backup of it waits.
const hold = async (database) => {
	stack.spawn('holder', USERS.pg, [`${PG_BIN}/psql`, '-X', '-h', stack.path('run/pg'), '-U', 'postgres', '-d', database,
		'-c', 'BEGIN; LOCK TABLE orders IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(300)']);
	await until(() => stack.rows(database, "SELECT count(*) FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND relation = 'orders'::regclass")[0] === '1',
		{ seconds: 60, say: 'the lock' });
};
const release = async (database) => {
	stack.psql(database, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(300)%' AND pid <> pg_backend_pid()");
	await until(() => stack.parts.holder.ended, { seconds: 60, say: 'the end of who held the lock' });
};

// Servers that work in a folder of a task.
const servers = () => stack.workers(stack.path('jobs'));
// A proof whose job stands still in its middle: its server was there, what is restored is not said yet.  Who is too late to stop
// one begins another.  was: what is() said before it.
const halfway = async (backup, is = () => undefined) => {
	for (let i = 0; i < 10; i++) {
		const was = is(), id = queue(['backup', 'prove', String(backup)]), journal = `task.${id}.journal`;
		const ended = () => /^(done|failed)\|/.test(task(id));
		await until(() => servers().length > 0 || ended(), { seconds: 60, every: 20, say: 'the cluster of the proof' });
		const pids = stack.jobs().filter((pid) => procLink(pid, 'fd/3').endsWith(`/${journal}`));
		stack.stopJobs(pids);
		// What it had said by then is in the store when its journal is read to its end.
		const size = () => there(() => statSync(stack.path('jobs', journal)).size);
		await until(() => ended() || (pids.every((pid) => stack.standingJobs().includes(pid))
			&& size() === Number(stack.store(`SELECT journal_offset FROM task WHERE id = ${id}`)[0])), { seconds: 60, say: 'all that the proof has said' });
		if (pids.length > 0 && !ended() && stack.store(`SELECT count(*) FROM proof WHERE task_id = ${id} AND level IN ('restored', 'counted')`)[0] === '0')
			return { id, was, wake: () => stack.wakeJobs(pids) };
		stack.wakeJobs(pids);
		await over(id);
	}
	return assert.fail('every proof was over before it could be stopped');
};
const newest = () => Number(stack.store("SELECT max(id) FROM backup WHERE state = 'kept' AND target_id = (SELECT id FROM target WHERE name = 'prod')")[0]);

before(async () => {
	stack = await Stack.start({
		web: false,
		projects: { plain: { convention: 'numbered', files } },
		targets: {
			dev: { environment: 'development', backup: false },
			prod: { environment: 'production', approvals: 0 },
			other: { environment: 'production', approvals: 0 },
			watched: { environment: 'production', approvals: 0, prove_within: '1d' },
			shallow: { environment: 'production', approvals: 0, backup_level: 'written', prove_within: '1d', prove_level: 'restored' },
			strict: { environment: 'production', approvals: 0, backup_level: 'counted' },
		},
		people: ['admin', 'lead', 'viewer'],
		conf: `account "${USERS.nginx}" { person = "lead" }\naccount "${USERS.pg}" { person = "viewer" }\n`,
	});
	for (const target of ['dev', 'prod', 'watched', 'shallow', 'other', 'strict'])
		stack.cli(['--target', target, 'up', '--to', '001', '--reason', 'begin', '--wait']);
});
after(() => stack?.stop());

test('a backup is taken by hand, and is a row with its tables', async () => {
	const before_ = Number(stack.store('SELECT count(*) FROM backup')[0]);
	const r = waited(['--target', 'prod', 'backup', 'take', '--reason', 'before the sale']);

	assert.equal(r.task.state, 'done');
	assert.equal(r.backup.level, 'listed');
	assert.equal(Number(stack.store('SELECT count(*) FROM backup')[0]), before_ + 1);
	const [kind, level, tables, rows, person, file] = stack.store(`SELECT b.kind, b.level, b.table_count, b.row_count, p.name, b.file
		FROM backup b JOIN person p ON p.id = b.person_id ORDER BY b.id DESC LIMIT 1`)[0].split('|');
	assert.deepEqual([kind, level, tables, rows, person], ['hand', 'listed', '2', '20001', 'lead']);
	assert.ok(readdirSync(stack.path('backups')).includes(file));
	assert.deepEqual(stack.store('SELECT name, rows FROM backup_table WHERE backup_id = (SELECT max(id) FROM backup) ORDER BY name'),
		['public.orders|20000', 'public.schema_migrations|1']);
	assert.deepEqual(entries(r.task.task), ['task.done|ok']);
	assert.deepEqual(stack.store("SELECT actor, outcome FROM ledger WHERE op = 'backup.take' ORDER BY seq DESC LIMIT 1"), ['lead|ok']);
	await until(() => left().length === 0, { seconds: 60 });
});

test('what the configuration wants proved is proved by itself', async () => {
	const proof = () => stack.store("SELECT k.state, k.reason, b.level FROM task k JOIN backup b ON b.id = k.backup_id JOIN target t ON t.id = k.target_id WHERE t.name = 'watched'");

	// The clock looks twice a minute.
	await until(() => /^done\|/.test(proof()[0] ?? ''), { seconds: 120, say: 'the proof' });
	assert.deepEqual(proof(), ['done|the newest backup is proved (prove_within)|counted']);
	assert.deepEqual(stack.store("SELECT actor, way, outcome FROM ledger WHERE op = 'backup.prove' AND target = 'watched'"), ['runner|runner|ok']);
});

test('and as far as it says', async () => {
	const proof = () => stack.store("SELECT k.state, k.level, b.level FROM task k JOIN backup b ON b.id = k.backup_id JOIN target t ON t.id = k.target_id WHERE t.name = 'shallow'");

	await until(() => /^done\|/.test(proof()[0] ?? ''), { seconds: 120, say: 'the proof' });
	assert.deepEqual(proof(), ['done|restored|restored']);
	assert.deepEqual(stack.store("SELECT p.level, p.state FROM proof p JOIN task k ON k.id = p.task_id JOIN target t ON t.id = k.target_id WHERE t.name = 'shallow' ORDER BY p.id"),
		['checksummed|ok', 'listed|ok', 'restored|ok']);
	assert.deepEqual(stack.store("SELECT prove_by IS NULL, prove_level, reached_backup IS NOT NULL, proved_backup IS NULL FROM target_row WHERE name = 'shallow'"), ['1|restored|1|1']);
});

test('only leads and admins have one taken', () => {
	const r = stack.cliTry(['--target', 'prod', 'backup', 'take'], asViewer);

	assert.notEqual(r.status, 0);
	assert.match(r.stderr, /backup\.take needs a role/);
});

test('a backup that waits outlives its runner, and is taken once', async () => {
	await hold('prod');
	const id = queue(['--target', 'prod', 'backup', 'take']);
	await until(() => stack.store(`SELECT pid > 0 FROM task WHERE id = ${id}`)[0] === '1', { seconds: 60 });
	const twice = stack.cliTry(['--target', 'prod', 'backup', 'take'], asLead);
	assert.match(twice.stderr, new RegExp(`task ${id} takes a backup of prod already`));
	await stack.end('runner', 'SIGKILL');
	await stack.startRunner();
	assert.match(task(id), /^running\|/);
	await release('prod');
	await over(id);
	assert.match(task(id), /^done\|/);
	assert.deepEqual(stack.store(`SELECT count(*) FROM backup WHERE id = (SELECT backup_id FROM task WHERE id = ${id})`), ['1']);
	assert.deepEqual(entries(id), ['task.done|ok']);
});

test('a run waits for a backup, and a backup for a run', async () => {
	await hold('prod');
	const id = queue(['--target', 'prod', 'backup', 'take']);
	await until(() => /^running/.test(task(id)), { seconds: 60 });
	stack.cli(['--target', 'prod', 'up', '--reason', 'now'], { exits: [3] });
	await until(() => /Waits for task/.test(stack.store('SELECT outcome FROM run ORDER BY id DESC LIMIT 1')[0] ?? ''), { seconds: 60 });
	await release('prod');
	await over(id);
	await until(() => stack.store('SELECT state FROM run ORDER BY id DESC LIMIT 1')[0] === 'succeeded', { seconds: 60 });
	assert.ok(Number(stack.store('SELECT started_at FROM run ORDER BY id DESC LIMIT 1')[0])
		>= Number(stack.store(`SELECT ended_at FROM task WHERE id = ${id}`)[0]));
});

test('a job that is killed fails its task, and leaves nothing that looks like a backup', async () => {
	await hold('prod');
	const id = queue(['--target', 'prod', 'backup', 'take']);
	await until(() => stack.store(`SELECT pid > 0 FROM task WHERE id = ${id}`)[0] === '1', { seconds: 60 });
	stack.killJobs();
	await over(id);
	assert.match(task(id), /^failed\|its job was ended by signal 9 before it said how it went/);
	assert.deepEqual(entries(id), ['task.failed|failed']);
	// The runner and the job at once.
	const next = queue(['--target', 'prod', 'backup', 'take']);
	await until(() => stack.store(`SELECT pid > 0 FROM task WHERE id = ${next}`)[0] === '1', { seconds: 60 });
	await stack.end('runner', 'SIGKILL');
	stack.killJobs();
	await stack.startRunner();
	await over(next);
	assert.match(task(next), /^failed\|its job was ended before it said how it went/);
	await release('prod');
	const files_ = readdirSync(stack.path('backups')).filter((n) => !n.startsWith('.') && !n.endsWith('.json'));
	assert.equal(files_.length, Number(stack.store("SELECT count(*) FROM backup WHERE state = 'kept'")[0]));
	await until(() => left().length === 0, { seconds: 60 });
});

test('two at once, of two targets', async () => {
	await hold('prod');
	const one = queue(['--target', 'prod', 'backup', 'take']), two = queue(['--target', 'other', 'backup', 'take']);
	await over(two);
	assert.match(task(two), /^done\|/);
	assert.match(task(one), /^running\|/);
	await release('prod');
	await over(one);
	assert.match(task(one), /^done\|/);
});

test('a target without a connection says so', async () => {
	stack.psql('postgres', 'ALTER ROLE shop NOLOGIN');
	const r = waited(['--target', 'prod', 'backup', 'take'], [1]);
	stack.psql('postgres', 'ALTER ROLE shop LOGIN');
	assert.equal(r.task.state, 'failed');
	assert.match(r.task.text, /not permitted to log in/);
});

// What is in the folder of backups, hidden names too.
const shelf = () => readdirSync(stack.path('backups')).sort();
const cancel = (id, more = {}) => stack.cli(['backup', 'cancel', String(id), '--reason', 'the sale begins'], { ...asLead, ...more });

test('a backup that hangs is cancelled by a person, and leaves nothing', async () => {
	await hold('prod');
	const before_ = shelf(), backups = stack.store('SELECT count(*) FROM backup');
	const id = queue(['--target', 'prod', 'backup', 'take']), waits = queue(['--target', 'other', 'backup', 'take']);
	const waiting = "SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE NOT l.granted AND a.application_name LIKE 'gatehouse%'";

	await until(() => stack.rows('prod', waiting)[0] === '1', { seconds: 60, say: 'the backup that waits' });
	assert.match(stack.cliTry(['backup', 'cancel', String(id), '--reason', 'no'], asViewer).stderr, /backup\.cancel needs a role/);
	assert.match(stack.cliTry(['backup', 'cancel', String(id)], asLead).stderr, /say why: --reason TEXT/);
	assert.equal(cancel(id), `Task ${id} is being cancelled.\n`);
	await until(() => /^failed\|/.test(task(id)), { seconds: 60, say: 'the end of the cancelled task' });
	assert.equal(task(id), 'failed|cancelled by lead: the sale begins');
	assert.deepEqual(stack.store(`SELECT actor, op, outcome, text FROM ledger WHERE subject = 'task/${id}'`), [
		'viewer|backup.cancel|refused|backup.cancel needs a role that you do not have: lead,admin',
		'lead|backup.cancel|ok|take: the sale begins',
		'runner|task.failed|failed|take: cancelled by lead: the sale begins']);
	// The lock is still held: nobody waits for it any more.
	await until(() => stack.rows('prod', "SELECT count(*) FROM pg_stat_activity WHERE datname = 'prod' AND application_name LIKE 'gatehouse%'")[0] === '0', { seconds: 60 });
	await over(waits);
	await until(() => !left().some((n) => n.startsWith(`task.${id}`)), { seconds: 60 });
	assert.deepEqual(shelf().filter((n) => /^\.?prod-/.test(n)), before_.filter((n) => /^\.?prod-/.test(n)));
	assert.equal(Number(stack.store('SELECT count(*) FROM backup')), Number(backups) + 1);
	assert.match(stack.cliTry(['backup', 'cancel', String(id), '--reason', 'again'], asLead).stderr, new RegExp(`task ${id} has failed already: there is nothing to cancel`));
	await release('prod');
});

test('what waits in the queue is cancelled at once', async () => {
	await hold('prod');
	const one = queue(['--target', 'prod', 'backup', 'take']), two = queue(['backup', 'prove', String(newest())]);

	await until(() => /^running/.test(task(one)), { seconds: 60 });
	assert.equal(cancel(two), `Task ${two} is cancelled.\n`);
	assert.equal(task(two), 'failed|cancelled by lead: the sale begins');
	await release('prod');
	await over(one);
});

test('a proof that is cancelled says nothing about the backup', async () => {
	const id = newest(), is = () => stack.store(`SELECT level, broken, proved_at IS NULL FROM backup WHERE id = ${id}`);
	const { id: proving, was: before_, wake } = await halfway(id, is);

	cancel(proving);
	wake();
	await over(proving);
	assert.equal(task(proving), 'failed|cancelled by lead: the sale begins');
	assert.deepEqual(is(), before_);
	assert.deepEqual(stack.store(`SELECT state FROM proof WHERE task_id = ${proving} AND state <> 'ok'`), []);
	await until(() => left().length === 0 && servers().length === 0, { seconds: 60 });
});

test('a proof restores and counts, and only then it is green', async () => {
	const id = newest(), r = waited(['backup', 'prove', String(id), '--reason', 'for the auditors']);

	assert.equal(r.task.state, 'done');
	assert.equal(r.backup.level, 'counted');
	assert.deepEqual(stack.store(`SELECT level, state FROM proof WHERE task_id = ${r.task.task} ORDER BY id`),
		['checksummed|ok', 'listed|ok', 'restored|ok', 'counted|ok']);
	assert.match(stack.store(`SELECT place FROM proof WHERE task_id = ${r.task.task} AND level = 'counted'`)[0], /cluster of its own, PostgreSQL 15/);
	assert.deepEqual(stack.store(`SELECT count(*) FROM backup_table WHERE backup_id = ${id} AND restored IS NOT rows`), ['0']);
	assert.deepEqual(stack.store(`SELECT prove_us > 0 AND proved_at > 0 FROM backup WHERE id = ${id}`), ['1']);
	assert.deepEqual(entries(r.task.task), ['task.done|ok']);
	await until(() => left().length === 0 && servers().length === 0, { seconds: 60 });
});

test('one that was broken turns red, with the reason', async () => {
	const id = newest(), file = stack.path('backups', stack.store(`SELECT file FROM backup WHERE id = ${id}`)[0]);
	const bytes = readFileSync(file);

	bytes[bytes.length >> 1] ^= 1;
	writeFileSync(file, bytes);
	const r = waited(['backup', 'prove', String(id)], [1]);
	assert.equal(r.task.state, 'done');
	assert.equal(r.backup.level, 'written');
	assert.match(r.backup.broken, /SHA-256|digest|what was written/);
	assert.deepEqual(entries(r.task.task), ['task.done|failed']);
	assert.deepEqual(stack.store(`SELECT level, state FROM proof WHERE task_id = ${r.task.task}`), ['checksummed|failed']);
	bytes[bytes.length >> 1] ^= 1;
	writeFileSync(file, bytes);
	assert.equal(waited(['backup', 'prove', String(id)]).backup.level, 'counted');
	assert.deepEqual(stack.store(`SELECT broken FROM backup WHERE id = ${id}`), []);
});

test('a proof outlives its runner; killed with it, it leaves no server and says nothing about the backup', async () => {
	const id = newest(), before_ = stack.store(`SELECT level, broken FROM backup WHERE id = ${id}`);
	const { id: one, wake } = await halfway(id);

	await stack.end('runner', 'SIGKILL');
	await stack.startRunner();
	wake();
	await over(one);
	assert.match(task(one), /^done\|/);
	assert.deepEqual(stack.store(`SELECT level FROM proof WHERE task_id = ${one} ORDER BY id`), ['checksummed', 'listed', 'restored', 'counted']);
	const { id: two } = await halfway(id);
	await stack.end('runner', 'SIGKILL');
	stack.killJobs();
	await stack.startRunner();
	await over(two);
	assert.match(task(two), /^failed\|its job was ended before it said how it went/);
	assert.deepEqual(stack.store(`SELECT level, broken FROM backup WHERE id = ${id}`), before_);
	await until(() => servers().length === 0 && left().length === 0, { seconds: 60 });
});

test('two proofs at once do not disturb each other', async () => {
	const other = Number(stack.store("SELECT max(id) FROM backup WHERE target_id = (SELECT id FROM target WHERE name = 'other')")[0]);
	const { id: one, wake } = await halfway(newest()), two = queue(['backup', 'prove', String(other)]);

	// The first is not over before the second has begun.
	await until(() => stack.store(`SELECT pid > 0 FROM task WHERE id = ${two}`)[0] === '1', { seconds: 60, say: 'the second proof' });
	wake();
	await over(one);
	await over(two);
	assert.deepEqual(stack.store(`SELECT count(*), max(started_at) < min(ended_at) FROM task WHERE id IN (${one}, ${two})`), ['2|1'], 'they went on at the same time');
	assert.deepEqual(stack.store(`SELECT level FROM backup WHERE id IN (${newest()}, ${other})`), ['counted', 'counted']);
	await until(() => left().length === 0 && servers().length === 0, { seconds: 60 });
});

test('a run whose policy wants it proves its backup before anything is changed, and leaves no server when it is killed', async () => {
	const last = () => stack.store("SELECT id, state FROM run WHERE target_id = (SELECT id FROM target WHERE name = 'strict') ORDER BY id DESC LIMIT 1")[0].split('|');

	assert.deepEqual(stack.store(`SELECT p.level, p.state FROM proof p JOIN backup b ON b.id = p.backup_id
		WHERE b.run_id = ${last()[0]} AND p.task_id IS NULL ORDER BY p.id`), ['checksummed|ok', 'listed|ok', 'restored|ok', 'counted|ok']);
	stack.cli(['--target', 'strict', 'up', '--reason', 'more'], { exits: [3] });
	await until(() => servers().length > 0, { seconds: 60, every: 20 });
	await stack.end('runner', 'SIGKILL');
	stack.killJobs();
	await stack.startRunner();
	await until(() => last()[1] === 'failed-clean', { seconds: 60, say: 'the end of the run' });
	await until(() => servers().length === 0 && readdirSync(stack.path('jobs')).every((n) => !n.endsWith('.scratch')), { seconds: 60 });
	assert.deepEqual(stack.rows('strict', "SELECT to_regclass('notes') IS NULL"), ['t']);
});
