// The accounts that the parts run as, commands as one of them, and the cluster that all tests copy.
import { execFileSync, spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export const PG_BIN = '/usr/lib/postgresql/15/bin';
export const isRoot = process.getuid() === 0;
export const ME = execFileSync('id', ['-un'], { encoding: 'utf8' }).trim();
export const USERS = isRoot ? { pg: 'postgres', runner: 'gatehouse', web: 'gatehouse-web', nginx: 'www-data' }
	: { pg: ME, runner: ME, web: ME, nginx: ME };


const ids = new Map();
export function idOf(user, flag) {
	const key = `${flag}${user}`;
	if (!ids.has(key))
		ids.set(key, Number(execFileSync('id', [flag, user], { encoding: 'utf8' })));
	return ids.get(key);
}

const ACCOUNTS = `for user in gatehouse-web gatehouse; do
	getent passwd $user >/dev/null ||
		useradd --system --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin $user || exit
done
id -nG gatehouse | grep -qw gatehouse-web || usermod -a -G gatehouse-web gatehouse`;
// Tests run side by side: one at a time looks, and what is there already is not written again.
export function ensureUsers() {
	if (isRoot)
		execFileSync('flock', ['/var/tmp/gatehouse-test-accounts', 'sh', '-c', ACCOUNTS]);
}

// argv as a service user.
export function asUser(user, argv) {
	return isRoot ? ['/usr/bin/setpriv', `--reuid=${user}`, `--regid=${idOf(user, '-g')}`, '--init-groups', '--', ...argv] : argv;
}
export const ENV = { PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin', LANG: 'C.UTF-8', TZ: 'UTC',
	// A runner under AddressSanitizer that keeps all that it has freed is slow to fork.
	ASAN_OPTIONS: 'quarantine_size_mb=4' };

export function run(user, argv, { input, env = {}, ok = true, seconds = 60 } = {}) {
	const [program, ...rest] = asUser(user, argv);
	const r = spawnSync(program, rest, { encoding: 'utf8', input, env: { ...ENV, ...env }, cwd: '/', timeout: seconds * 1000, maxBuffer: 1 << 26 });

	if (ok && r.status !== 0)
		throw new Error(`${argv.join(' ')}: ${r.status ?? r.signal} ${r.stderr}${r.stdout}`);
	return r;
}

// One data folder by initdb for the whole test run, kept beside the build.
export function template() {
	const dir = path.join('/var/tmp', `gatehouse-test-${process.getuid()}`);
	const pg = path.join(dir, 'pg15-1');

	if (existsSync(pg))
		return pg;
	mkdirSync(dir, { recursive: true, mode: 0o755 });
	const own = mkdtempSync(path.join(dir, 'new-'));
	if (isRoot)
		chownSync(own, idOf('postgres', '-u'), idOf('postgres', '-g'));
	run(USERS.pg, [`${PG_BIN}/initdb`, '-D', `${own}/pg`, '-U', 'postgres', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync']);
	writeFileSync(`${own}/pg/pg_hba.conf`, 'local all postgres peer map=owner\nlocal all all scram-sha-256\n');
	writeFileSync(`${own}/pg/pg_ident.conf`, `owner ${USERS.pg} postgres\nowner ${ME} postgres\n`);
	try {
		renameSync(`${own}/pg`, pg);
	} catch (e) {
		// Another test was quicker.
		if (!existsSync(pg))
			throw e;
	}
	rmSync(own, { recursive: true, force: true });
	return pg;
}
