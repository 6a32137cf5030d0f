// The kills of tests/fault/sweep.test.mjs and of tools/soak: a list of them, and Gatehouses beside each other that try them.
import { Faults, points } from './faults.mjs';
import { Chance } from './chance.mjs';
import { PLANS } from './plans.mjs';
import { isRoot } from './stack.mjs';

const LONGEST = 700; // ms that most plans take

// Which plan passes each point first, and in which program.
export async function survey() {
	const f = await Faults.start();
	const found = new Map();

	try {
		for (const plan of PLANS) {
			for (const [point, program] of await f.trace(plan))
				if (!found.has(point))
					found.set(point, { plan, program });
			await f.check(plan);
		}
		f.finish();
	} finally {
		await f.stop();
	}
	return { found, missing: points().filter((p) => !found.has(p) && !ELSEWHERE.test(p)) };
}

// Killed by tests/fault/rehearsal.test.mjs: what they change is no run.
const ELSEWHERE = /^(job|runner)\.(rehearse|rehearsal|cluster|count|revert)\./;

// Each named point: the process that passes it is killed; at a job's also the runner, and both.
export function named(found) {
	return [...found].sort().flatMap(([point, { plan, program }]) => {
		const item = (say, action, options) => ({ name: `${say} at ${point} (${plan.name})`, point, run: (f) => f.kill(plan, point, action, options) });

		return program === 'gatehouse-job'
			? [item('the job', 'kill'), item('the runner', 'kill-runner'), item('job and runner', 'kill-both')]
			: [item('the runner', 'kill'), item('the runner and its jobs', 'kill', { jobs: true })];
	});
}

// The nth kill at a moment.
export function atRandom(seed, n) {
	const c = new Chance(seed, n), plan = c.one(PLANS);
	const what = c.one(['job', 'job', 'runner', 'both', 'server', ...(isRoot ? ['call', 'call', 'call'] : [])]);

	if (what === 'call') {
		const count = 1 + c.below(40), call = c.one(['fdatasync', 'fsync', 'write', 'pwrite64', 'sendto', 'rename', 'poll']);
		return { name: `kill ${n}: at call ${count} of ${call} (${plan.name})`, run: (f) => f.killAtCall(plan, call, count) };
	}
	const ms = c.below(LONGEST);
	return { name: `kill ${n}: ${what} after ${ms} ms (${plan.name})`, run: (f) => f.killAt(plan, what, ms) };
}

// Takes the items one after the other, on so many Gatehouses; a Gatehouse that a violation was found on is thrown away.
// done(item, error) is called for each.
export async function tryAll(items, stacks, done) {
	const left = items[Symbol.iterator]();
	let kills = 0;

	await Promise.all(Array.from({ length: stacks }, async () => {
		let f;

		for (const item of left) {
			let error;
			try {
				f ??= await Faults.start();
				await item.run(f);
			} catch (e) {
				error = e;
			}
			if (error !== undefined) {
				kills += f?.kills ?? 0;
				await f?.stop();
				f = undefined;
			}
			done(item, error);
		}
		kills += f?.kills ?? 0;
		try {
			f?.finish();
		} catch (e) {
			done({ name: 'what was written' }, e);
		}
		await f?.stop();
	}));
	return kills;
}
