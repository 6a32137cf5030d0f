// The runner ends in the middle of a migration: what no kill of the sweep asks is that nothing is lost by it.
//
// Needs a build with fault points (GATEHOUSE_BUILD=build/clang).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { until } from '../../tools/web-client.mjs';
import { Books } from '../support/books.mjs';

const KIND = 'node-pg-migrate';
let books;

before(async () => {
	books = await Books.start({ kinds: [KIND] });
});
after(() => books?.stop());

// Its statements have run, their row is not written and nothing is committed.
async function middle() {
	await books.fresh(KIND);
	books.stack.setFault('job.before-rows delay-1500');
	assert.equal(books.up(KIND, 2).status, 3);
	await until(() => books.stack.faultPassed(), { seconds: 30, say: 'the middle of the migration' });
	assert.equal(books.last().state, 'running');
}

for (const signal of ['SIGKILL', 'SIGTERM'])
	test(`${signal}: the job carries on, the next runner catches up`, async () => {
		await middle();
		await books.stack.end('runner', signal);
		assert.equal(books.stack.jobs().length, 1, 'the job lives');
		assert.equal(books.last().state, 'running');
		await books.stack.startRunner();
		assert.equal((await books.oracle(KIND, { n: 2 })).state, 'succeeded');
	});

test('kill -9 of runner and job: nothing of it is in the database, and the same works again', async () => {
	await middle();
	process.kill(books.stack.jobs()[0], 'SIGKILL');
	await books.stack.end('runner', 'SIGKILL');
	await books.stack.startRunner();
	assert.equal((await books.oracle(KIND, { n: 2 })).state, 'failed-clean');
	assert.equal(books.up(KIND, 2, ['--wait']).status, 0);
	assert.equal((await books.oracle(KIND, { n: 2 })).state, 'succeeded');
});
