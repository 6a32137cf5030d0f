// Every named fault point once, and 200 kills at random moments; the oracle after each.
//
// Needs a build with fault points (GATEHOUSE_BUILD=build/clang).  SEED=n gives the random kills of the run that printed it,
// KILLS=n another number of them, POINT=regexp only the points that match, STACKS=n so many Gatehouses at once.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { atRandom, named, survey, tryAll } from '../support/sweep.mjs';

const seed = Number(process.env.SEED ?? Date.now() % 1000000);
const random = Number(process.env.KILLS ?? 200), only = process.env.POINT ?? '';
const { found, missing } = await survey();
const items = [...named(found).filter((i) => new RegExp(only).test(i.point)), ...Array.from({ length: random }, (_, n) => atRandom(seed, n))];
const waiting = new Map(items.map((item) => {
	let end;
	return [item, { promise: new Promise((done) => (end = done)), end: (error) => end(error) }];
}));
const late = [];
const all = tryAll(items, Number(process.env.STACKS ?? 4), (item, error) => (waiting.has(item) ? waiting.get(item).end(error) : late.push(error)));
let violations = 0;

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
test('nothing secret was written, and each backup is whole', async () => {
	await all;
	violations += late.filter(Boolean).length;
	assert.deepEqual(late.filter(Boolean), []);
});
after(async () => {
	console.log(`points ${found.size}, kills ${await all}, violations ${violations} (seed ${seed})`);
});
