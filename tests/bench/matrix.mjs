// make bench, fourth part: the matrix page of 2000 migrations on 12 targets, each migrated up to another one, and the runs page
// with 50 rows of 100,000, in turns.
import { WebClient } from '../../tools/web-client.mjs';
import { PASSWORDS, Stack } from '../support/stack.mjs';
import { CONNECTIONS, ROUNDS, SLICE, fillStore, load, say } from './measure.mjs';

const MIGRATIONS = 2000, TARGETS = 12, LIMIT = 2;

export async function matrixPage() {
	const files = {};
	for (let i = 1; i <= MIGRATIONS; i++)
		files[`${String(i).padStart(4, '0')}_t.sql`] = `-- migrate:up\nCREATE TABLE t_${i} (id int);\n-- migrate:down\nDROP TABLE t_${i};\n`;
	const wide = Object.fromEntries(Array.from({ length: TARGETS }, (_, i) => [`t${i}`, { environment: 'development', project: 'wide' }]));
	const stack = await Stack.start({
		projects: { plain: { convention: 'numbered', files: { '001_a.sql': 'CREATE TABLE a (id int);\n' } }, wide: { convention: 'dbmate', files } },
		targets: { dev: { environment: 'development', project: 'plain' }, ...wide }, people: ['admin', 'viewer'], workers: 2, refresh: 3600,
		prepare(s) {
			Object.keys(wide).forEach((name, i) => s.psql(name, `SET ROLE shop; CREATE TABLE schema_migrations (version varchar(128) PRIMARY KEY);
				INSERT INTO schema_migrations SELECT to_char(n, 'FM0000') FROM generate_series(1, ${MIGRATIONS - 4 * i}) n`));
		},
	});
	try {
		stack.cli(['refresh']);
		fillStore(stack);
		const viewer = new WebClient(stack.base);
		await viewer.signIn('viewer', PASSWORDS.viewer);
		const cookie = [...viewer.cookies].map(([k, v]) => `${k}=${v}`).join('; ');
		const { migrations } = await viewer.json('/migrations?project=wide');
		const cells = migrations.flatMap((m) => m.cells), applied = cells.filter((c) => c.state === 'applied').length;
		if (migrations.length !== 50 || cells.length !== 50 * TARGETS || applied === 0 || applied === cells.length)
			throw new Error(`the page has ${migrations.length} rows, ${cells.length} cells, ${applied} of them applied`);

		const matrix = [], runs = [], deep = [];
		load(stack.port, '/migrations?project=wide', cookie);
		for (let i = 0; i < ROUNDS; i++) {
			runs.push(load(stack.port, '/runs', cookie));
			matrix.push(load(stack.port, '/migrations?project=wide', cookie));
			deep.push(load(stack.port, '/migrations?project=wide&before=1000', cookie));
		}
		console.log(`(d) matrix page: 50 of ${MIGRATIONS} migrations on ${TARGETS} targets, ${CONNECTIONS} connections, ${ROUNDS} rounds of ${SLICE} ms`);
		const a = say('matrix', matrix, `, ${matrix[0].bytes} bytes`);
		say('its middle', deep);
		const b = say('runs', runs, `, ${runs[0].bytes} bytes`);
		console.log(`    ratio      ${(b / a).toFixed(2)}   (limit: ${LIMIT})`);
	} finally {
		await stack.stop();
	}
}

if (process.argv[1]?.endsWith('bench/matrix.mjs'))
	await matrixPage();
