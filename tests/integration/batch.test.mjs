// Batched data migrations from the file to the pages: the request, the run, a crash, people who steer it, what is left.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Stack } from '../support/stack.mjs';

const RANGE = 'UPDATE orders SET n = n + 1 WHERE id BETWEEN :from AND :to;\n';
const HEAD = '-- gatehouse:batch table=public.orders key=id target=0ms ';
const GUIDE = `-- gatehouse:batch repeat table=users size=10 pause=1ms
WITH batch AS (SELECT id FROM users WHERE verified IS NULL LIMIT :size)
UPDATE users SET verified = false FROM batch WHERE users.id = batch.id;
`;
const ROWS = 2000;

const targets = {
	numbered: { project: 'numbered' }, sections: { project: 'sections' }, dbmate: { project: 'dbmate' }, golang: { project: 'golang' },
	nodepg: { project: 'nodepg' }, killed: { project: 'slow' }, steered: { project: 'slow' }, cancelled: { project: 'slow' }, bad: { project: 'bad' },
};
const up = `${HEAD}size=300\n${RANGE}`, down = `${HEAD}size=700\nUPDATE orders SET n = n - 1 WHERE id BETWEEN :from AND :to;\n`;
const plain = { 'after.sql': 'CREATE TABLE later (id int);\n' };
let stack;

const touched = (db) => stack.rows(db, "SELECT string_agg(n || ':' || c, ' ' ORDER BY n) FROM (SELECT n, count(*) c FROM orders GROUP BY n) s")[0];
const gone = (db) => stack.rows(db, "SELECT to_regclass('public.gatehouse_batch') IS NULL")[0] === 't';
const run = (target) => {
	const [id, state, outcome] = (stack.store(`SELECT r.id, r.state, r.outcome FROM run r JOIN target t ON t.id = r.target_id WHERE t.name = '${target}' ORDER BY r.id DESC LIMIT 1`)[0] ?? '').split('|');
	return { id, state, outcome };
};
const batch = (id) => stack.store(`SELECT state, rows, size, pause_ms, why, cursor, left_out FROM run_batch WHERE run_id = ${id} ORDER BY migration DESC LIMIT 1`)[0] ?? '';
const start = (target, ...more) => stack.cli(['up', '--target', target, '--reason', 'batches', ...more], { exits: [0, 3] });
async function until(what, ms = 60000) {
	const end = Date.now() + ms;
	for (;;) {
		const got = what();
		if (got)
			return got;
		assert.ok(Date.now() < end, `never came true: ${what}`);
		await sleep(100);
	}
}
const ended = (target, before) => until(() => {
	const r = run(target);
	return r.id && r.id !== before && !['queued', 'running', 'unknown'].includes(r.state) && r;
});

// A run of the slow one stands still at three quarters of its rows until it is told: nobody is too late for its middle.
const GATE = `CREATE SCHEMA told; CREATE TABLE told.go (); GRANT USAGE ON SCHEMA told TO shop; GRANT SELECT ON told.go TO shop;
CREATE FUNCTION told.wait() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN WHILE NOT EXISTS (SELECT FROM told.go) LOOP PERFORM pg_sleep(0.05); END LOOP; RETURN NEW; END';
CREATE TRIGGER gate BEFORE UPDATE ON orders FOR EACH ROW WHEN (NEW.id > ${ROWS / 4 * 3 * 3}) EXECUTE FUNCTION told.wait();`;
const goOn = (db) => stack.psql(db, 'INSERT INTO told.go DEFAULT VALUES');

