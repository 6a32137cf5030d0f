#include "base/ban.h"
#include "migration/status.h"
#include "base/clock.h"
#include "base/text.h"

#include <setjmp.h>
#include <cmocka.h>

/* What a status says as text: a line a row, then newest and blocked. */
static struct gh_arena arena;
static struct convention_migration files[16];
static struct convention_found found;
static struct convention_row rows[16];
static size_t n_rows;

static int
setup(void **state)
{
	(void)state;
	found = (struct convention_found){ .migrations = files, .problem = "" };
	n_rows = 0;
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	gh_arena_done(&arena);
	return 0;
}

static struct convention_migration *
file(const char *version, const char *checksum)
{
	struct convention_migration *m = &files[found.n++];

	*m = (struct convention_migration){ .key = version,
		.version = version,
		.file = gh_printf(&arena, "%s.sql", version),
		.checksum = checksum,
		.problem = "" };
	return m;
}

static struct convention_row *
row(const char *key, const char *state, const char *checksum)
{
	struct convention_row *r = &rows[n_rows++];

	*r = (struct convention_row){ .key = key,
		.state = state,
		.checksum = checksum,
		.by = "",
		.detail = "",
		.applied_at = (int64_t)n_rows };
	return r;
}

static void
dump(const struct convention_status *s, struct gh_text *t)
{
	static const char *const standings[] = { "?", "applied", "pending", "edited", "missing", "older",
		"failed", "baseline" };
	static const char *const decisions[] = { "?", "nothing", "runs", "never", "blocks" };
	size_t i;

	for (i = 0; i < s->n; i++) {
		const struct convention_status_row *r = &s->rows[i];

		gh_text_putf(t, "%s %s %s", r->key, standings[r->standing], decisions[r->decision]);
		if (r->applied_at != 0)
			gh_text_putf(t, " @%d", (int)r->applied_at);
		if (r->migration == NULL)
			gh_text_putf(t, " after [%s]", r->after);
		gh_text_putf(t, "%s%s\n", *r->text == '\0' ? "" : ": ", r->text);
	}
	gh_text_putf(t, "newest [%s] blocked [%s]\n", s->newest, s->blocked);
}

static void
says(const struct convention *c, const char *wanted)
{
	struct convention_status s;
	GH_TEXT t = { 0 };

	convention_status(c, &found, rows, n_rows, &arena, &s);
	dump(&s, &t);
	assert_string_equal(gh_text_str(&t), wanted);
}

static const struct convention easy = { .name = "easy", .title = "Easy" };
static const struct convention strict = { .name = "strict",
	.title = "Strict",
	.older = CONVENTION_OLDER_BLOCKS,
	.missing_blocks = true,
	.changed_blocks = true,
	.failed_blocks = true,
	.command_failed = "strict repair" };

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

static enum convention_same
same_kind(const struct convention_migration *m, const char *recorded)
{
	if (recorded[0] != m->checksum[0])
		return CONVENTION_CANNOT_TELL;
	return strcmp(m->checksum, recorded) == 0 ? CONVENTION_SAME : CONVENTION_CHANGED;
}

