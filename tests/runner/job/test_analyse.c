#include "base/ban.h"
#include "runner/job/analyse.h"
#include "base/io.h"

#include <setjmp.h>
#include <cmocka.h>
#include <sys/mman.h>

/* A folder of migrations, and the journal of its analysis as text: a line a frame. */
static char folder[64];
static struct gh_text dump;

static const char *
in(const char *name)
{
	static char path[PATH_MAX];

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

static void
put_n(const char *name, const char *text, size_t len)
{
	GH_FD int fd = open(in(name), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, len), (ssize_t)len);
}

static void
put(const char *name, const char *text)
{
	put_n(name, text, strlen(text));
}

static int
setup(void **state)
{
	(void)state;
	(void)snprintf(folder, sizeof(folder), "/tmp/gatehouse-analyse-XXXXXX");
	gh_text_clear(&dump);
	return mkdtemp(folder) == NULL ? -1 : 0;
}

static int
teardown(void **state)
{
	GH_ARENA a = { 0 };
	GH_FOLDER f = { .fd = -1 };
	size_t i;

	(void)state;
	gh_text_done(&dump);
	if (gh_folder_open(folder, &a, &f, NULL) != GH_OK)
		return -1;
	for (i = 0; i < f.n; i++)
		(void)unlinkat(f.fd, f.entries[i].name, S_ISDIR(f.entries[i].st.st_mode) ? AT_REMOVEDIR : 0);
	return rmdir(folder);
}

static void
dump_file(struct wire_in *f, struct gh_arena *a)
{
	const char *name = wire_text(f, a), *as = wire_file_name((enum wire_file)wire_u8(f));
	const char *version = wire_text(f, a), *title = wire_text(f, a), *key = wire_text(f, a);
	const char *reason = wire_text(f, a);

	assert_true(
	    strlen(wire_text(f, a)) == (reason[0] == '\0' || strncmp(reason, "nothing", 7) == 0 ? 64 : 0));
	gh_text_putf(&dump, "%s %s", as, name);
	if (*key != '\0')
		gh_text_putf(&dump, " [%s %s %s]", version, title, key);
	if (*reason != '\0')
		gh_text_putf(&dump, ": %s", reason);
	key = wire_text(f, a);
	version = wire_text(f, a);
	title = wire_text(f, a);
	if (*key != '\0')
		gh_text_putf(&dump, " {%s, %s, %s}", key, version, title);
	gh_text_putc(&dump, '\n');
}

static void
dump_side(struct wire_in *f, struct gh_arena *a)
{
	const char *key = wire_text(f, a), *side = wire_side_name((enum wire_side)wire_u8(f)), *problem;
	char digest[GH_SHA256_HEX_LEN];
	const void *bytes;
	bool transactional, stripped;
	int64_t line;
	size_t len;

	(void)wire_text(f, a);
	bytes = wire_bytes(f, &len);
	gh_sha256_hex(bytes, len, digest);
	assert_string_equal(wire_text(f, a), digest);
	line = wire_i64(f);
	transactional = wire_bool(f);
	stripped = wire_bool(f);
	problem = wire_text(f, a);
	gh_text_putf(&dump, "  %s %s at %" PRId64 "%s%s%s%s\n", side, key, line, transactional ? "" : " each",
	    stripped ? " stripped" : "", *problem == '\0' ? "" : ": ", problem);
	assert_true(gh_utf8_valid(bytes, len, NULL));
}

static void
dump_sql(struct wire_in *f, struct gh_arena *a)
{
	int64_t offset, length, line;
	const char *kind, *object;
	bool alone;

	(void)wire_text(f, a);
	(void)wire_u8(f);
	offset = wire_i64(f);
	length = wire_i64(f);
	line = wire_i64(f);
	kind = wire_text(f, a);
	alone = wire_bool(f);
	object = wire_text(f, a);
	gh_text_putf(&dump, "    %" PRId64 "+%" PRId64 " %" PRId64 " %s%s %s %s\n", offset, length, line,
	    kind, alone ? " alone" : "", object, wire_text(f, a));
}

static void
dump_journal(int fd)
{
	struct wire_follow at = { 0 };
	struct gh_err err = { 0 };
	struct wire_event e;
	GH_TEXT buf = { 0 };
	bool got = true;

	for (;;) {
		GH_ARENA a = { 0 };

		assert_int_equal(wire_follow_next(&at, fd, &buf, &e, &got, &err), GH_OK);
		if (!got)
			return;
		if (e.kind == WIRE_J_FOLDER)
			assert_int_equal(strlen(wire_text(&e.fields, &a)), 64);
		else if (e.kind == WIRE_J_FILE)
			dump_file(&e.fields, &a);
		else if (e.kind == WIRE_J_SIDE)
			dump_side(&e.fields, &a);
		else if (e.kind == WIRE_J_SQL)
			dump_sql(&e.fields, &a);
		else if (e.kind == WIRE_J_LOG)
			gh_text_putf(&dump, "log %s\n", wire_text(&e.fields, &a));
		else
			fail_msg("a frame of kind %d", (int)e.kind);
		assert_int_equal(wire_end(&e.fields, &err), GH_OK);
	}
}

