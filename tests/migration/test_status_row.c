#include "base/ban.h"
#include "tests/migration/status_rig.h"

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
	/* A long one is cut, at a whole character. */
	rows[1].checksum = "aaaaaaaaaaaaaaaaaaa\xc3\xa9z";
	says(&easy,
	    "1 applied nothing @1\n"
	    "2 edited nothing @2: changed since it was applied: its checksum was aaaaaaaaaaaaaaaaaaa..., the "
	    "file's is a2345678901234567890...; Easy does not run it again: bring the change in a new "
	    "migration\n"
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
	    "error); there is no file for it, so nothing tries it again\n"
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

static void
a_folder_that_the_tool_refuses(void **state)
{
	(void)state;
	file("1", "");
	found.problem = "two files with version 1";
	says(&easy, "1 pending runs\nnewest [] blocked [two files with version 1]\n");
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(changed_since_by_the_tools_own_checksum),
		T(failed_ones),
		T(failed_ones_block_where_the_tool_says_so),
		T(repeatable_ones_run_again_when_they_change),
		T(what_comes_after_a_code_step_waits_for_the_tool),
		T(a_folder_that_the_tool_refuses),
	};

	return cmocka_run_group_tests_name("migration/status_row", tests, NULL, NULL);
}
