// Backups that other systems make: listed, expired, and one of them as the backup of a run.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { textOf, until } from '../../tools/web-client.mjs';
import { Stack, USERS, isRoot, run } from '../support/stack.mjs';

const PGBACKREST = '/usr/bin/pgbackrest';
const there = existsSync(PGBACKREST);
const files = Object.fromEntries(['a', 'b', 'c'].flatMap((n, i) => [[`00${i + 1}_${n}.sql`, `CREATE TABLE ${n} (id int);\n`],
	[`00${i + 1}_${n}_down.sql`, `DROP TABLE ${n};\n`]]));
let stack;

const conf = (s) => `
environment "development" { approvals = 0 backup_outside = "24h" }
environment "staging" { approvals = 0 backup_outside = "24h" }
environment "production" { approvals = 0 backup_outside = "24h" }
outside "dumps" { target = dev kind = folder folder = "${s.path('dumps')}" pattern = "shop-*.dump" refresh = "7d" }
outside "managed" { target = stage kind = command command = {"${s.path('bin/managed')}"} timeout = "10s" refresh = "7d" }
outside "main" { target = prod kind = pgbackrest stanza = main program = "${there ? PGBACKREST : '/bin/false'}" config = "${s.path('etc/pgbackrest.conf')}" refresh = "7d" }
`;

const rest = (...args) => run(USERS.pg, [PGBACKREST, `--config=${stack.path('etc/pgbackrest.conf')}`, '--stanza=main', ...args]);
// A repository that the runner's account may read, as an operator would give it to its group.
function repository() {
	for (const name of ['repo', 'lock', 'restlog']) {
		mkdirSync(stack.path(name));
		if (isRoot)
			execFileSync('chown', [`${USERS.pg}:${USERS.runner}`, stack.path(name)]);
		chmodSync(stack.path(name), name === 'repo' ? 0o2750 : 0o770);
	}
	writeFileSync(stack.path('etc/pgbackrest.conf'), `[global]\nrepo1-path=${stack.path('repo')}\nrepo1-retention-full=1\nlog-path=${stack.path('restlog')}\n`
		+ `lock-path=${stack.path('lock')}\narchive-check=n\nstart-fast=y\n[main]\npg1-path=${stack.path('pg')}\npg1-socket-path=${stack.path('run/pg')}\npg1-user=postgres\n`);
	rest('stanza-create');
	rest('backup', '--type=full');
}

function managed(text) {
	writeFileSync(stack.path('bin/managed.new'), `#!/bin/bash\n${text}\n`);
	chmodSync(stack.path('bin/managed.new'), 0o755);
	renameSync(stack.path('bin/managed.new'), stack.path('bin/managed'));
}
const answer = (list) => managed(`cat <<'X'\n${JSON.stringify(list)}\nX`);
// So old is by now what was n hours old in the beginning: "2 h 0 min", or some minutes later.
const began = Date.now();
const hoursAgo = (n) => `(?:${Array.from({ length: Math.floor((Date.now() - began) / 60000) + 1 }, (_, i) => `${n + Math.floor(i / 60)} h ${i % 60} min`).join('|')})`;
const hours = (n) => new Date(Date.now() - n * 3600000).toISOString();

function dump(name, age) {
	writeFileSync(stack.path('dumps', name), 'x');
	utimesSync(stack.path('dumps', name), new Date(Date.now() - age * 3600000), new Date(Date.now() - age * 3600000));
}

before(async () => {
	stack = await Stack.start({
		projects: { plain: { convention: 'numbered', files } },
		targets: { dev: { environment: 'development' }, stage: { environment: 'staging' }, prod: { environment: 'production' } },
		people: ['admin', 'viewer'],
		prepare: (s) => {
			stack = s;
			mkdirSync(s.path('dumps'), { mode: 0o755 });
			dump('shop-1.dump', 50);
			answer([{ label: 'snap-1', started: hours(3), ended: hours(2), bytes: 5000, server_version: '15.8', keep_until: hours(-48), error: null },
				{ label: 'snap-0', ended: hours(30), error: 'copy failed' }]);
			if (there)
				repository();
		},
		get conf() {
			return conf(stack);
		},
	});
});
after(() => stack?.stop());

const rows = (target, columns = 'label, state') => stack.store(`SELECT ${columns} FROM backup_row WHERE kind = 'outside' AND target = '${target}' ORDER BY label`);
const idle = () => until(() => stack.store("SELECT count(*) FROM task WHERE state IN ('queued', 'running')")[0] === '0', { seconds: 60, say: 'the end of all looks' });
const task = (source) => stack.store(`SELECT state, text FROM task WHERE source = '${source}' ORDER BY id DESC LIMIT 1`)[0];
async function look() {
	stack.cli(['backup', 'look']);
	await idle();
}
function up(target, goal, exits = [0]) {
	stack.cli(['--target', target, 'up', '--to', goal, '--reason', 'because', '--wait'], { exits });
	const id = stack.store('SELECT max(id) FROM run')[0];
	const [evidence] = stack.store(`SELECT evidence FROM run_phase WHERE run_id = ${id} AND phase = 'backup'`);
	return { evidence, outcome: stack.store(`SELECT outcome FROM run WHERE id = ${id}`)[0] };
}

