// Prisma's folders through the runner: rows before and after, and the way out of a failed one.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import { Rig } from '../../support/convention.mjs';

const files = {
	'migration_lock.toml': 'provider = "postgresql"\n',
	'20250101000000_a/migration.sql': 'CREATE TABLE a (id int);\nCREATE TABLE a2 (id int);\n',
	// Reads the table of its own tool: its own row is there, too.
	'20250102000000_count/migration.sql': 'CREATE TABLE c AS SELECT count(*) AS n FROM _prisma_migrations;\n',
	'20250103000000_index/migration.sql': 'CREATE INDEX CONCURRENTLY a_id ON a (id);\n',
};
const keys = ['20250101000000_a', '20250102000000_count', '20250103000000_index'];
const all = (state, others = {}) => ({ ...Object.fromEntries(keys.map((k) => [k, state])), ...others });
let rig;

before(async () => {
	rig = await Rig.start({ convention: '', files, targets: ['alone', 'failing'] });
});
after(() => rig?.stop());

test('it is recognised, and everything goes up', async () => {
	await rig.is('alone', all('pending'));
	assert.match(rig.stack.store('SELECT detected FROM project')[0], /prisma/);
	rig.up('alone');
	await rig.is('alone', all('applied'));
	assert.deepEqual(rig.rows('alone', "SELECT concat_ws('|', migration_name, checksum, length(id), finished_at >= started_at, applied_steps_count, " +
		'rolled_back_at IS NULL) FROM _prisma_migrations ORDER BY started_at'), keys.map((k) => `${k}|${
		createHash('sha256').update(files[`${k}/migration.sql`]).digest('hex')}|36|t|1|t`));
	assert.deepEqual(rig.rows('alone', 'SELECT n FROM c'), ['2']);
	assert.match(rig.down('alone', 1, 4), /has no down SQL/);
});

test('other line ends are the same file, another text is said', async () => {
	rig.file('20250101000000_a/migration.sql', files['20250101000000_a/migration.sql'].replaceAll('\n', '\r\n'));
	await rig.is('alone', all('applied'));
	rig.file('20250101000000_a/migration.sql', '-- more\n');
	assert.notEqual((await rig.becomes('alone', keys[0], 'edited')).decision, 'blocks');
	rig.file('20250101000000_a/migration.sql', files['20250101000000_a/migration.sql']);
});

test('a failed one keeps its row and blocks until it is resolved', async () => {
	rig.file('20250104000000_bad/migration.sql', 'CREATE TABLE d (id int);\nINSERT INTO nowhere VALUES (1);');
	const bad = '20250104000000_bad';
	await rig.is('failing', all('pending', { [bad]: 'pending' }));
	assert.match(rig.up('failing', undefined, 5), /nowhere/);
	const row = await rig.decides('failing', bad, 'blocks');
	assert.equal(row.state, 'failed');
	assert.match(row.reason, /prisma migrate resolve/);
	assert.ok(!rig.exists('failing', 'd'), 'its script is one transaction');
	assert.deepEqual(rig.rows('failing', `SELECT finished_at IS NULL, logs ~ 'Gatehouse' FROM _prisma_migrations WHERE migration_name = '${bad}'`), ['t|t']);
	assert.match(rig.up('failing', undefined, 4), /needs a person/);
	// What `prisma migrate resolve --rolled-back` does.
	rig.rows('failing', `UPDATE _prisma_migrations SET rolled_back_at = now() WHERE migration_name = '${bad}'`);
	await rig.decides('failing', bad, 'runs');
	// And --applied after it: a second row of the name.
	rig.rows('failing', "INSERT INTO _prisma_migrations (id, checksum, finished_at, migration_name) VALUES " +
		`(gen_random_uuid()::text, '${createHash('sha256').update('CREATE TABLE d (id int);\nINSERT INTO nowhere VALUES (1);').digest('hex')}', now(), '${bad}')`);
	await rig.is('failing', all('applied', { [bad]: 'applied' }));
});
