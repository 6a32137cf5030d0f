// A Gatehouse in which things are killed: arms a fault or ends processes at a moment, brings the parts back, waits until
// nothing is open and asks the oracle.  Needs a build with fault points.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { until } from '../../tools/web-client.mjs';
import { Books, KINDS, database } from './books.mjs';
import { HttpReceiver } from './receivers.mjs';
import { CANARY, PG_BIN, USERS, run, top } from './stack.mjs';
import { Vault } from './vault.mjs';

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

// Every named point, from the sources.
export function points() {
	return execFileSync(`${top}/tools/print-faults`, { encoding: 'utf8' }).trim().split('\n').map((line) => line.split(' ')[0]);
}

// Nobody was told that it was done.
class NotDone extends Error {}

export class Faults {
	static async start() {
		const f = new Faults();

		f.web = await HttpReceiver.start();
		f.books = await Books.start({ refresh: 3600, web: true, health: `${f.web.base}/health`,
			conf: 'notify "all" {\n  kind = "webhook"\n  url_file = "@run@/../../etc/url"\n  events = {"failed", "unknown", "approval"}\n  retry_delay = "100ms"\n}\n',
			prepare(stack) {
				writeFileSync(stack.path('etc/url'), `${f.web.base}/${CANARY}\n`, { mode: 0o600 });
				stack.give('etc/url', USERS.runner);
				// Who proves may make databases and nothing else; who restores ends sessions besides.
				stack.psql('postgres', `ALTER ROLE shop CREATEDB; CREATE ROLE prover LOGIN CREATEDB PASSWORD '${CANARY}-prover'; CREATE ROLE restorer LOGIN CREATEDB PASSWORD '${CANARY}-restorer'; GRANT shop, pg_signal_backend TO restorer`);
				stack.passfile('etc/passfile', { shop: `${CANARY}-shop`, prover: `${CANARY}-prover`, restorer: `${CANARY}-restorer` });
			} }).catch(async (e) => {
			await f.web.stop();
			throw e;
		});
		Object.assign(f, { stack: f.books.stack, judge: f.books.judge, number: 0, kills: 0, after: 0, calm: true, vault: new Vault(f.books.stack) });
		f.judge.acknowledged('people', "SELECT count(*) FROM person WHERE name IN ('admin', 'viewer', 'lead')", 3);
		return f;
	}
	async stop() {
		await this.books.stop();
		await this.web.stop();
	}

	notDone(text) {
		throw new NotDone(text);
	}

	// The runner, and the database server, when they have gone.
	async revive() {
		if (this.stack.parts.postgres.ended) {
			this.stack.runPostgres();
			await this.stack.postgresReady();
		}
		for (let i = 0; this.stack.parts.runner.ended; i++) {
			assert.ok(i < 3, `the runner does not start: ${this.stack.log('runner').slice(-2000)}`);
			await this.stack.startRunner().catch(() => {});
		}
	}

	// A command that the runner may not survive.  count: SQL that is 1 when it took effect; then it is not given again.
	async cli(args, { count, ...options } = {}) {
		let r;

		for (let i = 0; i < 5; i++) {
			await this.revive();
			if (i > 0 && count && this.stack.store(count)[0] === '1')
				break;
			r = this.stack.cliTry(args, options);
			if ([0, 3].includes(r.status))
				break;
			await pause(50);
		}
		if (count) {
			if (this.stack.store(count)[0] !== '1')
				throw new NotDone(`${args.join(' ')}: ${r?.stdout}${r?.stderr}`);
			this.judge.acknowledged(args.join(' '), count);
		}
		return r;
	}
	async request(kind, args) {
		const reason = `${this.number} ${args[0]} ${kind}`;

		return this.cli([args[0], '--target', database(kind), ...args.slice(1), '--reason', reason],
			{ count: `SELECT count(*) FROM request WHERE reason = '${reason}'` });
	}
	up(kind, n, more = []) {
		return this.request(kind, ['up', '--to', this.books.keys[kind][n - 1], ...more]);
	}
	down(kind, n, more = []) {
		return this.request(kind, ['down', '--steps', String(n), ...more]);
	}

	// Until no run is open and no job of one lives; what dies meanwhile is started again.
	async settle() {
		const last = () => `${JSON.stringify(this.judge.runs(this.after))} ${this.stack.store("SELECT held FROM target WHERE held <> ''").join(' ')}\n${this.stack.log('runner').slice(-1500)}`;

		await until(async () => {
			await this.revive();
			this.wake();
			this.judge.canary();
			return this.judge.open() === 0;
		}, { seconds: 60, every: 150, say: () => `the end of all runs: ${last()}` });
	}

