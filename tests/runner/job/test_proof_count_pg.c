#include "base/ban.h"
#include "tests/support/proof_rig.h"
#include "tests/support/plain_user.h"

#include <setjmp.h>
#include <cmocka.h>

/* What was restored against the record. */

static struct rig rig;
static struct proof_rig p;

static int
setup(void **state)
{
	int failed = rig_setup(state);

	p = (struct proof_rig){ 0 };
	rig.spec.allow_superuser = true;
	rig.spec.connection =
	    gh_printf(&rig.arena, "host=%s dbname=%s user=postgres", rig.cluster->folder, rig.database);
	return failed;
}

static int
teardown(void **state)
{
	proof_rig_done(&p);
	return rig_teardown(state);
}

static void
rows_that_are_not_there(void **state)
{
	struct wire_out out = { .text = &p.tables };

	(void)state;
	(void)rig_sql(&rig, "CREATE TABLE a (id int); INSERT INTO a VALUES (1)");
	proof_rig_take(&p, &rig);
	gh_text_clear(&p.tables);
	wire_put_u32(&out, 1);
	wire_put_text(&out, "public.a");
	wire_put_i64(&out, 2);
	rig.spec.tables = p.tables.data;
	rig.spec.tables_len = p.tables.len;
	proof_rig_prove(&p, "counted");
	proof_rig_caught(&p, WIRE_COUNTED, "public.a has 1 rows restored, and 2 were counted");
	gh_text_clear(&p.tables);
	wire_put_u32(&out, 1);
	wire_put_text(&out, "public.a");
	wire_put_i64(&out, -1);
	proof_rig_prove(&p, "counted");
	proof_rig_undecided(&p, WIRE_COUNTED, "nobody has counted the rows of public.a");
	assert_int_equal(proof_rig_level(&p, WIRE_RESTORED), WIRE_OK);
}

/* Nothing to compare the catalog with: rows are compared, and it is never green. */
static void
a_record_without_a_catalog_is_not_counted(void **state)
{
	const struct rig_frame *f;

	(void)state;
	(void)rig_sql(&rig, "CREATE TABLE a (id int); INSERT INTO a VALUES (1)");
	proof_rig_take(&p, &rig);
	rig.spec.fingerprint = "";
	proof_rig_prove(&p, "restored");
	rig_expect(&rig, WIRE_SUCCEEDED, "Proved as \"restored\"");
	f = rig_find(&rig, WIRE_J_PROOF, 2);
	assert_int_equal(f->phase, WIRE_RESTORED);
	assert_non_null(strstr(f->more, "it cannot be more than \"restored\""));
	proof_rig_prove(&p, "counted");
	proof_rig_undecided(
	    &p, WIRE_COUNTED, "as many as when it was taken, but what the catalog was is not in");
	assert_int_equal(proof_rig_level(&p, WIRE_RESTORED), WIRE_OK);
	/* One that is taken for more than it can be is kept, and its task fails. */
	(void)rig_sql(&rig, "REVOKE EXECUTE ON FUNCTION string_agg(text, text) FROM PUBLIC");
	(void)rig_sql(&rig, "ALTER TABLE a OWNER TO shop");
	rig.spec.connection =
	    gh_printf(&rig.arena, "host=%s dbname=%s user=shop", rig.cluster->folder, rig.database);
	rig.spec.level = "counted";
	rig.spec.id++;
	rig_run(&rig, &job_take);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "what the catalog was is not in its record");
	assert_non_null(rig_find(&rig, WIRE_J_BACKUP, 0));
	(void)rig_sql(&rig, "GRANT EXECUTE ON FUNCTION string_agg(text, text) TO PUBLIC");
	/* A row more is a row more all the same. */
	rig.spec.tables = gh_memdup(&rig.arena, p.tables.data, p.tables.len);
	((char *)(uintptr_t)rig.spec.tables)[p.tables.len - 1]++;
	proof_rig_prove(&p, "counted");
	proof_rig_caught(&p, WIRE_COUNTED, "public.a has 1 rows restored, and ");
}

/* A record of before tables were written down. */
static void
one_whose_record_names_no_table(void **state)
{
	(void)state;
	(void)rig_sql(&rig,
	    "CREATE TABLE a (id int); INSERT INTO a SELECT generate_series(1, 30); "
	    "CREATE TABLE b (id int); INSERT INTO b VALUES (1); CREATE TABLE c (id int)");
	proof_rig_take(&p, &rig);
	rig.spec.tables_len = 0;
	rig.spec.backup_tables = 3;
	rig.spec.backup_rows = 31;
	proof_rig_prove(&p, "counted");
	assert_int_equal(proof_rig_level(&p, WIRE_COUNTED), WIRE_OK);
	rig.spec.backup_rows = 32;
	proof_rig_prove(&p, "counted");
	proof_rig_caught(&p, WIRE_COUNTED, "31 rows were restored in all tables, and 32 were counted");
	rig.spec.backup_tables = 2;
	proof_rig_prove(&p, "counted");
	proof_rig_caught(&p, WIRE_LISTED, "the rows of 3 tables, and 2 were counted");
	rig.spec.backup_tables = -1;
	proof_rig_prove(&p, "counted");
	assert_int_equal(proof_rig_level(&p, WIRE_RESTORED), WIRE_OK);
	proof_rig_undecided(&p, WIRE_COUNTED, "nobody has counted its rows");
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(rows_that_are_not_there),
		T(a_record_without_a_catalog_is_not_counted),
		T(one_whose_record_names_no_table),
	};

	if (plain_user() != 0)
		return 1;
	rig_bind(&rig);
	return cmocka_run_group_tests_name("runner/job/proof_count", tests, rig_group_start, rig_group_stop);
}
