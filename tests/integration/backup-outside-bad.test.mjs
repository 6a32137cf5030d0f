// What other systems answer when something is wrong there: each is said, no row changes, and no run relies on it.
import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, renameSync, rmSync, symlinkSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { textOf, until } from '../../tools/web-client.mjs';
import { Stack, isRoot } from '../support/stack.mjs';

const files = { '001_a.sql': 'CREATE TABLE a (id int);\n', '001_a_down.sql': 'DROP TABLE a;\n' };
const seconds = (hours) => Math.floor(Date.now() / 1000 - hours * 3600);
let stack;

const conf = (s) => `
environment "development" { approvals = 0 backup_outside = "24h" }
environment "staging" { approvals = 0 backup_outside = "24h" }
environment "production" { approvals = 0 backup_outside = "24h" keep_last = 1 }
outside "dumps" { target = dev kind = folder folder = "${s.path('dumps')}" pattern = "shop-%Y%m%d.dump" refresh = "7d" }
outside "managed" { target = stage kind = command command = {"${s.path('bin/managed')}"} timeout = "10s" refresh = "7d" }
outside "main" { target = prod kind = pgbackrest stanza = main program = "${s.path('bin/rest')}" timeout = "10s" refresh = "7d" }
`;

function program(name, text) {
	writeFileSync(stack.path(`bin/${name}.new`), `#!/bin/bash\n${text}\n`);
	chmodSync(stack.path(`bin/${name}.new`), 0o755);
	renameSync(stack.path(`bin/${name}.new`), stack.path(`bin/${name}`));
}
const prints = (name, json, more = '') => program(name, `${more}cat <<'X'\n${typeof json === 'string' ? json : JSON.stringify(json)}\nX`);
const system = () => stack.store("SELECT system_id FROM target WHERE name = 'prod'")[0];
const stanza = (backup, more = {}) => [{ name: 'main', status: { code: 0 }, db: [{ id: 1, 'repo-key': 1, 'system-id': 42, version: '15' }], backup, ...more }];
const one = (label, more = {}) => ({ label, error: false, database: { id: 1, 'repo-key': 1 }, timestamp: { start: seconds(3), stop: seconds(2) }, ...more });

function dump(name, text = 'x') {
	writeFileSync(stack.path('dumps', name), text);
	utimesSync(stack.path('dumps', name), seconds(2), seconds(2));
}
const day = (hours) => new Date(Date.now() - hours * 3600000).toISOString().slice(0, 10).replaceAll('-', '');

before(async () => {
	stack = await Stack.start({
		projects: { plain: { convention: 'numbered', files } },
		targets: { dev: { environment: 'development' }, stage: { environment: 'staging' }, prod: { environment: 'production' } },
		people: ['admin', 'lead'],
		prepare: (s) => {
			stack = s;
			mkdirSync(s.path('dumps'), { mode: 0o755 });
			dump(`shop-${day(48)}.dump`);
			prints('managed', [{ label: 'snap', ended: seconds(30), bytes: 7, keep_until: '2031-05-06T00:00:00Z' }], 'echo "warning: slow" >&2\n');
			prints('rest', stanza([one('F1')]));
		},
		get conf() {
			return conf(stack);
		},
	});
	await idle();
	// The first look may be before the first one at the target: now it is known which server that is on.
	await look();
});
after(() => stack?.stop());

const rows = () => stack.store("SELECT target, label, state, ended_at, broken FROM backup_row WHERE kind = 'outside' ORDER BY target, label");
const idle = () => until(() => stack.store("SELECT count(*) FROM task WHERE state IN ('queued', 'running')")[0] === '0', { seconds: 60, say: 'the end of all looks' });
const task = (source) => stack.store(`SELECT state, text FROM task WHERE source = '${source}' ORDER BY id DESC LIMIT 1`)[0];
async function look() {
	stack.cli(['backup', 'look']);
	await idle();
}
function stops(target, why) {
	stack.cli(['--target', target, 'up', '--reason', 'because', '--wait'], { exits: [1] });
	assert.match(stack.store('SELECT outcome FROM run ORDER BY id DESC LIMIT 1')[0], why);
	assert.deepEqual(stack.tracked(target), []);
}
// A look at the source says why it failed, and everything is as it was.
async function fails(source, why, what = why) {
	const before = rows();

	await look();
	assert.match(task(source), /^failed\|\w+ "\w+" tells no list of backups: /, String(what));
	assert.match(task(source), why, String(what));
	assert.deepEqual(rows(), before);
}

