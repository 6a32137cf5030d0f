#include "base/ban.h"
#include "tests/support/fixture_backup.h"
#include "tests/support/fixture_list.h"

static void
answers_an_empty_table_where_there_is_nothing(void **state)
{
	fixture_list_empty(*state, WIRE_READ_BACKUPS, "backup");
}

/* What is wrong beside a file is a column of its own: the backup is whole. */
static void
tells_what_is_wrong(void **state)
{
	struct fixture_runner *f = *state;
	const struct wire_table *t;
	int64_t id = fixture_backup_of(f, "shop_production", "counted");

	fixture_ok(f, store_backup_sidecar(f->runner->store, id, "it is gone", false, &f->err));
	fixture_ok(f, fixture_list(f, "viewer", WIRE_READ_BACKUPS, "shop_production", ""));
	t = fixture_table(f);
	assert_int_equal(t->n_rows, 1);
	assert_string_equal(fixture_cell(f, t, 0, "sidecar_wrong")->text, "it is gone");
	assert_string_equal(fixture_cell(f, t, 0, "broken")->text, "");
}

static void
refuses_what_makes_no_sense_and_every_cut(void **state)
{
	fixture_list_refuses(*state, WIRE_READ_BACKUPS);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(answers_an_empty_table_where_there_is_nothing),
		FIXTURE_TEST(tells_what_is_wrong),
		FIXTURE_TEST(refuses_what_makes_no_sense_and_every_cut),
	};

	return cmocka_run_group_tests_name("runner/cmd_read_backups", tests, NULL, NULL);
}
