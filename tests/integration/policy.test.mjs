// Policies: what the configuration says, windows that runs wait for, promotion, one transaction, queries of the project.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { until } from '../../tools/web-client.mjs';
import { Stack, USERS, run } from '../support/stack.mjs';

const M = {
	'001_a.sql': '-- Makes a.\nCREATE TABLE a (id int);\n', '001_a_down.sql': 'DROP TABLE a;\n',
	'002_b.sql': 'CREATE TABLE b (id int);\n', '002_b_down.sql': 'DROP TABLE b;\n',
	'003_i.sql': 'CREATE INDEX CONCURRENTLY a_id ON a (id);\n', '003_i_down.sql': 'DROP INDEX a_id;\n',
	'verify/ids.sql': 'SELECT id FROM a WHERE id < 0\n',
	'verify/README.md': 'Each gives no rows.\n',
};
const DAY = 24 * 3600 * 1000;
const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const inDays = (n) => days[new Date(Date.now() + n * DAY).getUTCDay()];
const quick = { approvals: 0, backup: false };
let stack;

before(async () => {
	stack = await Stack.start({
		projects: { plain: { convention: 'numbered', files: M }, other: { convention: 'numbered', files: M } },
		targets: {
			dev: { environment: 'development' },
			stage: { environment: 'staging', ...quick },
			prod: { environment: 'production' },
			closed: { environment: 'development', project: 'other', windows: [`0 12 * * ${inDays(3)} for 2h UTC`] },
			soon: { environment: 'development', project: 'other', windows: ['0 0 1 1 * for 1h UTC'] },
			whole: { environment: 'development', project: 'other', transaction: 'all' },
		},
		conf: `environment "production" { promote = true approvals = 0 backup = false lock_timeout = "3s" revert_window = "1d" }\n`,
		people: ['admin'], web: false,
	});
});
after(() => stack?.stop());

const cli = (args, ...exits) => {
	const r = stack.cliTry(args);

	assert.ok((exits.length ? exits : [0]).includes(r.status), `${args.join(' ')}: ${r.status} ${r.stdout}${r.stderr}`);
	return r.stdout + r.stderr;
};
const sentence = (run) => JSON.parse(stack.cli(['--json', 'run', String(run)], { exits: [0, 1, 3] }));
const runOf = (target) => stack.store(`SELECT r.id || '|' || r.state || '|' || r.outcome FROM run r JOIN target t ON t.id = r.target_id
	WHERE t.name = '${target}' ORDER BY r.id DESC LIMIT 1`.replace(/\s+/g, ' '))[0]?.split('|') ?? [0, '', ''];
const reread = async (text, name, has) => {
	stack.writeConf(text);
	process.kill(stack.parts.runner.pid, 'SIGHUP');
	await until(() => stack.store(`SELECT policy FROM target WHERE name = '${name}'`).join('\n').includes(has), { seconds: 60, say: `the policy of ${name}` });
};

test('an environment speaks for its targets, and the plan has the whole policy', async () => {
	cli(['--target', 'stage', 'up', '--reason', 'first', '--wait']);
	const plan = await until(() => {
		const r = stack.cliTry(['--target', 'stage', 'plan', '--down', '1']);
		return r.status === 0 ? r.stdout : false;
	}, { seconds: 60, say: 'a plan' });
	assert.match(plan, /003/);
	const policy = stack.store("SELECT policy FROM target WHERE name = 'prod'").join('\n');
	for (const line of ['promote 1', 'approvals 0', 'backup 0', 'lock_timeout_ms 3000', 'revert_ms 86400000', 'guard_sessions 5'])
		assert.ok(policy.split('\n').includes(line), `${line} is not in\n${policy}`);
	const canonical = JSON.parse(cli(['--json', '--target', 'prod', 'plan'])).canonical;
	assert.match(canonical, /^gatehouse-plan 4\n/);
	assert.ok(canonical.includes(policy), 'the plan has it, word by word');
});

test('verify/*.sql are queries, not migrations, and go along in plans upwards', () => {
	const files = stack.store("SELECT f.file || ' ' || f.taken_as FROM project_file f JOIN project p ON p.id = f.project_id WHERE p.name = 'plain'");
	assert.ok(files.includes('verify/ids.sql verify'), files.join('\n'));
	assert.ok(files.includes('verify/README.md ignored'), files.join('\n'));
	const plan = JSON.parse(cli(['--json', '--target', 'prod', 'plan'])).canonical;
	assert.ok(plan.includes('\nqueries 1\nquery verify/ids.sql\nsql 30\nSELECT id FROM a WHERE id < 0\n'), plan.slice(0, 1500));
});

test('a query that cannot be asked stops the plan, and says why', async () => {
	stack.migration('verify/broken.sql', 'SELEC 1\n', 'other');
	await until(() => /verify\/broken\.sql:1:1: /.test(stack.cliTry(['--target', 'whole', 'plan', '--to', '002']).stderr), { seconds: 60, say: 'a refusal' });
	stack.migration('verify/broken.sql', null, 'other');
	await until(() => stack.cliTry(['--target', 'whole', 'plan', '--to', '002']).status === 0, { seconds: 60, say: 'a plan again' });
});