static void
changed_since_by_the_tools_own_checksum(void **state)
{
	static const struct convention kinds = { .name = "kinds", .title = "Kinds", .same = same_kind };

	(void)state;
	file("1", "aaa");
	file("2", "a234567890123456789012345");
	file("3", "");
	row("1", "applied", "aaa");
	row("2", "applied", "abc");
	row("3", "applied", "zzz");
	says(&easy,
	    "1 applied nothing @1\n"
	    "2 edited nothing @2: changed since it was applied: its checksum was abc, the file's is "
	    "a2345678901234567890...; Easy does not run it again: bring the change in a new migration\n"
	    "3 applied nothing @3\n"
	    "newest [3] blocked []\n");
	rows[0].checksum = "7:old";
	rows[1].checksum = "";
	says(&kinds,
	    "1 applied nothing @1: its recorded checksum is of another kind: whether the file was changed "
	    "since cannot "
	    "be told\n"
	    "2 applied nothing @2\n"
	    "3 applied nothing @3\n"
	    "newest [3] blocked []\n");
	rows[0].checksum = "abb";
	says(&strict,
	    "1 edited blocks @1: changed since it was applied: its checksum was abb, the file's is aaa; "
	    "Strict runs "
	    "nothing until the file is as it was or the record is corrected\n"
	    "2 applied nothing @2\n"
	    "3 applied nothing @3\n"
	    "newest [3] blocked [1.sql: changed since it was applied: its checksum was abb, the file's is "
	    "aaa; Strict "
	    "runs nothing until the file is as it was or the record is corrected]\n");
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
failed_ones(void **state)
{
	(void)state;
	file("1", "");
	file("2", "");
	row("1", "failed", "");
	row("7", "dirty", "")->detail = "syntax error";
	says(&easy,
	    "1 failed runs @1: Easy has recorded that it failed; the next up tries it again\n"
	    "2 pending runs\n"
	    "7 failed nothing @2 after [2]: Easy has left it dirty: it began, and its end was never recorded "
	    "(syntax "
	    "error); the next up tries it again; there is no file for it\n"
	    "newest [] blocked []\n");
}

static void
failed_ones_block_where_the_tool_says_so(void **state)
{
	(void)state;
	file("1", "");
	file("2", "");
	row("1", "applied", "");
	row("2", "failed", "");
	says(&strict,
	    "1 applied nothing @1\n"
	    "2 failed blocks @2: Strict has recorded that it failed; nothing runs until that is resolved, "
	    "which its "
	    "users do by: strict repair\n"
	    "newest [1] blocked [2.sql: Strict has recorded that it failed; nothing runs until that is "
	    "resolved, which "
	    "its users do by: strict repair]\n");
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
repeatable_ones_run_again_when_they_change(void **state)
{
	(void)state;
	file("1", "");
	file("views", "a")->repeatable = true;
	file("roles", "b")->repeatable = true;
	file("new", "c")->repeatable = true;
	row("views", "applied", "a");
	row("roles", "applied", "a");
	row("roles", "applied", "x");
	says(&strict,
	    "1 pending runs\n"
	    "views applied nothing @1\n"
	    "roles pending runs @3: changed since it ran last: it is repeatable and runs again\n"
	    "new pending runs\n"
	    "newest [] blocked []\n");
}

static void
what_comes_after_a_code_step_waits_for_the_tool(void **state)
{
	(void)state;
	file("1", "");
	file("2", "")->code = true;
	files[1].file = "2_x.go";
	file("3", "");
	file("r", "")->repeatable = true;
	says(&easy,
	    "1 pending runs\n"
	    "2 pending blocks: a step in a programming language: Gatehouse cannot run it, nor what comes "
	    "after it until "
	    "Easy has run it\n"
	    "3 pending blocks: comes after 2_x.go, which only Easy can run\n"
	    "r pending blocks: comes after 2_x.go, which only Easy can run\n"
	    "newest [] blocked []\n");
	row("1", "applied", "");
	says(&easy,
	    "1 applied nothing @1\n"
	    "2 pending blocks: a step in a programming language: Gatehouse cannot run it, nor what comes "
	    "after it until "
	    "Easy has run it\n"
	    "3 pending blocks: comes after 2_x.go, which only Easy can run\n"
	    "r pending blocks: comes after 2_x.go, which only Easy can run\n"
	    "newest [1] blocked [2_x.go: a step in a programming language: Gatehouse cannot run it, nor what "
	    "comes "
	    "after it until Easy has run it]\n");
	row("2", "applied", "");
	says(&easy,
	    "1 applied nothing @1\n2 applied nothing @2\n3 pending runs\nr pending runs\nnewest [2] blocked "
	    "[]\n");
}

static const struct convention one = {
	.name = "one", .title = "One", .one_row = true, .missing_blocks = true, .failed_blocks = true
};

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
	    "nothing "
	    "runs until that is resolved; there is no file for it\n"
	    "newest [] blocked [-1: One has left it dirty: it began, and its end was never recorded; nothing "
	    "runs until "
	    "that is resolved; there is no file for it]\n");
}

static void
a_folder_that_the_tool_refuses(void **state)
{
	(void)state;
	file("1", "");
	found.problem = "two files with version 1";
	says(&easy, "1 pending runs\nnewest [] blocked [two files with version 1]\n");
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
		T(changed_since_by_the_tools_own_checksum),
		T(missing_ones_stand_where_their_number_belongs),
		T(missing_ones_without_a_number_stand_behind_the_row_before),
		T(failed_ones),
		T(failed_ones_block_where_the_tool_says_so),
		T(the_last_row_of_a_key_decides),
		T(a_history_that_begins_later),
		T(repeatable_ones_run_again_when_they_change),
		T(what_comes_after_a_code_step_waits_for_the_tool),
		T(a_table_that_only_holds_the_newest),
		T(a_folder_that_the_tool_refuses),
		T(the_convention_has_the_last_word),
		T(five_thousand_take_no_time),
	};

	return cmocka_run_group_tests_name("migration/status", tests, NULL, NULL);
}
