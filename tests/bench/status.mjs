// make bench, fifth part: what one look at a folder of 5000 migrations and its database costs (the check job: discovery and
// status), and ls of that folder with one query for the tracking table.
import { readFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { until } from '../../tools/web-client.mjs';
import { PG_BIN, Stack, USERS, asUser } from '../support/stack.mjs';
import { ROUNDS, median } from './measure.mjs';

const MIGRATIONS = 5000, LIMIT = 1000;
const TICK = 10; // milliseconds; /proc counts in hundredths of a second

// The processor time of the runner's children that have ended.
function childrenOf(pid) {
	const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /, '').split(' ');
	return (Number(fields[13]) + Number(fields[14])) * TICK;
}

function userAndSystem(argv) {
	const quoted = argv.map((a) => `'${a.replaceAll("'", "'\\''")}'`).join(' ');
	const r = spawnSync('/bin/bash', ['-c', `TIMEFORMAT='%U %S'; time ${quoted} >/dev/null`], { encoding: 'utf8' });
	if (r.status !== 0)
		throw new Error(r.stderr);
	return r.stderr.trim().split(' ').reduce((sum, s) => sum + Number(s), 0) * 1000;
}

export async function statusOfMany() {
	const files = {};
	for (let i = 1; i <= MIGRATIONS; i++)
		files[`${20250101000000 + i}_t.sql`] = `-- migrate:up\nCREATE TABLE t_${i} (id int);\n-- migrate:down\nDROP TABLE t_${i};\n`;
	const stack = await Stack.start({
		projects: { many: { convention: 'dbmate', files } }, web: false, refresh: 2, people: ['admin'],
		targets: { dev: { environment: 'development' } },
		prepare(s) {
			s.psql('dev', `SET ROLE shop; CREATE TABLE schema_migrations (version varchar(128) PRIMARY KEY);
				INSERT INTO schema_migrations SELECT 20250101000000 + n FROM generate_series(1, ${MIGRATIONS} - 10) n`);
		},
	});
	try {
		stack.cliTry(['refresh']);
		const pid = stack.pids().find((p) => {
			try {
				return readFileSync(`/proc/${p}/cmdline`, 'utf8').startsWith(stack.program('gatehouse-runner'));
			} catch {
				return false;
			}
		});
		const checked = () => stack.store("SELECT checked_at FROM target WHERE name = 'dev'")[0];
		const [pending] = await until(() => stack.store("SELECT count(*) FROM standing WHERE standing = 'pending'").filter((n) => n === '10'), { seconds: 60, say: 'the first look' });
		const took = [], plain = [];

		// The folder does not change: each tick is one check job and nothing else.
		for (let i = 0; i < ROUNDS; i++) {
			const before = checked(), spent = childrenOf(pid);
			await until(() => checked() !== before, { seconds: 60, every: 50, say: 'the next look' });
			took.push(childrenOf(pid) - spent);
			plain.push(userAndSystem(['ls', '-l', stack.path('projects/many')])
				+ userAndSystem(asUser(USERS.pg, [`${PG_BIN}/psql`, '-X', '-A', '-t', '-h', stack.path('run/pg'), '-U', 'postgres', '-d', 'dev', '-c', 'SELECT version FROM schema_migrations ORDER BY version'])));
		}
		const a = median(took), b = median(plain);
		console.log(`(e) a look at ${MIGRATIONS} migrations and their target, ${pending} pending, processor time, median of ${ROUNDS}`);
		console.log(`    gatehouse  ${a.toFixed(0)} ms (limit: ${LIMIT} ms; most ${Math.max(...took)} ms)`);
		console.log(`    ls, psql   ${b.toFixed(0)} ms`);
		console.log(`    ratio      ${(a / b).toFixed(1)}`);
	} finally {
		await stack.stop();
	}
}

if (process.argv[1]?.endsWith('bench/status.mjs'))
	await statusOfMany();
