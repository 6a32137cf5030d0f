// Migrations whose bookkeeping differs, one kind a tool or a way of failing: three versions each, that make the tables
// (or the indexes on log) t_V and u_V; the third can be one that fails.
const two = (first, second) => `BEGIN;\n${first}\nCOMMIT;\n${second}\n`;
const tables = (v) => [`CREATE TABLE t_${v} (id int);`, `CREATE TABLE u_${v} (id int);`];
const gone = (v) => [`DROP TABLE IF EXISTS u_${v};`, `DROP TABLE IF EXISTS t_${v};`];
const index = (v) => [`CREATE INDEX CONCURRENTLY t_${v} ON log (v);`, `CREATE INDEX CONCURRENTLY u_${v} ON log (v);`];
const noIndex = (v) => [`DROP INDEX CONCURRENTLY IF EXISTS u_${v};`, `DROP INDEX CONCURRENTLY IF EXISTS t_${v};`];
const lines = (list, bad) => [...list, ...(bad ? [bad] : [])].join('\n');
const FAILS = 'SELECT 1 / 0;';
export const VERSIONS = ['1', '2', '3'];

// convention: its name when the kind has another; target: options of the target.
// files(v, bad): version v; with bad its last statement fails.  rows: what the tool's table holds, "KEY STATE" each.
const numbered = (up, down = gone) => ({
	convention: 'numbered',
	files: (v, bad) => ({ [`00${v}_m.sql`]: up(v, bad), [`00${v}_m_down.sql`]: lines(down(v)) }),
	table: 'schema_migrations',
	rows: "SELECT version || ' applied' FROM schema_migrations",
});

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
	// Keeps its lock in a table.
	liquibase: {
		files: (v, bad) => ({ [`0${v}.sql`]: `--liquibase formatted sql\n\n--changeset team:m${v}\n${lines(tables(v), bad && FAILS)}\n${gone(v).map((l) => `--rollback ${l}\n`).join('')}` }),
		table: 'databasechangelog',
		rows: "SELECT filename || '::' || id || '::' || author || ' applied' FROM databasechangelog",
	},
	// Nothing of the third takes effect, and the table says that it was begun.
	dirty: {
		convention: 'golang-migrate',
		files: (v, bad) => ({ [`${v}_m.up.sql`]: lines([...(bad ? [FAILS] : []), ...tables(v)]), [`${v}_m.down.sql`]: lines(gone(v)) }),
		table: 'schema_migrations',
		rows: "SELECT version || CASE WHEN dirty THEN ' failed' ELSE ' applied' END FROM schema_migrations",
		oneRow: true, blocks: true,
	},
	// The whole cycle, with a backup.
	numbered: { ...numbered((v, bad) => lines(tables(v), bad && FAILS)), target: { environment: 'production', approvals: 0,
		prove_server: 'host=@run@ port=5432 dbname=postgres user=prover' } },
	// The third loses its connection.
	lost: numbered((v, bad) => lines(tables(v), bad && 'SELECT pg_terminate_backend(pg_backend_pid());')),
	// Who meets a lock tries again.
	locked: { ...numbered((v) => lines(['LOCK TABLE log IN ACCESS EXCLUSIVE MODE;', ...tables(v)])), target: { lock_timeout: '150ms' } },
	// By themselves; the third leaves an invalid index.
	index: { ...numbered((v, bad) => lines(index(v), bad && 'CREATE UNIQUE INDEX CONCURRENTLY twice ON log (v);'), noIndex),
		besidesLog: "INSERT INTO log VALUES ('x'), ('x');" },
	// Everything around the migrations: hooks, queries of the project, a health check; messages.
	whole: { ...numbered((v, bad) => lines([`CREATE TEMP TABLE scratch_${v} (id int);`, ...tables(v)], bad && FAILS)),
		besides: { 'verify/log.sql': 'SELECT * FROM log WHERE v IS NULL;\n' },
		target: { environment: 'production', approvals: 0, backup: false, health_url: '@health@', health_attempts: 30, health_delay: '100ms', health_timeout: '1s' },
		sections: ['before', 'after', 'failure'].map((when) => `hook "${when}" {\n  when = "${when}"\n  command = {"/bin/echo", "${when}"}\n  timeout = "10s"\n}`) },
	// The second goes through log in batches, and goes on after a kill.
	batch: { ...numbered((v) => v === '2' ? '-- gatehouse:batch table=public.log key=id size=50 min_size=50 max_size=50 pause=20ms\nUPDATE log SET v = NULL WHERE id BETWEEN :from AND :to AND v IS NOT NULL;' : lines(tables(v)),
		(v) => v === '2' ? ["UPDATE log SET v = 'again';"] : gone(v)),
	besidesLog: "ALTER TABLE log ADD COLUMN id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY; INSERT INTO log (v) SELECT 'x' FROM generate_series(1, 400);",
	objects: "SELECT 't_2' WHERE EXISTS (SELECT FROM log WHERE v IS NULL) UNION ALL SELECT 'u_2' WHERE NOT EXISTS (SELECT FROM log WHERE v IS NOT NULL)",
	resumes: true },
	// Needs an approval.
	asked: { ...numbered((v, bad) => lines(tables(v), bad && FAILS)), target: { environment: 'staging', approvals: 1, backup: false, revert_window: '10min' } },
	// Backups: taken by hand, proved on a server of somebody's, restored.
	kept: { ...numbered((v, bad) => lines(tables(v), bad && FAILS)), target: { environment: 'production', approvals: 0, keep_last: 1, keep_daily: 1,
		prove_server: 'host=@run@ port=5432 dbname=postgres user=prover', restore_connection: 'host=@run@ port=5432 dbname=postgres user=restorer' } },
	// Proved in a cluster of their own, within a moment.
	proved: { ...numbered((v, bad) => lines(tables(v), bad && FAILS)), target: { environment: 'staging', approvals: 1, backup: false, prove_within: '1s' } },
	// Others take its backups.
	outside: { ...numbered((v, bad) => lines(tables(v), bad && FAILS)), target: { environment: 'production', approvals: 0, backup_outside: '1d' },
		conf: 'outside "dumps" {\n  target = "outside"\n  kind = "folder"\n  folder = "@run@/../../dumps"\n  pattern = "*.dump"\n  refresh = "7d"\n}\n' },
	// Is rehearsed on a server of somebody's.
	beside: { ...numbered((v, bad) => lines(tables(v), bad && FAILS)), target: { environment: 'staging', approvals: 1, backup: false,
		rehearse_server: 'host=@run@ port=5432 dbname=postgres user=shop' } },
};

export const database = (kind) => kind.replaceAll('-', '_');

// The database of a kind as it was before any run.
export const freshSql = (kind) => `DROP SCHEMA public CASCADE; DROP SCHEMA IF EXISTS sqitch CASCADE; CREATE SCHEMA public AUTHORIZATION shop;
	CREATE TABLE log (v text); ALTER TABLE log OWNER TO shop; ALTER DATABASE ${database(kind)} OWNER TO shop;
	${KINDS[kind].besidesLog ?? ''}`;

export function filesOf(kind) {
	return Object.assign({}, KINDS[kind].besides, ...VERSIONS.map((v) => KINDS[kind].files(v, v === '3')));
}