	// Those that were to stand still for a plan which was over before; not the one that stands at the last line while something
	// is killed beside it.
	wake() {
		const standing = this.stack.standingJobs();

		if (!this.still || !this.stack.faultPassed())
			this.stack.wakeJobs(standing);
	}

	arm(lines) {
		rmSync(this.stack.path('run/gatehouse/fault'), { force: true });
		if (lines.length > 0)
			this.stack.setFault(lines.join('\n'));
	}
	async begin(plan) {
		this.number++;
		this.arm([]);
		await this.settle();
		this.vault.forget();
		await this.books.fresh(plan.kind, { look: false });
		this.arm([]);
		this.after = this.judge.runs().at(-1)?.id ?? 0;
	}

	// Which points a plan passes, and in which program.
	async trace(plan) {
		const file = this.stack.path('run/gatehouse/fault.trace');

		await this.begin(plan);
		this.arm(plan.lines ?? []);
		writeFileSync(file, '');
		this.stack.give('run/gatehouse/fault.trace', USERS.runner);
		try {
			await plan.act(this);
			await this.settle();
			// The looks that follow a run, and what is told of it.
			await until(() => this.stack.jobs().length === 0 && this.stack.store("SELECT count(*) FROM delivery WHERE state IN ('waiting', 'sending')")[0] === '0',
				{ seconds: 60, say: 'the end of what follows' });
			await pause(300);
			return new Map(readFileSync(file, 'utf8').trim().split('\n').filter(Boolean).map((line) => line.split(' ')).map(([point, program]) => [point, program]));
		} finally {
			rmSync(file, { force: true });
		}
	}

	// One kill at a point.  action: of base/fault.h; jobs: the runner's jobs are killed with it.
	async kill(plan, point, action, { jobs = false } = {}) {
		await this.begin(plan);
		this.arm([...plan.lines ?? [], `${point} ${action}`]);
		const { runner } = this.stack.parts, watch = jobs ? runner.gone.then(() => this.stack.killJobs()) : undefined;
		await plan.act(this);
		await this.settle();
		// What dies after the run's end: a look at the target, the runner that takes note.
		await until(() => this.stack.faultPassed(), { seconds: 60, say: `${plan.name} to pass ${point}` });
		if (jobs || action.includes('runner') || action.includes('both') || point.startsWith('runner.'))
			await Promise.race([runner.gone, pause(1000)]);
		await watch;
		await this.settle();
		this.kills++;
		await this.check(plan);
	}
	// The database server is killed while a job stands still at a point.  back: it is there again before the job goes on.
	async killServer(plan, point, { back = false } = {}) {
		await this.begin(plan);
		this.arm([...plan.lines ?? [], `${point} stop`]);
		this.still = true;
		const killer = until(() => this.stack.faultPassed() && this.stack.standingJobs().length > 0, { seconds: 60, every: 20, say: () => `a job of ${plan.name} to stand at ${point}` })
			.then(() => this.end('server')).then(() => back || this.stack.wakeJobs()).finally(() => (this.still = false));
		await Promise.all([this.try(plan), killer]);
		await this.settle();
		await this.check(plan, { loose: true });
	}
	// One kill at a moment: of the job, the runner, both or the database server, so many milliseconds after the plan began.
	async killAt(plan, what, ms) {
		await this.begin(plan);
		this.arm(plan.lines ?? []);
		const killer = pause(ms).then(() => this.end(what));
		await this.try(plan);
		await killer;
		await this.settle();
		await this.check(plan, { loose: true });
	}
	// One kill at a system call: of whatever process of the runner or of its jobs is the first to make so many; of the
	// runner afterwards, when none did.
	async killAtCall(plan, call, count) {
		await this.begin(plan);
		this.arm(plan.lines ?? []);
		const tracer = await this.stack.strace('-e', `trace=${call}`, '-e', `inject=${call}:signal=KILL:when=${count}`), { seen } = tracer;
		const killed = () => existsSync(seen) && readFileSync(seen, 'latin1').includes('+++ killed by SIGKILL');

		// strace counts for each process by itself: it would kill every one that is started again, for ever.
		const watch = setInterval(() => killed() && tracer.stop(), 20);
		try {
			await this.try(plan);
			await this.settle();
		} finally {
			clearInterval(watch);
			await tracer.end();
		}
		if (killed())
			this.kills++;
		else
			await this.end('runner');
		rmSync(seen, { force: true });
		await this.settle();
		await this.check(plan, { loose: true });
	}
	// Something dies: of a job, one that comes soon, else the runner.
	async end(what) {
		const { runner, postgres } = this.stack.parts;

		this.kills++;
		for (let i = 0; what === 'job' && this.stack.jobs().length === 0; i++) {
			if (i === 20)
				return this.endRunner();
			await pause(20);
		}
		if (what === 'server') {
			run(USERS.pg, [`${PG_BIN}/pg_ctl`, '-D', this.stack.path('pg'), '-m', 'immediate', '-w', 'stop'], { ok: false });
			await postgres.gone;
		}
		if (what === 'both' && !runner.ended)
			process.kill(runner.pid, 'SIGKILL');
		if (['job', 'both'].includes(what))
			this.stack.killJobs();
		if (['runner', 'both'].includes(what))
			await this.endRunner();
	}
	async endRunner() {
		const { runner } = this.stack.parts;

		if (!runner.ended)
			process.kill(runner.pid, 'SIGKILL');
		await runner.gone;
	}
	// A step may find nothing to do after a kill; what is true then is the oracle's to say.
	async try(plan) {
		await plan.act(this).catch((e) => {
			if (!(e instanceof NotDone) && !/the lock did|psql/.test(e.message))
				throw e;
		});
	}

