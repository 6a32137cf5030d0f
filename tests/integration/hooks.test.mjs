// Hooks of a target: when they run, what they are told, what they never get, and what their failure means.
import assert from 'node:assert/strict';
import { chmodSync, writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { textOf } from '../../tools/web-client.mjs';
import { CANARY, Stack } from '../support/stack.mjs';
import { procFile } from '../support/there.mjs';

const files = {
	'001_a.sql': 'CREATE TABLE a (id int);\n', '001_a_down.sql': 'DROP TABLE a;\n',
	'002_b.sql': 'CREATE TABLE b (id int);\n', '002_b_down.sql': 'DROP TABLE b;\n',
};
let stack;

const hook = (name, when, command, timeout = '20s') =>
	`  hook "${name}" { when = "${when}" command = {${command.map((c) => `"${c}"`).join(', ')}} timeout = "${timeout}" }\n`;
const conf = (environment, ...hooks) => `environment "${environment}" {\n  approvals = 0\n  backup = false\n${hooks.join('')}}\n`;
// A program beside the runner's own.
const program = (name, text) => {
	writeFileSync(stack.path('bin', name), text);
	chmodSync(stack.path('bin', name), 0o755);
};
const up = (target, exits = [0]) => {
	stack.cli(['--target', target, 'up', '--reason', 'because', '--wait'], { exits });
	return Number(stack.store('SELECT max(id) FROM run')[0]);
};
const one = (sql) => stack.store(sql)[0];
const hooks = (run) => stack.store(`SELECT at_when, position, state, exit_status FROM run_hook WHERE run_id = ${run} ORDER BY started_at, at_when, position`);
const output = (run, when) => stack.store(`SELECT output FROM run_hook WHERE run_id = ${run} AND at_when = '${when}'`).join('\n');

before(async () => {
	stack = await Stack.start({
		projects: { shop: { convention: 'numbered', files } },
		targets: { dev: { environment: 'development' }, stage: { environment: 'staging' }, prod: { environment: 'production' } },
		people: ['admin', 'viewer'],
		prepare: (s) => {
			stack = s;
			program('look', '#!/bin/bash\nenv | sort\nls /proc/$$/fd\ncat\n');
			program('stubborn', '#!/bin/bash\ntrap "" TERM\necho begun\nwhile :; do sleep 0.2; done\n');
			program('child', '#!/bin/bash\nsleep 600 &\necho left $!\n');
		},
		// Asked for when the folder is known.
		get conf() {
			const at = (name) => stack.path('bin', name);
			return conf('development', hook('look', 'before', [at('look'), 'shop dev']), hook('child', 'after', [at('child')]))
				+ conf('staging', hook('stubborn', 'before', [at('stubborn')], '10s'), hook('never', 'before', ['/bin/true']), hook('failure', 'failure', [at('look')]))
				+ conf('production', hook('missing', 'after', ['/nowhere/program']), hook('next', 'after', ['/bin/echo', 'next']));
		},
	});
});
after(() => stack?.stop());

test('a hook gets the facts of the run, its own arguments and nothing of ours', () => {
	const run = up('dev');

	assert.deepEqual(hooks(run), ['before|0|ok|0', 'after|0|ok|0']);
	const said = output(run, 'before');
	const names = said.split('\n').filter((l) => l.includes('=')).map((l) => l.split('=')[0]);
	for (const name of ['RUN', 'TARGET', 'ENVIRONMENT', 'PROJECT', 'DIRECTION', 'GOAL', 'REQUEST', 'PERSON', 'PLAN', 'PHASE', 'OUTCOME', 'MIGRATIONS'])
		assert.ok(names.includes(`GATEHOUSE_${name}`), `${name}: ${said}`);
	assert.deepEqual(names.filter((n) => !/^GATEHOUSE_/.test(n)).sort(), ['LANG', 'PATH', 'PWD', 'SHLVL', '_'].sort());
	assert.match(said, new RegExp(`GATEHOUSE_RUN=${run}\n`));
	assert.match(said, /GATEHOUSE_ENVIRONMENT=development\n/);
	assert.match(said, /GATEHOUSE_PERSON=admin\n/);
	assert.match(said, /GATEHOUSE_PROJECT=shop\n/);
	// bash has its script on 255: neither journal nor passfile nor control record.
	assert.match(said, /\n0\n1\n2\n255\n?$/);
	assert.doesNotMatch(said, new RegExp(CANARY));
	assert.equal(stack.store(`SELECT command FROM run_hook WHERE run_id = ${run} AND at_when = 'before'`)[0], `${stack.path('bin/look')} "shop dev"`);
	assert.deepEqual(stack.store(`SELECT phase, state FROM run_phase WHERE run_id = ${run} ORDER BY position`),
		['connect|ok', 'identify|ok', 'lock|ok', 'status|ok', 'preflight|ok', 'before|ok', 'backup|skipped', 'migrate|ok', 'verify|ok',
			'health|skipped', 'after|ok', 'cleanup|ok', 'done|ok']);
	for (const row of stack.store(`SELECT evidence FROM run_phase WHERE run_id = ${run} AND state = 'skipped'`))
		assert.match(row, /policy/, 'what is skipped says why');
});

test('what a hook leaves running is ended with it', () => {
	const pid = /^left (\d+)$/m.exec(output(one("SELECT max(run_id) FROM run_hook WHERE at_when = 'after'"), 'after'))?.[1];

	assert.ok(pid);
	assert.match(procFile(pid, 'stat'), /^$|\) Z /, `process ${pid} is gone`);
});

test('one that hangs is ended, nothing is applied, and the hooks for a failure run', () => {
	const run = up('stage', [1]);

	assert.deepEqual(hooks(run).sort(), ['before|0|failed|265', 'before|1|skipped|-1', 'failure|0|ok|0']);
	const [state, outcome] = stack.store(`SELECT state, outcome FROM run WHERE id = ${run}`)[0].split('|');
	assert.equal(state, 'failed-clean');
	assert.match(outcome, /Stopped in before: the hook .*stubborn failed: it did not end within/);
	assert.deepEqual(stack.tracked('stage'), []);
	assert.match(output(run, 'failure'), /GATEHOUSE_OUTCOME=failed-clean\n/);
	assert.match(output(run, 'failure'), /GATEHOUSE_PHASE=before\n/);
	assert.equal(output(run, 'before').trim(), 'begun');
});

test('one after the run that cannot be started takes nothing back', async () => {
	const run = up('prod');

	assert.deepEqual(hooks(run), ['after|0|failed|-1', 'after|1|ok|0']);
	assert.match(output(run, 'after'), /No such file/);
	const [state, outcome] = stack.store(`SELECT state, outcome FROM run WHERE id = ${run}`)[0].split('|');
	assert.equal(state, 'succeeded');
	assert.match(outcome, /Afterwards the hook \/nowhere\/program failed: .*; what is in stays\./);
	assert.deepEqual(stack.tracked('prod'), ['001_a', '002_b']);
	const page = textOf((await (await stack.as('viewer')).get(`/runs/${run}`)).body);
	assert.match(page, /\/nowhere\/program/);
});
