// The folder of backups as it is, and what retention lets go of it: at the command line and by the clock.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, renameSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { until } from '../../tools/web-client.mjs';
import { Stack, USERS, run } from '../support/stack.mjs';

const files = { '001_a.sql': 'CREATE TABLE a (id int);\n', '001_a_down.sql': 'DROP TABLE a;\n' };
let stack;

before(async () => {
	stack = await Stack.start({
		projects: { plain: { convention: 'numbered', files } },
		targets: { dev: { environment: 'development' }, prod: { environment: 'production' }, other: { environment: 'production' } },
		web: false,
	});
	stack.psql('prod', 'CREATE TABLE thing (id int); INSERT INTO thing SELECT generate_series(1, 50); ALTER TABLE thing OWNER TO shop');
});
after(() => stack?.stop());

const json = (...args) => JSON.parse(stack.cli(['--json', ...args]));
const list = () => json('backup', 'list', '--target', 'prod').rows;
const one = (id) => json('backup', 'show', String(id)).backup.rows[0];
const folder = () => readdirSync(stack.path('backups')).sort();
const file = (id) => stack.path('backups', one(id).file);
const expire = (...more) => Object.fromEntries(json('backup', 'expire', '--target', 'prod', ...more).rows.map((r) => [r.backup, r]));

function take(target = 'prod') {
	const done = json('backup', 'take', '--target', target, '--reason', 'a test', '--wait');
	assert.equal(done.task.rows[0].state, 'done');
	return done.backup.rows[0].backup;
}
function keep(options) {
	stack.options.targets = { ...stack.targets(), prod: { environment: 'production', ...options } };
	stack.writeConf();
	run(USERS.runner, ['/bin/kill', '-HUP', String(stack.parts.runner.pid)], { ok: false });
}
// The configuration is read when the runner has the signal: what a dry run says shows when.
const keptBy = (why) => until(() => Object.values(expire('--dry-run')).some((r) => why.test(r.why)), { seconds: 60, say: `${why}` });

test('a backup that was just taken is there, and nothing says how many are kept', () => {
	const id = take(), b = one(id);

	assert.equal(b.state, 'kept');
	assert.equal(b.kind, 'hand');
	assert.ok(existsSync(file(id)));
	assert.deepEqual(json('backup', 'look').rows, []);
	assert.match(expire('--dry-run')[id].why, /the newest.*nothing says how many are kept/);
	assert.match(stack.cliTry(['backup', 'expire', '--target', 'prod']).stderr, /set keep_last/);
	assert.equal(stack.cliTry(['backup', 'expire', '--target', 'prod']).status, 4);
});

test('what is gone, changed or strange is found and said, and nothing is removed by it', () => {
	const id = take(), path = file(id), away = stack.path('away'), size = one(id).bytes;

	renameSync(path, away);
	assert.deepEqual(json('backup', 'look').rows.filter((r) => r.backup === id).map((r) => r.state), ['missing']);
	assert.equal(one(id).state, 'missing');
	// a stray beside it
	writeFileSync(stack.path('backups', 'notes.txt'), 'x');
	assert.ok(json('backup', 'look').rows.some((r) => r.file === 'notes.txt' && r.state === 'orphan'));
	symlinkSync(away, path);
	assert.match(json('backup', 'look').rows.find((r) => r.backup === id).text, /symbolic link/);
	assert.equal(one(id).level, 'none');
	rmSync(path);
	renameSync(away, path);
	truncateSync(path, size - 1);
	assert.match(json('backup', 'look').rows.find((r) => r.backup === id).text, new RegExp(`${size - 1} bytes, not the ${size}`));
	assert.match(stack.cli(['backup', 'list', '--target', 'prod']), /not the/);
	assert.ok(existsSync(stack.path('backups', 'notes.txt')), 'a look removes nothing');
	rmSync(stack.path('backups', 'notes.txt'));
	assert.ok(!json('backup', 'look').rows.some((r) => r.file === 'notes.txt'));
});

test('retention: a dry run says what would go, the command removes it, the newest proved one stays', async () => {
	const proved = take(), middle = take(), newest = take(), others = take('other');
	const done = json('backup', 'prove', String(proved), '--wait');

	assert.equal(done.backup.rows[0].level, 'counted', JSON.stringify(done));
	// Not at once by the clock: nothing is configured yet.
	assert.equal(one(middle).state, 'kept');
	const plan = { proved: file(proved), middle: file(middle), newest: file(newest) };
	keep({ keep_last: 1 });
	await keptBy(/1 of the last 1/);
	const said = expire('--dry-run');
	assert.equal(said[newest].decision, 'stays');
	assert.equal(said[proved].decision, 'stays');
	assert.match(said[proved].why, /the newest proved one/);
	// By itself not before there is a new backup: whoever changed the numbers has time for a dry run.
	json('backup', 'look');
	assert.equal(one(middle).state, 'kept');
	assert.equal(said[middle].decision, 'goes');
	assert.equal(expire()[middle].decision, 'gone');
	assert.equal(one(middle).state, 'expired');
	assert.ok(!existsSync(plan.middle) && !existsSync(`${plan.middle}.json`));
	assert.ok(existsSync(plan.newest) && existsSync(plan.proved) && existsSync(`${plan.proved}.json`));
	assert.equal(one(others).state, 'kept', 'those of another target are not touched');
	assert.ok(json('ledger', '--op', 'backup.expired').rows.some((r) => r.subject === `backup/${middle}`));
	assert.equal(expire('--dry-run')[middle], undefined);
	assert.match(list().find((b) => b.backup === newest).kept_for, /1 of the last 1/);
});

test('the runner lets go by itself what the numbers no longer ask for', async () => {
	const old = take(), fresh = take();

	await until(() => one(old).state === 'expired', { seconds: 90, say: 'the expiry by the runner' });
	assert.equal(one(fresh).state, 'kept');
	const room = json('backup', 'folder').rows[0];
	assert.ok(room.free_bytes > 0 && room.total_bytes >= room.free_bytes && room.bytes_a_day === null && room.problem === '', JSON.stringify(room));
	const entry = json('ledger', '--op', 'backup.expired').rows.find((r) => r.subject === `backup/${old}`);
	assert.equal(entry.actor, 'runner');
	assert.ok(folder().every((n) => !n.includes(`-t${old}.`)));
});

test('who may not remove backups may ask what would go', () => {
	assert.equal(stack.cliTry(['backup', 'expire', '--target', 'nowhere']).status, 4);
	assert.equal(stack.cliTry(['backup', 'expire']).status, 2);
	assert.equal(stack.cliTry(['backup', 'burn']).status, 2);
});
