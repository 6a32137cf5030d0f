// The order of the kills that tests/fault/sweep.test.mjs and tools/soak try.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { endless, named, once } from '../support/sweep.mjs';

const found = new Map(Array.from({ length: 40 }, (_, i) => [i % 3 ? `job.p${i}` : `runner.p${i}`, { plan: i % 7, program: i % 3 ? 'gatehouse-job' : 'gatehouse-runner' }]));
function first(seed, n) {
	const all = endless(seed, found);
	return Array.from({ length: n }, () => all.next().value);
}
const names = (list) => list.map((i) => i.name);

test('the same seed gives the same kills in the same order, another one others', () => {
	assert.deepEqual(first(17, 500), first(17, 500));
	assert.notDeepEqual(names(first(17, 500)), names(first(18, 500)));
});
test('a soak tries each kind at each point before any comes again, and one at a moment after each', () => {
	const all = named(found), list = names(first(17, 2 * all.length));

	assert.deepEqual(list.filter((_, i) => i % 2 === 0).sort(), names(all).sort());
	assert.equal(new Set(names(all)).size, all.length);
	assert.ok(list.filter((_, i) => i % 2 === 1).every((name, n) => name.startsWith(`kill ${n}: `)));
});
test('the bounded set has each point once and every kind of kill often', () => {
	const list = once(found);

	assert.deepEqual(list.map((i) => i.point), [...found.keys()].sort());
	for (const say of ['the job at', 'the runner at', 'job and runner at', 'the runner and its jobs at'])
		assert.ok(list.filter((i) => i.name.startsWith(say)).length >= 4, say);
});
