#include "base/ban.h"
#include "tests/support/plain_user.h"
#include "tests/support/proof_rig.h"

#include <setjmp.h>
#include <cmocka.h>

/* A restore that gets on, and one that does not. */

static struct rig rig;
static struct proof_rig p;

static int
setup(void **state)
{
	return proof_rig_server_setup(&p, &rig, state);
}

static int
teardown(void **state)
{
	return proof_rig_server_teardown(&p, &rig, state);
}

/* What a row's check does where it is restored. */
static void
take(const char *deed)
{
	(void)rig_sql(&rig,
	    gh_printf(&rig.arena,
		"CREATE FUNCTION deed(int) RETURNS boolean LANGUAGE plpgsql AS 'BEGIN IF "
		"starts_with(current_database(), ''gatehouse_'') THEN %s; END IF; RETURN true; END';"
		"ALTER TABLE a ADD CHECK (deed(id)); ALTER FUNCTION deed(int) "
		"OWNER TO shop",
		deed));
	proof_rig_take(&p, &rig);
}

/* It is ended and says nothing of the backup; the place is gone as ever. */
static void
hangs(const char *place)
{
	take("PERFORM pg_sleep(3600)");
	rig.spec.silence_ms = 5000;
	proof_rig_prove(&p, "counted");
	proof_rig_undecided(
	    &p, WIRE_RESTORED, gh_printf(&rig.arena, "pg_restore hangs: in %s, PostgreSQL 15", place));
	assert_non_null(strstr(rig_sentence(&rig), "nothing moved for 5.0 s (PgSleep), and it was ended"));
	assert_int_equal(proof_rig_level(&p, WIRE_LISTED), WIRE_OK);
}

static void
one_that_hangs_in_a_cluster(void **state)
{
	(void)state;
	rig.spec.scratch = "";
	hangs("a cluster of its own");
}

static void
one_that_hangs_on_the_server(void **state)
{
	(void)state;
	hangs("a database of the configured server");
	/* Who has hung up is still there for a moment. */
	assert_true(rig_until(rig_conninfo(&rig, "look"),
	    "SELECT count(*) = 0 FROM pg_stat_activity WHERE usename = 'prover'"));
}

/* No byte for twice as long as may be silent, and at work all the time. */
static void
one_that_works_is_left_alone(void **state)
{
	(void)state;
	rig.spec.scratch = "";
	take("WHILE clock_timestamp() < statement_timestamp() + interval ''10 s'' LOOP END LOOP");
	rig.spec.silence_ms = 5000;
	proof_rig_prove(&p, "counted");
	rig_expect(&rig, WIRE_SUCCEEDED, "Proved as \"counted\"");
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(one_that_hangs_in_a_cluster),
		T(one_that_hangs_on_the_server),
		T(one_that_works_is_left_alone),
	};

	if (plain_user() != 0)
		return 1;
	rig_bind(&rig);
	return cmocka_run_group_tests_name("runner/job/proof_watch", tests, rig_group_start, rig_group_stop);
}