test('what others list is in the inventory soon after the start', async () => {
	await idle();
	assert.deepEqual(rows('dev'), ['shop-1.dump|kept']);
	assert.deepEqual(rows('stage'), ['snap-0|kept', 'snap-1|kept']);
	assert.deepEqual(rows('stage', 'label, size, level, broken, server_version, source, round((keep_until - ended_at) / 3.6e9)'),
		['snap-0|-1|none|copy failed||managed|', 'snap-1|5000|none||15.8|managed|50.0']);
	const list = JSON.parse(stack.cli(['--json', 'backup', 'list', '--target', 'stage'])).rows;
	assert.equal(list.length, 2);
	const page = textOf((await (await stack.as('viewer')).get('/backups')).body);
	assert.match(page, /\bstage\b.* not looked at .*outside, managed/);
	// A look by the clock that went well is no news.
	assert.deepEqual(stack.store("SELECT count(*) FROM ledger WHERE op LIKE 'task.%'"), ['0']);
});

test('a new one is the backup of a run', () => {
	const { evidence } = up('stage', '001_a');

	assert.match(evidence, new RegExp(`^The backup snap-1 of command "managed" ended at .*, ${hoursAgo(2)} ago: the policy takes one within 1d\\.`));
	assert.deepEqual(stack.tracked('stage'), ['001_a']);
	assert.deepEqual(stack.store('SELECT count(*) FROM backup WHERE run_id IS NOT NULL'), ['0'], 'none of ours is taken');
});

test('one that is too old stops the run, and the run itself sees a new one', () => {
	const { outcome } = up('dev', '001_a', [1]);

	assert.match(outcome, new RegExp(`Stopped in backup: the newest good backup that others made is too old: shop-1\\.dump of folder "dumps" ended at .*, ${hoursAgo(50)} ago`));
	assert.deepEqual(stack.tracked('dev'), []);
	dump('shop-2.dump', 1);
	assert.deepEqual(rows('dev'), ['shop-1.dump|kept'], 'nobody has looked since');
	assert.match(up('dev', '001_a').evidence, /^The backup shop-2\.dump of folder "dumps"/);
	assert.deepEqual(rows('dev'), ['shop-1.dump|kept', 'shop-2.dump|kept']);
	assert.deepEqual(stack.tracked('dev'), ['001_a']);
});

test('what is no longer listed is expired; a row that says otherwise does not help a run', async () => {
	rmSync(stack.path('dumps/shop-2.dump'));
	symlinkSync('/etc/passwd', stack.path('dumps/shop-3.dump'));
	assert.match(up('dev', '002_b', [1]).outcome, /too old: shop-1\.dump/);
	assert.deepEqual(rows('dev'), ['shop-1.dump|kept', 'shop-2.dump|expired']);
	dump('shop-2.dump', 1);
	await look();
	assert.deepEqual(rows('dev'), ['shop-1.dump|kept', 'shop-2.dump|kept'], 'it came back');
	assert.match(task('dumps'), /^done\|folder "dumps" lists 2 backups, the newest good one is shop-2\.dump, which ended .* 1 file was left out\.$/);
});

test('an answer that cannot be understood changes no row, and says why', async () => {
	const before = rows('stage', 'label, state, ended_at');

	for (const [text, why] of [
		['echo "[{"', /the answer is no JSON: line \d/],
		['echo "no credentials" >&2; exit 3', /its exit status is 3; no credentials/],
		['exec cat /dev/zero', /it answered more than 4194304 bytes/],
		['exec sleep 600', /it did not end within 10\.0 s/],
		['true', /the answer is empty/],
		[`echo '[{"label":"x","ended":5,"eror":"y"}]'`, /a member "eror"/],
	]) {
		managed(text);
		await look();
		assert.match(task('managed'), /^failed\|command "managed" tells no list of backups: /);
		assert.match(task('managed'), why);
		assert.deepEqual(rows('stage', 'label, state, ended_at'), before);
	}
	assert.match(up('stage', '002_b', [1]).outcome, /and there is none: command "managed" tells no list of backups: a?.*eror/);
	assert.deepEqual(stack.tracked('stage'), ['001_a']);
	answer([]);
	assert.match(up('stage', '002_b', [1]).outcome, /and there is none: command "managed" lists none/);
	assert.deepEqual(rows('stage'), ['snap-0|expired', 'snap-1|expired']);
});

test('outside backups are read-only', () => {
	const id = String(stack.store("SELECT max(id) FROM backup WHERE label = 'shop-2.dump'")[0]);

	assert.match(stack.cliTry(['backup', 'prove', id]).stderr, /is kept by dumps: there is no file here/);
	assert.ok(existsSync(stack.path('dumps/shop-2.dump')));
});

test('pgBackRest itself, and what it says of a server that is not the target\'s', { skip: !there && 'pgbackrest is not installed' }, () => {
	const [row] = rows('prod', 'label, level, broken, server_version, client_version, size > 0, database_bytes > size');

	assert.match(row, /^\d{8}-\d{6}F\|written\|\|15\|2\.\d+\|1\|1$/);
	assert.match(up('prod', '001_a').evidence, /^The backup \d{8}-\d{6}F of pgbackrest "main" ended at .* ago: the policy takes one within 1d\./);
	// The next full backup takes the place of the first: its retention is one.
	rest('backup', '--type=full');
	assert.match(up('prod', '002_b').evidence, /^The backup \d{8}-\d{6}F of pgbackrest/);
	assert.deepEqual(rows('prod', 'state').sort(), ['expired', 'kept']);
	chmodSync(stack.path('repo'), 0o700);
	assert.match(up('prod', '003_c', [1]).outcome, /pgbackrest "main" tells no list of backups: .*repository 1: \[PathOpenError\] .*Permission denied/);
	chmodSync(stack.path('repo'), 0o2750);
	assert.deepEqual(rows('prod', 'state').sort(), ['expired', 'kept']);
});
