// Every named fault point once, and 200 kills at random moments; the oracle after each.
//
// Needs a build with fault points (GATEHOUSE_BUILD=build/clang).  SEED=n gives the random kills of the run that printed it,
// KILLS=n another number of them, POINT=regexp only the points that match, STACKS=n so many Gatehouses at once.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { Sweep, atRandom, once } from '../support/sweep.mjs';

const seed = Number(process.env.SEED ?? Date.now() % 1000000);
const random = Number(process.env.KILLS ?? 200), only = new RegExp(process.env.POINT ?? '');
const sweep = new Sweep(Number(process.env.STACKS ?? 4));
const { found, missing, errors } = await sweep.survey();
const chosen = once(found).filter((i) => only.test(i.point));
const items = [...chosen, ...Array.from({ length: random }, (_, n) => atRandom(seed, n))];
const waiting = new Map(items.map((item) => {
	let end;
	return [item, { promise: new Promise((done) => (end = done)), end: (error) => end(error) }];
}));
const all = sweep.each(items, (item, error) => waiting.get(item).end(error));
let violations = errors.length;

test('each plan works when nothing is killed', () => {
	assert.deepEqual(errors, []);
});
test('each point of the sources is passed by a plan', () => {
	assert.deepEqual(missing, [], 'tests/support/plans.mjs needs a plan that passes these');
});
for (const [item, { promise }] of waiting)
	test(item.name, async () => {
		const error = await promise;
		if (error !== undefined) {
			violations++;
			throw error;
		}
	});
test('nothing secret was written or is shown, the pages say what is true, and each backup is whole', async () => {
	await all;
	const written = await sweep.finish();
	violations += written.length;
	assert.deepEqual(written, []);
});
after(() => {
	console.log(`points ${new Set(chosen.map((i) => i.point)).size}, kills ${sweep.kills}, violations ${violations} (seed ${seed})`);
});
