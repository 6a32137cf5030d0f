#include "base/ban.h"
#include "tests/support/job_rig.h"

#include <libpq-fe.h>
#include <setjmp.h>
#include <cmocka.h>

/* What is tried again on a real server, and what is not. */

static struct rig rig;

static void
retries(const char *sql, const char *sqlstate)
{
	const struct rig_frame *f;

	rig.plan.policy.max_retries = 2;
	rig.plan.policy.retry_delay_ms = 1;
	rig_add(&rig, "001_x", sql, NULL);
	rig_run(&rig, &job_run);
	f = rig_find(&rig, WIRE_J_ERROR, 0);
	assert_non_null(f);
	assert_string_equal(f->text, sqlstate);
}

/* Each code as the server would send it; nothing else is tried again. */
static void
only_three_codes_are_tried_again(void **state)
{
	static const struct {
		const char *code;
		bool again;
	} codes[] = { { "55P03", true }, { "40P01", true }, { "40001", true }, { "57014", false },
		{ "40002", false }, { "23505", false }, { "53300", false } };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		rig.plan.n_migrations = 0;
		rig.spec.plan = NULL;
		retries(gh_printf(&rig.arena, "DO $$ BEGIN RAISE SQLSTATE '%s'; END $$;", codes[i].code),
		    codes[i].code);
		if (codes[i].again) {
			assert_int_equal(rig_find(&rig, WIRE_J_RETRY, 1)->number, 2);
			assert_null(rig_find(&rig, WIRE_J_RETRY, 2));
		} else {
			assert_null(rig_find(&rig, WIRE_J_RETRY, 0));
		}
	}
}

/* Holds b and wants a, once a is ours; what it leaves in over says that it had both. */
static bool
the_other_way_round(const char *conninfo)
{
	PGconn *c = PQconnectdb(conninfo);
	PGresult *res;
	bool well;

	/* It looks for a deadlock later than we do, so that it is ours to end it. */
	PQclear(PQexec(c, "SET deadlock_timeout = '20s'; BEGIN; LOCK TABLE b"));
	well = rig_until(
	    conninfo, "SELECT count(*) = 1 FROM pg_locks WHERE relation = 'a'::regclass AND granted");
	res = PQexec(c, "LOCK TABLE a; INSERT INTO over VALUES (1); COMMIT");
	well = PQresultStatus(res) == PGRES_COMMAND_OK && well;
	PQclear(res);
	PQfinish(c);
	return well;
}

static void
a_real_deadlock_is_tried_again(void **state)
{
	pid_t other;

	(void)state;
	(void)rig_sql(&rig,
	    "CREATE TABLE a (id int); CREATE TABLE b (id int); CREATE TABLE over (id int);"
	    "ALTER TABLE a OWNER TO shop; ALTER TABLE b OWNER TO shop; GRANT SELECT ON over TO shop");
	(void)rig_sql(
	    &rig, gh_printf(&rig.arena, "ALTER DATABASE %s SET deadlock_timeout = '100ms'", rig.database));
	rig.plan.policy.lock_timeout_ms = 60000;
	rig.plan.policy.retry_delay_ms = 1000;
	rig_add(&rig, "001_x",
	    "LOCK TABLE a;\n"
	    "DO $$ BEGIN WHILE NOT EXISTS (SELECT FROM over) AND NOT EXISTS (SELECT FROM pg_locks WHERE "
	    "relation "
	    "= 'a'::regclass AND NOT granted) LOOP PERFORM pg_sleep(0.02); END LOOP; END $$;\n"
	    "LOCK TABLE b;\nCREATE TABLE done (id int);",
	    NULL);
	other = rig_beside(&rig, "other", the_other_way_round);
	rig_run(&rig, &job_run);
	rig_ended_well(other);
	rig_expect(&rig, WIRE_SUCCEEDED, "001_x");
	assert_non_null(rig_find(&rig, WIRE_J_RETRY, 0));
	assert_non_null(strstr(rig_find(&rig, WIRE_J_RETRY, 0)->text, "40P01"));
}

int
main(void)
{
#define TEST(fn) cmocka_unit_test_setup_teardown(fn, rig_setup, rig_teardown)
	const struct CMUnitTest tests[] = {
		TEST(only_three_codes_are_tried_again),
		TEST(a_real_deadlock_is_tried_again),
	};

	rig_bind(&rig);
	return cmocka_run_group_tests_name(
	    "runner/job/retry on a server", tests, rig_group_start, rig_group_stop);
}
