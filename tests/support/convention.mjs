// A Gatehouse without web tier for tests of one convention: a project, and a database for each scenario.
//
//   const rig = await Rig.start({ convention: 'dbmate', files: {...}, targets: ['clean', 'shared'] });
//   after(() => rig?.stop());
//   await rig.is('clean', { 1: 'pending', 2: 'pending' });
//   rig.up('clean', 1);
//   await rig.is('clean', { 1: 'applied', 2: 'pending' });
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { spawnSync } from 'node:child_process';
import { CANARY, ENV, Stack } from './stack.mjs';

export class Rig {
	// convention '' lets Gatehouse find it; from, files, tracking and options are a project's (stack.mjs).
	static async start({ targets, prepare, ...project }) {
		const rig = new Rig();

		rig.stack = await Stack.start({
			projects: { project },
			targets: Object.fromEntries(targets.map((t) => [t, { environment: 'development', rollback_on_failure: false }])),
			people: ['admin'], web: false, prepare,
		});
		return rig;
	}
	stop() {
		return this.stack.stop();
	}

	// Adds, changes or, with null, removes a file of the project.
	file(name, text) {
		this.stack.migration(name, text);
	}
	rows(target, sql) {
		return this.stack.rows(target, sql);
	}
	exists(target, relation) {
		return this.rows(target, `SELECT to_regclass('${relation}') IS NOT NULL`)[0] === 't';
	}

	// The migrations as the command line lists them, oldest first.
	list(target) {
		return JSON.parse(this.stack.cli(['--json', 'list', '--target', target, '--limit', '500'], { exits: [0, 3] })).rows.reverse();
	}
	one(target, key) {
		return this.list(target).find((r) => r.key === key);
	}

	// Reads folder and target again and waits until the standing of every migration is as expected: {key: state}.  What was
	// applied and taken back is pending; what is neither in the folder nor in the table is left out.
	async is(target, expected) {
		const wanted = JSON.stringify(Object.entries(expected).sort());
		let have = '';

		for (let i = 0; i < 60; i++) {
			if (i % 20 === 0)
				this.stack.cliTry(['refresh']);
			have = JSON.stringify(this.list(target).filter((r) => r.state !== 'absent').map((r) => [r.key, r.state === 'rolled-back' ? 'pending' : r.state]).sort());
			if (have === wanted)
				return;
			await sleep(250);
		}
		assert.equal(have, wanted, `${target}: ${this.stack.log('runner').slice(-400)}`);
	}
	// Waits until a migration has this state; gives its row.
	async becomes(target, key, state) {
		let row;

		for (let i = 0; i < 60; i++) {
			if (i % 20 === 0)
				this.stack.cliTry(['refresh']);
			row = this.one(target, key);
			if (row?.state === state)
				return row;
			await sleep(250);
		}
		return assert.fail(`${target}: ${key} is ${JSON.stringify(row)} and not ${state}`);
	}

	// Waits until what the next up does with a migration is this; gives its row.
	async decides(target, key, decision) {
		let row;

		for (let i = 0; i < 60; i++) {
			if (i % 20 === 0)
				this.stack.cliTry(['refresh']);
			row = this.one(target, key);
			if (row?.decision === decision)
				return row;
			await sleep(250);
		}
		return assert.fail(`${target}: ${key} is ${JSON.stringify(row)}, which is not ${decision}`);
	}

	// Runs and waits; the exit code must be `exits`.
	run(args, exits = 0) {
		const r = this.stack.cliTry([...args, '--wait']);
		assert.equal(r.status, exits, `gatehouse ${args.join(' ')}: ${r.status}\n${r.stdout}\n${r.stderr}\n${this.stack.log('runner').slice(-2000)}`);
		return r.stdout + r.stderr;
	}
	up(target, to, exits = 0) {
		return this.run(['up', '--target', target, ...(to === undefined ? [] : ['--to', String(to)])], exits);
	}
	down(target, steps = 1, exits = 0) {
		return this.run(['down', '--target', target, '--steps', String(steps)], exits);
	}

	// How a tool reaches the database.
	url(target, socketParameter = 'host') {
		return `postgres://shop:${CANARY}-shop@/${target}?${socketParameter}=${encodeURIComponent(this.stack.path('run/pg'))}&sslmode=disable`;
	}
	// The tool itself, in the project's folder.
	tool(argv, { env = {}, exits = [0] } = {}) {
		const r = spawnSync(argv[0], argv.slice(1), { encoding: 'utf8', cwd: this.stack.path('projects/project'), timeout: 60000,
			env: { ...ENV, PGPASSWORD: `${CANARY}-shop`, PGUSER: 'shop', PGHOST: this.stack.path('run/pg'), ...env } });
		assert.ok(exits.includes(r.status), `${argv.join(' ')}: ${r.status ?? r.signal ?? r.error}\n${r.stdout}\n${r.stderr}`);
		return r.stdout + r.stderr;
	}
}