	// loose: the plan may not have come as far as its last run; calm: nothing was killed.
	async check(plan, { loose = false, calm = false } = {}) {
		const runs = this.judge.runs(this.after);

		// A plan that was cut short may have left its fault for what is done here.
		if (loose)
			this.arm([]);
		for (const r of runs)
			this.judge.storeAgrees(r);
		const last = runs.filter((r) => r.target === database(plan.kind)).at(-1);
		if (last !== undefined) {
			const before = plan.down && last.direction !== 'down';

			assert.ok(loose || !before || last.state !== 'succeeded', `${plan.name} has a run downwards`);
			if (plan.n > 0)
				await this.judge.run(plan.kind, last, { n: plan.n, down: last.direction === 'down' });
		} else {
			assert.ok(loose || (plan.n === 0 && !plan.judge), `${plan.name} has a run`);
		}
		this.judge.whole();
		this.judge.kept();
		if (last !== undefined)
			plan.judge?.(this, last);
		if (calm && plan.judge && !plan.lines)
			assert.equal(last.state, 'succeeded', last.outcome);
		if (calm && plan.reached)
			assert.equal(this.stack.store(plan.reached)[0], '1', plan.name);
		this.vault.backups();
		// The clock may have begun a proof meanwhile.
		await until(async () => {
			await this.settle();
			return this.vault.tasks();
		}, { seconds: 60, say: 'a moment without a task' });
		this.judge.rehearsals();
		await this.judge.nothingLeft([database(plan.kind)]);
		await this.swept(plan);
		if (plan.again && last?.state === 'failed-clean')
			await this.again(plan);
	}

	// What a backup or a proof that was killed has left goes with the next one; nobody's file stays unknown.
	async swept(plan) {
		const left = () => [...this.vault.strays(), ...this.vault.parts(database(plan.kind))];

		if (left().length > 0 && ['kept', 'proved'].includes(plan.kind)) {
			const take = ['backup', 'take', '--target', plan.kind, '--reason', `${this.number} once more`, '--wait'];

			assert.equal((await this.cli(take)).status, 0);
			await this.cli(['backup', 'prove', this.stack.store('SELECT max(backup_id) FROM task')[0], '--wait']);
			await this.settle();
		}
		if (['kept', 'proved'].includes(plan.kind)) {
			assert.deepEqual(left(), [], 'no half backup and no database of a proof or a restore is left');
			this.stack.cliTry(['backup', 'look', '--wait']);
			this.vault.inventory();
		}
	}

	// After a clean failure the same is asked again, and works.
	async again(plan) {
		this.number++;
		await this.up(plan.kind, plan.n, ['--wait']);
		await this.settle();
		const last = this.judge.runs(this.after).at(-1);
		assert.equal(last.state, 'succeeded', `once more: ${last.outcome}`);
		await this.judge.run(plan.kind, last, { n: plan.n });
	}

	// Everything that was written, at the end.
	async finish() {
		const client = await this.stack.as('viewer'), all = this.judge.runs();

		// A run of each outcome of each target, and the newest.
		await this.judge.pages(client, [...new Map(all.map((r) => [`${r.target} ${r.direction} ${r.state}`, r])).values()]);
		this.vault.whole.clear();
		this.vault.backups();
		this.judge.canary({ files: true });
		assert.ok(!existsSync(this.stack.path('run/gatehouse/core')));
		for (const kind of Object.keys(KINDS))
			assert.equal(this.stack.rows(database(kind), 'SELECT count(*) FROM pg_prepared_xacts')[0], '0');
	}
}
