// Liquibase's formatted SQL: changesets up and down, its two tables, its lock, what runs again.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Rig } from '../../support/convention.mjs';

const TOP = '--liquibase formatted sql\n\n';
const files = {
	'01_tables.sql': `${TOP}--changeset team:item labels:base\n--comment: Items\nCREATE TABLE item (id int);\nCREATE TABLE other (id int);\n`
		+ '--rollback DROP TABLE other;\n--rollback DROP TABLE item;\n\n'
		+ '--changeset team:item-index runInTransaction:false\nCREATE INDEX CONCURRENTLY item_id ON item (id);\n--rollback DROP INDEX item_id;\n',
	'02_code.sql': `${TOP}--changeset team:one runOnChange:true splitStatements:false\nCREATE OR REPLACE FUNCTION one() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END $$;\n--rollback DROP FUNCTION one;\n`
		+ '\n--changeset team:seed context:test\nINSERT INTO item VALUES (7);\n--rollback not required\n',
};
const KEYS = ['01_tables.sql::item::team', '01_tables.sql::item-index::team', '02_code.sql::one::team', '02_code.sql::seed::team'];
const all = (states) => Object.fromEntries(states.map((s, i) => [KEYS[i], s]));
const LOG = 'SELECT id, author, filename, orderexecuted, exectype, md5sum IS NOT NULL, description, comments, contexts, labels FROM databasechangelog ORDER BY orderexecuted';
let rig;

before(async () => {
	rig = await Rig.start({ convention: '', files, targets: ['clean', 'failing'] });
});
after(() => rig?.stop());

test('is found by its first lines; changesets run in their order and are rows', async () => {
	await rig.is('clean', all(['pending', 'pending', 'pending', 'pending']));
	rig.up('clean');
	await rig.is('clean', all(['applied', 'applied', 'applied', 'applied']));
	assert.deepEqual(rig.rows('clean', LOG), [
		'item|team|01_tables.sql|1|EXECUTED|t|sql|Items||base',
		'item-index|team|01_tables.sql|2|EXECUTED|t|sql|||',
		'one|team|02_code.sql|3|EXECUTED|t|sql|||',
		'seed|team|02_code.sql|4|EXECUTED|t|sql||test|',
	]);
	assert.deepEqual(rig.rows('clean', 'SELECT id, locked, lockedby FROM databasechangeloglock'), ['1|f|']);
	assert.deepEqual(rig.rows('clean', 'SELECT one(), count(*) FROM item'), ['1|1']);
});

test('what is taken back loses its row; an empty way back does nothing', async () => {
	rig.down('clean', 2);
	await rig.is('clean', all(['applied', 'applied', 'pending', 'pending']));
	assert.deepEqual(rig.rows('clean', 'SELECT count(*) FROM item'), ['1']);
	rig.down('clean', 2);
	await rig.is('clean', all(['pending', 'pending', 'pending', 'pending']));
	assert.equal(rig.exists('clean', 'public.item'), false);
	assert.deepEqual(rig.rows('clean', 'SELECT count(*) FROM databasechangelog'), ['0']);
	rig.up('clean');
	await rig.is('clean', all(['applied', 'applied', 'applied', 'applied']));
});

test('what says runOnChange runs again; what does not stops everything', async () => {
	rig.file('02_code.sql', files['02_code.sql'].replace('RETURN 1', 'RETURN 2'));
	await rig.is('clean', all(['applied', 'applied', 'pending', 'applied']));
	rig.up('clean');
	await rig.is('clean', all(['applied', 'applied', 'applied', 'applied']));
	assert.deepEqual(rig.rows('clean', "SELECT exectype, orderexecuted FROM databasechangelog WHERE id = 'one'"), ['RERAN|5']);
	assert.deepEqual(rig.rows('clean', 'SELECT one()'), ['2']);
	rig.file('01_tables.sql', files['01_tables.sql'].replace('other (id int)', 'other (id bigint)'));
	await rig.is('clean', all(['edited', 'applied', 'applied', 'applied']));
	rig.file('01_tables.sql', files['01_tables.sql'].replace('CREATE TABLE item', 'CREATE   TABLE\titem'));
	await rig.is('clean', all(['applied', 'applied', 'applied', 'applied']));
	rig.file('01_tables.sql', files['01_tables.sql']);
});

test('sums of older versions tell nothing', async () => {
	rig.rows('clean', "UPDATE databasechangelog SET md5sum = '8:d41d8cd98f00b204e9800998ecf8427e' WHERE id = 'item'");
	await rig.is('clean', all(['applied', 'applied', 'applied', 'applied']));
});

test('a failure leaves no row, and the lock is let go of', async () => {
	rig.file('03_bad.sql', `${TOP}--changeset team:bad\nCREATE TABLE half (id int);\nSELECT 1 / 0;\n`);
	await rig.is('failing', { ...all(['pending', 'pending', 'pending', 'pending']), '03_bad.sql::bad::team': 'pending' });
	rig.stack.cliTry(['up', '--target', 'failing', '--wait']);
	await rig.is('failing', { ...all(['applied', 'applied', 'applied', 'applied']), '03_bad.sql::bad::team': 'failed' });
	assert.deepEqual(rig.rows('failing', 'SELECT count(*) FROM databasechangelog'), ['4']);
	assert.equal(rig.exists('failing', 'public.half'), false);
	assert.deepEqual(rig.rows('failing', 'SELECT locked FROM databasechangeloglock'), ['f']);
	rig.file('03_bad.sql', null);
});

test('a lock that Liquibase holds is respected', async () => {
	rig.file('03_more.sql', `${TOP}--changeset team:more\nCREATE TABLE more (id int);\n`);
	await rig.is('clean', { ...all(['applied', 'applied', 'applied', 'applied']), '03_more.sql::more::team': 'pending' });
	rig.rows('clean', "UPDATE databasechangeloglock SET locked = true, lockgranted = now(), lockedby = 'build (10.0.0.1)'");
	rig.stack.cli(['up', '--target', 'clean'], { exits: [0, 3] });
	// It has asked and goes on asking, for some seconds: all of this in the server, so that nobody here is too slow for it.
	assert.deepEqual(rig.rows('clean', `DO $$ BEGIN WHILE NOT EXISTS (SELECT FROM pg_stat_activity WHERE application_name LIKE 'gatehouse:%' AND query LIKE 'INSERT INTO %databasechangeloglock%')
			LOOP PERFORM pg_stat_clear_snapshot(); PERFORM pg_sleep(0.05); END LOOP; END $$;
		SELECT pg_sleep(1.5);
		SELECT to_regclass('public.more') IS NULL, locked, lockedby FROM databasechangeloglock;
		UPDATE databasechangeloglock SET locked = false, lockgranted = NULL, lockedby = NULL`), ['t|t|build (10.0.0.1)']);
	await rig.is('clean', { ...all(['applied', 'applied', 'applied', 'applied']), '03_more.sql::more::team': 'applied' });
	assert.deepEqual(rig.rows('clean', 'SELECT locked, lockedby FROM databasechangeloglock'), ['f|']);
});

test('a line that is nearly one of Liquibase\'s is refused with its place', async () => {
	rig.file('04_near.sql', `${TOP}-changeset team:near\nSELECT 1;\n`);
	for (let i = 0; i < 40; i++) {
		rig.stack.cliTry(['refresh']);
		const said = rig.stack.cliTry(['up', '--target', 'failing', '--wait']);
		if (/04_near\.sql:3:1: nearly a line of Liquibase's own/.test(said.stderr + said.stdout))
			return;
	}
	assert.fail('nothing was said');
});
