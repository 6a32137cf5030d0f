// A stack with a project and a development target for each case, and what the store says of a run that failed there.
import { spawn } from 'node:child_process';
import { PG_BIN, Stack, USERS, asUser, ENV } from './stack.mjs';
import { until } from '../../tools/web-client.mjs';

// cases: {name: {files, before: SQL as the superuser, target: {...}}}; more: options of Stack.start
export async function startCases(cases, more = {}) {
	const names = Object.keys(cases);
	const stack = await Stack.start({
		projects: Object.fromEntries(names.map((n) => [n, { convention: cases[n].convention ?? 'numbered', files: cases[n].files }])),
		targets: Object.fromEntries(names.map((n) => [n, { environment: 'development', project: n, max_retries: 0, lock_timeout: '1000ms', ...cases[n].target }])),
		prepare: (s) => {
			for (const n of names) {
				if (cases[n].before)
					s.psql(n, `SET ROLE shop; ${cases[n].before}`);
				if (cases[n].admin)
					s.psql(n, cases[n].admin);
			}
		},
		web: false,
		people: ['admin'],
		...more,
	});
	return stack;
}

// Runs gatehouse up (or other words) on a target and gives everything that is known of the run.
export function ask(stack, target, args = ['up']) {
	const r = stack.cliTry([...args, ...(args[0] === 'mark' || args[0] === 'repair' ? [] : ['--target', target]), '--reason', 'a test', '--wait']);
	const [id] = stack.store(`SELECT max(r.id) FROM run r JOIN target t ON t.id = r.target_id WHERE t.name = '${target}'`);
	return { ...failure(stack, id), status: r.status, said: r.stdout + r.stderr };
}

const lines = (stack, sql) => JSON.parse(stack.store(sql).join('\n') || '[]');

export function failure(stack, id) {
	const [run] = lines(stack, `SELECT json_group_array(json_object('state', state, 'outcome', outcome, 'sqlstate', sqlstate)) FROM run WHERE id = ${id}`);
	return {
		id, ...run,
		causes: lines(stack, `SELECT json_group_array(json_object('title', title, 'sql', sql, 'columns', columns, 'rows', "rows", 'more', more, 'text', text)) FROM run_cause WHERE run_id = ${id}`),
		facts: lines(stack, `SELECT json_group_array(json_object('position', position, 'kind', kind, 'object', object, 'good', good, 'text', text)) FROM run_fact WHERE run_id = ${id}`),
		actions: lines(stack, `SELECT json_group_array(json_object('kind', kind, 'goal', goal, 'text', text)) FROM run_action WHERE run_id = ${id}`),
		statements: lines(stack, `SELECT json_group_array(json_object('migration', migration, 'position', position, 'state', state)) FROM run_statement WHERE run_id = ${id}`),
	};
}
export const cause = (f, title) => f.causes.find((c) => c.title === title) ?? { sql: '', rows: '', text: `no "${title}" among ${JSON.stringify(f.causes)}` };
export const kinds = (f) => f.actions.map((a) => a.kind).join(' ');

// A session of the superuser that stays open; each say() waits for its answer.
export class Session {
	constructor(stack, database) {
		const [program, ...rest] = asUser(USERS.pg, [`${PG_BIN}/psql`, '-X', '-q', '-A', '-t', '-h', stack.path('run/pg'), '-U', 'postgres', '-d', database]);

		this.child = spawn(program, rest, { stdio: ['pipe', 'pipe', 'pipe'], env: ENV, cwd: '/' });
		this.out = '';
		this.child.stdout.on('data', (d) => { this.out += d; });
		this.child.stderr.on('data', (d) => { this.out += d; });
		this.n = 0;
	}
	send(text) {
		this.child.stdin.write(`${text}\n`);
	}
	async say(text) {
		const mark = `said-${++this.n}`;
		this.send(`${text}\n\\echo ${mark}`);
		await until(() => this.out.includes(mark), { seconds: 60, say: text });
	}
	async end() {
		this.child.stdin.end();
		if (this.child.exitCode === null)
			await new Promise((resolve) => this.child.on('exit', resolve));
	}
}
