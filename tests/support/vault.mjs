// What must hold of backups whenever nothing is open any more, whatever was killed before: a file with a final name is
// whole, the store and the folder say the same, no scratch database stays, and a restore has left the old database or the
// new one, never none.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';

const digest = (path) => createHash('sha256').update(readFileSync(path)).digest('hex');
// What others keep has no file, a backup in the directory format is a folder.
const FILES = "FROM backup WHERE state = 'kept' AND file <> '' AND format = 'custom'";

export class Vault {
	// databases: those that are there before anything is done.
	constructor(stack) {
		Object.assign(this, { stack, whole: new Set() });
		this.databases = new Set(this.present());
	}
	present() {
		return this.stack.rows('postgres', 'SELECT datname FROM pg_database WHERE NOT datistemplate ORDER BY 1');
	}
	files() {
		return readdirSync(this.stack.path('backups'));
	}

	// What check asks of a file; one that the runner lets go meanwhile is gone, and that it goes was said before.
	ask(file, check) {
		const path = this.stack.path('backups', file);

		try {
			check(path);
		} catch (e) {
			if (existsSync(path) || this.stack.store(`SELECT 1 FROM backup WHERE file = '${file}' AND (state <> 'kept' OR going_by <> '')`).length === 0)
				throw e;
		}
	}

	// Each backup of the inventory is there and is what it says; a name without .part is a promise: never half a dump, never
	// without its sidecar.
	backups() {
		// What it lets go by itself when a task has ended is gone, or not begun, when the runner answers.
		this.stack.cliTry(['people']);
		for (const line of this.stack.store(`SELECT file, digest, size ${FILES}`)) {
			const [file, hash, size] = line.split('|');
			this.ask(file.split('/').at(-1), (path) => {
				if (this.whole.has(path))
					return;
				assert.equal(readFileSync(path).length, Number(size), path);
				assert.equal(digest(path), hash, path);
				assert.equal(JSON.parse(readFileSync(`${path}.json`, 'utf8')).sha256, hash, `${path}.json`);
				this.whole.add(path);
			});
		}
		for (const f of this.files().filter((n) => n.endsWith('.zst') && !n.startsWith('.'))) {
			this.ask(f, (path) => {
				assert.ok(existsSync(`${path}.json`), `${path} has its sidecar`);
				if (!this.whole.has(path))
					assert.equal(digest(path), JSON.parse(readFileSync(`${path}.json`, 'utf8')).sha256, path);
			});
		}
	}

	// The dumps that are there are those of the inventory and those that a look calls strays: asked after a look.
	inventory() {
		const rows = new Set(this.stack.store(`SELECT file ${FILES}`).map((f) => f.split('/').at(-1)));
		const strays = new Set(this.stack.store('SELECT file FROM orphan'));

		for (const f of this.files().filter((n) => n.endsWith('.zst') && !n.startsWith('.')))
			assert.ok(rows.has(f) !== strays.has(f), `${f} is ${rows.has(f) ? 'of the inventory and a stray' : 'known to nobody'}`);
		assert.deepEqual(this.stack.store("SELECT file FROM backup WHERE state = 'missing'"), []);
	}

	// Each task that was begun has ended and says how; a backup that was taken has a level, and what proves it.  False: one is
	// open, which cannot be judged.
	tasks() {
		const odd = this.stack.store("SELECT state IN ('queued', 'running'), id, kind, state, text FROM task WHERE state NOT IN ('done', 'failed') OR text = ''");

		if (odd.some((row) => row.startsWith('1|')))
			return false;
		assert.deepEqual(odd, []);
		assert.deepEqual(this.stack.store(`SELECT id, level FROM backup b WHERE level IN ('restored', 'counted') AND kind <> 'outside' AND broken = ''
			AND NOT EXISTS (SELECT 1 FROM proof p WHERE p.backup_id = b.id AND p.level = b.level AND p.state = 'ok')`), []);
		// Nobody has touched a file: a proof that was cut short says nothing about the backup.
		assert.deepEqual(this.stack.store("SELECT id, broken FROM backup WHERE broken <> ''"), []);
		return true;
	}

	// Databases that nobody knows: what a proof or a restore that was killed has left.
	strays() {
		const kept = new Set(this.stack.store("SELECT name FROM kept_database WHERE state = 'kept'"));

		return this.present().filter((d) => !this.databases.has(d) && !kept.has(d));
	}
	// Half backups of a target; those of another one go with its own next one.
	parts(target) {
		return this.files().filter((f) => f.startsWith(`.${target}-`) && f.endsWith('.part'));
	}

	// A restore has ended: rows of log in the target's database, as at the backup or as before the restore.
	restored(database, run, { backup, before }) {
		const rows = (d) => this.stack.rows(d, 'SELECT v FROM log ORDER BY v');
		const say = `run ${run.id} ${run.state}: ${run.outcome}`;
		const kept = this.stack.store(`SELECT name FROM kept_database WHERE run_id = ${run.id} AND state = 'kept'`);

		// What failed after the names were swapped is a person's to look at.
		const is = run.state === 'succeeded' || (run.state === 'needs-person' && / is what backup \d+ was/.test(run.outcome));

		assert.ok(is || run.state === 'failed-clean', say);
		assert.deepEqual(rows(database), is ? backup : before, say);
		assert.deepEqual(this.stack.rows('postgres', `SELECT datallowconn AND has_database_privilege('shop', oid, 'CONNECT'), pg_get_userbyid(datdba) FROM pg_database WHERE datname = '${database}'`),
			['t|shop'], say);
		assert.equal(kept.length, is ? 1 : 0, say);
		for (const d of kept)
			assert.deepEqual(this.rowsOfClosed(d), before, `the old database, ${d}: ${say}`);
	}
	// It lets nobody in.
	rowsOfClosed(database) {
		assert.deepEqual(this.stack.rows('postgres', `SELECT datallowconn FROM pg_database WHERE datname = '${database}'`), ['f'], database);
		this.stack.psql('postgres', `ALTER DATABASE "${database}" WITH ALLOW_CONNECTIONS true`);
		try {
			return this.stack.rows(database, 'SELECT v FROM log ORDER BY v');
		} finally {
			this.stack.psql('postgres', `ALTER DATABASE "${database}" WITH ALLOW_CONNECTIONS false`);
		}
	}
	// Beside it: the target is as it was in any case.
	beside(database, run, { backup, before }) {
		const rows = (d) => this.stack.rows(d, 'SELECT v FROM log ORDER BY v');
		const say = `run ${run.id} ${run.state}: ${run.outcome}`;
		const kept = this.stack.store(`SELECT name FROM kept_database WHERE run_id = ${run.id} AND state = 'kept'`);

		assert.ok(['succeeded', 'failed-clean'].includes(run.state), say);
		assert.deepEqual(rows(database), before, say);
		assert.equal(kept.length, run.state === 'succeeded' ? 1 : 0, say);
		for (const d of kept)
			assert.deepEqual(rows(d), backup, `${d}: ${say}`);
	}

	// What restores have left is dropped, as an administrator would.
	forget() {
		for (const d of this.present().filter((n) => !this.databases.has(n)))
			this.stack.psql('postgres', `DROP DATABASE IF EXISTS "${d}" WITH (FORCE)`);
	}
}
