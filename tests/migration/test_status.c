#include "base/ban.h"
#include "tests/migration/status_rig.h"

static void
applied_and_pending(void **state)
{
	(void)state;
	file("1", "");
	file("2", "");
	file("3", "")->problem = "3.sql:1:1: broken";
	row("1", "applied", "");
	says(&easy, "1 applied nothing @1\n2 pending runs\n3 pending runs\nnewest [1] blocked []\n");
	n_rows = 0;
	says(&easy, "1 pending runs\n2 pending runs\n3 pending runs\nnewest [] blocked []\n");
	found.n = 0;
	says(&strict, "newest [] blocked []\n");
}

static void
older_ones_by_the_tools_rule(void **state)
{
	static const struct convention skips = {
		.name = "skips", .title = "Skips", .older = CONVENTION_OLDER_SKIPPED
	};

	(void)state;
	file("1", "");
	file("2", "");
	file("3", "");
	row("3", "applied", "");
	row("1", "applied", "");
	says(&easy,
	    "1 applied nothing @2\n"
	    "2 older runs: older than 3, which is applied: Easy applies it whenever it appears\n"
	    "3 applied nothing @1\n"
	    "newest [3] blocked []\n");
	says(&strict,
	    "1 applied nothing @2\n"
	    "2 older blocks: older than 3, which is applied: Strict runs nothing until it is given a newer "
	    "version\n"
	    "3 applied nothing @1\n"
	    "newest [3] blocked [2.sql: older than 3, which is applied: Strict runs nothing until it is "
	    "given a newer "
	    "version]\n");
	says(&skips,
	    "1 applied nothing @2\n"
	    "2 older never: older than 3, which is applied: Skips never applies it and never says so; give "
	    "it a newer "
	    "version\n"
	    "3 applied nothing @1\n"
	    "newest [3] blocked []\n");
}

static void
the_configuration_may_change_the_rule(void **state)
{
	static const enum convention_older blocks = CONVENTION_OLDER_BLOCKS;

	(void)state;
	file("1", "");
	file("2", "");
	row("2", "applied", "");
	found.older = &blocks;
	says(&easy,
	    "1 older blocks: older than 2, which is applied: Easy runs nothing until it is given a newer "
	    "version\n"
	    "2 applied nothing @1\n"
	    "newest [2] blocked [1.sql: older than 2, which is applied: Easy runs nothing until it is given "
	    "a newer "
	    "version]\n");
}

static void
missing_ones_stand_where_their_number_belongs(void **state)
{
	(void)state;
	file("010", "");
	file("020", "");
	file("030", "");
	row("025_x", "applied", "");
	row("010", "applied", "");
	row("5", "applied", "");
	says(&easy,
	    "010 applied nothing @2\n"
	    "020 older runs: older than 025_x, which is applied: Easy applies it whenever it appears\n"
	    "030 pending runs\n"
	    "025_x missing nothing @1 after [020]: applied, and there is no file for it: Easy does not mind, "
	    "but its "
	    "way back is lost\n"
	    "5 missing nothing @3 after []: applied, and there is no file for it: Easy does not mind, but "
	    "its way back "
	    "is lost\n"
	    "newest [025_x] blocked []\n");
	n_rows = 1;
	says(&strict,
	    "010 older blocks: older than 025_x, which is applied: Strict runs nothing until it is given a "
	    "newer "
	    "version\n"
	    "020 older blocks: older than 025_x, which is applied: Strict runs nothing until it is given a "
	    "newer "
	    "version\n"
	    "030 pending runs\n"
	    "025_x missing blocks @1 after [020]: applied, and there is no file for it: Strict runs nothing "
	    "until the "
	    "file is back or the record is taken out\n"
	    "newest [025_x] blocked [010.sql: older than 025_x, which is applied: Strict runs nothing until "
	    "it is given "
	    "a newer version]\n");
}

static void
missing_ones_without_a_number_stand_behind_the_row_before(void **state)
{
	(void)state;
	file("users", "");
	file("orders", "");
	row("users", "applied", "");
	row("gone", "applied", "");
	says(&easy,
	    "users applied nothing @1\n"
	    "orders pending runs\n"
	    "gone missing nothing @2 after [users]: applied, and there is no file for it: Easy does not "
	    "mind, but its "
	    "way back is lost\n"
	    "newest [gone] blocked []\n");
}

static void
the_last_row_of_a_key_decides(void **state)
{
	(void)state;
	file("1", "");
	file("2", "");
	row("1", "failed", "");
	row("2", "applied", "");
	row("1", "applied", "");
	row("2", "gone", "");
	row("9", "applied", "");
	row("9", "gone", "");
	says(&strict, "1 applied nothing @3\n2 pending runs\nnewest [1] blocked []\n");
}

