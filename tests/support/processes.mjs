// The processes of a Gatehouse of stack.mjs: its jobs, what they have started, and what looks at their calls.
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { until } from '../../tools/web-client.mjs';
import { procFile, procLink } from './there.mjs';

// With path(), program() and parts of a Stack.
export class Processes {
	// Pids of jobs of this stack.
	jobs() {
		return this.pids().filter((pid) => procLink(pid, 'exe').startsWith(this.program('gatehouse-job')));
	}
	// Jobs that stand still (SIGSTOP, or for a moment while their sanitizer or strace looks), having some do so, and letting them go on.
	standingJobs() {
		return this.jobs().filter((pid) => /^State:\s*[Tt]/m.test(procFile(pid, 'status')));
	}
	killJobs() {
		for (const pid of this.jobs()) {
			try {
				process.kill(pid, 'SIGKILL');
			} catch { /* it has just gone */ }
		}
	}
	stopJobs(pids) {
		for (const pid of pids) {
			try {
				process.kill(pid, 'SIGSTOP');
			} catch { /* it has just gone */ }
		}
	}
	wakeJobs(pids = this.standingJobs()) {
		for (const pid of pids) {
			try {
				process.kill(pid, 'SIGCONT');
			} catch { /* it has just gone */ }
		}
	}
	// strace at the runner and all that it starts from now on; what it does with their calls is in args.  Ended by end().
	async strace(...args) {
		const { runner } = this.parts;
		const tracer = spawn('strace', ['-f', '-q', '-s', '0', '-o', this.path('log/calls'), '-p', String(runner.pid), ...args], { stdio: 'ignore' });
		const gone = new Promise((done) => tracer.on('exit', done));

		await until(() => /^TracerPid:\s*[1-9]/m.test(procFile(runner.pid, 'status')), { seconds: 60, every: 10, say: 'strace' });
		return { seen: this.path('log/calls'), stop: () => tracer.kill('SIGTERM'), end: () => (tracer.kill('SIGTERM'), gone) };
	}
	// Pids of all that works in a folder of this stack: the servers of its jobs, and what those have started.
	workers(folder = this.dir) {
		return this.pids().filter((pid) => procLink(pid, 'cwd').startsWith(`${folder}/`));
	}
	pids() {
		return readdirSync('/proc').filter((n) => /^\d+$/.test(n)).map(Number);
	}
}
