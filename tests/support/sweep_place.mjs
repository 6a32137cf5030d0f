// A thread of sweep.mjs with a Gatehouse of its own: a thread, because helpers wait for the commands that they start.
// Takes one message after the other; what was done is answered with its error, if there was one.
//
//   { trace: N }                             the points that PLANS[N] passes
//   { kill: POINT, plan: N, action, jobs }   one kill at a point
//   { random: N, seed }                      one at a moment
//   { finish: true }                         what was written is looked through; the thread ends
import { parentPort } from 'node:worker_threads';
import { Chance } from './chance.mjs';
import { Faults } from './faults.mjs';
import { PLANS } from './plans.mjs';
import { chosen } from './sweep.mjs';

let f;

const DO = {
	async trace({ trace }) {
		const points = await f.trace(PLANS[trace]);

		await f.check(PLANS[trace], { calm: true });
		return points;
	},
	kill: ({ kill, plan, action, jobs }) => action === 'server' ? f.killServer(PLANS[plan], kill) : f.kill(PLANS[plan], kill, action, { jobs }),
	random({ random, seed }) {
		const { plan, what, call, count, ms } = chosen(new Chance(seed, random));

		return what === 'call' ? f.killAtCall(plan, call, count) : f.killAt(plan, what, ms);
	},
	finish: () => f?.finish(),
};

async function take(message) {
	const answer = { kills: 0 };

	try {
		f ??= message.finish ? undefined : await Faults.start();
		answer.result = await DO[Object.keys(message)[0]](message);
	} catch (e) {
		answer.error = { message: e.message, stack: e.stack };
	}
	answer.kills = f?.kills ?? 0;
	if (f)
		f.kills = 0;
	// One that a violation was found on is thrown away.
	if (answer.error || message.finish) {
		await f?.stop().catch(() => {});
		f = undefined;
	}
	parentPort.postMessage(answer);
	if (message.finish)
		parentPort.close();
}
parentPort.on('message', take);
