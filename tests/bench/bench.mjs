// make bench.
//
// (a) The runs page with 50 rows of 100,000, behind nginx, and a bare libfcgi program that sends the same number of
//     bytes behind the same nginx; in turns, so that both meet the same machine.
// (b) 1000 small migrations on a development target through a run, over one libpq connection, and by other tools:
//     migrations.mjs.
// (c) Lint against squawk-cli: lint.mjs.
// (d) The matrix page of 2000 migrations on 12 targets, and the runs page: matrix.mjs.
// (e) A look at 5000 migrations and their target, and ls with one query: status.mjs.
// (f) A backfill of 5 million rows in batches, and the best loop of a hand: batch.mjs.
// (g) A backup of 3 million rows and its proof, and pg_dump and pg_restore by themselves: backup.mjs.
//     These six also run by themselves.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { WebClient } from '../../tools/web-client.mjs';
import { backupBench } from './backup.mjs';
import { batchBench } from './batch.mjs';
import { lintBench } from './lint.mjs';
import { matrixPage } from './matrix.mjs';
import { copyOf, migrationsBench } from './migrations.mjs';
import { CONNECTIONS, ROUNDS, RUNS, SLICE, fillStore, load, median, say } from './measure.mjs';
import { statusOfMany } from './status.mjs';
import { PASSWORDS, Stack, USERS, build, freePort, run } from '../support/stack.mjs';

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

lintBench();
await matrixPage();
await statusOfMany();
await runsPage();
await migrationsBench();
await batchBench();
await backupBench();
