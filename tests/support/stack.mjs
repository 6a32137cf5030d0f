// A private Gatehouse for a test: its own cluster, runner, web workers and nginx in a temporary folder, with helpers to
// act as people and to look behind the scenes.
//
//   const stack = await Stack.start({ targets: {...}, people: {...} });
//   t.after(() => stack.stop());
//
// The cluster is a copy of one that initdb made once for all tests of a run.  Programs come from the build folder
// (GATEHOUSE_BUILD, else build/gcc).
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, mkdtempSync, openSync, closeSync, readFileSync,
	renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { WebClient, until } from '../../tools/web-client.mjs';
import { Processes } from './processes.mjs';
import { ENV, ME, PG_BIN, USERS, asUser, ensureUsers, idOf, isRoot, run, template } from './users.mjs';

export { ENV, ME, PG_BIN, USERS, asUser, isRoot, run };

export const top = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
export const build = path.resolve(top, process.env.GATEHOUSE_BUILD ?? 'build/gcc');
export const PASSWORDS = Object.fromEntries(['admin', 'viewer', 'lead', 'lead2', 'auditor'].map((n) => [n, `password-of-${n}`]));
// In every place where a password can be; must be found in none where it may not.
export const CANARY = 'canary-8f2d41c7';

export function freePort() {
	return new Promise((resolve, reject) => {
		const s = net.createServer();
		s.on('error', reject);
		s.listen(0, '127.0.0.1', () => {
			const { port } = s.address();
			s.close(() => resolve(port));
		});
	});
}

// Every program, at the place where `make` leaves it.
export const PROGRAMS = Object.fromEntries(['gatehouse', 'gatehouse-runner', 'gatehouse-job', 'gatehouse-web']
	.map((p) => [p, path.join(build, p)]));

export class Stack extends Processes {
	// Options: people (names to add; all five), projects {name: {convention, from}}, targets {name: {...}}, conf (text to
	// add), prepare (called when the databases are there), language (of the server's messages), web: false to leave web and
	// nginx out.
	static async start(options = {}) {
		const s = new Stack();
		try {
			await s.begin(options);
		} catch (e) {
			await s.stop();
			throw e;
		}
		return s;
	}

	async begin(options) {
		this.options = options;
		ensureUsers();
		this.dir = mkdtempSync('/var/tmp/gh-');
		chmodSync(this.dir, 0o755);
		this.parts = {};
		this.folders();
		this.startPostgres();
		await this.makeDatabases();
		this.makeProjects();
		this.writeConf();
		await this.startRunner();
		for (const name of options.people ?? Object.keys(PASSWORDS).slice(0, 5))
			this.cli(['people', 'add', name, '--roles', name.replace(/\d$/, '')], { input: `${PASSWORDS[name]}\n` });
		if (options.web !== false) {
			await this.startWeb();
			await this.startNginx();
		}
	}

	folders() {
		const folder = (name, mode, user, group = user) => {
			mkdirSync(path.join(this.dir, name), { recursive: true });
			if (isRoot)
				chownSync(path.join(this.dir, name), idOf(user, '-u'), idOf(group, '-g'));
			chmodSync(path.join(this.dir, name), mode);
		};

		for (const name of ['etc', 'log', 'bin', 'projects', 'run'])
			mkdirSync(path.join(this.dir, name), { mode: 0o755 });
		folder('store', 0o2750, USERS.runner, USERS.web);
		folder('secrets', 0o700, USERS.runner);
		folder('jobs', 0o700, USERS.runner);
		folder('backups', 0o700, USERS.runner);
		folder('run/gatehouse', 0o2755, USERS.runner, USERS.web);
		folder('run/web', 0o2750, USERS.web, USERS.nginx);
		folder('run/nginx', 0o700, USERS.nginx);
		folder('run/pg', 0o755, USERS.pg);
		// A build folder may lie where the service users cannot go.
		for (const [name, from] of Object.entries(PROGRAMS)) {
			if (name === 'gatehouse-web' && this.options.web === false)
				continue;
			cpSync(from, path.join(this.dir, 'bin', name));
			chmodSync(path.join(this.dir, 'bin', name), 0o755);
		}
	}

	path(...names) {
		return path.join(this.dir, ...names);
	}
	program(name) {
		return this.path('bin', name);
	}

