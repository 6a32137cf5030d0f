// What is done while something is killed: together these pass every fault point.  A plan is asked for step by step, as
// people do it; when the runner dies in between, Faults starts it again and the plan goes on.
//
//   kind    of kinds.mjs; n, down: what the last run is for
//   lines   fault lines that come before the one that is tried: the way to what only follows from another fault
//   own     points that are tried in this plan, whichever else passes them
//   judge   what more is asked of its last run; vault: it is about backups; reached: SQL that is 1
//   when nothing was killed
//   act(f)  f is the Faults that does it: f.ask(), f.cli(), f.settle()
import { spawn } from 'node:child_process';
import { until } from '../../tools/web-client.mjs';
import { asUser, ENV, PG_BIN, USERS, isRoot } from './stack.mjs';

const up = (kind, n, more = {}) => ({ name: `${kind} up ${n}`, kind, n, act: (f) => f.up(kind, n), ...more });
const down = (kind) => ({ name: `${kind} down`, kind, n: 2, down: true,
	async act(f) {
		await f.up(kind, 2, ['--wait']);
		await f.settle();
		await f.down(kind, 2);
	} });

// Holds a lock on log while a run wants it, and lets go.
async function locked(f) {
	const [program, ...args] = asUser(USERS.pg, [`${PG_BIN}/psql`, '-X', '-q', '-h', f.stack.path('run/pg'), '-U', 'postgres', '-d', 'locked',
		'-c', 'BEGIN; LOCK TABLE log IN ACCESS SHARE MODE; SELECT pg_sleep(300)']);
	const holder = spawn(program, args, { stdio: 'ignore', env: ENV });
	const gone = new Promise((done) => holder.on('exit', done));

	try {
		await until(() => f.stack.rows('locked', "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'")[0] === '1', { seconds: 60, say: 'the lock' });
		await f.up('locked', 2);
		// Until the first retry is announced, or what would announce it is dead.
		await until(() => f.judge.open() === 0 || f.stack.parts.runner.ended
			|| f.stack.store("SELECT count(*) FROM event WHERE kind = 'retry' AND run_id = (SELECT max(id) FROM run)")[0] !== '0', { seconds: 60, say: 'a retry' }).catch(() => {});
	} finally {
		f.stack.psql('postgres', "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep'", { ok: false });
		await gone;
	}
}

const request = (f) => f.stack.store('SELECT max(id) FROM request')[0];
const approve = (f, id) => f.cli(['approve', id, '--yes'], { user: isRoot ? USERS.pg : undefined, count: `SELECT count(*) FROM approval WHERE request_id = ${id}` });

async function approved(f) {
	await f.up('asked', 2);
	await approve(f, request(f));
}

// A request that waits while the target changes under it.
async function stale(f) {
	await f.up('asked', 2);
	f.stack.psql('asked', `CREATE TABLE IF NOT EXISTS schema_migrations (version text PRIMARY KEY, applied_at timestamptz DEFAULT now());
		ALTER TABLE schema_migrations OWNER TO shop; INSERT INTO schema_migrations VALUES ('${f.books.keys.asked[0]}'); CREATE TABLE t_1 (id int); CREATE TABLE u_1 (id int)`);
	// A look whose job is killed sees nothing: then there is another.
	await until(async () => {
		await f.cli(['refresh']);
		return f.stack.store('SELECT state FROM request ORDER BY id DESC LIMIT 1')[0] !== 'waiting';
	}, { seconds: 60, say: 'the end of a stale request' });
}

// Needs a person, who closes the incident: the target is free again.
async function released(f) {
	await f.up('index', 2);
	await f.settle();
	for (const id of f.stack.store("SELECT id FROM incident WHERE state = 'open'"))
		await f.cli(['incidents', 'close', id, '--comment', 'looked at'], { count: `SELECT count(*) FROM incident WHERE id = ${id} AND state = 'closed'` });
}

async function person(f) {
	const name = `p${f.number}`;
	await f.cli(['people', 'add', name, '--roles', 'viewer'], { input: 'a-long-password\n', count: `SELECT count(*) FROM person WHERE name = '${name}'` });
}

