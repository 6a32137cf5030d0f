// The kills of tests/fault/sweep.test.mjs and of tools/soak: a list of them, and Gatehouses beside each other that try them.
//
// An item is { name, message } (and point, at one): the message is for a thread of sweep_place.mjs.
import { Worker } from 'node:worker_threads';
import { Chance } from './chance.mjs';
import { points } from './faults.mjs';
import { PLANS } from './plans.mjs';
import { isRoot } from './stack.mjs';

// ms that most plans take, and those of backups.
const LONGEST = 700, OF_BACKUPS = 2500;

// A thread with a Gatehouse; one message at a time.
class Place {
	constructor() {
		this.worker = new Worker(new URL('sweep_place.mjs', import.meta.url));
	}
	ask(message) {
		return new Promise((done, failed) => {
			this.worker.removeAllListeners();
			this.worker.once('message', done).once('error', failed).once('exit', (code) => failed(new Error(`the thread ended: ${code}`)));
			this.worker.postMessage(message);
		});
	}
}

export class Sweep {
	constructor(stacks = 4) {
		Object.assign(this, { places: Array.from({ length: stacks }, () => new Place()), kills: 0 });
	}

	// Takes the items one after the other, on all Gatehouses; done(item, error, result) is called for each.
	async each(items, done) {
		const left = items[Symbol.iterator]();

		await Promise.all(this.places.map(async (place) => {
			for (const item of left)
				done(item, ...await this.ask(place, item.message));
		}));
	}
	async ask(place, message) {
		const { error, result, kills } = await place.ask(message);

		this.kills += kills;
		return [error && Object.assign(new Error(error.message), { stack: error.stack }), result];
	}

	// Which plan passes each point first, and in which program.
	async survey() {
		const traces = [], errors = [], found = new Map();

		await this.each(PLANS.map((plan, n) => ({ n, message: { trace: n } })), ({ n }, error, trace) => {
			traces[n] = trace ?? [];
			if (error)
				errors.push(new Error(`${PLANS[n].name}, undisturbed: ${error.message}`, { cause: error }));
		});
		// The runner's clock may pass a point in a plan that has no need of it, once.
		const elsewhere = (point, plan) => PLANS.some((p, n) => n !== plan && p.own?.test(point));
		traces.forEach((trace, plan) => {
			for (const [point, program] of trace)
				if (!found.has(point) && !elsewhere(point, plan))
					found.set(point, { plan, program });
		});
		return { found, missing: points().filter((p) => !found.has(p)), errors };
	}

	// What was written is looked through; returns what was found.
	async finish() {
		const answers = await Promise.all(this.places.map((place) => this.ask(place, { finish: true })));

		return answers.map(([error]) => error).filter(Boolean);
	}
}

// The kinds of kill at a point: the process that passes it; at a job's also the runner, and both; of backups also the server.
function kinds(point, { plan, program }) {
	const item = (say, action, jobs = false) => ({ name: `${say} at ${point} (${PLANS[plan].name})`, point, message: { kill: point, plan, action, jobs } });

	// What reads and restores backups has a second server to lose, or the one that it makes a new database on.
	return program === 'gatehouse-job'
		? [item('the job', 'kill'), item('the runner', 'kill-runner'), item('job and runner', 'kill-both'), ...(PLANS[plan].vault ? [item('the database server', 'server')] : [])]
		: [item('the runner', 'kill'), item('the runner and its jobs', 'kill', true)];
}
// At each named point every kind, in turn: the first of each point, the second of each, ...
export function named(found) {
	const all = [...found].sort().map(([point, how]) => kinds(point, how));

	return [0, 1, 2, 3].flatMap((turn) => all.flatMap((list, i) => turn < list.length ? [list[(i + turn) % list.length]] : []));
}
// Each named point once: the kind changes from point to point.  And the runner alone at every step of a job that takes,
// proves or restores a backup.
export function once(found) {
	const all = named(found), first = all.slice(0, found.size);
	const runner = all.slice(found.size).filter(({ message }) => message.action === 'kill-runner' && PLANS[message.plan].vault);

	return [...first, ...runner];
}

// The kill that chance wants.
export function chosen(c) {
	const plan = c.one(PLANS), what = c.one(['job', 'job', 'runner', 'both', 'server', ...(isRoot ? ['call', 'call', 'call'] : [])]);

	return what === 'call' ? { plan, what, count: 1 + c.below(40), call: c.one(['fdatasync', 'fsync', 'write', 'pwrite64', 'sendto', 'rename', 'poll']) }
		: { plan, what, ms: c.below(plan.vault ? OF_BACKUPS : LONGEST) };
}
// The nth kill at a moment.
export function atRandom(seed, n) {
	const { plan, what, count, call, ms } = chosen(new Chance(seed, n));

	return { name: `kill ${n}: ${what === 'call' ? `at call ${count} of ${call}` : `${what} after ${ms} ms`} (${plan.name})`, message: { random: n, seed } };
}

// The kills of a soak, for ever: by turns one at a point, in the order of the seed, and one at a moment.
export function* endless(seed, found) {
	const all = named(found), c = new Chance(seed);

	for (let n = 0; ; n++) {
		if (n % all.length === 0)
			for (let i = all.length - 1; i > 0; i--) {
				const j = c.below(i + 1);
				[all[i], all[j]] = [all[j], all[i]];
			}
		yield all[n % all.length];
		yield atRandom(seed, n);
	}
}
