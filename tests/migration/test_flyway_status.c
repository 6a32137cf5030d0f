#include "base/ban.h"
#include "migration/convention.h"
#include "migration/status.h"
#include "tests/support/memory_folder.h"

#include <setjmp.h>
#include <cmocka.h>

#define ROW(key, state)                                                                                      \
	{                                                                                                    \
		key, 1, state, "", "", ""                                                                    \
	}

/* "V3 applied; V4 out of order, runs" as letters: standing (a p e m o f b) and decision (n r v b). */
static void
stands(struct memory_folder *m, const struct convention_row *rows, size_t n, const char *want)
{
	static const char standings[] = "?apemofb", decisions[] = "?nrvb";
	struct convention_status s;
	char is[128] = "";
	size_t i, len = 0;

	memory_read(m, &convention_flyway);
	convention_status(&convention_flyway, &m->found, rows, n, &m->arena, &s);
	for (i = 0; i < s.n; i++) {
		if (i > 0)
			is[len++] = ' ';
		is[len++] = standings[s.rows[i].standing];
		is[len++] = decisions[s.rows[i].decision];
	}
	is[len] = '\0';
	if (strcmp(is, want) != 0)
		fail_msg("%s, not %s (%s)", is, want, s.blocked);
}

static void
three(struct memory_folder *m)
{
	memory_put(m, "V1__a.sql", "SELECT 1;");
	memory_put(m, "V2__b.sql", "SELECT 1;");
	memory_put(m, "V3.1__c.sql", "SELECT 1;");
}

static void
older_ones_block_unless_configured(void **state)
{
	static const struct convention_row rows[] = { ROW("2", "applied") };
	MEMORY_FOLDER a = { 0 };
	MEMORY_FOLDER b = { 0 };
	MEMORY_FOLDER c = { 0 };
	MEMORY_FOLDER d = { 0 };

	(void)state;
	three(&a);
	stands(&a, rows, 1, "ob an pr");
	three(&b);
	memory_option(&b, "flyway.outOfOrder", "true");
	stands(&b, rows, 1, "or an pr");
	three(&c);
	memory_option(&c, "ignoreMigrationPatterns", "repeatable:missing, *:ignored");
	stands(&c, rows, 1, "ov an pr");
	three(&d);
	memory_option(&d, "ignoreMigrationPatterns", "repeatable:ignored,*:pending");
	stands(&d, rows, 1, "ob an pr");
}

static void
missing_ones_block_and_future_ones_do_not(void **state)
{
	static const struct convention_row rows[] = { ROW("1", "applied"), ROW("1.5", "applied"),
		ROW("2", "applied"), ROW("3.1", "applied"), ROW("10", "applied") };
	MEMORY_FOLDER a = { 0 };
	MEMORY_FOLDER b = { 0 };
	MEMORY_FOLDER c = { 0 };

	(void)state;
	three(&a);
	stands(&a, rows, 5, "an an an mb mn");
	three(&b);
	memory_option(&b, "ignoreMigrationPatterns", "*:missing");
	stands(&b, rows, 5, "an an an mn mb");
	three(&c);
	memory_option(&c, "validateOnMigrate", "false");
	stands(&c, rows, 5, "an an an mn mn");
}

static void
changed_ones_block(void **state)
{
	static const struct convention_row rows[] = { { "1", 1, "applied", "17", "", "" } };
	MEMORY_FOLDER a = { 0 };
	MEMORY_FOLDER b = { 0 };

	(void)state;
	three(&a);
	stands(&a, rows, 1, "eb pr pr");
	three(&b);
	memory_option(&b, "validateOnMigrate", "FALSE");
	stands(&b, rows, 1, "en pr pr");
}

static void
a_baseline_hides_what_is_not_newer(void **state)
{
	static const struct convention_row at[] = { ROW("2", "baseline") },
					   between[] = { ROW("2.5", "baseline") },
					   after[] = { ROW("1", "baseline"), ROW("2", "applied") };
	MEMORY_FOLDER m = { 0 };

	(void)state;
	three(&m);
	stands(&m, at, 1, "bv bv pr");
	stands(&m, between, 1, "bv bv pr");
	stands(&m, after, 2, "bv an pr");
}

static void
b_files_only_begin_empty_databases(void **state)
{
	static const struct convention_row old[] = { ROW("1", "applied") },
					   begun[] = { ROW("B2", "baseline") };
	MEMORY_FOLDER m = { 0 };

	(void)state;
	three(&m);
	memory_put(&m, "B2__base.sql", "SELECT 1;");
	memory_put(&m, "B1__base.sql", "SELECT 1;");
	stands(&m, NULL, 0, "pr bv pr pb pr");
	stands(&m, old, 1, "an bv pr bv pr");
	stands(&m, begun, 1, "bv bv bv bv pr");
}

static void
what_was_undone_is_pending_again(void **state)
{
	static const struct convention_row rows[] = { ROW("1", "applied"), ROW("2", "applied"),
		ROW("2", "gone") };
	MEMORY_FOLDER m = { 0 };

	(void)state;
	three(&m);
	stands(&m, rows, 3, "an pr pr");
}

static void
a_failed_row_blocks(void **state)
{
	static const struct convention_row rows[] = { ROW("1", "failed") };
	MEMORY_FOLDER m = { 0 };
	struct convention_status s;

	(void)state;
	three(&m);
	stands(&m, rows, 1, "fb pr pr");
	convention_status(&convention_flyway, &m.found, rows, 1, &m.arena, &s);
	assert_non_null(strstr(s.blocked, "flyway repair"));
}

static void
repeatable_ones_run_when_they_change(void **state)
{
	static const struct convention_row same[] = { { "R__v", 1, "applied", "-690524359", "", "" } },
					   other[] = { { "R__v", 1, "applied", "17", "", "" } };
	MEMORY_FOLDER m = { 0 };

	(void)state;
	memory_put(&m, "V1__a.sql", "SELECT 1;");
	memory_put(&m, "R__v.sql", "select 1;");
	stands(&m, same, 1, "pr an");
	stands(&m, other, 1, "pr pr");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(older_ones_block_unless_configured),
		cmocka_unit_test(missing_ones_block_and_future_ones_do_not),
		cmocka_unit_test(changed_ones_block),
		cmocka_unit_test(a_baseline_hides_what_is_not_newer),
		cmocka_unit_test(b_files_only_begin_empty_databases),
		cmocka_unit_test(what_was_undone_is_pending_again),
		cmocka_unit_test(a_failed_row_blocks),
		cmocka_unit_test(repeatable_ones_run_when_they_change),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