async function restarted(f) {
	await f.up('dbmate', 2);
	await f.stack.end('runner', 'SIGTERM');
	await f.revive();
}

async function edited(f) {
	f.stack.migration('002_m.sql', `-- ${f.number}\nCREATE TABLE t_2 (id int);\nCREATE TABLE u_2 (id int);\n`, 'numbered');
	await f.cli(['refresh']);
	await f.up('numbered', 2);
}

// Paused, let go on, and cancelled; whoever dies in between is started again.  Its job stands still until the first wish is
// there: it would have ended before on a quick machine.
async function steered(f) {
	await f.up('batch', 2);
	const id = f.stack.store('SELECT max(id) FROM run')[0];
	const run = () => f.stack.store(`SELECT state, control FROM run WHERE id = ${id}`)[0].split('|');
	const loop = (good, step, say) => until(async () => {
		await f.revive();
		const [state, control] = run();
		if (!['queued', 'running'].includes(state) || good(control))
			return true;
		step();
		return false;
	}, { seconds: 60, every: 30, say }).catch(() => {});
	const tell = (what) => f.stack.cliTry([what, id, '--reason', 'to see whether it is heard']);
	const goOn = () => f.stack.wakeJobs();

	await loop(() => f.stack.standingJobs().length > 0, () => {}, 'the job stands still');
	await loop((control) => ['pausing', 'paused'].includes(control), () => tell('pause'), 'a pause is wished for');
	await loop((control) => control !== 'pausing', goOn, 'it pauses');
	await loop((control) => control !== 'paused', () => (goOn(), tell('resume')), 'it goes on');
	await loop((control) => control === 'cancelling', () => (goOn(), tell('cancel')), 'it is cancelled');
	await loop(() => false, goOn, 'it ends');
}

// Until its messages are sent.
async function told(f) {
	await f.up('whole', 3);
	await f.settle();
	await until(async () => {
		await f.revive();
		return f.stack.store("SELECT count(*) FROM delivery WHERE state IN ('waiting', 'sending')")[0] === '0';
	}, { seconds: 60, say: 'the end of all deliveries' });
}

async function rehearse(f, id) {
	await f.cli(['rehearse', id]);
	await until(async () => {
		await f.revive();
		return f.stack.store("SELECT count(*) FROM rehearsal WHERE state IN ('queued', 'running')")[0] === '0';
	}, { seconds: 60, say: 'the end of the rehearsal' });
}
const rehearsed = (kind) => async (f) => {
	await f.up(kind, 2);
	const id = request(f);
	await rehearse(f, id);
	await f.cli(['withdraw', id]);
};
// What was rehearsed can be taken back for some time.
async function revertible(f) {
	await f.up('asked', 2);
	const id = request(f);
	await rehearse(f, id);
	await approve(f, id);
}

// What the first one makes is there: it is only recorded.
async function marked(f) {
	const reason = `${f.number} mark`;

	f.stack.psql('lost', 'CREATE TABLE t_1 (id int); CREATE TABLE u_1 (id int);');
	await f.cli(['mark', 'lost', f.books.keys.lost[0], '--reason', reason], { count: `SELECT count(*) FROM request WHERE reason = '${reason}'` });
}