/* Analyses; what came out is in dump, the outcome's sentence is returned. */
static void
analyse(const char *convention, const char *sentence)
{
	GH_ARENA a = { .limit = JOB_ARENA_LIMIT };
	struct gh_err err = { 0 };
	struct job j = { .arena = &a };

	j.spec.folder = folder;
	j.spec.convention = convention;
	assert_int_equal(wire_journal_open(&j.journal, memfd_create("journal", MFD_CLOEXEC), &err), GH_OK);
	assert_int_equal(job_analyse.run(&j, &err), GH_OK);
	assert_int_equal(j.outcome, WIRE_SUCCEEDED);
	assert_string_equal(j.sentence, sentence);
	dump_journal(j.journal.fd);
	wire_journal_done(&j.journal);
}

static void
journals_migrations_in_order(void **state)
{
	(void)state;
	put("002_b.sql", "BEGIN;\nCREATE INDEX i ON a (x);\nCOMMIT;\n");
	put("001_a.sql",
	    "-- Description: First\n-- Author: me\n-- Date: today\nCREATE TABLE a (x int);\nSELECT 1;\n");
	put("001_a_down.sql", "DROP TABLE a;");
	put("010_c.sql", "CREATE INDEX CONCURRENTLY j ON a (x);");
	analyse("numbered", "3 migrations, 0 with a problem; 0 files refused");
	assert_string_equal(gh_text_str(&dump),
	    "up 001_a.sql [001 a 001_a] {First, me, today}\n"
	    "  up 001_a at 1\n"
	    "    51+22 4 CREATE TABLE public.a table\n"
	    "    75+8 5 SELECT  \n"
	    "down 001_a_down.sql [001 a 001_a]\n"
	    "  down 001_a at 1\n"
	    "    0+12 1 DROP TABLE  \n"
	    "up 002_b.sql [002 b 002_b]\n"
	    "  up 002_b at 1 stripped\n"
	    "    7+23 2 CREATE INDEX public.i index\n"
	    "log 7 left out between 002_b.sql and 010_c.sql\n"
	    "up 010_c.sql [010 c 010_c]\n"
	    "  up 010_c at 1 each\n"
	    "    0+36 1 CREATE INDEX alone public.j index\n");
}

static void
lists_every_file_with_its_reason(void **state)
{
	(void)state;
	put("README.md", "x");
	put(".hidden", "x");
	assert_int_equal(mkdir(in("old"), 0755), 0);
	put("add_photos.sql", "SELECT 1;");
	put("006-add-photos.sql", "SELECT 1;");
	put("007_a\nb.sql", "SELECT 1;");
	put("008_alone_down.sql", "SELECT 1;");
	analyse("numbered", "0 migrations, 0 with a problem; 4 files refused");
	assert_string_equal(gh_text_str(&dump),
	    "ignored .hidden: hidden: the name begins with a dot\n"
	    "refused 006-add-photos.sql: use an underscore, not a dash: name it 006_add_photos.sql\n"
	    "refused 007_a\\x0ab.sql: the name holds a control character\n"
	    "refused 008_alone_down.sql [008 alone 008_alone]: a way back without its up: 008_alone.sql is "
	    "missing or refused\n"
	    "ignored README.md: not an .sql file\n"
	    "refused add_photos.sql: the number is missing: name it NNN_add_photos.sql, with the next free "
	    "number for NNN\n"
	    "ignored old: a folder: only files of this folder itself are read\n");
}

static void
refuses_what_is_no_plain_file(void **state)
{
	(void)state;
	assert_int_equal(symlink("/etc/passwd", in("001_out.sql")), 0);
	put("001_out_down.sql", "SELECT 1;");
	assert_int_equal(mkfifo(in("002_pipe.sql"), 0600), 0);
	analyse("numbered", "0 migrations, 0 with a problem; 3 files refused");
	assert_non_null(
	    strstr(dump.data, "refused 001_out.sql [001 out 001_out]: not a file but a symbolic link\n"));
	assert_non_null(
	    strstr(dump.data, "refused 001_out_down.sql [001 out 001_out]: a way back without its up"));
	assert_non_null(
	    strstr(dump.data, "refused 002_pipe.sql [002 pipe 002_pipe]: not a file but a named pipe\n"));
	assert_null(strstr(dump.data, "root:"));
}

static void
names_both_files_of_one_version(void **state)
{
	(void)state;
	put("006_a.sql", "SELECT 1;");
	put("0006_b.sql", "SELECT 1;");
	analyse("numbered", "2 migrations, 2 with a problem; 0 files refused");
	assert_string_equal(gh_text_str(&dump),
	    "up 0006_b.sql [0006 b 0006_b]\n"
	    "  up 0006_b at 1: 0006_b.sql: version 0006 is also that of 006_a.sql: give one of them another\n"
	    "up 006_a.sql [006 a 006_a]\n"
	    "  up 006_a at 1: 006_a.sql: version 006 is also that of 0006_b.sql: give one of them another\n");
}