	// Starts a part in the background, its output in log/NAME.log.
	spawn(name, user, argv, env = {}) {
		const log = openSync(this.path('log', `${name}.log`), 'a');
		const [program, ...rest] = asUser(user, argv);
		const child = spawn(program, rest, { stdio: ['ignore', log, log], env: { ...ENV, ...env }, cwd: '/', detached: true });

		closeSync(log);
		child.unref();
		child.gone = new Promise((resolve) => child.on('exit', (code, signal) => {
			child.ended = { code, signal };
			resolve(child.ended);
		}));
		child.on('error', () => {});
		this.parts[name] = child;
		return child;
	}

	log(name) {
		const file = this.path('log', `${name}.log`);
		return existsSync(file) ? readFileSync(file, 'utf8') : '';
	}

	async waitFor(name, what, seconds = 60) {
		const child = this.parts[name];

		await until(async () => {
			if (child.ended)
				throw new Error(`${name} ended (${JSON.stringify(child.ended)}): ${this.log(name).slice(-1500)}`);
			return what();
		}, { seconds, every: 20, say: `the start of ${name}` });
	}

	startPostgres() {
		execFileSync('cp', ['-a', template(), this.path('pg')]);
		this.runPostgres();
	}
	runPostgres() {
		this.spawn('postgres', USERS.pg, [`${PG_BIN}/postgres`, '-D', this.path('pg'), '-k', this.path('run/pg'),
			'-c', 'listen_addresses=', '-c', `fsync=${this.options.durable ? 'on' : 'off'}`, '-c', 'max_connections=60', '-c', 'shared_buffers=32MB',
			'-c', 'max_prepared_transactions=0', '-c', 'log_line_prefix=%m [%p] %q%u@%d %a ',
			...(this.options.language ? ['-c', `lc_messages=${this.options.language}`] : [])], this.options.language ? { LOCPATH: this.locale() } : {});
	}
	// A place where the language is known to the C library: its texts come with PostgreSQL, its own locale may not be installed.
	locale() {
		mkdirSync(this.path('locale'), { recursive: true });
		if (!existsSync(this.path('locale', this.options.language)))
			symlinkSync('/usr/lib/locale/C.utf8', this.path('locale', this.options.language));
		return this.path('locale');
	}
	async postgresReady() {
		await this.waitFor('postgres', () => this.psql('postgres', 'SELECT 1', { ok: false }).status === 0);
	}

	targets() {
		return this.options.targets ?? {
			shop_development: { environment: 'development' },
			shop_staging: { environment: 'staging' },
			shop_production: { environment: 'production' },
		};
	}

	async makeDatabases() {
		await this.postgresReady();
		this.psql('postgres', `CREATE ROLE shop LOGIN PASSWORD '${CANARY}-shop'`);
		const names = new Set(Object.entries(this.targets()).filter(([, t]) => !t.connection).map(([n, t]) => t.database ?? n));
		this.psql('postgres', [...names].map((name) => `CREATE DATABASE ${name} OWNER shop;\n`).join(''));
		this.passfile('etc/passfile', { shop: `${CANARY}-shop` });
		this.options.prepare?.(this);
	}

	passfile(name, passwords) {
		writeFileSync(this.path(name), Object.entries(passwords)
			.map(([user, password]) => `${this.path('run/pg')}:5432:*:${user}:${password}\n`).join(''), { mode: 0o600 });
		this.give(name, USERS.runner);
	}
	// Makes a file the runner's (or another service user's) own.
	give(name, user) {
		if (isRoot)
			chownSync(this.path(name), idOf(user, '-u'), idOf(user, '-g'));
	}

	// projects: {name: {convention, from: folder to copy, files: {name: text}, tracking: "schema.table", options: {name: value}}}
	projects() {
		return this.options.projects ?? { shop: { convention: 'numbered', from: path.join(top, 'examples/shop/migrations') } };
	}
	makeProjects() {
		for (const [name, p] of Object.entries(this.projects())) {
			const folder = this.path('projects', name);
			if (p.from)
				cpSync(p.from, folder, { recursive: true });
			mkdirSync(folder, { recursive: true });
			for (const [file, text] of Object.entries(p.files ?? {})) {
				mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
				writeFileSync(path.join(folder, file), text);
			}
			execFileSync('chmod', ['-R', 'u=rwX,go=rX', folder]);
		}
	}
	// Writes or, with null, removes a migration file.
	migration(name, text, project = Object.keys(this.projects())[0]) {
		const file = this.path('projects', project, name);
		mkdirSync(path.dirname(file), { recursive: true });
		text === null ? rmSync(file) : writeFileSync(file, text);
	}

