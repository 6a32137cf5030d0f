#include "base/ban.h"
#include "base/io.h"
#include "runner/job/job.h"
#include "tests/support/disk_folder.h"
#include "tests/support/dump_journal.h"

#include <setjmp.h>
#include <cmocka.h>
#include <sys/mman.h>

/* Folders as nobody should make them: each entry is listed with a reason, nothing hangs, dies or runs. */
static struct gh_text dump;
static char sentence[512];

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

static const char *
analyse(const char *convention)
{
	GH_ARENA a = { .limit = JOB_ARENA_LIMIT };
	struct job j = { .arena = &a };
	struct gh_err err = { 0 };
	const char *detected;

	j.spec.folder = disk_folder();
	j.spec.convention = convention;
	assert_int_equal(wire_journal_open(&j.journal, memfd_create("journal", MFD_CLOEXEC), &err), GH_OK);
	if (job_analyse.run(&j, &err) != GH_OK)
		job_outcome(&j, WIRE_FAILED_CLEAN, "%s", err.msg);
	(void)snprintf(sentence, sizeof(sentence), "%s", j.sentence);
	detected = dump_journal(j.journal.fd, &dump);
	wire_journal_done(&j.journal);
	return detected;
}

static void
contains(const char *part)
{
	if (strstr(gh_text_str(&dump), part) == NULL)
		fail_msg("%s\nis not in\n%s", part, gh_text_str(&dump));
}

static void
names_that_would_fool_a_terminal(void **state)
{
	(void)state;
	disk_put("001_a\n001_b.sql", "SELECT 1;");
	disk_put("002_\x1b[31mred.sql", "SELECT 1;");
	disk_put("003_\xff.sql", "SELECT 1;");
	disk_put("d\x07/004_a.sql", "SELECT 1;");
	(void)analyse("numbered");
	assert_string_equal(sentence, "0 migrations, 0 with a problem; 4 files refused");
	contains("refused 001_a\\x0a001_b.sql: the name holds a control character\n");
	contains("refused 002_\\x1b[31mred.sql: the name holds a control character\n");
	contains("refused 003_\\xff.sql: the name is not UTF-8\n");
	contains("refused d\\x07: the name holds a control character\n");
	assert_null(strchr(gh_text_str(&dump), '\x1b'));
}

static void
texts_of_all_sorts(void **state)
{
	static const char utf16[] = "\xff\xfeS\0E\0L\0E\0C\0T\0";

	(void)state;
	disk_put_n("001_utf16.sql", utf16, sizeof(utf16) - 1);
	disk_put("002_bom.sql", "\xef\xbb\xbfSELECT 1;");
	disk_put_n("003_nul.sql", "SELECT\0 1;", 10);
	disk_put("004_crlf.sql", "SELECT 1;\r\nSELECT 2;\r\n");
	disk_put("005_latin.sql", "SELECT '\xe9';");
	disk_put("006_empty.sql", "");
	(void)analyse("numbered");
	assert_string_equal(sentence, "6 migrations, 5 with a problem; 0 files refused");
	contains("001_utf16.sql:1:1: this is UTF-16: save the file as UTF-8");
	contains("002_bom.sql:1:1: begins with a byte order mark (BOM)");
	contains("003_nul.sql:1:7: a NUL byte");
	contains("3 004_crlf (004 crlf) 004_crlf.sql {, , }\n  up at 1\n    0+8 1 group 1 SELECT");
	contains("005_latin.sql:1:9: byte 0xe9 is not UTF-8");
	contains("006_empty.sql:1:1: nothing to run");
}

static void
conventions_that_are_mixed(void **state)
{
	(void)state;
	disk_put("001_a.up.sql", "SELECT 1;");
	disk_put("001_a.down.sql", "SELECT 1;");
	disk_put("V2__b.sql", "SELECT 1;");
	disk_put("003_c.sql", "-- +goose Up\nSELECT 1;");
	assert_string_equal(analyse(""), "");
	contains("problem ");
	contains(" fit equally: write convention = ");
	contains("ignored V2__b.sql: no convention is chosen\n");
	gh_text_clear(&dump);
	assert_string_equal(analyse("golang-migrate"), "golang-migrate");
	contains("up 001_a.up.sql [1]\n");
	contains(" V2__b.sql: ");
	contains(" 003_c.sql: ");
}

static void
versions_that_are_double_and_pairs_that_are_half(void **state)
{
	(void)state;
	disk_put("1_a.up.sql", "SELECT 1;");
	disk_put("001_b.up.sql", "SELECT 1;");
	disk_put("2_c.down.sql", "SELECT 1;");
	(void)analyse("golang-migrate");
	contains("001_b.up.sql");
	contains("problem ");
	contains("down 2_c.down.sql [2]\n");
}

static void
what_is_no_plain_file(void **state)
{
	char from[PATH_MAX];

	(void)state;
	disk_link("/etc/passwd", "001_link.sql");
	disk_link(".", "loop");
	disk_pipe("002_pipe.sql");
	disk_pipe("atlas.sum");
	disk_put("003_hard.sql", "SELECT 1;");
	(void)snprintf(from, sizeof(from), "%s", disk_in("003_hard.sql"));
	assert_int_equal(link(from, disk_in("004_hard.sql")), 0);
	(void)analyse("numbered");
	contains("refused 001_link.sql [001_link]: not read: a symbolic link\n");
	contains("refused 002_pipe.sql [002_pipe]: not read: a named pipe\n");
	contains("refused 003_hard.sql [003_hard]: not read: the file has 2 names (hard links): copy it "
		 "instead\n");
	contains("ignored loop: ");
	gh_text_clear(&dump);
	(void)analyse("");
	contains("003_hard.sql");
}

/* As many files as can be, none of them a migration; one more is refused with a reason. */
static void
a_hundred_thousand_files(void **state)
{
	GH_FD int fd = -1;
	clock_t began;
	char name[32];
	int i;

	(void)state;
	fd = open(disk_folder(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	for (i = 0; i < 100000; i++) {
		(void)snprintf(name, sizeof(name), "x%06d.sql", i);
		assert_int_equal(mknodat(fd, name, S_IFREG | 0600, 0), 0);
	}
	began = clock();
	(void)analyse("numbered");
	assert_string_equal(sentence, "0 migrations, 0 with a problem; 100000 files refused");
	assert_true(clock() - began < 30 * CLOCKS_PER_SEC);
	disk_put("one_more.sql", "SELECT 1;");
	(void)analyse("numbered");
	assert_non_null(strstr(sentence, "has more than 100000 entries"));
}

/* Too many for the runner to take in while it answers: a sentence, and nothing half read. */
static void
more_migrations_than_are_read(void **state)
{
	GH_FD int fd = -1;
	char name[32];
	int i;

	(void)state;
	fd = open(disk_folder(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	for (i = 1; i <= 20001; i++) {
		(void)snprintf(name, sizeof(name), "%d_a.up.sql", i);
		assert_int_equal(mknodat(fd, name, S_IFREG | 0600, 0), 0);
	}
	(void)analyse("golang-migrate");
	assert_non_null(strstr(sentence, "has 20001 migrations, more than 20000 are not read"));
	assert_null(strstr(gh_text_str(&dump), "20001_a"));
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(names_that_would_fool_a_terminal),
		T(texts_of_all_sorts),
		T(conventions_that_are_mixed),
		T(versions_that_are_double_and_pairs_that_are_half),
		T(what_is_no_plain_file),
		T(a_hundred_thousand_files),
		T(more_migrations_than_are_read),
	};

	return cmocka_run_group_tests_name("runner/job/folders", tests, NULL, NULL);
}