static void
names_what_cannot_run(void **state)
{
	(void)state;
	put("001_syntax.sql", "-- \xc3\xa9\nSELECT '\xc3\xa9' FRM x y;");
	put("002_empty.sql", "-- nothing\n");
	put("003_bom.sql", "\xef\xbb\xbfSELECT 1;");
	put_n("004_nul.sql", "SELECT 1;\n\0", 11);
	put("005_latin.sql", "SELECT 1;\n-- caf\xe9 \xff");
	put("006_commit.sql", "SELECT 1;\nCOMMIT;");
	put("006_commit_down.sql", " \n");
	analyse("numbered", "6 migrations, 6 with a problem; 0 files refused");
	assert_string_equal(gh_text_str(&dump),
	    "up 001_syntax.sql [001 syntax 001_syntax]\n"
	    "  up 001_syntax at 1: 001_syntax.sql:2:16: syntax error at or near \"x\"\n"
	    "up 002_empty.sql [002 empty 002_empty]\n"
	    "  up 002_empty at 1: 002_empty.sql:1:1: nothing to run\n"
	    "up 003_bom.sql [003 bom 003_bom]\n"
	    "  up 003_bom at 1: 003_bom.sql:1:1: begins with a byte order mark (BOM): save it as UTF-8 "
	    "without one\n"
	    "up 004_nul.sql [004 nul 004_nul]\n"
	    "  up 004_nul at 1: 004_nul.sql:2:1: a NUL byte: this is not text (UTF-16?), save it as UTF-8\n"
	    "up 005_latin.sql [005 latin 005_latin]\n"
	    "  up 005_latin at 1: 005_latin.sql:2:7: byte 0xe9 is not UTF-8: save the file as UTF-8\n"
	    "up 006_commit.sql [006 commit 006_commit]\n"
	    "  up 006_commit at 1: 006_commit.sql:2:1: COMMIT: only one BEGIN ... COMMIT around the whole "
	    "file is possible, "
	    "the run brings its own\n"
	    "down 006_commit_down.sql [006 commit 006_commit]: nothing to run: counts as no way back\n");
}

static void
reads_sections(void **state)
{
	(void)state;
	put("20251123101500_a.sql",
	    "-- Description: Two\n-- Up Migration\nCREATE TABLE a ();\n-- Down Migration\nDROP TABLE a;\n");
	put("20251123101600_b.sql", "-- Up Migration\r\nSELECT 1;\r\n-- Down Migration\r\n");
	put("20251123101700_c.sql", "CREATE TABLE c ();\n-- Down Migration\nDROP TABLE c;\n");
	analyse("sections", "2 migrations, 0 with a problem; 1 files refused");
	assert_string_equal(gh_text_str(&dump),
	    "both 20251123101500_a.sql [20251123101500 a 20251123101500_a] {Two, , }\n"
	    "  up 20251123101500_a at 2\n"
	    "    16+17 3 CREATE TABLE public.a table\n"
	    "  down 20251123101500_a at 4\n"
	    "    18+12 5 DROP TABLE  \n"
	    "both 20251123101600_b.sql [20251123101600 b 20251123101600_b]: nothing to run: counts as no way "
	    "back\n"
	    "  up 20251123101600_b at 1\n"
	    "    17+8 2 SELECT  \n"
	    "refused 20251123101700_c.sql [20251123101700 c 20251123101700_c]: a Down Migration marker "
	    "without an Up "
	    "Migration marker: the whole file, the way back included, would run as the up\n");
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
	put("001_good.sql", "SELECT 1;");
	put("002_deep.sql", t.data);
	put("003_good.sql", "SELECT 1;");
	analyse("numbered", "3 migrations, 1 with a problem; 0 files refused");
	assert_string_equal(gh_text_str(&dump),
	    "up 001_good.sql [001 good 001_good]\n"
	    "  up 001_good at 1\n"
	    "    0+8 1 SELECT  \n"
	    "up 002_deep.sql [002 deep 002_deep]\n"
	    "  up 002_deep at 1: 002_deep.sql:1:1: too deeply nested to analyse\n"
	    "up 003_good.sql [003 good 003_good]\n"
	    "  up 003_good at 1\n"
	    "    0+8 1 SELECT  \n");
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
		T(refuses_what_is_no_plain_file),
		T(names_both_files_of_one_version),
		T(names_what_cannot_run),
		T(reads_sections),
		T(survives_what_kills_the_parser),
		T(says_why_a_folder_cannot_be_read),
	};

	return cmocka_run_group_tests_name("runner/job/analyse", tests, NULL, NULL);
}
