// make bench, a part: a backfill of 5 million rows as a batched migration, and the best loop that a hand writes over one
// libpq connection, with batches of the same size and as many commits; in turns, each on a table that was just made.
//
//   ROWS=200000 ROUNDS=1 node tests/bench/batch.mjs     a quick look
import { setTimeout as sleep } from 'node:timers/promises';
import { copyOf } from './migrations.mjs';
import { median } from './measure.mjs';
import { Stack, USERS, run } from '../support/stack.mjs';

const ROWS = Number(process.env.ROWS ?? 5_000_000);
const SIZE = Number(process.env.SIZE ?? 5000);
const ROUNDS = Number(process.env.ROUNDS ?? 3);
const LIMIT = 1.2;

const files = {
	'001_fill.sql': `-- gatehouse:batch table=public.orders key=id size=${SIZE} target=0ms\nUPDATE orders SET n = n + 1 WHERE id BETWEEN :from AND :to;\n`,
	'001_fill_down.sql': 'SELECT 1;\n',
};

// The checkpoint and the vacuum that the filling causes are not part of what is measured.
function table(stack, database) {
	stack.psql('postgres', `DROP DATABASE IF EXISTS ${database};\nCREATE DATABASE ${database} OWNER shop;\n`);
	stack.psql(database, `CREATE TABLE orders (id bigint PRIMARY KEY, n int NOT NULL, note text NOT NULL) WITH (autovacuum_enabled = off);
INSERT INTO orders SELECT i, 0, 'a note of some length ' || i FROM generate_series(1, ${ROWS}) i;
ALTER TABLE orders OWNER TO shop;\nVACUUM (FREEZE, ANALYZE) orders;\nCHECKPOINT;\n`);
}

function touched(stack, database) {
	const got = stack.rows(database, 'SELECT min(n), max(n), count(*) FROM orders')[0];
	if (got !== `1|1|${ROWS}`)
		throw new Error(`${database}: ${got}`);
}

async function batched(stack) {
	stack.cli(['up', '--target', 'dev', '--reason', 'bench'], { exits: [3] });
	for (;;) {
		const [state, took, outcome] = (stack.store('SELECT state, (ended_at - started_at) / 1000.0, outcome FROM run ORDER BY id DESC LIMIT 1')[0] ?? '').split('|');
		if (state === 'succeeded')
			return Number(took);
		if (state && !['queued', 'running'].includes(state))
			throw new Error(outcome);
		await sleep(500);
	}
}

export async function batchBench() {
	const stack = await Stack.start({
		projects: { many: { convention: 'numbered', files } }, web: false, durable: true,
		targets: { dev: { environment: 'development' } }, people: ['admin'],
	});
	try {
		const ours = [], loop = [];
		const program = copyOf(stack, 'tests/bench/loop');

		for (let i = 0; i < ROUNDS; i++) {
			table(stack, 'plain1');
			loop.push(Number(run(USERS.runner, [program, `host=${stack.path('run/pg')} dbname=plain1 user=shop`, String(ROWS), String(SIZE)],
				{ env: { PGPASSFILE: stack.path('etc/passfile') } }).stdout));
			touched(stack, 'plain1');
			stack.psql('postgres', 'DROP DATABASE plain1;\n');
			table(stack, 'dev');
			ours.push(await batched(stack));
			touched(stack, 'dev');
		}
		const [o, l] = [ours, loop].map(median), rate = (ms) => Math.round(ROWS / ms * 1000).toLocaleString('en');
		console.log(`(f) backfill of ${ROWS.toLocaleString('en')} rows in batches of ${SIZE}, median of ${ROUNDS}, in turns`);
		console.log(`    loop       ${l.toFixed(0)} ms, ${rate(l)} rows a second`);
		console.log(`    run        ${o.toFixed(0)} ms, ${rate(o)} rows a second, from its start to its end`);
		console.log(`    ratio      ${(o / l).toFixed(2)}   (limit: ${LIMIT}; pairs: ${ours.map((t, i) => (t / loop[i]).toFixed(2)).join(' ')})`);
	} finally {
		await stack.stop();
	}
}

if (process.argv[1]?.endsWith('bench/batch.mjs'))
	await batchBench();