before(async () => {
	stack = await Stack.start({
		projects: {
			numbered: { convention: 'numbered', files: { '001_fill.sql': up, '001_fill_down.sql': down, '002_loop.sql': GUIDE, '002_loop_down.sql': 'SELECT 1;\n', '003_later.sql': plain['after.sql'], '003_later_down.sql': 'DROP TABLE later;\n' } },
			sections: { convention: 'sections', files: { '20240101000000_fill.sql': `-- Up Migration\n${up}-- Down Migration\n${down}` } },
			dbmate: { convention: 'dbmate', files: { '20240101000000_fill.sql': `-- migrate:up\n${up}\n-- migrate:down\n${down}` } },
			golang: { convention: 'golang-migrate', files: { '1_fill.up.sql': up, '1_fill.down.sql': down } },
			nodepg: { convention: 'node-pg-migrate', files: { '1700000000000_fill.sql': `-- Up Migration\n${up}\n-- Down Migration\n${down}` } },
			slow: { convention: 'numbered', files: { '001_fill.sql': `${HEAD}size=20 pause=50ms\n${RANGE}`, '001_fill_down.sql': down, '002_later.sql': plain['after.sql'], '002_later_down.sql': 'DROP TABLE later;\n' } },
			bad: { convention: 'numbered', files: { '001_fill.sql': `${HEAD}size=100 max_errors=1\n${RANGE}`, '001_fill_down.sql': down } },
		},
		targets: Object.fromEntries(Object.entries(targets).map(([name, t]) => [name, { environment: 'development', ...t }])),
		web: false, people: ['admin'],
	});
	for (const db of Object.keys(targets))
		stack.psql(db, `CREATE TABLE orders (id bigint PRIMARY KEY, n int NOT NULL DEFAULT 0 CHECK (n < 50)); INSERT INTO orders SELECT i * 3 FROM generate_series(1, ${ROWS}) i;
ALTER TABLE orders OWNER TO shop; ANALYZE orders; CREATE TABLE users (id int PRIMARY KEY, verified boolean); INSERT INTO users SELECT i FROM generate_series(1, 55) i; ALTER TABLE users OWNER TO shop;
${targets[db].project === 'slow' ? GATE : ''}`);
	stack.cli(['refresh']);
});
after(() => stack?.stop());

test('the loop of a guide and a range run in batches, up and down, and leave nothing behind', async () => {
	start('numbered', '--wait');
	assert.equal(touched('numbered'), `1:${ROWS}`);
	assert.deepEqual(stack.rows('numbered', 'SELECT count(*) FROM users WHERE verified = false'), ['55']);
	assert.deepEqual(stack.tracked('numbered'), ['001_fill', '002_loop', '003_later']);
	assert.ok(gone('numbered'));
	const { id, state } = run('numbered');
	assert.equal(state, 'succeeded');
	assert.deepEqual(stack.store(`SELECT migration, state, rows, batches, left_out FROM run_batch WHERE run_id = ${id} ORDER BY migration`),
		[`0|done|${ROWS}|7|0`, '1|done|55|3|0']);
	assert.notEqual(stack.store(`SELECT count(*) FROM run_batch_point WHERE run_id = ${id} AND migration = 0`)[0], '0');
	stack.cli(['down', '--target', 'numbered', '--steps', '3', '--reason', 'back', '--wait']);
	assert.equal(touched('numbered'), `0:${ROWS}`);
	assert.deepEqual(stack.tracked('numbered'), []);
});

for (const target of ['sections', 'dbmate', 'golang', 'nodepg']) {
	test(`${target}: such a file runs, and is taken back`, () => {
		start(target, '--wait');
		assert.equal(touched(target), `1:${ROWS}`);
		assert.ok(gone(target));
		stack.cli(['down', '--target', target, '--steps', '1', '--reason', 'back', '--wait']);
		assert.equal(touched(target), `0:${ROWS}`);
		assert.ok(gone(target));
	});
}

