#include "base/ban.h"
#include "runner/job/analyse.h"
#include "base/io.h"
#include "tests/support/disk_folder.h"
#include "tests/support/dump_journal.h"

#include <setjmp.h>
#include <cmocka.h>
#include <sys/mman.h>

/* The journal of the last analysis. */
static struct gh_text dump;
static const char *detected;

static int
setup(void **state)
{
	gh_text_clear(&dump);
	return disk_setup(state);
}

static int
teardown(void **state)
{
	gh_text_done(&dump);
	return disk_teardown(state);
}

/* Analyses; what came out is in dump, the outcome's sentence is returned. */
static void
analyse(const char *convention, const char *sentence)
{
	GH_ARENA a = { .limit = JOB_ARENA_LIMIT };
	struct gh_err err = { 0 };
	struct job j = { .arena = &a };

	j.spec.folder = disk_folder();
	j.spec.convention = convention;
	assert_int_equal(wire_journal_open(&j.journal, memfd_create("journal", MFD_CLOEXEC), &err), GH_OK);
	assert_int_equal(job_analyse.run(&j, &err), GH_OK);
	assert_int_equal(j.outcome, WIRE_SUCCEEDED);
	assert_string_equal(j.sentence, sentence);
	detected = dump_journal(j.journal.fd, &dump);
	wire_journal_done(&j.journal);
}

static void
journals_migrations_in_order(void **state)
{
	(void)state;
	disk_put("002_b.sql", "BEGIN;\nCREATE INDEX i ON a (x);\nCOMMIT;\n");
	disk_put("001_a.sql",
	    "-- Description: First\n-- Author: me\n-- Date: today\nCREATE TABLE a (x int);\nSELECT 1;\n");
	disk_put("001_a_down.sql", "DROP TABLE a;");
	disk_put("010_c.sql", "CREATE INDEX CONCURRENTLY j ON a (x);");
	analyse("numbered", "3 migrations, 0 with a problem; 0 files refused");
	assert_string_equal(detected, "numbered");
	assert_string_equal(gh_text_str(&dump),
	    "up 001_a.sql [001_a]\n"
	    "down 001_a_down.sql [001_a]\n"
	    "up 002_b.sql [002_b]\n"
	    "up 010_c.sql [010_c]\n"
	    "note 7 numbers are missing between 002_b.sql and 010_c.sql\n"
	    "0 001_a (001 a) 001_a.sql {First, me, today}\n"
	    "  up at 1\n"
	    "    51+22 4 group 1 CREATE TABLE public.a table\n"
	    "    75+8 5 group 1 SELECT  \n"
	    "  down at 1\n"
	    "    0+12 1 group 1 DROP TABLE  \n"
	    "1 002_b (002 b) 002_b.sql {, , }\n"
	    "  up at 1 stripped\n"
	    "    7+23 2 group 1 CREATE INDEX public.i index\n"
	    "2 010_c (010 c) 010_c.sql {, , }\n"
	    "  up at 1 each outside\n"
	    "    0+36 1 group 0 CREATE INDEX alone public.j index\n");
}

static void
lists_every_file_with_its_reason(void **state)
{
	(void)state;
	disk_put("README.md", "x");
	disk_put(".hidden", "x");
	disk_put("old/x.sql", "x");
	disk_put("add_photos.sql", "SELECT 1;");
	disk_put("006-add-photos.sql", "SELECT 1;");
	disk_put("007_a\nb.sql", "SELECT 1;");
	disk_put("008_alone_down.sql", "SELECT 1;");
	analyse("numbered", "0 migrations, 0 with a problem; 4 files refused");
	assert_string_equal(gh_text_str(&dump),
	    "ignored .hidden: hidden: the name begins with a dot\n"
	    "refused 006-add-photos.sql: use an underscore, not a dash: name it 006_add_photos.sql\n"
	    "refused 007_a\\x0ab.sql: the name holds a control character\n"
	    "refused 008_alone_down.sql: a way back without its up: 008_alone.sql is missing or refused\n"
	    "ignored README.md: not an .sql file\n"
	    "refused add_photos.sql: the number is missing: name it NNN_add_photos.sql, with the next free "
	    "number for NNN\n"
	    "ignored old: a folder: only files of this folder itself are read\n"
	    "ignored old/x.sql: in a folder: only files of the migrations' own folder are read\n");
}

