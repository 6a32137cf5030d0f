// A Gatehouse whose targets are restored after a mistake that two migrations make.
import assert from 'node:assert/strict';
import { until } from '../../tools/web-client.mjs';
import { CANARY, Stack } from './stack.mjs';

const files = {
	'001_orders.sql': "CREATE TABLE orders (id int PRIMARY KEY, note text);\nINSERT INTO orders SELECT i, 'order ' || i FROM generate_series(1, 500) i;\n",
	'002_clean.sql': 'DELETE FROM orders WHERE id > 10;\n',
};
const RESTORED = { environment: 'production', restore_connection: 'host=@run@ port=5432 dbname=postgres user=gatehouse_restore', max_retries: 0 };

export class Restores {
	// targets: {name: what else is set of it}.  Another account of this machine is a lead.
	static async start(targets, prepare) {
		const r = new Restores();

		r.stack = await Stack.start({
			projects: { shop: { convention: 'numbered', files } },
			targets: Object.fromEntries(Object.entries(targets).map(([name, more]) => [name, { ...RESTORED, ...more }])),
			conf: 'account "daemon" { person = "lead" }\n',
			prepare(s) {
				prepare?.(s);
				s.psql('postgres', `CREATE ROLE gatehouse_restore LOGIN CREATEDB PASSWORD '${CANARY}-restore'; GRANT shop, pg_signal_backend TO gatehouse_restore`);
				s.passfile('etc/passfile', { shop: `${CANARY}-shop`, gatehouse_restore: `${CANARY}-restore` });
			},
			web: false,
			people: ['admin', 'lead'],
		});
		return r;
	}

	one(sql) {
		return this.stack.store(sql)[0];
	}
	newest(table, name) {
		return this.one(`SELECT max(id) FROM ${table} WHERE target_id = (SELECT id FROM target WHERE name = '${name}')`);
	}
	run(id) {
		const [state, outcome] = this.one(`SELECT state || '~' || outcome FROM run WHERE id = ${id}`).split('~');
		return { id, state, outcome };
	}
	databases(name) {
		return this.stack.rows('postgres', `SELECT datname || CASE WHEN datallowconn THEN '' ELSE ' refuses' END FROM pg_database WHERE datname ~ '^(${name}|gatehouse_restore)' ORDER BY 1`);
	}
	async ended(id) {
		await until(() => !['queued', 'running', 'unknown'].includes(this.run(id).state), { seconds: 90, say: `the end of run ${id}` });
		return this.run(id);
	}

	async ask(name, args) {
		const asked = this.stack.cliTry([...args, '--reason', 'a test']);
		assert.equal(asked.status, 3, asked.stdout + asked.stderr);
		await until(() => this.one(`SELECT count(*) FROM plan_count WHERE state IN ('queued', 'running')`) === '0', { seconds: 60, say: 'the count' });
		return this.newest('request', name);
	}
	async go(name, args, { wait = true } = {}) {
		const id = await this.ask(name, args);
		const yes = this.stack.cliTry(['approve', id, '--yes', ...(wait ? ['--wait'] : [])], { user: 'daemon' });
		const result = this.run(this.newest('run', name));

		assert.equal(this.one(`SELECT request_id FROM run WHERE id = ${result.id}`), id, yes.stdout + yes.stderr);
		return { ...result, request: id };
	}
	// 001, then 002, which was a mistake: the backup of before it.
	async mistaken(name) {
		for (const version of ['001', '002'])
			assert.equal((await this.go(name, ['up', '--target', name, '--to', version])).state, 'succeeded');
		assert.deepEqual(this.stack.rows(name, 'SELECT count(*) FROM orders'), ['10']);
		return this.newest('backup', name);
	}
}
