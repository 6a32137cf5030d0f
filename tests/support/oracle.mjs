// What must hold whenever nothing is open any more, whatever was killed before: the tool's table, the store's standing
// and the catalog say the same, and so does the sentence; nothing that was acknowledged is lost; nothing is left over.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { textOf, until } from '../../tools/web-client.mjs';
import { KINDS, database } from './kinds.mjs';
import { CANARY, PASSWORDS } from './stack.mjs';
import { filesBelow, procFile, procLink, there } from './there.mjs';

export const SECRETS = [CANARY, ...Object.values(PASSWORDS)];
const ENDED = ['succeeded', 'failed-clean', 'failed-partly', 'needs-person'];

export class Oracle {
	// names: per kind what sentences call its versions, in their order; keys: what the tables call them.
	constructor(stack, { keys = {}, names = keys } = {}) {
		Object.assign(this, { stack, keys, names, acks: [], head: { seq: 0, digest: Buffer.alloc(32) } });
	}

	open() {
		return Number(this.stack.store("SELECT (SELECT count(*) FROM run WHERE state IN ('queued', 'running', 'unknown')) + (SELECT count(*) FROM task WHERE state IN ('queued', 'running'))")[0]);
	}
	runs(after = 0) {
		return this.stack.store(`SELECT r.id, t.name, r.state, r.direction, replace(r.outcome, char(10), ' ') FROM run r JOIN target t ON t.id = r.target_id WHERE r.id > ${after} ORDER BY r.id`)
			.map((line) => line.split('|')).map(([id, target, state, direction, ...outcome]) => ({ id: Number(id), target, state, direction, outcome: outcome.join('|') }));
	}

	// What is true, asked of the database alone: per version what the table says and what of its objects is there.
	truth(kind) {
		const k = KINDS[kind], d = database(kind), keys = this.keys[kind];
		// One look: the rows only where their table is.
		const got = this.stack.rows(d, `SELECT 'object ' || relname FROM pg_class c LEFT JOIN pg_index i ON indexrelid = c.oid
				WHERE relnamespace = 'public'::regnamespace AND relname ~ '^[tu]_' AND indisvalid IS NOT FALSE;
			SELECT 'object ' || o FROM (${k.objects ?? 'SELECT NULL WHERE false'}) AS t (o);
			SELECT 'invalid ' || indexrelid FROM pg_index WHERE NOT indisvalid;
			SELECT to_regclass('${k.table}') IS NOT NULL AS there \\gset
			\\if :there
			SELECT 'row ' || r FROM (${k.rows}) AS t (r);
			\\endif`).map((line) => line.split(' '));
		const of = (what) => got.filter(([w]) => w === what).map(([, ...rest]) => rest);
		const rows = Object.fromEntries(of('row')), objects = new Set(of('object').flat()), invalid = of('invalid').length;
		const newest = k.oneRow ? keys.indexOf(Object.keys(rows)[0] ?? '') : -1;

		return { invalid, failed: Object.entries(rows).filter(([, s]) => s === 'failed').map(([key]) => key),
			versions: keys.map((key, i) => {
				const n = [`t_${i + 1}`, `u_${i + 1}`].filter((o) => objects.has(o)).length;
				const dirty = rows[key] === 'failed';
				return { key, name: this.names[kind][i], table: k.oneRow ? (i < newest || (i === newest && !dirty) ? 'applied' : i === newest ? 'failed' : '') : (rows[key] ?? '').replace('gone', ''),
					catalog: n === 0 ? 'none' : n === 2 ? 'all' : 'half' };
			}) };
	}

