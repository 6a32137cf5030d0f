// The runner ends in the middle of a migration: what no kill of the sweep asks is that nothing is lost by it.
//
// Needs a build with fault points (GATEHOUSE_BUILD=build/clang).
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { until } from '../../tools/web-client.mjs';
import { Books } from '../support/books.mjs';
import { procFile } from '../support/there.mjs';

const KIND = 'node-pg-migrate', EACH = 'numbered';
let books;

before(async () => {
	books = await Books.start({ kinds: [KIND, EACH] });
});
afterEach(() => books?.stack.wakeJobs());
after(() => books?.stop());

// The job of a run; another one may look at a target beside it.
const standing = () => books.stack.standingJobs().filter((pid) => procFile(pid, 'cmdline').includes('\0run\0'));

// Its statements have run, their row is not written and nothing is committed; there it stands: its pid.
async function middle(kind = KIND) {
	await books.fresh(kind);
	books.stack.setFault('job.before-rows stop');
	assert.equal(books.up(kind, 2).status, 3);
	const [pid] = await until(() => books.stack.faultPassed() && standing().length === 1 && standing(), { seconds: 60, say: 'the middle of the migration' });
	assert.equal(books.last().state, 'running');
	return pid;
}

for (const signal of ['SIGKILL', 'SIGTERM'])
	test(`${signal}: the job carries on, the next runner catches up`, async () => {
		const pid = await middle();
		await books.stack.end('runner', signal);
		assert.deepEqual(standing(), [pid], 'the job lives');
		assert.equal(books.last().state, 'running');
		books.stack.wakeJobs();
		await books.stack.startRunner();
		assert.equal((await books.oracle(KIND, { n: 2 })).state, 'succeeded');
	});

test('kill -9 of runner and job: nothing of it is in the database, and the same works again', async () => {
	process.kill(await middle(), 'SIGKILL');
	await books.stack.end('runner', 'SIGKILL');
	await books.stack.startRunner();
	assert.equal((await books.oracle(KIND, { n: 2 })).state, 'failed-clean');
	assert.equal(books.up(KIND, 2, ['--wait']).status, 0);
	assert.equal((await books.oracle(KIND, { n: 2 })).state, 'succeeded');
});

test('a wish that the runner could not pass on is passed on by the next one', async () => {
	await middle(EACH);
	const { stack } = books, { id } = books.last(), control = () => stack.store(`SELECT control FROM run WHERE id = ${id}`)[0] ?? '';

	stack.setFault('runner.control.before-write kill');
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