test('what a program says besides on its standard error is no part of the list', () => {
	assert.match(task('managed'), /^done\|command "managed" lists 1 backup/);
	assert.deepEqual(stack.store("SELECT label, broken FROM backup WHERE source = 'managed'"), ['snap|']);
});

test('a command that answers no list, in every way', async () => {
	for (const [text, why] of [
		['[{"label": "a", "ended": 5}', /no JSON: line \d/],
		['{"label": "a", "ended": 5}', /no list/],
		['"backups"', /no list|no JSON/],
		['[["a", 5]]', /backup 1 is no object/],
		['[{"label": "a", "ended": 5}, {"label": ["b"], "ended": 5}]', /backup 2 has no label/],
		['[{"label": "a", "ended": true}]', /ended of a is no time/],
		['[{"label": "a", "ended": {"at": 5}}]', /ended of a is no time/],
		['[{"label": "a", "ended": 5, "bytes": 1.5}]', /bytes of a is no whole number/],
		['[{"label": "a", "ended": 5, "server_version": 15}]', /server_version of a is no text/],
		['[{"label": "a", "ended": 5, "keep_until": "soon"}]', /keep_until of a is no time/],
		['[{"label": "a", "ended": 5}, {"label": "b", "ended": 6}, {"label": "a", "ended": 7}]', /it lists two backups called a/],
		[`[{"label": "${'x'.repeat(256)}", "ended": 5}]`, /longer than 255|too long|255 bytes/],
	]) {
		prints('managed', text);
		await fails('managed', why, text);
	}
	stops('stage', /and there is none: command "managed" tells no list of backups/);
});

test('a program that is missing, may not be started, fails, hangs or never ends its answer', async () => {
	for (const [prepare, why] of [
		[() => unlinkSync(stack.path('bin/managed')), /bin\/managed: .*(No such file|cannot be started|not found)/],
		[() => { writeFileSync(stack.path('bin/managed'), 'x'); chmodSync(stack.path('bin/managed'), 0o644); }, /bin\/managed: .*(Permission denied|cannot be started)/],
		[() => program('managed', 'echo "[]"; echo first >&2; echo "token expired" >&2; exit 9'), /its exit status is 9; token expired\.$/],
		[() => program('managed', 'echo "[]"; kill -SEGV $$'), /signal 11/],
		[() => program('managed', 'echo "[]"; exec sleep 600'), /it did not end within 10\.0 s/],
		[() => program('managed', 'while :; do echo "[]"; done'), /it answered more than 4194304 bytes|did not end within/],
	]) {
		prepare();
		await fails('managed', why);
	}
});

test('a backup of the future is listed as broken and is none for a run', async () => {
	prints('managed', [{ label: 'ahead', ended: seconds(-48) }]);
	await look();
	assert.match(stack.store("SELECT state, broken FROM backup WHERE label = 'ahead'")[0], /^kept\|its end, .* UTC, is in the future$/);
	stops('stage', /the newest of command "managed", ahead, is no good: its end, .*, is in the future/);
});

test('pgbackrest: what is no list of it changes nothing', async () => {
	for (const [json, why] of [
		['[{"name": "main"', /no JSON/],
		['[7]', /there is no stanza main/],
		[[{ name: 'other', status: { code: 0 } }], /there is no stanza main/],
		[stanza({}), /has no list of backups/],
		[stanza([], { db: 'x' }), /has no list of backups/],
		[stanza([], { status: 'ok' }), /it has no status/],
		[stanza([one('F2', { label: 2 })]), /backup 1 has no label/],
		[stanza([one('F2', { timestamp: { start: '5', stop: '6' } })]), /F2 has no times/],
		[stanza([one('F2', { timestamp: [5, 6] })]), /F2 has no times/],
		[stanza([one('F2'), one('F2')]), /it lists two backups called F2/],
	]) {
		prints('rest', json);
		await fails('main', why, JSON.stringify(json));
	}
	unlinkSync(stack.path('bin/rest'));
	await fails('main', /bin\/rest: /);
	program('rest', 'echo "ERROR: [055]: unable to load info file" >&2; exit 55');
	await fails('main', /its exit status is 55; ERROR: \[055\]: unable to load info file/);
});

