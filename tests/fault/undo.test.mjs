// The database server dies while a half done migration is taken back: what is left is asked of the target, not remembered.
//
// Needs a build with fault points (GATEHOUSE_BUILD=build/clang).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Faults } from '../support/faults.mjs';
import { PLANS } from '../support/plans.mjs';

let f;

before(async () => {
	f = await Faults.start();
});
after(() => f?.stop());

for (const name of ['index up 3', 'flyway up 3', 'goose up 3'])
	test(`${name}: the server is killed before the down SQL is sent`, async () => {
		await f.killServer(PLANS.find((p) => p.name === name), 'job.undo.before');
		const { state, outcome } = f.judge.runs().at(-1);
		assert.equal(state, 'needs-person', outcome);
		assert.match(outcome, /^The run broke off\. Half done: /);
		assert.doesNotMatch(outcome, /could not be taken back/);
	});
