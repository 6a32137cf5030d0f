// A full disk in a rehearsal (the sweep kills in it).  Afterwards, always: it has ended with a sentence, no process and no
// folder of it is left, the target is as it was, and the next one works.
//
// Needs a build with fault points (GATEHOUSE_BUILD=build/clang).
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { until } from '../../tools/web-client.mjs';
import { Stack } from '../support/stack.mjs';

const POINTS = [
	{ point: 'job.cluster.init', action: 'enospc' }, { point: 'job.rehearse.dump', action: 'enospc' },
];
let stack, request;
const newest = () => stack.store('SELECT state, good, text FROM rehearsal ORDER BY id DESC LIMIT 1')[0];
const over = () => until(() => /^(done|failed)\|/.test(newest()), { seconds: 60, say: 'the end of the rehearsal' });
const servers = () => stack.workers(stack.path('jobs'));

before(async () => {
	stack = await Stack.start({
		projects: { plain: { convention: 'numbered', files: { '001_a.sql': 'CREATE TABLE a (id int);\n', '001_a_down.sql': 'DROP TABLE a;\n' } } },
		targets: { prod: { environment: 'production', backup: false } },
		people: ['admin'],
		web: false,
	});
	request = /request (\d+)/.exec(stack.cliTry(['up', '--reason', 'to be rehearsed']).stdout)[1];
});
after(() => stack?.stop());

for (const { point, action } of POINTS)
	test(`${point} ${action}`, async () => {
		stack.setFault(`${point} ${action}`);
		stack.cliTry(['rehearse', request]);
		await until(() => stack.faultPassed(), { seconds: 60, say: `the passing of ${point}` });
		await over();
		assert.match(newest(), /No space left/);
		await until(() => servers().length === 0 && readdirSync(stack.path('jobs')).every((n) => !n.startsWith('rehearse.')),
			{ seconds: 60, say: 'nothing being left' });
		assert.deepEqual(stack.rows('prod', "SELECT to_regclass('a') IS NULL"), ['t']);
	});

test('the next one works', () => {
	assert.equal(stack.cliTry(['rehearse', request, '--wait']).status, 0);
});