// A backup of what the kind's database is now; its number.  No command waits for it, here and below: what kills in between
// would wait with it.
async function taken(f, kind, name = 'take') {
	for (let i = 0; i < 3; i++) {
		const reason = `${f.number} ${name} ${i}`;

		await f.cli(['backup', 'take', '--target', kind, '--reason', reason], { count: `SELECT count(*) FROM task WHERE reason = '${reason}'` });
		await f.settle();
		const id = f.stack.store(`SELECT coalesce(backup_id, 0) FROM task WHERE reason = '${reason}' AND state = 'done'`)[0];
		if (id > 0)
			return id;
	}
	return f.notDone('no backup was taken');
}
// The clock may have begun to prove it before: then nobody else may.
async function proved(f, kind, name = 'prove') {
	const id = await taken(f, kind, `${name}, taken`), reason = `${f.number} ${name}`, mine = `SELECT count(*) FROM task WHERE reason = '${reason}'`;
	const r = await f.cli(['backup', 'prove', id, '--reason', reason], { count: `SELECT count(*) > 0 FROM task WHERE kind = 'prove' AND backup_id = ${id}` });

	if (r.status === 0)
		f.judge.acknowledged(reason, mine);
	await f.settle();
}
// Its job stands still until it is told that nobody wants it any more.
async function cancelled(f) {
	const reason = `${f.number} unwanted`, mine = `FROM task WHERE reason = '${reason}'`;

	await f.cli(['backup', 'take', '--target', 'kept', '--reason', reason], { count: `SELECT count(*) ${mine}` });
	await until(async () => {
		await f.revive();
		return f.stack.standingJobs().length > 0 || f.stack.store(`SELECT count(*) ${mine} AND ended_at IS NOT NULL`)[0] === '1';
	}, { seconds: 60, say: 'the job that stands still' });
	await f.cli(['backup', 'cancel', f.stack.store(`SELECT id ${mine}`)[0], '--reason', 'enough'], { count: `SELECT count(*) ${mine} AND (cancelled <> '' OR text LIKE 'cancelled by %')` });
	await f.settle();
}
const PROVED = "SELECT count(*) FROM task k JOIN backup b ON b.id = k.backup_id WHERE k.id = (SELECT max(id) FROM task WHERE kind = 'prove') AND k.state = 'done' AND b.level = 'counted'";
const BACKUP = ['before'], SINCE = ['before', 'since'];
const restored = (...how) => async (f) => {
	f.stack.psql('kept', "INSERT INTO log VALUES ('before')");
	const id = await taken(f, 'kept'), reason = `${f.number} restore`;

	f.stack.psql('kept', "INSERT INTO log VALUES ('since')");
	await f.cli(['backup', 'restore', id, ...how, '--reason', reason], { count: `SELECT count(*) FROM request WHERE reason = '${reason}'` });
	await f.settle();
};
// What it would lose is counted while it waits; nobody approves it.
async function weighed(f) {
	const id = await taken(f, 'asked'), reason = `${f.number} restore`;

	await f.cli(['backup', 'restore', id, '--reason', reason], { count: `SELECT count(*) FROM request WHERE reason = '${reason}'` });
	await until(async () => {
		await f.revive();
		return f.stack.store("SELECT count(*) FROM plan_count WHERE state IN ('queued', 'running')")[0] === '0';
	}, { seconds: 60, say: 'the end of the count' });
	await f.cli(['withdraw', request(f)]);
}
async function elsewhere(f) {
	await f.cli(['backup', 'look']);
	await f.settle();
}
async function expired(f) {
	await taken(f, 'kept', 'first');
	await taken(f, 'kept', 'second');
	await f.cli(['backup', 'expire', '--target', 'kept']);
}
// A runner that starts looks whether proofs are overdue: now one is, or it was and is not any more.
async function late(f) {
	const is = () => f.stack.store("SELECT count(*) FROM target WHERE name = 'proved' AND overdue_at IS NOT NULL")[0], was = is();

	// The clock may have one proved just in time: then there is another.
	for (let i = 0; i < 5 && is() === was; i++) {
		if (was === '1') {
			await proved(f, 'proved', `late ${i}`);
		} else {
			await taken(f, 'proved', `late ${i}`);
			await new Promise((done) => setTimeout(done, 1100));
		}
		await f.revive();
		await f.stack.end('runner', 'SIGTERM');
		await f.revive();
		for (let k = 0; k < 20 && is() === was; k++)
			await new Promise((done) => setTimeout(done, 100));
	}
}

