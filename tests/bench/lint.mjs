// make bench, third part: gatehouse lint over 1000 files of one table and one index each, and squawk-cli over the same
// files, in turns, so that both meet the same machine.  Squawk is called as its npm package is and, so that nobody
// pays for Node.js alone, its program by itself, too.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PROGRAMS, build } from '../support/stack.mjs';

const FILES = 1000;
const ROUNDS = Number(process.env.ROUNDS ?? 8);
const LIMIT = 0.5;
const SQUAWK = 'squawk-cli@2.66.0';
const modules = path.join(build, 'squawk/node_modules');
const squawk = path.join(modules, '.bin/squawk');

// Not in the lock file: npm ci wants its programs of all platforms, which not every registry has.
function install() {
	if (!existsSync(squawk))
		spawnSync('npm', ['install', '--prefix', path.join(build, 'squawk'), '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', SQUAWK], { stdio: ['ignore', 2, 2] });
	const own = path.join(modules, '@squawk-cli');
	return existsSync(own) ? path.join(own, readdirSync(own)[0], 'bin/squawk') : '';
}

function milliseconds(program, args, cwd) {
	const began = process.hrtime.bigint();
	const r = spawnSync(program, args, { cwd, maxBuffer: 1 << 28, env: { PATH: process.env.PATH } });
	const took = Number(process.hrtime.bigint() - began) / 1e6;

	// Both say 1 when they have found something.
	if (r.status !== 0 && r.status !== 1)
		throw new Error(`${program}: ${r.error ?? r.stderr}`);
	return took;
}
const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];

export function lintBench() {
	const bare = install();
	const home = mkdtempSync(path.join(tmpdir(), 'gatehouse-bench-'));

	try {
		if (bare === '')
			throw new Error(`npm cannot install ${SQUAWK}`);
		const dir = path.join(home, 'migrations'), files = [];
		const took = { ours: [], theirs: [], bare: [] };

		mkdirSync(dir);
		for (let i = 1; i <= FILES; i++) {
			const v = String(i).padStart(4, '0');
			files.push(`${v}_t.sql`);
			writeFileSync(path.join(dir, `${v}_t.sql`), `CREATE TABLE t_${v} (id bigint PRIMARY KEY, name text NOT NULL, created_at timestamptz NOT NULL DEFAULT now());\nCREATE INDEX t_${v}_name ON t_${v} (name);\n`);
		}
		for (let i = 0; i < ROUNDS; i++) {
			took.ours.push(milliseconds(PROGRAMS.gatehouse, ['lint', 'migrations'], home));
			took.theirs.push(milliseconds(squawk, files, dir));
			took.bare.push(milliseconds(bare, files, dir));
		}
		const [a, b, c] = [took.ours, took.theirs, took.bare].map(median);
		console.log(`(c) lint of ${FILES} files with a table and an index each, median of ${ROUNDS}`);
		console.log(`    gatehouse  ${a.toFixed(0)} ms`);
		console.log(`    squawk     ${b.toFixed(0)} ms (${c.toFixed(0)} ms its program alone)`);
		console.log(`    ratio      ${(a / b).toFixed(2)}   (limit: ${LIMIT}; to the program alone ${(a / c).toFixed(2)})`);
	} finally {
		rmSync(home, { recursive: true, force: true });
	}
}

if (process.argv[1]?.endsWith('bench/lint.mjs'))
	lintBench();