test('pgbackrest: of another server, with a wrong page, in the future: listed as broken, and none for a run', async () => {
	prints('rest', stanza([one('F1')]));
	stops('prod', /the newest of pgbackrest "main", F1, is no good: it is of another server: system 42/);
	const good = { db: [{ id: 1, 'repo-key': 1, 'system-id': 0, version: '15' }] };
	const here = (backup) => prints('rest', JSON.stringify(stanza(backup, good)).replace('"system-id":0', `"system-id":${system()}`));
	here([one('F1', { error: true })]);
	stops('prod', /F1, is no good: pgBackRest found pages with a wrong checksum/);
	here([one('F1', { timestamp: { start: seconds(2), stop: seconds(-48) } })]);
	stops('prod', /F1, is no good: its end, .*, is in the future/);
	here([one('F1', { timestamp: { start: seconds(26), stop: seconds(25) } })]);
	stops('prod', /too old: F1 of pgbackrest "main" ended at .*, 25 h 0 min ago/);
	assert.deepEqual(stack.store("SELECT label, state, broken FROM backup WHERE source = 'main'"), ['F1|kept|']);
});

test('a folder: no match, an empty file, a link, one that is gone or closed', async () => {
	const old = `shop-${day(48)}.dump`;

	renameSync(stack.path('dumps', old), stack.path('dumps/shop-99999999.dump'));
	await look();
	assert.equal(task('dumps'), 'done|folder "dumps" lists 0 backups.');
	assert.deepEqual(stack.store("SELECT label, state FROM backup WHERE source = 'dumps'"), [`${old}|expired`]);
	stops('dev', /and there is none: folder "dumps" lists none/);
	dump(`shop-${day(0)}.dump`, '');
	stops('dev', /the newest of folder "dumps", shop-\d+\.dump, is no good: the file is empty/);
	rmSync(stack.path('dumps', `shop-${day(0)}.dump`));
	symlinkSync('/etc/passwd', stack.path('dumps', `shop-${day(0)}.dump`));
	stops('dev', /and there is none: folder "dumps" lists none/);
	rmSync(stack.path('dumps', `shop-${day(0)}.dump`));
	dump(old);
	await look();
	renameSync(stack.path('dumps'), stack.path('dumps-gone'));
	await fails('dumps', /cannot open the folder .*No such file or directory/);
	stops('dev', /folder "dumps" tells no list of backups: cannot open the folder/);
	symlinkSync(stack.path('dumps-gone'), stack.path('dumps'));
	await fails('dumps', /is a symbolic link, or has one on its way/);
	rmSync(stack.path('dumps'));
	renameSync(stack.path('dumps-gone'), stack.path('dumps'));
	if (isRoot) {
		chmodSync(stack.path('dumps'), 0o700);
		await fails('dumps', /cannot open the folder .*Permission denied/);
		chmodSync(stack.path('dumps'), 0o755);
	}
	await look();
	assert.deepEqual(stack.store("SELECT label, state FROM backup WHERE source = 'dumps' AND state = 'kept'"), [`${old}|kept`], 'it is there again');
});

test('these rows are read-only: nothing here proves, restores or expires one, and the page offers none of it', async () => {
	prints('managed', [{ label: 'snap', ended: seconds(30), bytes: 7, keep_until: '2031-05-06T00:00:00Z' }]);
	await look();
	const id = stack.store("SELECT id FROM backup WHERE label = 'snap'")[0], before = rows();
	const lead = await stack.as('lead');

	assert.match(stack.cliTry(['backup', 'prove', id]).stderr, /is kept by managed: there is no file here/);
	for (const more of [[], ['--side', 'look']])
		assert.match(stack.cliTry(['backup', 'restore', id, '--reason', 'because', ...more]).stderr, /is kept by managed, not here: restore it with the tools of that system/);
	const { body } = await lead.get(`/backups/${id}`), page = textOf(body);
	assert.match(page, /managed keeps it; Gatehouse only lists it/);
	assert.match(body, /Kept until[^]*2031-05-06/, 'its retention is what the other system says');
	assert.doesNotMatch(page, /Restore and count|Read it again|Restore from it/);
	assert.equal((await lead.get(`/backups/${id}/restore`)).status, 409);
	// Retention of ours, with the smallest number there is, does not look at them.
	for (const target of ['prod', 'prod'])
		stack.cli(['--target', target, 'backup', 'take', '--wait']);
	assert.doesNotMatch(stack.cli(['--target', 'prod', 'backup', 'expire', '--dry-run']), /main|F1/);
	stack.cli(['--target', 'prod', 'backup', 'expire']);
	await idle();
	assert.deepEqual(rows(), before);
});