	conf() {
		const q = (v) => Array.isArray(v) ? `{${v.map(q).join(', ')}}` : typeof v === 'string' ? `"${v}"` : String(v);
		const lines = [
			`data = "${this.dir}"`, `socket = "${this.path('run/gatehouse')}"`, `web_user = "${USERS.web}"`,
			`job = "${this.program('gatehouse-job')}"`, `pg_bin = "${PG_BIN}"`,
			'environments = {"development", "staging", "production"}', `refresh_seconds = ${this.options.refresh ?? 1}`,
			`account "${ME}" { person = "admin" }`,
		];

		for (const [name, p] of Object.entries(this.projects()))
			lines.push(`project "${name}" {`, `  folder = "${this.path('projects', name)}"`,
				...(p.convention ? [`  convention = "${p.convention}"`] : []), ...(p.tracking ? [`  tracking_table = "${p.tracking}"`] : []),
				...(p.options ? [`  options = {${Object.entries(p.options).map(([k, v]) => q(`${k}=${v}`)).join(', ')}}`] : []), '}');
		for (const [name, { database = name, connection, project = Object.keys(this.projects())[0], sections = [], ...t }] of Object.entries(this.targets())) {
			const all = { project, passfile: this.path('etc/passfile'), connect_timeout: '2s', max_retries: 1, retry_delay: '100ms',
				connection: connection ?? `host=${this.path('run/pg')} port=5432 dbname=${database} user=shop`, ...t };
			lines.push(`target "${name}" {`, ...Object.entries(all).map(([k, v]) => `  ${k} = ${q(v)}`), ...sections, '}');
		}
		return `${lines.join('\n')}\n${this.options.conf ?? ''}`
			.replaceAll('@run@', this.path('run/pg')).replaceAll('@wrong@', this.path('etc/wrong')).replaceAll('@health@', this.options.health ?? '');
	}
	writeConf(text = this.conf()) {
		writeFileSync(this.path('etc/gatehouse.conf'), text, { mode: 0o644 });
	}

	// fault: "POINT ACTION" for builds with fault points.
	setFault(line) {
		// Whole and the runner's own from its first moment: who comes by the point takes it away.
		writeFileSync(this.path('run/gatehouse/fault.new'), `${line}\n`);
		this.give('run/gatehouse/fault.new', USERS.runner);
		renameSync(this.path('run/gatehouse/fault.new'), this.path('run/gatehouse/fault'));
	}
	faultPassed() {
		return !existsSync(this.path('run/gatehouse/fault'));
	}

	async startRunner(env = {}) {
		rmSync(this.path('run/gatehouse/admin.sock'), { force: true });
		this.spawn('runner', USERS.runner, [this.program('gatehouse-runner'), '--config', this.path('etc/gatehouse.conf')],
			{ GATEHOUSE_FAULT: this.path('run/gatehouse/fault'), ...env });
		// Answered, even if refused: the first person is still to come.
		await this.waitFor('runner', () => [0, 4].includes(this.cliTry(['people']).status));
	}

	async startWeb() {
		rmSync(this.path('run/web/fcgi.sock'), { force: true });
		this.spawn('web', USERS.web, [this.program('gatehouse-web'), '--listen', this.path('run/web/fcgi.sock'), '--store', this.path('store'),
			'--runner', this.path('run/gatehouse/web.sock'), '--workers', String(this.options.workers ?? 4), ...(isRoot ? [] : ['--footer', 'reduced isolation'])]);
		// There is a moment between the name of the socket and who listens on it.
		await this.waitFor('web', () => new Promise((done) => {
			const c = net.connect(this.path('run/web/fcgi.sock'), () => (c.destroy(), done(true))).on('error', () => done(false));
		}));
	}