	// A run of the kind's first n versions (down: back from them) has ended, and all that tells of it agrees.
	async run(kind, run, { n, down = false }) {
		const t = this.truth(kind), k = KINDS[kind];
		const say = () => `${kind}: run ${run.id} ${run.state}: ${run.outcome}\n${JSON.stringify(t)}`;
		// What goes on where it was is not half done.
		const odd = t.versions.filter((v) => (v.catalog === 'half' && !k.resumes) || v.table === 'failed' || (!k.resumes && (v.table === 'applied') !== (v.catalog === 'all')) || (v.table === 'applied' && v.catalog !== 'all'));
		const broken = odd.length > 0 || t.invalid > 0 || (k.blocks && t.failed.length > 0);
		const is = (from, to, what) => t.versions.slice(from, to).every((v) => v.catalog === what);

		switch (run.state) {
		case 'succeeded':
			assert.ok(!broken && is(0, n, down ? 'none' : 'all'), say());
			break;
		case 'failed-clean':
			assert.ok(!broken && is(0, n, down ? 'all' : 'none'), say());
			assert.match(run.outcome, /[Nn]othing|as it was before|taken back by its down SQL/, say());
			break;
		case 'failed-partly':
			assert.ok(!broken && (k.resumes || !is(0, n, 'all')) && !is(0, n, 'none'), say());
			break;
		case 'needs-person':
			// What a statement outside a transaction has done cannot always be seen.
			assert.ok(broken || /under way|cannot be/.test(run.outcome), `nobody is needed: ${say()}`);
			assert.doesNotMatch(run.outcome, /contradict/, `explained: ${say()}`);
			for (const v of odd.filter((o) => o.table === 'failed' || o.catalog === 'half'))
				assert.ok(run.outcome.includes(v.name), `names ${v.name}: ${say()}`);
			break;
		default:
			assert.fail(say());
		}
		this.messageIsTrue(run, t, down, say);
		this.storeAgrees(run, say);
		await this.standingAgrees(kind, t, say);
	}

	// What the sentence says of the versions that it names.
	messageIsTrue(run, t, down, say) {
		const at = (name) => t.versions.find((v) => v.name === name);
		const nothing = /Nothing of (\S+) is in the database/.exec(run.outcome);
		const applied = /(?:^|\. )(\S+)(?: to (\S+))? (?:is|are) (applied|taken back)(?= and|\.)/.exec(run.outcome);

		assert.ok(!down || !/in the database/.test(run.outcome), say());
		if (nothing)
			assert.equal(at(nothing[1])?.catalog, 'none', say());
		if (applied) {
			const from = t.versions.findIndex((v) => v.name === applied[1]), to = applied[2] ? t.versions.findIndex((v) => v.name === applied[2]) : from;
			for (const v of t.versions.slice(Math.min(from, to), Math.max(from, to) + 1))
				assert.equal(v.catalog, applied[3] === 'applied' ? 'all' : 'none', say());
		}
		if (/as it was before/.test(run.outcome))
			assert.ok(t.versions.every((v) => v.catalog !== 'half'), say());
		// Why, and then what is true.
		if (run.state !== 'succeeded')
			assert.match(run.outcome, /broke off|could not be started|was never started|failed|contradict|Stopped|Half done|cancelled|is lost/, `names the cause: ${say()}`);
	}

	storeAgrees(run, say = () => `run ${run.id} ${run.state}: ${run.outcome}`) {
		const s = this.stack;

		assert.ok(ENDED.includes(run.state), say());
		if (/^The run was never started/.test(run.outcome) && s.store(`SELECT q.state FROM request q JOIN run r ON r.request_id = q.id WHERE r.id = ${run.id}`)[0] !== 'done')
			return this.neverBegun(run, say);
		assert.deepEqual(s.store(`SELECT count(*) FROM ledger WHERE subject = 'run/${run.id}' AND op = 'run.${run.state}'
			UNION ALL SELECT count(*) FROM incident WHERE run_id = ${run.id}
			UNION ALL SELECT count(*) FROM target t JOIN run r ON r.target_id = t.id WHERE r.id = ${run.id} AND (t.held <> '') <> EXISTS (SELECT 1 FROM incident i JOIN run x ON x.id = i.run_id
				WHERE x.target_id = t.id AND i.state = 'open' AND x.state = 'needs-person')
			UNION ALL SELECT count(*) FROM run_migration WHERE run_id = ${run.id} AND state = 'started'
			UNION ALL SELECT count(*) FROM run_phase WHERE run_id = ${run.id} AND state = 'started'
			UNION ALL SELECT count(*) FROM run_progress WHERE run_id = ${run.id}
			UNION ALL SELECT count(*) FROM request q JOIN run r ON r.request_id = q.id WHERE r.id = ${run.id} AND q.state <> 'done'`),
		['1', run.state === 'succeeded' ? '0' : '1', '0', '0', '0', '0', '0'],
		`the ledger has the end once, one incident a failure, held while a person is needed, no migration and no phase is left under way, no progress, the request is done: ${say()}`);
	}