static void
journals_the_queries_of_the_project(void **state)
{
	(void)state;
	disk_put("001_a.sql", "CREATE TABLE a (x int);");
	disk_put("verify/b.sql", "SELECT x FROM a WHERE x < 0");
	disk_put("verify/a.sql", "SELECT 1; SELECT 2");
	disk_put("verify/c.sql", "SELEC 1");
	analyse("numbered", "1 migrations, 2 with a problem; 0 files refused");
	assert_string_equal(gh_text_str(&dump),
	    "up 001_a.sql [001_a]\n"
	    "ignored verify: a folder\n"
	    "verify verify/a.sql\n"
	    "verify verify/b.sql\n"
	    "verify verify/c.sql\n"
	    "query verify/a.sql SELECT 1; SELECT 2 verify/a.sql: has 2 statements, it must be one query\n"
	    "query verify/b.sql SELECT x FROM a WHERE x < 0 \n"
	    "query verify/c.sql SELEC 1 verify/c.sql:1:1: syntax error at or near \"SELEC\"\n"
	    "0 001_a (001 a) 001_a.sql {, , }\n"
	    "  up at 1\n"
	    "    0+22 1 group 1 CREATE TABLE public.a table\n");
}

static void
refuses_what_is_no_plain_file(void **state)
{
	(void)state;
	disk_link("/etc/passwd", "001_out.sql");
	disk_put("001_out_down.sql", "SELECT 1;");
	disk_pipe("002_pipe.sql");
	analyse("numbered", "0 migrations, 0 with a problem; 3 files refused");
	assert_string_equal(gh_text_str(&dump),
	    "refused 001_out.sql [001_out]: not read: a symbolic link\n"
	    "refused 001_out_down.sql: a way back without its up: 001_out.sql is missing or refused\n"
	    "refused 002_pipe.sql [002_pipe]: not read: a named pipe\n");
}

static void
names_both_files_of_one_version(void **state)
{
	(void)state;
	disk_put("006_a.sql", "SELECT 1;");
	disk_put("0006_b.sql", "SELECT 1;");
	analyse("numbered", "2 migrations, 2 with a problem; 0 files refused");
	assert_string_equal(gh_text_str(&dump),
	    "up 0006_b.sql [0006_b]\n"
	    "up 006_a.sql [006_a]\n"
	    "0 0006_b (0006 b) 0006_b.sql {, , }\n"
	    "  up at 1 outside: 0006_b.sql: version 0006 is also that of 006_a.sql: give one of them "
	    "another\n"
	    "1 006_a (006 a) 006_a.sql {, , }\n"
	    "  up at 1 outside: 006_a.sql: version 006 is also that of 0006_b.sql: give one of them "
	    "another\n");
}

static void
names_what_cannot_run(void **state)
{
	(void)state;
	disk_put("001_syntax.sql", "-- \xc3\xa9\nSELECT '\xc3\xa9' FRM x y;");
	disk_put("002_empty.sql", "-- nothing\n");
	disk_put("003_bom.sql", "\xef\xbb\xbfSELECT 1;");
	disk_put_n("004_nul.sql", "SELECT 1;\n\0", 11);
	disk_put("005_latin.sql", "SELECT 1;\n-- caf\xe9 \xff");
	disk_put("006_commit.sql", "SELECT 1;\nROLLBACK;");
	analyse("numbered", "6 migrations, 6 with a problem; 0 files refused");
	assert_string_equal(gh_text_str(&dump),
	    "up 001_syntax.sql [001_syntax]\n"
	    "up 002_empty.sql [002_empty]\n"
	    "up 003_bom.sql [003_bom]\n"
	    "up 004_nul.sql [004_nul]\n"
	    "up 005_latin.sql [005_latin]\n"
	    "up 006_commit.sql [006_commit]\n"
	    "0 001_syntax (001 syntax) 001_syntax.sql {, , }\n"
	    "  up at 1 each outside: 001_syntax.sql:2:16: syntax error at or near \"x\"\n"
	    "1 002_empty (002 empty) 002_empty.sql {, , }\n"
	    "  up at 1 each outside: 002_empty.sql:1:1: nothing to run\n"
	    "2 003_bom (003 bom) 003_bom.sql {, , }\n"
	    "  up at 1 outside: 003_bom.sql:1:1: begins with a byte order mark (BOM): save it as UTF-8 "
	    "without one\n"
	    "3 004_nul (004 nul) 004_nul.sql {, , }\n"
	    "  up at 1 outside: 004_nul.sql:2:1: a NUL byte: this is not text (UTF-16?), save it as UTF-8\n"
	    "4 005_latin (005 latin) 005_latin.sql {, , }\n"
	    "  up at 1 outside: 005_latin.sql:2:7: byte 0xe9 is not UTF-8: save the file as UTF-8\n"
	    "5 006_commit (006 commit) 006_commit.sql {, , }\n"
	    "  up at 1 each outside: 006_commit.sql:2:1: ROLLBACK: only one BEGIN ... COMMIT around the "
	    "whole file is possible, the run brings its own\n");
}

