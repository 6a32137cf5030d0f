// make bench, a part: a backup of 3 million rows, from the start of its task to its end (counted, written, read back and
// listed), in turns with a bare pg_dump of the same database in the custom format and in the plain one to /dev/null; then its
// proof by a restore in a cluster of its own with every row counted, in turns with a bare pg_restore.
//
//   ROWS=200000 ROUNDS=1 node tests/bench/backup.mjs     a quick look
//
// Each ratio says whether it is within its limit.  One of the whole size that is not makes the exit code 1; with fewer rows
// the start of the job is most of the time, so there it says nothing about the limits.
import { rmSync, statSync } from 'node:fs';
import { median } from './measure.mjs';
import { PG_BIN, Stack, USERS, run } from '../support/stack.mjs';

const WHOLE = 3_000_000;
const ROWS = Number(process.env.ROWS ?? WHOLE);
const ROUNDS = Number(process.env.ROUNDS ?? 3);
const LIMIT_CUSTOM = 0.5, LIMIT_PLAIN = 1.5, LIMIT_SIZE = 1;

// An order has what orders have: numbers, a state of few, a name, a sentence, a time.
const fill = `CREATE TABLE orders (id bigint PRIMARY KEY, customer int NOT NULL, state text NOT NULL, amount numeric(10,2) NOT NULL, note text NOT NULL, made_at timestamptz NOT NULL)
  WITH (autovacuum_enabled = off);
SELECT setseed(0.5);
INSERT INTO orders SELECT i, random() * 200000, (ARRAY['new', 'paid', 'sent', 'done'])[1 + floor(random() * 4)], random() * 1000,
  'order of customer ' || floor(random() * 200000) || ', ' || substr(md5(i::text), 1, 12), timestamptz '2026-01-01' + i * interval '7 seconds'
  FROM generate_series(1, ${ROWS}) i;
CREATE INDEX orders_customer ON orders (customer);
ALTER TABLE orders OWNER TO shop;
VACUUM (FREEZE, ANALYZE) orders;
CHECKPOINT;
`;

const timed = (f) => {
	const from = process.hrtime.bigint();
	f();
	return Number(process.hrtime.bigint() - from) / 1e6;
};
const seconds = (ms) => `${(ms / 1000).toFixed(2)} s`;
// "0.43, limit 0.5: pass"
function judged(ratio, limit) {
	const good = ratio <= limit;

	if (!good && ROWS >= WHOLE)
		process.exitCode = 1;
	return `${ratio.toFixed(2)}, limit ${limit}: ${good ? 'pass' : 'FAIL'}`;
}
const pairs = (ours, theirs) => ours.map((t, i) => (t / theirs[i]).toFixed(2)).join(' ');
const mib = (bytes) => `${(bytes / 2 ** 20).toFixed(1)} MiB`;

// The task's own time: nothing of the waiting for it is in it.
function task(stack, args) {
	const r = JSON.parse(stack.cli([...args, '--wait', '--json'], { timeout: 3_600_000 }));
	const [took, text] = stack.store(`SELECT (ended_at - started_at) / 1000.0, state || ': ' || text FROM task WHERE id = ${r.task.rows[0].task}`)[0].split('|');
	if (!text.startsWith('done'))
		throw new Error(text);
	return Number(took);
}
const last = (stack, column) => stack.store(`SELECT ${column} FROM backup ORDER BY id DESC LIMIT 1`)[0];

function dump(stack, ...args) {
	return timed(() => run(USERS.runner, [`${PG_BIN}/pg_dump`, '-h', stack.path('run/pg'), '-U', 'shop', '-d', 'dev', ...args],
		{ env: { PGPASSFILE: stack.path('etc/passfile') } }));
}

function taking(stack) {
	const ours = [], custom = [], plain = [], file = stack.path('backups/bare.dump');
	let size = 0, ourSize = 0;

	for (let i = 0; i < ROUNDS; i++) {
		custom.push(dump(stack, '-Fc', '-f', file));
		size = statSync(file).size;
		ours.push(task(stack, ['--target', 'dev', 'backup', 'take']));
		ourSize = Number(last(stack, 'size'));
		plain.push(dump(stack, '-Fp', '-f', '/dev/null'));
	}
	const [o, c, p] = [ours, custom, plain].map(median);
	console.log(`(g) backup of ${ROWS.toLocaleString('en')} rows, median of ${ROUNDS}, in turns`);
	console.log(`    pg_dump -Fc  ${seconds(c)}, ${mib(size)}`);
	console.log(`    pg_dump -Fp  ${seconds(p)}, to /dev/null`);
	console.log(`    take         ${seconds(o)}, ${mib(ourSize)}, ${last(stack, 'level')}`);
	console.log(`    to -Fc       ${judged(o / c, LIMIT_CUSTOM)}   (pairs: ${pairs(ours, custom)})`);
	console.log(`    its size     ${judged(ourSize / size, LIMIT_SIZE)}`);
	console.log(`    to -Fp       ${judged(o / p, LIMIT_PLAIN)}   (pairs: ${pairs(ours, plain)})`);
	if (ROWS < WHOLE)
		console.log(`    fewer than ${WHOLE.toLocaleString('en')} rows: these limits are not for so few`);
	return file;
}

function proving(stack, file) {
	const ours = [], bare = [], id = last(stack, 'id');

	for (let i = 0; i < ROUNDS; i++) {
		stack.psql('postgres', 'DROP DATABASE IF EXISTS back;\nCREATE DATABASE back OWNER shop;\nCHECKPOINT;\n');
		bare.push(timed(() => run(USERS.runner, [`${PG_BIN}/pg_restore`, '-h', stack.path('run/pg'), '-U', 'shop', '-d', 'back', '--no-owner', file],
			{ env: { PGPASSFILE: stack.path('etc/passfile') } })));
		stack.psql('postgres', 'DROP DATABASE back;\n');
		ours.push(task(stack, ['backup', 'prove', id, '--level', 'counted']));
	}
	const [o, b] = [ours, bare].map(median);
	console.log(`    pg_restore   ${seconds(b)}`);
	console.log(`    prove        ${seconds(o)}, counted`);
	console.log(`    ratio        ${(o / b).toFixed(2)}   (no limit; pairs: ${pairs(ours, bare)})`);
}

export async function backupBench() {
	const stack = await Stack.start({
		projects: { plain: { convention: 'numbered', files: { '001_a.sql': 'SELECT 1;\n' } } }, web: false, durable: true,
		targets: { dev: { environment: 'development' } }, people: ['admin'],
	});
	try {
		stack.psql('dev', fill);
		stack.cli(['refresh']);
		const file = taking(stack);
		proving(stack, file);
		rmSync(file, { force: true });
	} finally {
		await stack.stop();
	}
}

if (process.argv[1]?.endsWith('bench/backup.mjs'))
	await backupBench();
