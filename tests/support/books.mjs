// Migrations whose bookkeeping is not simply "a row in the transaction", one kind a tool, and what must hold whenever a
// run of them has ended: the tool's table, the store's standing and the catalog say the same, and so does the sentence.
import assert from 'node:assert/strict';
import { textOf, until } from '../../tools/web-client.mjs';
import { Stack } from './stack.mjs';

const two = (first, second) => `BEGIN;\n${first}\nCOMMIT;\n${second}\n`;
const tables = (v) => [`CREATE TABLE t_${v} (id int);`, `CREATE TABLE u_${v} (id int);`];
const gone = (v) => [`DROP TABLE IF EXISTS u_${v};`, `DROP TABLE IF EXISTS t_${v};`];
const index = (v) => [`CREATE INDEX CONCURRENTLY t_${v} ON log (v);`, `CREATE INDEX CONCURRENTLY u_${v} ON log (v);`];
const noIndex = (v) => [`DROP INDEX CONCURRENTLY IF EXISTS u_${v};`, `DROP INDEX CONCURRENTLY IF EXISTS t_${v};`];
const lines = (list, bad) => [...list, ...(bad ? [bad] : [])].join('\n');
const FAILS = 'SELECT 1 / 0;';
const VERSIONS = ['1', '2', '3'];

// files(v, bad): version v; with bad its last statement fails.  rows: what the tool's table holds, "KEY STATE" each.
export const KINDS = {
	'golang-migrate': {
		files: (v, bad) => ({ [`${v}_m.up.sql`]: two(...tables(v)) + (bad ? `BEGIN;\n${FAILS}\nCOMMIT;\n` : ''), [`${v}_m.down.sql`]: two(...gone(v)) }),
		table: 'schema_migrations',
		rows: "SELECT version || CASE WHEN dirty THEN ' failed' ELSE ' applied' END FROM schema_migrations",
		oneRow: true, blocks: true,
	},
	dbmate: {
		files: (v, bad) => ({ [`${v}_m.sql`]: `-- migrate:up transaction:false\n${two(...tables(v))}${bad ? `BEGIN;\n${FAILS}\nCOMMIT;\n` : ''}\n-- migrate:down transaction:false\n${two(...gone(v))}` }),
		table: 'schema_migrations',
		rows: "SELECT version || ' applied' FROM schema_migrations",
	},
	goose: {
		files: (v, bad) => ({ [`${v}_m.sql`]: `-- +goose NO TRANSACTION\n-- +goose Up\nCREATE TABLE t_${v} (id int);\nCREATE INDEX CONCURRENTLY u_${v} ON t_${v} (id);\n${bad ? FAILS : ''}\n`
			+ `-- +goose Down\nDROP INDEX CONCURRENTLY IF EXISTS u_${v};\nDROP TABLE IF EXISTS t_${v};\n` }),
		table: 'goose_db_version',
		rows: "SELECT version_id || ' applied' FROM goose_db_version WHERE version_id > 0",
	},
	'node-pg-migrate': {
		files: (v, bad) => ({ [`170000000000${v}_m.sql`]: `-- Up Migration\n${lines(tables(v), bad && FAILS)}\n\n-- Down Migration\n${lines(gone(v))}\n` }),
		key: (v) => `170000000000${v}_m`,
		table: 'pgmigrations',
		rows: "SELECT name || ' applied' FROM pgmigrations",
	},
	sqitch: {
		files: (v, bad) => ({ [`deploy/m${v}.sql`]: two(...tables(v)) + (bad ? `BEGIN;\n${FAILS}\nCOMMIT;\n` : ''), [`revert/m${v}.sql`]: two(...gone(v)) }),
		besides: { 'sqitch.plan': `%syntax-version=1.0.0\n%project=kinds\n\n${VERSIONS.map((v) => `m${v} 2026-01-02T03:0${v}:00Z The Planner <planner@example.org> # More\n`).join('')}`,
			'sqitch.conf': '[core]\n\tengine = pg\n' },
		table: 'sqitch.changes', version: (v) => `m${v}`,
		rows: "SELECT change_id || ' applied' FROM sqitch.changes",
	},
	flyway: {
		files: (v, bad) => ({ [`V${v}__m.sql`]: lines(index(v), bad && 'CREATE INDEX CONCURRENTLY nothing ON nowhere (v);'), [`U${v}__m.sql`]: lines(noIndex(v)) }),
		table: 'flyway_schema_history', blocks: true,
		// Flyway begins nothing in a schema that has tables but not its own.
		besidesLog: `CREATE TABLE flyway_schema_history (installed_rank int PRIMARY KEY, version varchar(50), description varchar(200) NOT NULL,
			type varchar(20) NOT NULL, script varchar(1000) NOT NULL, checksum int, installed_by varchar(100) NOT NULL,
			installed_on timestamp NOT NULL DEFAULT now(), execution_time int NOT NULL, success boolean NOT NULL);
			ALTER TABLE flyway_schema_history OWNER TO shop;`,
		rows: `SELECT version || CASE WHEN NOT success THEN ' failed' WHEN type LIKE 'UNDO%' THEN ' gone' ELSE ' applied' END
			FROM flyway_schema_history h WHERE installed_rank = (SELECT max(installed_rank) FROM flyway_schema_history WHERE version = h.version)`,
	},
};