test('killed on the way: failed partly with its cursor, unfinished in the list, and the next run goes on', async () => {
	start('killed');
	const { id } = await until(() => run('killed').id && batch(run('killed').id).split('|')[1] > 100 && run('killed'));
	const pid = stack.store(`SELECT pid FROM run WHERE id = ${id}`)[0];
	process.kill(Number(pid), 'SIGKILL');
	goOn('killed');
	const r = await ended('killed');
	assert.equal(r.state, 'failed-partly', r.outcome);
	assert.match(r.outcome, /The run broke off in batches\. 001_fill is unfinished: \d+ rows in \d+ batches, up to the key \d+, \d+ %\. That stays, and the next run goes on/);
	const done = Number(stack.rows('killed', 'SELECT rows FROM gatehouse_batch')[0]);
	assert.ok(done >= 100 && done < ROWS);
	assert.equal(stack.rows('killed', 'SELECT count(*) FROM orders WHERE n = 1')[0], String(done));
	const text = await until(() => stack.store("SELECT text FROM standing s JOIN target t ON t.id = s.target_id WHERE t.name = 'killed' AND key = '001_fill'")[0]?.startsWith('unfinished: ')
		&& stack.store("SELECT text FROM standing s JOIN target t ON t.id = s.target_id WHERE t.name = 'killed' AND key = '001_fill'")[0]);
	assert.match(text, / %; the next run goes on from there$/);
	// Nothing runs past it.
	const only = stack.cliTry(['up', '--target', 'killed', '--only', '002', '--reason', 'past it']);
	assert.notEqual(only.status, 0);
	assert.match(only.stderr, /001_fill is unfinished: .* Finish it first/);
	start('killed', '--wait');
	assert.equal(touched('killed'), `1:${ROWS}`);
	assert.deepEqual(stack.tracked('killed'), ['001_fill', '002_later']);
	assert.match(stack.store("SELECT q.goal FROM request q JOIN target t ON t.id = q.target_id WHERE t.name = 'killed' ORDER BY q.id DESC LIMIT 1")[0], /001_fill goes on: /);
	assert.ok(gone('killed'));
});

test('it is paused, goes on, and runs at another speed while it runs', async () => {
	start('steered');
	const { id } = await until(() => batch(run('steered').id || 0).startsWith('running') && run('steered'));
	stack.cli(['pause', id, '--reason', 'look first']);
	goOn('steered');
	await until(() => batch(id).startsWith('paused'));
	const rows = stack.rows('steered', 'SELECT count(*) FROM orders WHERE n = 1')[0];
	await sleep(500);
	assert.equal(stack.rows('steered', 'SELECT count(*) FROM orders WHERE n = 1')[0], rows);
	assert.match(batch(id), /somebody has paused the run/);
	stack.cli(['speed', id, '--size', '111', '--pause', '60ms', '--reason', 'faster']);
	stack.cli(['resume', id, '--reason', 'seen']);
	await until(() => batch(id).split('|')[2] === '111');
	assert.equal(batch(id).split('|')[3], '60');
	const r = await ended('steered');
	assert.equal(r.state, 'succeeded', r.outcome);
	assert.equal(touched('steered'), `1:${ROWS}`);
});

test('cancelled: failed partly saying how far, what is done stays, nothing later ran', async () => {
	start('cancelled');
	const { id } = await until(() => Number(batch(run('cancelled').id || 0).split('|')[1] ?? 0) > 60 && run('cancelled'));
	stack.cli(['cancel', id, '--reason', 'not today']);
	const r = await ended('cancelled');
	goOn('cancelled');
	assert.equal(r.state, 'failed-partly', r.outcome);
	assert.match(r.outcome, /cancelled/i);
	assert.match(r.outcome, /001_fill is unfinished: \d+ rows/);
	assert.deepEqual(stack.rows('cancelled', "SELECT to_regclass('later') IS NULL"), ['t']);
	assert.equal(stack.rows('cancelled', 'SELECT rows FROM gatehouse_batch')[0], stack.rows('cancelled', 'SELECT count(*) FROM orders WHERE n = 1')[0]);
	start('cancelled', '--wait');
	assert.equal(touched('cancelled'), `1:${ROWS}`);
});

test('bad rows are left out and listed, one too many ends it and is named', async () => {
	stack.psql('bad', 'UPDATE orders SET n = 49 WHERE id IN (300, 3000);');
	stack.cliTry(['up', '--target', 'bad', '--reason', 'batches', '--wait']);
	let r = await ended('bad');
	assert.equal(r.state, 'failed-partly', r.outcome);
	assert.match(r.outcome, /the row with the key 3000 fails: .*orders_n_check.*23514/);
	assert.deepEqual(stack.store(`SELECT key, sqlstate FROM run_batch_row WHERE run_id = ${r.id}`), ['300|23514']);
	stack.psql('bad', 'UPDATE orders SET n = 0 WHERE id = 3000;');
	start('bad', '--wait');
	r = run('bad');
	assert.equal(r.state, 'succeeded', r.outcome);
	assert.equal(touched('bad'), `1:${ROWS - 1} 49:1`);
});