static void
a_history_that_begins_later(void **state)
{
	(void)state;
	file("1", "");
	file("2", "");
	file("3", "");
	row("2", "baseline", "");
	says(&strict,
	    "1 baseline never: before the point where the history of this database begins: never run here\n"
	    "2 baseline never @1: where the history of this database begins\n"
	    "3 pending runs\n"
	    "newest [] blocked []\n");
	found.n = 2;
	files[1].key = files[1].version = "4";
	says(&strict,
	    "1 baseline never: before the point where the history of this database begins: never run here\n"
	    "4 pending runs\n"
	    "newest [] blocked []\n");
}

static void
a_table_that_only_holds_the_newest(void **state)
{
	(void)state;
	file("1", "");
	file("2", "");
	file("10", "");
	says(&one, "1 pending runs\n2 pending runs\n10 pending runs\nnewest [] blocked []\n");
	row("2", "applied", "");
	says(&one, "1 applied nothing\n2 applied nothing @1\n10 pending runs\nnewest [2] blocked []\n");
	rows[0].state = "dirty";
	says(&one,
	    "1 applied nothing\n"
	    "2 failed blocks @1: One has left it dirty: it began, and its end was never recorded; nothing "
	    "runs until "
	    "that is resolved\n"
	    "10 pending runs\n"
	    "newest [1] blocked [2.sql: One has left it dirty: it began, and its end was never recorded; "
	    "nothing runs "
	    "until that is resolved]\n");
	rows[0].state = "applied";
	rows[0].key = "7";
	says(&one,
	    "1 applied nothing\n"
	    "2 applied nothing\n"
	    "10 pending runs\n"
	    "7 missing blocks @1 after [2]: applied, and there is no file for it: One runs nothing until the "
	    "file is "
	    "back or the record is taken out\n"
	    "newest [7] blocked [7: applied, and there is no file for it: One runs nothing until the file is "
	    "back or "
	    "the record is taken out]\n");
	/* golang-migrate leaves -1 when the way back of the first one fails. */
	rows[0].key = "-1";
	rows[0].state = "dirty";
	says(&one,
	    "1 pending runs\n"
	    "2 pending runs\n"
	    "10 pending runs\n"
	    "-1 failed blocks @1 after []: One has left it dirty: it began, and its end was never recorded; "
	    "there is no file for it, and nothing runs until that is resolved\n"
	    "newest [] blocked [-1: One has left it dirty: it began, and its end was never recorded; there "
	    "is no file for it, and nothing runs until that is resolved]\n");
}

static void
knows_better(const struct convention_found *f, const struct convention_row *r, size_t n, struct gh_arena *a,
    struct convention_status *list)
{
	(void)f;
	(void)r;
	(void)n;
	(void)a;
	list->rows[1].decision = CONVENTION_NEVER;
	list->rows[1].text = "not here";
	list->rows[0].decision = CONVENTION_BLOCKS;
	list->rows[0].text = "closed";
}

static void
the_convention_has_the_last_word(void **state)
{
	static const struct convention better = { .name = "better", .status = knows_better };

	(void)state;
	file("1", "");
	file("2", "");
	says(&better,
	    "1 pending blocks: closed\n2 pending never: not here\nnewest [] blocked [1.sql: closed]\n");
}

/* Rows of a folder may be as many as its files: nothing here may look at each with each. */
static void
five_thousand_take_no_time(void **state)
{
	enum { N = 5000 };
	struct convention_migration *many = calloc(N, sizeof(*many));
	struct convention_row *applied = calloc(N, sizeof(*applied));
	GH_ARENA a = { .limit = (size_t)64 << 20 };
	struct convention_status s;
	clock_t began;
	size_t i;

	(void)state;
	assert_non_null(many);
	assert_non_null(applied);
	for (i = 0; i < N; i++) {
		many[i].key = many[i].version = gh_printf(&a, "%zu", i * 2 + 2);
		many[i].file = many[i].problem = many[i].checksum = "";
		applied[i] = (struct convention_row){ .key = gh_printf(&a, "%zu", i + N),
			.state = "applied",
			.checksum = "",
			.by = "",
			.detail = "" };
	}
	found.migrations = many;
	found.n = N;
	began = clock();
	convention_status(&easy, &found, applied, N, &a, &s);
	assert_true(clock() - began < CLOCKS_PER_SEC / 2);
	assert_int_equal(s.n, N + N / 2);
	assert_string_equal(s.newest, "9999");
	free(many);
	free(applied);
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(applied_and_pending),
		T(older_ones_by_the_tools_rule),
		T(the_configuration_may_change_the_rule),
		T(missing_ones_stand_where_their_number_belongs),
		T(missing_ones_without_a_number_stand_behind_the_row_before),
		T(the_last_row_of_a_key_decides),
		T(a_history_that_begins_later),
		T(a_table_that_only_holds_the_newest),
		T(the_convention_has_the_last_word),
		T(five_thousand_take_no_time),
	};

	return cmocka_run_group_tests_name("migration/status", tests, NULL, NULL);
}
