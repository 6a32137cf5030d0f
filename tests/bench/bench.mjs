// make bench.
//
// (a) The runs page with 50 rows of 100,000, behind nginx, and a bare libfcgi program that sends the same number of
//     bytes behind the same nginx; in turns, so that both meet the same machine.
// (b) 1000 small migrations on a development target through a run, and the same over one libpq connection.
// (c) Lint against squawk-cli: lint.mjs.
// (d) The matrix page of 2000 migrations on 12 targets, and the runs page: matrix.mjs.
// (e) A look at 5000 migrations and their target, and ls with one query: status.mjs.
//     These three also run by themselves.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { WebClient } from '../../tools/web-client.mjs';
import { lintBench } from './lint.mjs';
import { matrixPage } from './matrix.mjs';
import { CONNECTIONS, ROUNDS, RUNS, SLICE, fillStore, load, median, say } from './measure.mjs';
import { statusOfMany } from './status.mjs';
import { PASSWORDS, Stack, USERS, build, freePort, run } from '../support/stack.mjs';

const MIGRATIONS = 1000;

async function runsPage() {
	const stack = await Stack.start({
		projects: { plain: { convention: 'numbered', files: { '001_a.sql': 'CREATE TABLE a (id int);\n' } } },
		targets: { dev: { environment: 'development' } }, people: ['admin', 'viewer'], workers: 2,
	});
	try {
		stack.cli(['refresh']);
		fillStore(stack);
		const viewer = new WebClient(stack.base);
		await viewer.signIn('viewer', PASSWORDS.viewer);
		const page = await viewer.get('/runs');
		const rows = [...page.body.matchAll(/href="\/runs\/\d+"/g)].length;
		const cookie = [...viewer.cookies].map(([k, v]) => `${k}=${v}`).join('; ');

		// The same nginx settings before the bare program.
		const port = await freePort();
		const socket = stack.path('run/web/bare.sock');
		stack.spawn('bare', USERS.web, [copyOf(stack, 'tests/bench/bare'), socket, '2', String(page.raw.length)]);
		writeFileSync(stack.path('etc/bare.conf'), readFileSync(stack.path('etc/nginx.conf'), 'utf8')
			.replaceAll(stack.path('run/web/fcgi.sock'), socket).replaceAll(String(stack.port), String(port))
			.replaceAll('nginx.pid', 'bare.pid'));
		stack.spawn('barenginx', USERS.nginx, ['/usr/sbin/nginx', '-p', stack.path('run/nginx'), '-c', stack.path('etc/bare.conf'), '-g', 'daemon off;']);
		await stack.waitFor('barenginx', () => new WebClient(`http://127.0.0.1:${port}`).send('GET', '/').then((r) => r.status === 200, () => false));

		const ours = [], bare = [];
		load(stack.port, '/runs', cookie);
		for (let i = 0; i < ROUNDS; i++) {
			bare.push(load(port, '/runs', cookie));
			ours.push(load(stack.port, '/runs', cookie));
		}
		console.log(`(a) runs page: ${rows} links to runs of ${RUNS}, ${ours[0].bytes} bytes, ${CONNECTIONS} connections, ${ROUNDS} rounds of ${SLICE} ms`);
		const a = say('gatehouse', ours), b = say('bare', bare, `, ${bare[0].bytes} bytes`);
		console.log(`    ratio      ${(a / b).toFixed(2)}   (goal: at least 0.5; later 0.8; p99 under 10 ms)`);
		await stack.end('barenginx', 'SIGQUIT');
		process.kill(-stack.parts.bare.pid, 'SIGKILL');
	} finally {
		await stack.stop();
	}
}

// Where the service users can read it.
function copyOf(stack, program) {
	const to = stack.path('bin', path.basename(program));
	run('root', ['/bin/cp', path.join(build, program), to]);
	run('root', ['/bin/chmod', '755', to]);
	return to;
}

async function migrations() {
	const files = {};
	for (let i = 1; i <= MIGRATIONS; i++) {
		const v = String(i).padStart(4, '0');
		files[`${v}_t.sql`] = `CREATE TABLE t_${v} (id bigint PRIMARY KEY, name text NOT NULL);\nCOMMENT ON TABLE t_${v} IS 'number ${i}';\n`;
		files[`${v}_t_down.sql`] = `DROP TABLE t_${v};\n`;
	}
	const stack = await Stack.start({
		projects: { many: { convention: 'numbered', files } }, web: false, durable: true,
		targets: { dev: { environment: 'development' }, warm: { environment: 'development' } }, people: ['admin'],
	});
	try {
		const direct = [], through = [], whole = [];
		const program = copyOf(stack, 'tests/bench/direct');
		const rounds = Number(process.env.ROUNDS ?? 3);
		for (let i = 0; i < rounds; i++) {
			stack.psql('postgres', `DROP DATABASE IF EXISTS plain1;\nCREATE DATABASE plain1 OWNER shop;\n`);
			direct.push(Number(run(USERS.runner, [program, `host=${stack.path('run/pg')} dbname=plain1 user=shop`,
				...Object.keys(files).filter((f) => !f.includes('_down')).sort().map((f) => stack.path('projects/many', f))],
			{ env: { PGPASSFILE: stack.path('etc/passfile') } }).stdout));
			stack.psql('postgres', 'DROP DATABASE dev;\nCREATE DATABASE dev OWNER shop;\n');
			const began = Date.now();
			stack.cli(['up', '--target', 'dev', '--wait', '--reason', 'bench']);
			whole.push(Date.now() - began);
			through.push(Number(stack.store('SELECT (ended_at - started_at) / 1000.0 FROM run ORDER BY id DESC LIMIT 1')[0]));
		}
		if (stack.tracked('dev').length !== MIGRATIONS)
			throw new Error('not all were applied');
		const [d, t, w] = [direct, through, whole].map(median);
		console.log(`(b) ${MIGRATIONS} migrations of two statements on a development target, median of ${rounds}`);
		console.log(`    libpq      ${d.toFixed(0)} ms`);
		console.log(`    run        ${t.toFixed(0)} ms from its start to its end (${w.toFixed(0)} ms with the request, reading the folder included)`);
		console.log(`    ratio      ${(t / d).toFixed(2)}   (goal: at most 1.3; later 1.15)`);
	} finally {
		await stack.stop();
	}
}

lintBench();
await matrixPage();
await statusOfMany();
await runsPage();
await migrations();
