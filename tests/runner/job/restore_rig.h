/*
 * A database with a backup of it, and then a bad migration: what is restored in the tests of restores. Tables
 * public.a (1000 rows), public."Odd ""name" (1) and what the run made, with settings, privileges and a
 * comment.
 */
#ifndef GH_TESTS_RESTORE_RIG_H
#define GH_TESTS_RESTORE_RIG_H

#include "base/io.h"
#include "tests/support/job_rig.h"

#include <setjmp.h>
#include <cmocka.h>

static struct rig rig;
static struct plan_table restore_tables[] = { { "public.\"Odd \"\"name\"", 1 }, { "public.a", 1000 } };

/* Statements that are no part of a transaction, on the server as its superuser. */
static inline void
server(const char *sql)
{
	(void)rig_sql(&rig, sql);
}

static struct rig_frame restore_backup;

/* "... KEY=WORD ..." */
static inline const char *
restore_word(const char *text, const char *key)
{
	const char *at = strstr(text, key);

	assert_non_null(at);
	at += strlen(key);
	return gh_strndup(&rig.arena, at, strcspn(at, " "));
}

/* The rig's plan restores the backup of its first run. */
static inline void
restore_plan(enum plan_act act)
{
	const struct rig_frame *b = &restore_backup;
	struct plan_restore *r = &rig.plan.restore;

	*r = (struct plan_restore){ .backup = 7,
		.file = b->text,
		.format = restore_word(b->extra, " format="),
		.encrypted_to = restore_word(b->extra, " to="),
		.digest = b->more,
		.size = b->number,
		.taken_at = 5,
		.schema = "",
		.snapshot = "",
		.fingerprint = "",
		.name = act == PLAN_SIDE ? gh_printf(&rig.arena, "%s_look", rig.database) : rig.database,
		.keep_name = act == PLAN_SIDE ? "" : gh_printf(&rig.arena, "%s_before", rig.database),
		.n_tables = 2,
		.tables = restore_tables };
	rig.plan.act = act;
	rig.plan.down = true;
	rig.plan.policy.backup = false;
	rig.plan.n_migrations = 1;
	rig.plan.migrations[0] = (struct plan_migration){ .key = "restore:7",
		.version = "",
		.name = "restore",
		.file = b->text,
		.checksum = "",
		.run = { .sql = "" } };
	gh_text_clear(&rig.bytes);
	rig.spec.plan = NULL;
}

static inline void
restore_role(const char *attributes)
{
	server("DO $$ BEGIN CREATE ROLE gatehouse_restore LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; "
	       "END $$");
	server("ALTER ROLE gatehouse_restore NOSUPERUSER CREATEDB NOCREATEROLE");
	server("GRANT shop, pg_signal_backend TO gatehouse_restore");
	server(attributes);
	rig.spec.restore_connection =
	    gh_printf(&rig.arena, "host=%s dbname=postgres user=gatehouse_restore", rig.cluster->folder);
}

/* A backup was taken before 001_b, which has emptied a table. */
static inline void
restore_ready(enum plan_act act)
{
	const char *name = rig.database;

	server("CREATE TABLE a (id int PRIMARY KEY, t text CHECK (t <> '')); INSERT INTO a SELECT i, 'row ' "
	       "|| i "
	       "FROM generate_series(1, 1000) i; CREATE TABLE \"Odd \"\"name\" (id int); INSERT INTO \"Odd "
	       "\"\"name\" "
	       "VALUES (1); ALTER TABLE a OWNER TO shop; ALTER TABLE \"Odd \"\"name\" OWNER TO shop");
	server(gh_printf(&rig.arena, "ALTER DATABASE %s SET search_path = public, \"Odd, one\"", name));
	server(gh_printf(&rig.arena, "ALTER DATABASE %s SET statement_timeout = '61s'", name));
	server(gh_printf(&rig.arena, "REVOKE CONNECT ON DATABASE %s FROM PUBLIC", name));
	server(gh_printf(&rig.arena, "COMMENT ON DATABASE %s IS 'the shop''s'", name));
	server(gh_printf(&rig.arena, "ALTER DATABASE %s CONNECTION LIMIT 17", name));
	restore_role("SELECT 1");
	rig.plan.policy.backup = true;
	rig_add(&rig, "001_b", "DELETE FROM a WHERE id > 10;", NULL);
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_SUCCEEDED, "");
	assert_string_equal(rig_sql(&rig, "SELECT count(*)::text FROM a"), "10");
	assert_non_null(rig_find(&rig, WIRE_J_BACKUP, 0));
	restore_backup = *rig_find(&rig, WIRE_J_BACKUP, 0);
	/* Another run. */
	rig.spec.id += 1000;
	restore_plan(act);
}

/* In the cluster, whatever has become of the rig's database. */
static inline const char *
cluster_sql(const char *sql)
{
	char database[sizeof(rig.database)];
	const char *ret;

	memcpy(database, rig.database, sizeof(database));
	(void)snprintf(rig.database, sizeof(rig.database), "postgres");
	ret = rig_sql(&rig, sql);
	memcpy(rig.database, database, sizeof(database));
	return ret;
}

/* Databases of this test by name, each with "+" when it lets connections in. */
static inline const char *
databases(void)
{
	return cluster_sql(gh_printf(&rig.arena,
	    "SELECT string_agg(replace(datname, '%s', 'X') || CASE WHEN datallowconn THEN '+' ELSE '-' END, "
	    "' ' ORDER BY "
	    "datname) FROM pg_database WHERE datname ~ '^(%s(_.*)?|gatehouse_.*)$'",
	    rig.database, rig.database));
}

#endif