test('one transaction for all is refused by name where one of them cannot be in it', () => {
	assert.match(cli(['--target', 'whole', 'up', '--reason', 'all'], 4, 1, 2), /transaction = all, and 003_i cannot be in one transaction/);
	cli(['--target', 'whole', 'up', '--to', '002', '--reason', 'two in one', '--wait']);
	assert.equal(stack.tracked('whole').length, 2);
	const xids = stack.rows('whole', 'SELECT count(DISTINCT xmin::text) FROM public.schema_migrations');
	assert.equal(xids[0], '1', 'both rows are of one transaction');
});

test('promotion takes what ran before with the same SQL, and names what did not', async () => {
	stack.migration('004_c.sql', 'CREATE TABLE c (id int);\n');
	stack.migration('004_c_down.sql', 'DROP TABLE c;\n');
	const refusal = () => stack.cliTry(['--target', 'prod', 'up', '--reason', 'too early']);
	await until(() => /004_c may not run on prod yet: production takes only what ran on staging with the same SQL \(promote = true\), and on stage it did not run/
		.test(refusal().stderr), { seconds: 60, say: 'the refusal' });
	// Other comments are the same SQL; another column is not.
	stack.migration('001_a.sql', '-- Makes the table a.\nCREATE TABLE a (id int);\n');
	stack.migration('002_b.sql', 'CREATE TABLE b (id bigint);\n');
	await until(() => /002_b may not run on prod yet: .* and on stage another SQL ran/.test(refusal().stderr), { seconds: 60, say: 'another SQL' });
	cli(['--target', 'prod', 'up', '--to', '001', '--reason', 'only comments differ', '--wait']);
	const [id, state] = runOf('prod');
	assert.equal(state, 'succeeded');
	assert.ok(stack.store(`SELECT text FROM event WHERE run_id = ${id}`)
		.includes('001_a ran on stage with other comments or white space, and the same SQL.'));
	stack.migration('002_b.sql', M['002_b.sql']);
});

test('a run waits for its window, says so, and does not begin', async () => {
	assert.match(cli(['--target', 'closed', 'up', '--to', '001', '--reason', 'later'], 0, 3), /run|queued|request/i);
	const said = await until(() => runOf('closed')[2], { seconds: 60, say: 'what it waits for' });
	const name = new Date(Date.now() + 3 * DAY).toLocaleDateString('en', { weekday: 'long', timeZone: 'UTC' });
	assert.equal(said, `It waits for its window, which opens ${name} 12:00 UTC.`);
	assert.equal(runOf('closed')[1], 'queued');
	assert.ok(JSON.stringify(sentence(runOf('closed')[0])).includes('It waits for its window'));
	assert.deepEqual(stack.tracked('closed'), []);
});

test('it begins when the window opens, and is told when it ends', { timeout: 400000 }, async () => {
	const opens = new Date(Math.ceil((Date.now() + 25000) / 60000) * 60000);
	const window = `${opens.getUTCMinutes()} ${opens.getUTCHours()} * * * for 5min UTC`;

	await reread(stack.conf().replace('0 0 1 1 * for 1h UTC', window), 'soon', window);
	await until(() => stack.cliTry(['--target', 'soon', 'up', '--to', '001', '--reason', 'soon']).status !== 1, { seconds: 60, say: 'a request' });
	assert.match(await until(() => runOf('soon')[2], { seconds: 60, say: 'what it waits for' }), /^It waits for its window, which opens /);
	await until(() => runOf('soon')[1] === 'succeeded', { seconds: 180, say: 'the run' });
	const [start, end] = stack.store(`SELECT started_at || ' ' || window_end FROM run WHERE id = ${runOf('soon')[0]}`)[0].split(' ').map(Number);
	assert.ok(start >= opens.getTime() * 1000, 'not before it opened');
	assert.equal(end, (opens.getTime() + 5 * 60000) * 1000);
});

for (const [what, change, said] of [
	['a number without its unit', (t) => t.replace('connect_timeout = "2s"', 'connect_timeout = 2000'), /other\.conf:\d+: connect_timeout must be .*a number alone/],
	['an old name', (t) => t.replace('connect_timeout = "2s"', 'connect_timeout_ms = 2000'), /other\.conf:\d+: target "dev": connect_timeout_ms is connect_timeout now, with its unit: connect_timeout = "2000ms"/],
	['a window of no zone', (t) => t.replace('for 2h UTC', 'for 2h'), /other\.conf:\d+: target "closed": a time zone must follow/],
	['an hour that no day has', (t) => t.replace('0 12 * *', '0 25 * *'), /other\.conf:\d+: target "closed": the hour must be 0 to 23/],
	['an environment that is none', (t) => t.replace('environment "production"', 'environment "moon"'), /other\.conf:\d+: environment "moon" is not among the environments/],
	['a hook without a path', (t) => `${t}environment "staging" {\n  hook "x" {\n    when = "before"\n    command = {"echo"}\n  }\n}\n`, /other\.conf:\d+: environment "staging": hook "x": command begins with the absolute path/],
]) {
	test(`${what} is named by file and line`, () => {
		const file = stack.path('etc/other.conf');

		writeFileSync(file, change(stack.conf()));
		const r = run(USERS.runner, [stack.program('gatehouse-runner'), '--check-config', file], { ok: false });
		assert.notEqual(r.status, 0);
		assert.match(r.stderr + r.stdout, said);
	});
}
