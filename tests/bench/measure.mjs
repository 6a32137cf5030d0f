// What the parts of make bench share.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { USERS, build, run } from '../support/stack.mjs';

export const ROUNDS = Number(process.env.ROUNDS ?? 8);
export const SLICE = 1000; // milliseconds
export const CONNECTIONS = 4;
export const RUNS = 100000;

export const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];

// Pages a second, and how long one took in microseconds.
export function load(port, where, cookie) {
	const r = spawnSync(path.join(build, 'tests/bench/load'), [port, where, cookie, CONNECTIONS, SLICE].map(String), { encoding: 'utf8' });
	if (r.status !== 0)
		throw new Error(r.stderr);
	const [rate, p50, p99, bytes] = r.stdout.trim().split(' ').map(Number);
	return { rate, p50, p99, bytes };
}

export function say(name, rounds, more = '') {
	const of = (key) => median(rounds.map((r) => r[key]));
	console.log(`    ${name.padEnd(10)} ${of('rate').toFixed(0)} pages/s, p50 ${(of('p50') / 1000).toFixed(2)} ms, p99 ${(of('p99') / 1000).toFixed(2)} ms${more}`);
	return of('rate');
}

// Rows as 100,000 runs would have left them.
export function fillStore(stack) {
	const digest = 'd'.repeat(64);
	const t0 = Date.parse('2026-01-01') * 1000;
	const sqlite = (input) => run(USERS.runner, ['/usr/bin/sqlite3', '-bail', stack.path('store/store.db')], { input }).stdout;
	// The states of a hundred thousand runs are not gone through one by one: the triggers step aside.
	const triggers = sqlite("SELECT name || char(9) || replace(sql, char(10), ' ') || ';' FROM sqlite_schema WHERE type = 'trigger'").trim().split('\n').map((l) => l.split('\t'));
	sqlite(`PRAGMA busy_timeout = 5000; BEGIN;
${triggers.map(([name]) => `DROP TRIGGER ${name};`).join('\n')}
INSERT INTO plan VALUES ('${digest}', (SELECT id FROM target WHERE name = 'dev'), 'up', 1, ${t0}, x'00');
INSERT INTO plan_migration (plan_digest, position, key, version, name, description, author, digest, transactional, stripped, has_back, statements)
SELECT '${digest}', 0, '001_a', '001', 'a', 'A table', 'Shop team', digest, 1, 0, 1, 1 FROM content LIMIT 1;
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${RUNS})
INSERT INTO request SELECT i, (SELECT id FROM target WHERE name = 'dev'), '${digest}', 'up', 'to 001', 'reason ' || i,
  (SELECT id FROM person WHERE name = 'viewer'), 'done', '', ${t0} + i * 60000000, ${t0} + i * 60000000, ${t0} + i * 60000000, NULL, NULL FROM n;
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${RUNS})
INSERT INTO run (id, request_id, target_id, plan_digest, direction, state, outcome, queued_at, started_at, ended_at)
SELECT i, i, (SELECT id FROM target WHERE name = 'dev'), '${digest}', 'up', iif(i % 9 = 0, 'failed-clean', 'succeeded'),
  'What is true now, in one sentence.', ${t0} + i * 60000000, ${t0} + i * 60000000 + 20000, ${t0} + i * 60000000 + 4200000 FROM n;
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${RUNS})
INSERT INTO run_migration (run_id, position, target_id, key, state) SELECT i, 0, (SELECT id FROM target WHERE name = 'dev'), '001_a', 'ok' FROM n;
${triggers.map(([, sql]) => sql).join('\n')}
COMMIT; PRAGMA wal_checkpoint(TRUNCATE); ANALYZE;`);
}
