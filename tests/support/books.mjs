// A Gatehouse with one project, database and target a kind of migrations (kinds.mjs).
import assert from 'node:assert/strict';
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { until } from '../../tools/web-client.mjs';
import { KINDS, database, filesOf, freshSql } from './kinds.mjs';
import { Oracle } from './oracle.mjs';
import { Stack, USERS, isRoot } from './stack.mjs';

export { KINDS, database };

export class Books {
	// web: pages, too.  Another account of this machine is a lead.
	static async start({ kinds = Object.keys(KINDS), back = true, web = false, refresh = 1, health = 'http://127.0.0.1:9/', prepare, conf = '' } = {}) {
		const b = new Books();

		b.kinds = kinds;
		b.stack = await Stack.start({
			projects: Object.fromEntries(kinds.map((k) => [database(k), { convention: KINDS[k].convention ?? k, files: filesOf(k) }])),
			targets: Object.fromEntries(kinds.map((k) => [database(k), { environment: 'development', project: database(k), rollback_on_failure: back,
				...(KINDS[k].target?.environment ? {} : { backup: false }), ...KINDS[k].target, sections: KINDS[k].sections }])),
			people: ['admin', 'viewer', 'lead'], web, refresh,
			conf: `${isRoot ? `account "${USERS.pg}" { person = "lead" }\n` : ''}${kinds.map((k) => KINDS[k].conf ?? '').join('')}${conf}`, health,
			prepare(stack) {
				stack.psql('postgres', kinds.map((k) => `\\connect ${database(k)}\n${freshSql(k)};\n`).join(''));
				// What others have taken, a while ago.
				mkdirSync(stack.path('dumps'), { mode: 0o755 });
				writeFileSync(stack.path('dumps/monday.dump'), 'x', { mode: 0o644 });
				utimesSync(stack.path('dumps/monday.dump'), Date.now() / 1000 - 7200, Date.now() / 1000 - 7200);
				prepare?.(stack);
			},
		});
		b.judge = new Oracle(b.stack);
		try {
			for (const k of kinds)
				await until(() => (b.judge.keys[k] = b.list(k).map((r) => r.key)).length === 3, { seconds: 60, say: `the folder of ${k}` });
			// What sentences call a migration: its version where the key is a digest.
			b.judge.names = Object.fromEntries(kinds.map((k) => [k, b.keys[k].map((key, i) => /^[0-9a-f]{40}$/.test(key) ? b.list(k)[i].version : key)]));
		} catch (e) {
			await b.stop();
			throw e;
		}
		return b;
	}
	stop() {
		return this.stack.stop();
	}
	get keys() {
		return this.judge.keys;
	}
	list(kind) {
		return this.judge.list(kind);
	}
	psql(kind, sql) {
		return this.stack.psql(database(kind), sql);
	}
	last() {
		return this.judge.runs().at(-1);
	}
	ask(kind, args) {
		return this.stack.cliTry([args[0], '--target', database(kind), ...args.slice(1), '--reason', 'test']);
	}
	up(kind, n, more = []) {
		return this.ask(kind, ['up', '--to', this.keys[kind][n - 1], ...more]);
	}
	down(kind, n, more = []) {
		return this.ask(kind, ['down', '--steps', String(n), ...more]);
	}

	// Waits until nothing is open, then compares.  n: how many versions the run was for, from the first; down: the other way.
	async oracle(kind, { n, down = false }) {
		await until(() => this.judge.open() === 0, { seconds: 60, say: `the end of the run of ${kind}` });
		const run = this.last();
		await this.judge.run(kind, run, { n, down });
		this.judge.whole();
		return run;
	}

	// Everything of before is cleared away.  look: and the store knows it (a request looks anyway).
	async fresh(kind, { look = true } = {}) {
		this.stack.setFault('none none');
		this.psql(kind, freshSql(kind));
		for (const id of this.stack.store("SELECT id FROM incident WHERE state = 'open'"))
			this.stack.cli(['incidents', 'close', id, '--comment', 'cleared away']);
		for (let i = 0, end = Date.now() + 60000; look && Date.now() < end; i++) {
			if (i % 10 === 0)
				this.stack.cliTry(['refresh']);
			if (this.list(kind).every((r) => r.state !== 'applied' && r.decision === 'runs'))
				return;
			await new Promise((done) => setTimeout(done, 100));
		}
		if (look)
			assert.fail(`${kind} is not fresh: ${JSON.stringify(this.list(kind))} ${this.stack.log('runner').slice(-800)}`);
	}
}