static void
reads_sections(void **state)
{
	(void)state;
	disk_put("20251123101500_a.sql",
	    "-- Description: Two\n-- Up Migration\nCREATE TABLE a ();\n-- Down Migration\nDROP TABLE a;\n");
	disk_put("20251123101600_b.sql", "-- Up Migration\r\nSELECT 1;\r\n");
	analyse("sections", "2 migrations, 0 with a problem; 0 files refused");
	assert_string_equal(gh_text_str(&dump),
	    "both 20251123101500_a.sql [20251123101500_a]\n"
	    "both 20251123101600_b.sql [20251123101600_b]\n"
	    "0 20251123101500_a (20251123101500 a) 20251123101500_a.sql {Two, , }\n"
	    "  up at 2\n"
	    "    16+17 3 group 1 CREATE TABLE public.a table\n"
	    "  down at 4\n"
	    "    18+12 5 group 1 DROP TABLE  \n"
	    "1 20251123101600_b (20251123101600 b) 20251123101600_b.sql {, , }\n"
	    "  up at 1\n"
	    "    17+8 2 group 1 SELECT  \n");
}

static void
finds_the_convention_itself(void **state)
{
	(void)state;
	disk_put("001_a.sql", "CREATE TABLE a ();");
	disk_put("001_a_down.sql", "DROP TABLE a;");
	analyse("", "1 migrations, 0 with a problem; 0 files refused");
	assert_string_equal(detected, "numbered");
}

static void
lists_a_folder_that_fits_nothing(void **state)
{
	(void)state;
	disk_put("20200101120000_create_users.rb", "x");
	disk_put("lib/notes.txt", "x");
	disk_link("/etc/passwd", "out");
	analyse("",
	    "no convention is chosen: Rails: 1 file in Ruby, which Gatehouse does not run, because it runs "
	    "SQL files "
	    "only: write new ones as SQL files in a folder of their own");
	assert_string_equal(detected, "");
	assert_string_equal(gh_text_str(&dump),
	    "problem Rails: 1 file in Ruby, which Gatehouse does not run, because it runs SQL files only: "
	    "write new "
	    "ones as SQL files in a folder of their own\n"
	    "ignored 20200101120000_create_users.rb: no convention is chosen\n"
	    "ignored lib: a folder\n"
	    "ignored lib/notes.txt: no convention is chosen\n"
	    "ignored out: a symbolic link\n");
}

static void
survives_what_kills_the_parser(void **state)
{
	GH_TEXT t = { 0 };
	int i;

	(void)state;
#ifdef GH_ARENA_MALLOC
	skip(); /* AddressSanitizer needs a minute to report an exhausted stack */
#endif
	gh_text_put(&t, "SELECT 1");
	for (i = 0; i < 40000; i++)
		gh_text_put(&t, "+1");
	disk_put("001_good.sql", "SELECT 1;");
	disk_put("002_deep.sql", t.data);
	disk_put("003_good.sql", "SELECT 1;");
	analyse("numbered", "3 migrations, 1 with a problem; 0 files refused");
	assert_string_equal(gh_text_str(&dump),
	    "up 001_good.sql [001_good]\n"
	    "up 002_deep.sql [002_deep]\n"
	    "up 003_good.sql [003_good]\n"
	    "0 001_good (001 good) 001_good.sql {, , }\n"
	    "  up at 1\n"
	    "    0+8 1 group 1 SELECT  \n"
	    "1 002_deep (002 deep) 002_deep.sql {, , }\n"
	    "  up at 1 each outside: 002_deep.sql:1:1: too deeply nested to analyse\n"
	    "2 003_good (003 good) 003_good.sql {, , }\n"
	    "  up at 1\n"
	    "    0+8 1 group 1 SELECT  \n");
}

static void
says_why_a_folder_cannot_be_read(void **state)
{
	GH_ARENA a = { .limit = JOB_ARENA_LIMIT };
	struct gh_err err = { 0 };
	struct job j = { .arena = &a };

	(void)state;
	j.spec.folder = "/nowhere/migrations";
	j.spec.convention = "numbered";
	assert_int_equal(job_analyse.run(&j, &err), GH_NOT_FOUND);
	assert_string_equal(err.msg, "cannot open folder /nowhere/migrations: No such file or directory");
	err = (struct gh_err){ 0 };
	j.spec.convention = "other";
	assert_int_equal(job_analyse.run(&j, &err), GH_BAD_INPUT);
	assert_string_equal(err.msg, "no convention is called \"other\"");
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(journals_migrations_in_order),
		T(lists_every_file_with_its_reason),
		T(journals_the_queries_of_the_project),
		T(refuses_what_is_no_plain_file),
		T(names_both_files_of_one_version),
		T(names_what_cannot_run),
		T(reads_sections),
		T(finds_the_convention_itself),
		T(lists_a_folder_that_fits_nothing),
		T(survives_what_kills_the_parser),
		T(says_why_a_folder_cannot_be_read),
	};

	return cmocka_run_group_tests_name("runner/job/analyse", tests, NULL, NULL);
}
