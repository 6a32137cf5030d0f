// Hasura's folders through the runner: shown with what its catalog says, never run.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Rig } from '../../support/convention.mjs';

const files = {
	'1700000000001_a/up.sql': 'CREATE TABLE a (id int);\n',
	'1700000000001_a/down.sql': 'DROP TABLE a;\n',
	'1700000000002_b/up.sql': 'CREATE TABLE b (id int);\n',
};
let rig;

before(async () => {
	rig = await Rig.start({ convention: 'hasura', files, targets: ['fresh', 'served'], prepare: (stack) => {
		stack.psql('served', 'SET ROLE shop; CREATE SCHEMA hdb_catalog; CREATE TABLE hdb_catalog.hdb_version ' +
			'(hasura_uuid uuid PRIMARY KEY DEFAULT gen_random_uuid(), version text NOT NULL, upgraded_on timestamptz NOT NULL, ' +
			"cli_state jsonb NOT NULL DEFAULT '{}'::jsonb, console_state jsonb NOT NULL DEFAULT '{}'::jsonb); " +
			"INSERT INTO hdb_catalog.hdb_version (version, upgraded_on, cli_state) VALUES ('48', now(), " +
			"'{\"migrations\": {\"default\": {\"1700000000001\": false}}}')");
	} });
});
after(() => rig?.stop());

test('its catalog says what is applied', async () => {
	await rig.is('served', { 1700000000001: 'applied', 1700000000002: 'pending' });
	await rig.is('fresh', { 1700000000001: 'pending', 1700000000002: 'pending' });
});

test('nothing runs, and the way is said', async () => {
	assert.match(rig.up('served', undefined, 4), /hasura migrate apply/);
	assert.match(rig.up('fresh', undefined, 4), /hasura migrate apply/);
	assert.ok(!rig.exists('served', 'b') && !rig.exists('fresh', 'a') && !rig.exists('fresh', 'hdb_catalog.hdb_version'));
	assert.notEqual(rig.stack.cliTry(['down', '--target', 'served', '--steps', '1', '--wait']).status, 0);
	assert.deepEqual(rig.rows('served', "SELECT cli_state #>> '{migrations,default}' FROM hdb_catalog.hdb_version"), ['{"1700000000001": false}']);
});