	async startNginx() {
		// As `make install` lays them out.
		cpSync(path.join(build, 'assets'), this.path('share/static'), { recursive: true });
		cpSync(path.join(top, 'conf/headers.conf'), this.path('share/conf/headers.conf'));
		execFileSync('chmod', ['-R', 'u=rwX,go=rX', this.path('share')]);
		// Another test may take a port between who finds it free and who listens on it: then nginx ends, and gets another one.
		for (let i = 1; ; i++) {
			try {
				return await this.nginxAt(await freePort());
			} catch (e) {
				if (i === 5 || !/Address already in use/.test(e.message))
					throw e;
			}
		}
	}
	async nginxAt(port) {
		this.port = port;
		this.base = `http://127.0.0.1:${this.port}`;
		rmSync(this.path('run/nginx/nginx.pid'), { force: true });
		writeFileSync(this.path('etc/nginx.conf'), readFileSync(path.join(top, 'conf/nginx.conf.in'), 'utf8')
			.replaceAll('@run@', this.path('run/nginx')).replaceAll('@log@', this.path('run/nginx'))
			.replaceAll('@listen@', `127.0.0.1:${this.port}`).replaceAll('@socket@', this.path('run/web/fcgi.sock'))
			.replaceAll('@static@', this.path('share/static')));
		this.spawn('nginx', USERS.nginx, ['/usr/sbin/nginx', '-p', this.path('run/nginx'), '-c', this.path('etc/nginx.conf'), '-g', 'daemon off;']);
		// It has written its number when it listens: what answers before is another test's.
		await this.waitFor('nginx', () => existsSync(this.path('run/nginx/nginx.pid')) && new WebClient(this.base).send('GET', '/signin').then((r) => r.status === 200, () => false));
	}

	// A person at a browser.
	async as(name) {
		const client = new WebClient(this.base);
		await client.signIn(name, PASSWORDS[name]);
		return client;
	}

	psql(database, text, { ok = true } = {}) {
		return run(USERS.pg, [`${PG_BIN}/psql`, '-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-h', this.path('run/pg'),
			'-U', 'postgres', '-d', database], { input: text, ok });
	}
	rows(database, text) {
		return this.psql(database, text).stdout.trim().split('\n').filter(Boolean);
	}
	// Versions in the tracking table; none when there is no table yet.
	tracked(database) {
		return this.rows(database, "SELECT to_regclass('public.schema_migrations') IS NOT NULL")[0] === 't'
			? this.rows(database, 'SELECT version FROM public.schema_migrations ORDER BY version') : [];
	}

	// The store, as its owner sees it: one string a row, columns joined with |.
	store(text) {
		return this.sqlite('store/store.db', text, '-readonly').split('\n').filter(Boolean);
	}
	// Also what nobody but the owner of a file could do to it.
	sqlite(file, text, ...more) {
		return run(USERS.runner, ['/usr/bin/sqlite3', ...more, '-cmd', '.timeout 30000', this.path(file), text]).stdout.trim();
	}

	cliTry(args, { input, user } = {}) {
		const argv = [this.program('gatehouse'), '--socket', this.path('run/gatehouse/admin.sock'), ...args];
		// A whole run or proof may take its time.
		const seconds = args.includes('--wait') ? 180 : 60;
		if (user)
			return run(user, argv, { input: input ?? '', ok: false, seconds });
		return spawnSync(argv[0], argv.slice(1), { encoding: 'utf8', input: input ?? '', env: ENV, timeout: seconds * 1000 });
	}
	cli(args, options) {
		const r = this.cliTry(args, options);
		if (!(options?.exits ?? [0]).includes(r.status))
			throw new Error(`gatehouse ${args.join(' ')}: ${r.status ?? r.signal} ${r.stderr}${r.stdout}`);
		return r.stdout;
	}

	// Ends a part: a signal to its process, then waits until it has gone.
	async end(name, signal = 'SIGTERM', seconds = 60) {
		const child = this.parts[name];

		if (!child || child.ended)
			return child?.ended;
		try {
			process.kill(child.pid, signal);
		} catch { /* it has just gone */ }
		const late = setTimeout(() => {
			try {
				process.kill(-child.pid, 'SIGKILL');
			} catch { /* gone */ }
		}, seconds * 1000);
		const ended = await child.gone;
		clearTimeout(late);
		return ended;
	}

	async stop() {
		await this.end('nginx', 'SIGQUIT', 10);
		await this.end('web', 'SIGTERM', 10);
		await this.end('runner', 'SIGTERM', 10);
		if (this.dir)
			this.killJobs();
		await this.end('postgres', 'SIGINT', 10);
		// What a test started besides, with its children.
		for (const child of Object.values(this.parts ?? {})) {
			try {
				process.kill(-child.pid, 'SIGKILL');
			} catch { /* gone */ }
		}
		// The server of a job that was ended goes a moment after it, and writes until then.
		if (this.dir)
			await until(() => this.workers().length === 0, { seconds: 60, say: () => `the end of ${this.workers()} in ${this.dir}` });
		if (this.dir && !process.env.GATEHOUSE_KEEP)
			rmSync(this.dir, { recursive: true, force: true });
	}
}
