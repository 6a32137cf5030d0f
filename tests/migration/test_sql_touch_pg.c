#include "base/ban.h"
#include "tests/migration/sql_touch_cases.h"
#include "migration/sql.h"
#include "tests/support/pg_cluster.h"

#include <libpq-fe.h>
#include <poll.h>
#include <setjmp.h>
#include <cmocka.h>

/*
 * What sql_read says of locks and rewrites, against what PostgreSQL does: each statement runs in a
 * transaction that is rolled back, and pg_locks and the files of the tables are compared.
 */

static struct pg_cluster cluster;
static PGconn *conn, *other;

static PGresult *
run(PGconn *c, const char *sql)
{
	PGresult *r = PQexec(c, sql);

	if (PQresultStatus(r) != PGRES_COMMAND_OK && PQresultStatus(r) != PGRES_TUPLES_OK)
		fail_msg("%s: %s", sql, PQresultErrorMessage(r));
	return r;
}

static void
say(const char *sql)
{
	PQclear(run(conn, sql));
}

static int
group_setup(void **state)
{
	struct gh_err err = { 0 };
	char info[128];
	size_t i;

	(void)state;
	if (pg_cluster_start(&cluster, false, &err) != GH_OK) {
		print_error("%s\n", err.msg);
		return -1;
	}
	(void)snprintf(info, sizeof(info), "host=%s user=postgres dbname=postgres", cluster.folder);
	conn = PQconnectdb(info);
	other = PQconnectdb(info);
	say("SET client_min_messages = error");
	say("CREATE ACCESS METHOD heap2 TYPE TABLE HANDLER heap_tableam_handler");
	say("CREATE SCHEMA elsewhere");
	for (i = 0; fixture[i] != NULL; i++)
		say(fixture[i]);
	return 0;
}

static int
group_teardown(void **state)
{
	(void)state;
	PQfinish(conn);
	PQfinish(other);
	pg_cluster_stop(&cluster);
	return 0;
}

static const struct sql_touch *
touch_of(const struct sql_script *s, const char *name)
{
	size_t i;

	for (i = 0; i < s->statements[0].n_touches; i++) {
		if (strcmp(s->statements[0].touches[i].object, name) == 0)
			return &s->statements[0].touches[i];
	}
	return NULL;
}

static void
read_sql(const char *sql, struct gh_arena *a, struct sql_script *ret)
{
	struct sql_text t = { .sql = sql, .len = strlen(sql), .file = "f.sql", .first_line = 1 };

	sql_read(&t, a, ret);
	if (*ret->problem != '\0' || ret->n != 1)
		fail_msg("%s: %s", sql, ret->problem);
}

/* The locks that this backend holds, the strongest a relation, and whether its file is another now. */
#define HELD                                                                                                 \
	"SELECT b.name, coalesce(max(array_position(ARRAY['AccessShareLock', 'RowShareLock', "               \
	"'RowExclusiveLock', 'ShareUpdateExclusiveLock', 'ShareLock', 'ShareRowExclusiveLock', "             \
	"'ExclusiveLock', 'AccessExclusiveLock'], l.mode)), 0), "                                            \
	"bool_or(c.oid IS NOT NULL AND pg_relation_filenode(c.oid) IS DISTINCT FROM b.node) "                \
	"FROM before b LEFT JOIN pg_class c ON c.oid = b.oid "                                               \
	"LEFT JOIN pg_locks l ON l.relation = b.oid AND l.locktype = 'relation' AND l.pid = "                \
	"pg_backend_pid() AND l.granted GROUP BY b.name ORDER BY 1"

static int
compare(const char *sql)
{
	GH_ARENA a = { .limit = SQL_ARENA_LIMIT };
	struct sql_script s;
	PGresult *r;
	int i, bad = 0;

	read_sql(sql, &a, &s);
	say("BEGIN");
	r = PQexec(conn, sql);
	if (PQresultStatus(r) != PGRES_COMMAND_OK && PQresultStatus(r) != PGRES_TUPLES_OK) {
		print_error("%s: %s", sql, PQresultErrorMessage(r));
		bad++;
	}
	PQclear(r);
	if (bad == 0) {
		r = run(conn, HELD);
		for (i = 0; i < PQntuples(r); i++) {
			const struct sql_touch *t = touch_of(&s, PQgetvalue(r, i, 0));
			int want = t == NULL ? 0 : (int)t->lock,
			    got = (int)strtol(PQgetvalue(r, i, 1), NULL, 10);
			bool rewritten = *PQgetvalue(r, i, 2) == 't', says = t != NULL && t->rewrites;

			/* Files that are new but for the rows' sake, and tables beneath a view. */
			if (strcmp(s.statements[0].kind, "TRUNCATE TABLE") == 0 ||
			    strstr(s.statements[0].kind, "SEQUENCE") != NULL)
				says = rewritten;
			if (strstr(s.statements[0].kind, "REFRESH") != NULL && t == NULL && got == 1)
				want = 1;
			if (want == got && says == rewritten)
				continue;
			print_error("%s: %s: lock %d, not %d; rewritten %d, not %d\n", sql,
			    PQgetvalue(r, i, 0), got, want, rewritten, says);
			bad++;
		}
		PQclear(r);
	}
	say("ROLLBACK");
	return bad;
}