	// What was asked for was given up before any job had it: that is the request's end, which the ledger has once, with its
	// reason; nothing was begun and nothing has failed.
	neverBegun(run, say) {
		const [row] = this.stack.store(`SELECT q.id, q.state, q.state_text FROM request q JOIN run r ON r.request_id = q.id WHERE r.id = ${run.id}`);
		const [id, state, ...why] = row.split('|'), text = why.join('|');

		assert.equal(run.state, 'failed-clean', say());
		assert.ok(text !== '' && run.outcome.includes(text), say());
		assert.deepEqual(this.stack.store(`SELECT count(*) FROM ledger WHERE subject = 'request/${id}' AND op = 'request.${state}'
			UNION ALL SELECT count(*) FROM ledger WHERE subject = 'run/${run.id}' AND op LIKE 'run.%'
			UNION ALL SELECT count(*) FROM incident WHERE run_id = ${run.id}
			UNION ALL SELECT count(*) FROM run_phase WHERE run_id = ${run.id}
			UNION ALL SELECT count(*) FROM target t JOIN run r ON r.target_id = t.id WHERE r.id = ${run.id} AND t.held <> ''`), ['1', '0', '0', '0', '0'],
		`the ledger has the request's end once, and nothing of the run was begun: ${say()}`);
	}

	// The check that follows a run reads the table itself: both must say the same, soon.
	async standingAgrees(kind, t, say) {
		const want = t.versions.map((v) => v.table === '' ? 'no' : v.table).join();
		let have;

		// A check that was killed has left why instead of what is true: somebody asks for another one.
		const look = () => this.stack.store(`SELECT 1 FROM target WHERE name = '${database(kind)}' AND problem <> ''`).length > 0 && this.stack.cliTry(['refresh', database(kind)]);

		// One that a run has failed at is called so, whatever the table says of it: no.
		const same = () => (have = this.list(kind).filter((r) => this.keys[kind].includes(r.key)).map((r, i) => r.state === 'applied' ? 'applied' : r.state === 'failed' && t.versions[i].table === 'failed' ? 'failed' : 'no').join()) === want;
		for (const end = Date.now() + 60000; !same() && Date.now() < end; look())
			await new Promise((done) => setTimeout(done, 100));
		assert.equal(have, want, `standing and table agree: ${say()}`);
	}
	list(kind) {
		const r = this.stack.cliTry(['--json', 'list', '--target', database(kind), '--limit', '100']);
		return [0, 3].includes(r.status) && r.stdout !== '' ? JSON.parse(r.stdout).rows.reverse() : [];
	}

	// The stores are whole, and the ledger's chain holds from the first entry to the last: one look, while the clock may write.
	whole() {
		const [ok, last, ...entries] = this.stack.store(`BEGIN; PRAGMA integrity_check; PRAGMA foreign_key_check; SELECT max(seq) FROM ledger;
			SELECT seq || '|' || hex(digest) || '|' || canonical FROM ledger WHERE seq > ${this.head.seq} ORDER BY seq; COMMIT`);

		assert.equal(ok, 'ok');
		assert.equal(this.stack.sqlite('secrets/secrets.db', 'PRAGMA integrity_check', '-readonly'), 'ok');
		for (const line of entries) {
			const [seq, digest] = line.split('|', 2), canonical = line.slice(seq.length + digest.length + 2);

			assert.equal(Number(seq), this.head.seq + 1, 'the ledger has no gap');
			this.head = { seq: Number(seq), digest: createHash('sha256').update(this.head.digest).update(canonical).digest() };
			assert.equal(this.head.digest.toString('hex').toUpperCase(), digest, `entry ${seq} of the ledger`);
		}
		assert.equal(last, String(this.head.seq), 'nothing of the ledger is gone');
	}