const database = (kind) => kind.replaceAll('-', '_');
const fresh = (kind) => `DROP SCHEMA public CASCADE; DROP SCHEMA IF EXISTS sqitch CASCADE; CREATE SCHEMA public AUTHORIZATION shop;
	CREATE TABLE log (v text); ALTER TABLE log OWNER TO shop; ALTER DATABASE ${database(kind)} OWNER TO shop;
	${KINDS[kind].besidesLog ?? ''}`;

export class Books {
	// web: pages, too.
	static async start({ kinds = Object.keys(KINDS), back = true } = {}) {
		const b = new Books();

		b.kinds = kinds;
		b.stack = await Stack.start({
			projects: Object.fromEntries(kinds.map((k) => [database(k), { convention: k,
				files: Object.assign({}, KINDS[k].besides, ...VERSIONS.map((v) => KINDS[k].files(v, v === '3'))) }])),
			targets: Object.fromEntries(kinds.map((k) => [database(k), { environment: 'development', project: database(k), rollback_on_failure: back, backup: false }])),
			people: ['admin'], web: false, refresh: 1,
			prepare: (stack) => kinds.forEach((k) => stack.psql(database(k), fresh(k))),
		});
		b.keys = {};
		for (const k of kinds)
			await until(() => (b.keys[k] = b.list(k).map((r) => r.key)).length === 3, { seconds: 20, say: `the folder of ${k}` });
		// What sentences call a migration: its version where the key is a digest.
		b.names = Object.fromEntries(kinds.map((k) => [k, b.keys[k].map((key, i) => /^[0-9a-f]{40}$/.test(key) ? b.list(k)[i].version : key)]));
		return b;
	}
	stop() {
		return this.stack.stop();
	}
	list(kind) {
		const r = this.stack.cliTry(['--json', 'list', '--target', database(kind), '--limit', '100']);
		return [0, 3].includes(r.status) && r.stdout !== '' ? JSON.parse(r.stdout).rows.reverse() : [];
	}
	psql(kind, sql) {
		return this.stack.psql(database(kind), sql);
	}
	open() {
		return Number(this.stack.store("SELECT count(*) FROM run WHERE state IN ('queued', 'running', 'unknown')")[0]);
	}
	last() {
		const [id, state, outcome] = this.stack.store("SELECT id, state, replace(outcome, char(10), ' ') FROM run ORDER BY id DESC LIMIT 1")[0].split('|');
		return { id: Number(id), state, outcome };
	}
	ask(kind, args) {
		return this.stack.cliTry([args[0], '--target', database(kind), ...args.slice(1), '--reason', 'test']);
	}
	up(kind, n, more = []) {
		return this.ask(kind, ['up', '--to', this.keys[kind][n - 1], ...more]);
	}
	down(kind, n, more = []) {
		return this.ask(kind, ['down', '--steps', String(n), ...more]);
	}

	// What is true, asked of the database alone: per version what the table says and what of its objects is there.
	truth(kind) {
		const k = KINDS[kind], d = database(kind);
		const there = this.stack.rows(d, `SELECT to_regclass('${k.table}') IS NOT NULL`)[0] === 't';
		const rows = Object.fromEntries((there ? this.stack.rows(d, k.rows) : []).map((r) => r.split(' ')));
		const objects = new Set(this.stack.rows(d, "SELECT relname FROM pg_class c LEFT JOIN pg_index i ON indexrelid = c.oid WHERE relnamespace = 'public'::regnamespace AND relname ~ '^[tu]_' AND indisvalid IS NOT FALSE"));
		const invalid = Number(this.stack.rows(d, 'SELECT count(*) FROM pg_index WHERE NOT indisvalid')[0]);
		const newest = k.oneRow ? this.keys[kind].indexOf(Object.keys(rows)[0] ?? '') : -1;

		return { invalid, failed: Object.entries(rows).filter(([, s]) => s === 'failed').map(([key]) => key),
			versions: this.keys[kind].map((key, i) => {
				const n = [`t_${i + 1}`, `u_${i + 1}`].filter((o) => objects.has(o)).length;
				const dirty = rows[key] === 'failed';
				return { key, name: this.names[kind][i], table: k.oneRow ? (i < newest || (i === newest && !dirty) ? 'applied' : i === newest ? 'failed' : '') : (rows[key] ?? '').replace('gone', ''),
					catalog: n === 0 ? 'none' : n === 2 ? 'all' : 'half' };
			}) };
	}

