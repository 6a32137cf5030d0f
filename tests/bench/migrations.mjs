// make bench, second part: 1000 small migrations on a development target through a run, and the same commits over one
// libpq connection, in turns; dbmate and node-pg-migrate from npm beside them; and what the guard costs.  DURABLE=0 leaves
// the server's disk out of it, MIGRATIONS and ROUNDS make it shorter.
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { spawnSync } from 'node:child_process';
import { median } from './measure.mjs';
import { Stack, USERS, asUser, build, run, top } from '../support/stack.mjs';

const MIGRATIONS = Number(process.env.MIGRATIONS ?? 1000);
const ROUNDS = Number(process.env.ROUNDS ?? 5);
const LIMIT = 1.15;
const LOOKS = 200, EVERY = 250; // milliseconds

// Where the service users can read it.
export function copyOf(stack, program) {
	const to = stack.path('bin', path.basename(program));
	run('root', ['/bin/cp', path.join(build, program), to]);
	run('root', ['/bin/chmod', '755', to]);
	return to;
}

const versions = Array.from({ length: MIGRATIONS }, (_, i) => String(i + 1).padStart(4, '0'));
const up = (v) => `CREATE TABLE t_${v} (id bigint PRIMARY KEY, name text NOT NULL);\nCOMMENT ON TABLE t_${v} IS 'number ${Number(v)}';\n`;
const down = (v) => `DROP TABLE t_${v};\n`;

function folder(stack, name, file, text) {
	const dir = stack.path(name);
	mkdirSync(dir, { recursive: true });
	for (const v of versions)
		writeFileSync(path.join(dir, file(v)), text(v));
	chmodSync(dir, 0o755);
	return dir;
}

function fresh(stack, database) {
	stack.psql('postgres', `DROP DATABASE IF EXISTS ${database};\nCREATE DATABASE ${database} OWNER shop;\n`);
}

// Another tool, from its start to its end.
function tool(stack, argv, env) {
	fresh(stack, 'plain2');
	const began = process.hrtime.bigint();
	const [program, ...args] = asUser(USERS.pg, argv);
	const r = spawnSync(program, args, { encoding: 'utf8', env: { PATH: process.env.PATH, HOME: stack.dir, ...env }, maxBuffer: 1 << 28 });
	const took = Number(process.hrtime.bigint() - began) / 1e6;
	if (r.status !== 0)
		throw new Error(`${argv.join(' ')}: ${r.stderr}${r.stdout.slice(-2000)}`);
	const n = stack.rows('plain2', "SELECT count(*) FROM pg_class WHERE relname LIKE 't\\_%' AND relkind = 'r'")[0];
	if (n !== String(MIGRATIONS))
		throw new Error(`${argv[0]} applied ${n}`);
	return took;
}

// One look on this server, by itself and with sessions that wait; the run's statements go on meanwhile.
function guardLook(stack) {
	const sql = readFileSync(path.join(top, 'runner/job/sql/guard_look.sql'), 'utf8').replaceAll('$1', 'pg_backend_pid()');
	const out = stack.psql('postgres', `SET client_min_messages = notice;\nDO $bench$ DECLARE t timestamptz := clock_timestamp(); BEGIN FOR i IN 1..${LOOKS} LOOP EXECUTE $look$${sql}$look$; END LOOP;
RAISE NOTICE 'took %', extract(epoch FROM clock_timestamp() - t) * 1000; END $bench$;`);
	return Number(/took ([0-9.]+)/.exec(out.stderr)[1]) / LOOKS;
}

export async function migrationsBench() {
	const files = {};
	for (const v of versions) {
		files[`${v}_t.sql`] = up(v);
		files[`${v}_t_down.sql`] = down(v);
	}
	const stack = await Stack.start({
		projects: { many: { convention: 'numbered', files } }, web: false, durable: process.env.DURABLE !== '0',
		targets: { dev: { environment: 'development' } }, people: ['admin'],
	});
	try {
		const took = { direct: [], run: [], whole: [], dbmate: [], pgm: [] };
		const program = copyOf(stack, 'tests/bench/direct');
		const paths = versions.map((v) => stack.path('projects/many', `${v}_t.sql`));
		const dbmate = folder(stack, 'dbmate', (v) => `${v}_t.sql`, (v) => `-- migrate:up\n${up(v)}-- migrate:down\n${down(v)}`);
		const pgm = folder(stack, 'pgm', (v) => `${17000000000000 + Number(v)}_t.sql`, (v) => `-- Up Migration\n${up(v)}-- Down Migration\n${down(v)}`);
		const socket = encodeURIComponent(stack.path('run/pg'));

		for (let i = 0; i < ROUNDS; i++) {
			fresh(stack, 'plain1');
			took.direct.push(Number(run(USERS.runner, [program, `host=${stack.path('run/pg')} dbname=plain1 user=shop`, ...paths],
				{ env: { PGPASSFILE: stack.path('etc/passfile') } }).stdout));
			fresh(stack, 'dev');
			const began = Date.now();
			stack.cli(['up', '--target', 'dev', '--wait', '--reason', 'bench']);
			took.whole.push(Date.now() - began);
			took.run.push(Number(stack.store('SELECT (ended_at - started_at) / 1000.0 FROM run ORDER BY id DESC LIMIT 1')[0]));
			if (stack.tracked('dev').length !== MIGRATIONS)
				throw new Error('not all were applied');
			if (i < 2) {
				took.dbmate.push(tool(stack, [path.join(top, 'node_modules/@dbmate/linux-x64/bin/dbmate'), '--no-dump-schema', '-d', dbmate, 'up'],
					{ DATABASE_URL: `postgres://postgres@/plain2?socket=${stack.path('run/pg')}&sslmode=disable` }));
				took.pgm.push(tool(stack, [process.execPath, path.join(top, 'node_modules/node-pg-migrate/bin/node-pg-migrate'), 'up', '-m', pgm, '--no-single-transaction', '--no-verbose'],
					{ DATABASE_URL: `postgres://postgres@${socket}/plain2` }));
			}
		}
		const looks = stack.store('SELECT count(*) FROM run_episode')[0], one = guardLook(stack);
		const ratios = took.run.map((t, i) => t / took.direct[i]);
		const [d, t, w, m, p] = [took.direct, took.run, took.whole, took.dbmate, took.pgm].map(median);
		console.log(`(b) ${MIGRATIONS} migrations of two statements on a development target, median of ${ROUNDS}, in turns`);
		console.log(`    libpq      ${d.toFixed(0)} ms`);
		console.log(`    run        ${t.toFixed(0)} ms from its start to its end (${w.toFixed(0)} ms with the request, reading the folder included)`);
		console.log(`    ratio      ${(t / d).toFixed(2)}   (limit: ${LIMIT}; pairs: ${ratios.map((r) => r.toFixed(2)).join(' ')})`);
		console.log(`    dbmate     ${m.toFixed(0)} ms, node-pg-migrate ${p.toFixed(0)} ms, from their start to their end`);
		console.log(`    guard      ${one.toFixed(2)} ms a look, one in ${EVERY} ms while a statement runs longer than that: ${(one / EVERY * 100).toFixed(2)} % of one processor; ${looks} episodes in these runs`);
	} finally {
		await stack.stop();
	}
}

if (process.argv[1]?.endsWith('bench/migrations.mjs'))
	await migrationsBench();