	// text: SQL that counts what the acknowledged act has left; it must count so for ever.
	acknowledged(what, sql, n = 1) {
		this.acks.push({ what, sql, n });
	}
	kept() {
		const got = this.acks.length === 0 ? [] : this.stack.store(this.acks.map((a) => `SELECT (${a.sql})`).join(' UNION ALL '));
		this.acks.forEach((a, i) => assert.equal(Number(got[i]), a.n, `acknowledged: ${a.what}`));
	}

	// Each that was begun has ended and says how.
	rehearsals() {
		assert.deepEqual(this.stack.store("SELECT id, state, text FROM rehearsal WHERE state NOT IN ('done', 'failed') OR text = ''"), []);
	}

	// No process, session or lock of a run; no cluster and no folder of a rehearsal.
	async nothingLeft(databases) {
		const mine = () => this.stack.pids().filter((pid) => !Object.values(this.stack.parts).some((p) => p.pid === pid)).map((pid) => ({ pid, argv: `${procFile(pid, 'cmdline').replaceAll('\0', ' ')} in ${procLink(pid, 'cwd')}` })).filter(({ argv }) => /gatehouse-job (run|reconcile|rehearse|count|notify|take|prove|outside)|pg_dump|pg_restore|initdb/.test(argv) && argv.includes(this.stack.dir) || argv.includes(` in ${this.stack.path('jobs')}`));
		await until(() => mine().length === 0 && this.stack.jobs().length === 0, { seconds: 60, say: () => `the end of ${JSON.stringify(mine())} ${this.stack.jobs()}` });
		await until(() => this.stack.rows(databases[0], `SELECT (SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'gatehouse%')
			+ (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory')`)[0] === '0', { seconds: 60, say: 'the end of all sessions' });
		const folders = () => readdirSync(this.stack.path('jobs'), { withFileTypes: true }).filter((e) => e.isDirectory()).map((e) => e.name);
		await until(() => folders().length === 0, { seconds: 60, say: () => `the end of ${folders()}` });
	}

	// Argv and environment of all that lives, and, with files, everything that was written.
	canary({ files = false } = {}) {
		for (const pid of [...this.stack.jobs(), this.stack.parts.runner?.pid].filter(Boolean)) {
			for (const name of ['cmdline', 'environ']) {
				const text = procFile(pid, name);
				for (const s of SECRETS)
					assert.ok(!text.includes(s), `${s} in ${name} of ${pid}`);
			}
		}
		for (const f of files ? ['store', 'secrets', 'jobs', 'backups', 'log', 'run'].flatMap((d) => filesBelow(this.stack.path(d))) : []) {
			const bytes = there(() => readFileSync(f));
			for (const s of SECRETS)
				assert.ok(!bytes?.includes(s), `${s} in ${f}`);
		}
	}

	// The pages of these runs say what the store says, and nothing secret.
	async pages(client, runs) {
		for (const r of runs) {
			const body = (await client.get(`/runs/${r.id}`)).body, text = textOf(body).replace(/\s+/g, ' ');

			assert.match(text, new RegExp(r.state.replace('-', '.(a.)?')), `the page of run ${r.id}`);
			assert.ok(text.includes(r.outcome.replace(/\s+/g, ' ').trim().slice(0, 60)), `the page of run ${r.id} says: ${r.outcome}`);
			for (const s of SECRETS)
				assert.ok(!body.includes(s), `${s} on the page of run ${r.id}`);
		}
	}
}