	// Waits until nothing is open, then compares.  n: how many versions the run was for, from the first; down: the other way.
	async oracle(kind, { n, down = false }) {
		await until(() => this.open() === 0, { seconds: 60, say: `the end of the run of ${kind}` });
		const run = this.last(), t = this.truth(kind), k = KINDS[kind];
		const say = () => `${kind}: run ${run.id} ${run.state}: ${run.outcome}\n${JSON.stringify(t)}`;
		const odd = t.versions.filter((v) => v.catalog === 'half' || v.table === 'failed' || (v.table === 'applied') !== (v.catalog === 'all'));
		const broken = odd.length > 0 || t.invalid > 0 || (k.blocks && t.failed.length > 0);
		const is = (from, to, what) => t.versions.slice(from, to).every((v) => v.catalog === what);

		switch (run.state) {
		case 'succeeded':
			assert.ok(!broken && is(0, n, down ? 'none' : 'all'), say());
			break;
		case 'failed-clean':
			assert.ok(!broken && is(0, n, down ? 'all' : 'none'), say());
			assert.match(run.outcome, /[Nn]othing|as it was before|taken back by its down SQL/, say());
			break;
		case 'failed-partly':
			assert.ok(!broken && !is(0, n, 'all') && !is(0, n, 'none'), say());
			break;
		case 'needs-person':
			// What a statement outside a transaction has done cannot always be seen.
			assert.ok(broken || /under way|cannot be/.test(run.outcome), `nobody is needed: ${say()}`);
			assert.doesNotMatch(run.outcome, /contradict/, `explained: ${say()}`);
			for (const v of odd.filter((o) => o.table === 'failed' || o.catalog === 'half'))
				assert.ok(run.outcome.includes(v.name), `names ${v.name}: ${say()}`);
			break;
		default:
			assert.fail(say());
		}
		this.messageIsTrue(kind, run, t, down, say);
		this.storeAgrees(run, say);
		await this.standingAgrees(kind, t, say);
		return run;
	}

	// What the sentence says of the versions that it names.
	messageIsTrue(kind, run, t, down, say) {
		const at = (name) => t.versions.find((v) => v.name === name);
		const nothing = /Nothing of (\S+) is in the database/.exec(run.outcome);
		const applied = /(?:^|\. )(\S+)(?: to (\S+))? (?:is|are) (applied|taken back)(?= and|\.)/.exec(run.outcome);

		assert.ok(!down || !/in the database/.test(run.outcome), say());
		if (nothing)
			assert.equal(at(nothing[1])?.catalog, 'none', say());
		if (applied) {
			const from = t.versions.findIndex((v) => v.name === applied[1]), to = applied[2] ? t.versions.findIndex((v) => v.name === applied[2]) : from;
			for (const v of t.versions.slice(Math.min(from, to), Math.max(from, to) + 1))
				assert.equal(v.catalog, applied[3] === 'applied' ? 'all' : 'none', say());
		}
		if (/as it was before/.test(run.outcome))
			assert.ok(t.versions.every((v) => v.catalog !== 'half'), say());
	}

	storeAgrees(run, say) {
		const s = this.stack;

		assert.deepEqual(s.store(`SELECT count(*) FROM ledger WHERE subject = 'run/${run.id}' AND op = 'run.${run.state}'`), ['1'], `the ledger has the end once: ${say()}`);
		assert.deepEqual(s.store(`SELECT count(*) FROM incident WHERE run_id = ${run.id}`), [run.state === 'succeeded' ? '0' : '1'], `one incident a failure: ${say()}`);
		assert.deepEqual(s.store('PRAGMA integrity_check'), ['ok']);
		assert.deepEqual(s.store('SELECT count(*) FROM target t JOIN run r ON r.target_id = t.id ' +
			`WHERE r.id = ${run.id} AND (t.held <> '') <> (r.state = 'needs-person')`), ['0'], `held while a person is needed: ${say()}`);
		assert.deepEqual(s.store(`SELECT count(*) FROM run_migration WHERE run_id = ${run.id} AND state = 'started'`), ['0'], `no migration is left under way: ${say()}`);
	}

	// The check that follows a run reads the table itself: both must say the same, soon.
	async standingAgrees(kind, t, say) {
		const want = t.versions.map((v) => v.table === '' ? 'no' : v.table).join();
		let have;

		// One that a run has failed at is called so, whatever the table says of it: no.
		const same = () => (have = this.list(kind).filter((r) => this.keys[kind].includes(r.key)).map((r, i) => r.state === 'applied' ? 'applied' : r.state === 'failed' && t.versions[i].table === 'failed' ? 'failed' : 'no').join()) === want;
		for (let i = 0; i < 40 && !same(); i++)
			await new Promise((done) => setTimeout(done, 100));
		assert.equal(have, want, `standing and table agree: ${say()}`);
	}

	// Everything of before is cleared away, and the store knows it.
	async fresh(kind) {
		this.stack.setFault('none none');
		this.psql(kind, fresh(kind));
		for (const id of this.stack.store("SELECT id FROM incident WHERE state = 'open'"))
			this.stack.cli(['incidents', 'close', id, '--comment', 'cleared away']);
		for (let i = 0; i < 40; i++) {
			if (i % 10 === 0)
				this.stack.cliTry(['refresh']);
			if (this.list(kind).every((r) => r.state !== 'applied' && r.decision === 'runs'))
				return;
			await new Promise((done) => setTimeout(done, 100));
		}
		assert.fail(`${kind} is not fresh: ${JSON.stringify(this.list(kind))} ${this.stack.log('runner').slice(-800)}`);
	}
}
