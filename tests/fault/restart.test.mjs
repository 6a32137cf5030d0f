// The runner ends in the middle of a migration: what no kill of the sweep asks is that nothing is lost by it.
//
// Needs a build with fault points (GATEHOUSE_BUILD=build/clang).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { until } from '../../tools/web-client.mjs';
import { Books } from '../support/books.mjs';

const KIND = 'node-pg-migrate', EACH = 'numbered';
let books;

before(async () => {
	books = await Books.start({ kinds: [KIND, EACH] });
});
after(() => books?.stop());

// Its statements have run, their row is not written and nothing is committed; there it stands.
async function middle(kind = KIND, ...lines) {
	await books.fresh(kind);
	books.stack.setFault(['job.before-rows stop', ...lines].join('\n'));
	assert.equal(books.up(kind, 2).status, 3);
	await until(() => books.stack.standingJobs().length === 1, { seconds: 60, say: 'the middle of the migration' });
	assert.equal(books.last().state, 'running');
}

for (const signal of ['SIGKILL', 'SIGTERM'])
	test(`${signal}: the job carries on, the next runner catches up`, async () => {
		await middle();
		await books.stack.end('runner', signal);
		assert.equal(books.stack.jobs().length, 1, 'the job lives');
		assert.equal(books.last().state, 'running');
		books.stack.wakeJobs();
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

test('a wish that the runner could not pass on is passed on by the next one', async () => {
	await middle(EACH, 'runner.control.before-write kill');
	const { stack } = books, { id } = books.last(), control = () => stack.store(`SELECT control FROM run WHERE id = ${id}`)[0] ?? '';

	stack.cliTry(['pause', String(id), '--reason', 'too slow']);
	await until(() => stack.parts.runner.ended, { seconds: 60, say: 'the death of the runner' });
	assert.equal(control(), 'pausing');
	await stack.startRunner();
	stack.wakeJobs();
	await until(() => control() === 'paused', { seconds: 60, say: 'the pause' });
	assert.deepEqual(stack.tracked(EACH), [books.keys[EACH][0]]);
	stack.cli(['resume', String(id), '--reason', 'too slow']);
	assert.equal((await books.oracle(EACH, { n: 2 })).state, 'succeeded');
});
