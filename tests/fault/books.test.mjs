// kill -9 of the job, and of the runner, around every commit of the kinds of bookkeeping that tools have: a dirty row
// before, a row outside, one transaction for everything, a registry, statements outside any transaction; upwards, on
// the way back after a failure, and downwards.
//
// Needs a build with fault points (GATEHOUSE_BUILD=build/clang).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { until } from '../../tools/web-client.mjs';
import { Books } from '../support/books.mjs';

// POINT#N: the Nth time that the run is there.
const PLAN = {
	'golang-migrate': {
		up: ['after-commit-make', 'after-commit-before#2', 'after-commit-group#3', 'before-commit', 'after-commit'],
		back: ['after-commit-before#5', 'before-commit#4'],
		down: ['after-commit-before', 'after-commit-group#2', 'before-commit#2'],
	},
	dbmate: {
		up: ['before-commit-group#2', 'before-commit'],
		back: ['after-commit-group#6'],
		down: ['after-commit-group'],
	},
	goose: {
		up: ['before-alone', 'after-alone', 'after-commit'],
		back: ['after-alone#9'],
		down: ['after-alone#2'],
	},
	'node-pg-migrate': {
		up: ['before-commit'],
		down: ['after-commit'],
	},
	sqitch: {
		up: ['after-commit-before', 'after-commit-group', 'before-commit#2'],
		back: ['after-commit-failed', 'after-commit-group#5'],
		down: ['after-commit-group'],
	},
	flyway: {
		up: ['after-alone'],
		back: ['before-commit-failed', 'after-commit-failed', 'after-alone#7'],
		down: ['after-alone#2', 'after-commit'],
	},
};
const RUNNER = [['golang-migrate', 'runner.run.after-exec'], ['sqitch', 'runner.follow.before-commit'], ['flyway', 'runner.follow.before-commit']];
let books;

before(async () => {
	books = await Books.start({ refresh: 3600 });
});
after(() => books?.stop());

const fault = (point) => {
	const [name, n = '1'] = point.split('#');
	books.stack.setFault(`${name} kill ${n}`);
};
const ask = (kind, way) => way === 'down' ? books.down(kind, 2) : books.up(kind, way === 'back' ? 3 : 2);

for (const [kind, ways] of Object.entries(PLAN)) {
	for (const [way, points] of Object.entries(ways)) {
		test(`${kind}, ${way}: kill -9 of the job at ${points.join(', ')}`, async () => {
			for (const point of points) {
				await books.fresh(kind);
				if (way === 'down')
					assert.equal(books.up(kind, 2, ['--wait']).status, 0);
				fault(`job.${point}`);
				assert.equal(ask(kind, way).status, 3);
				await books.oracle(kind, { n: way === 'back' ? 3 : 2, down: way === 'down' });
				assert.ok(books.stack.faultPassed(), `${point} was passed`);
			}
		});
	}
}

for (const [kind, point] of RUNNER) {
	test(`${kind}: kill -9 of the runner at ${point}; the next one catches up`, async () => {
		await books.fresh(kind);
		fault(point);
		ask(kind, 'back');
		await until(() => books.stack.parts.runner.ended, { seconds: 60, say: `the end of the runner at ${point}` });
		await books.stack.startRunner();
		const run = await books.oracle(kind, { n: 3 });
		assert.equal(run.state, 'failed-clean', run.outcome);
	});
}