// The cheapest first: a point is tried in the first one that passes it.
export const PLANS = [
	up('node-pg-migrate', 2),
	up('numbered', 2, { again: true }),
	{ ...up('numbered', 2), name: 'folder read', act: edited },
	{ ...up('asked', 2), name: 'approval', act: approved },
	{ name: 'stale', kind: 'asked', n: 0, act: stale },
	{ name: 'person', kind: 'asked', n: 0, act: person },
	{ ...up('dbmate', 2), name: 'restart', act: restarted },
	up('golang-migrate', 2),
	up('index', 2),
	up('whole', 2),
	{ ...up('whole', 3), name: 'told', act: told },
	up('batch', 2, { again: true }),
	up('sqitch', 2),
	up('index', 3),
	up('goose', 3),
	up('node-pg-migrate', 3),
	up('golang-migrate', 3),
	up('flyway', 3),
	up('sqitch', 3),
	up('dbmate', 3),
	up('dirty', 3),
	up('liquibase', 2),
	up('liquibase', 3),
	up('lost', 3),
	{ ...up('locked', 2), name: 'lock met', act: locked },
	{ ...up('batch', 2), name: 'steered', lines: ['job.batch.begun stop'], act: steered, again: true },
	{ name: 'backup', kind: 'kept', n: 0, vault: true, act: (f) => taken(f, 'kept') },
	{ name: 'backup cancelled', kind: 'kept', n: 0, vault: true, lines: ['job.take.connected stop'], act: cancelled,
		reached: "SELECT count(*) FROM task WHERE id = (SELECT max(id) FROM task) AND state = 'failed' AND text LIKE 'cancelled by %: enough'" },
	{ name: 'proof', kind: 'kept', n: 0, vault: true, act: (f) => proved(f, 'kept'), reached: PROVED },
	{ name: 'proof in a cluster', kind: 'proved', n: 0, vault: true, act: (f) => proved(f, 'proved'), reached: PROVED },
	{ name: 'proof overdue', kind: 'proved', n: 0, vault: true, act: late, own: /^runner\.overdue\./ },
	up('outside', 2),
	{ name: 'look elsewhere', kind: 'outside', n: 0, act: elsewhere,
		reached: "SELECT count(*) FROM backup WHERE kind = 'outside'" },
	{ name: 'restore weighed', kind: 'asked', n: 0, act: weighed },
	{ name: 'expiry', kind: 'kept', n: 0, vault: true, act: expired, reached: "SELECT count(*) > 0 FROM backup WHERE state = 'expired'" },
	// The runner that comes after ends it, and names whoever has decided it.
	{ name: 'expiry taken up', kind: 'kept', n: 0, vault: true, lines: ['runner.expire.between-files kill'], act: expired,
		reached: "SELECT count(*) > 0 FROM ledger WHERE op = 'backup.expired' AND text LIKE '%ended by the runner%'" },
	{ name: 'restore', kind: 'kept', n: 0, vault: true, act: restored(), judge: (f, run) => f.vault.restored('kept', run, { backup: BACKUP, before: SINCE }) },
	{ name: 'restore beside', kind: 'kept', n: 0, vault: true, act: restored('--side', 'kept_look'), judge: (f, run) => f.vault.beside('kept', run, { backup: BACKUP, before: SINCE }) },
	{ name: 'rehearsal beside', kind: 'beside', n: 0, act: rehearsed('beside') },
	{ name: 'rehearsal', kind: 'asked', n: 0, act: rehearsed('asked') },
	{ ...up('asked', 2), name: 'revertible', act: revertible },
	{ name: 'mark', kind: 'lost', n: 0, act: marked },
	down('numbered'),
	down('golang-migrate'),
	down('index'),
	down('sqitch'),
	{ ...up('numbered', 2), name: 'reconcile', lines: ['job.after-flush kill'] },
	{ name: 'restore undone', kind: 'kept', n: 0, vault: true, lines: ['job.restore.alone fail'], act: restored(), judge: (f, run) => f.vault.restored('kept', run, { backup: BACKUP, before: SINCE }) },
	{ name: 'restore settled', kind: 'kept', n: 0, vault: true, lines: ['job.restore.before-commit kill'], act: restored(), judge: (f, run) => f.vault.restored('kept', run, { backup: BACKUP, before: SINCE }) },
	{ ...up('index', 2), name: 'released', lines: ['job.after-alone kill'], act: released },
];