static void
says_what_postgresql_does(void **state)
{
	size_t i;
	int bad = 0;

	(void)state;
	say("CREATE TEMP TABLE before AS SELECT oid, quote_ident(relname) AS name, pg_relation_filenode(oid) "
	    "AS "
	    "node FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'm', "
	    "'v', "
	    "'S') AND relname NOT LIKE 'c_e_seq'");
	for (i = 0; i < sizeof(statements) / sizeof(statements[0]); i++)
		bad += compare(statements[i]);
	assert_int_equal(bad, 0);
}

/* The mode in which conn waits for a relation, 0 when it does not (yet). */
#define WAITS                                                                                                \
	"SELECT array_position(ARRAY['AccessShareLock', 'RowShareLock', 'RowExclusiveLock', "                \
	"'ShareUpdateExclusiveLock', 'ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', "                \
	"'AccessExclusiveLock'], mode), relation::regclass FROM pg_locks WHERE NOT granted AND locktype = "  \
	"'relation'"

static void
waits_as_it_says(const char *sql, const char *table)
{
	GH_ARENA a = { .limit = SQL_ARENA_LIMIT };
	struct sql_script s;
	PGresult *r = NULL;
	int i;

	read_sql(sql, &a, &s);
	assert_true(s.statements[0].alone);
	PQclear(run(other, "BEGIN"));
	PQclear(run(other, gh_printf(&a, "LOCK TABLE ONLY %s IN SHARE UPDATE EXCLUSIVE MODE", table)));
	assert_int_equal(PQsendQuery(conn, sql), 1);
	for (i = 0; i < 6000; i++) {
		r = run(other, WAITS);
		if (PQntuples(r) > 0)
			break;
		PQclear(r);
		(void)poll(NULL, 0, 10);
	}
	assert_true(i < 6000);
	if (touch_of(&s, PQgetvalue(r, 0, 1)) == NULL ||
	    (int)touch_of(&s, PQgetvalue(r, 0, 1))->lock != (int)strtol(PQgetvalue(r, 0, 0), NULL, 10))
		fail_msg("%s waits for %s in mode %s", sql, PQgetvalue(r, 0, 1), PQgetvalue(r, 0, 0));
	PQclear(r);
	PQclear(run(other, "ROLLBACK"));
	while ((r = PQgetResult(conn)) != NULL) {
		if (PQresultStatus(r) != PGRES_COMMAND_OK)
			fail_msg("%s: %s", sql, PQresultErrorMessage(r));
		PQclear(r);
	}
}

static void
what_runs_alone_waits_as_it_says(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(alone) / sizeof(alone[0]); i++)
		waits_as_it_says(alone[i], strstr(alone[i], "parent") != NULL ? "parent" : "a");
}

/* What the parser says cannot run in a transaction is what the server refuses there, and the other way round.
 */
static void
knows_what_cannot_run_in_a_transaction(void **state)
{
	static const char *const cases[] = { "CREATE INDEX CONCURRENTLY i ON b (s)",
		"DROP INDEX CONCURRENTLY c_b", "REINDEX INDEX CONCURRENTLY c_b", "REINDEX SCHEMA public",
		"REINDEX TABLE b", "VACUUM", "VACUUM b", "ANALYZE b", "CLUSTER", "CLUSTER c",
		"CREATE DATABASE d", "DROP DATABASE d", "ALTER SYSTEM RESET ALL",
		"CREATE TABLESPACE sp LOCATION '/nowhere'", "DROP TABLESPACE sp",
		"ALTER TABLE parent DETACH PARTITION part CONCURRENTLY",
		"ALTER DATABASE postgres SET TABLESPACE pg_default",
		"CREATE SUBSCRIPTION s CONNECTION 'host=/nowhere' PUBLICATION p",
		"REFRESH MATERIALIZED VIEW CONCURRENTLY m", "DO $$ BEGIN COMMIT; END $$",
		"DO $$ BEGIN PERFORM 1; END $$" };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		GH_ARENA a = { .limit = SQL_ARENA_LIMIT };
		struct sql_script s;
		PGresult *r;
		bool refused;

		read_sql(cases[i], &a, &s);
		say("BEGIN");
		r = PQexec(conn, cases[i]);
		/* 25001 in most cases, 2D000 of a procedure that commits */
		refused = PQresultErrorField(r, PG_DIAG_SQLSTATE) != NULL &&
		    (strcmp(PQresultErrorField(r, PG_DIAG_SQLSTATE), "25001") == 0 ||
			strcmp(PQresultErrorField(r, PG_DIAG_SQLSTATE), "2D000") == 0);
		if (refused != s.statements[0].alone)
			fail_msg("%s: %s", cases[i], PQresultErrorMessage(r));
		PQclear(r);
		say("ROLLBACK");
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(says_what_postgresql_does),
		cmocka_unit_test(knows_what_cannot_run_in_a_transaction),
		cmocka_unit_test(what_runs_alone_waits_as_it_says),
	};

	return cmocka_run_group_tests_name("migration/sql_touch_pg", tests, group_setup, group_teardown);
}
