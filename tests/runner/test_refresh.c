#include "base/ban.h"
#include "runner/refresh.h"
#include "tests/support/fixture_plan.h"
#include "wire/journal.h"

static char path[] = "/tmp/gatehouse-refresh-XXXXXX";

static void
frame(struct wire_journal *j, enum wire_journal_kind kind, const char *types, ...)
{
	struct wire_out out;
	const char *text;
	va_list ap;

	wire_journal_start(j, kind, &out);
	va_start(ap, types);
	for (; *types != '\0'; types++) {
		if (*types == 'i') {
			wire_put_i64(&out, va_arg(ap, int));
		} else if (*types == 'u') {
			wire_put_u8(&out, (uint8_t)va_arg(ap, int));
		} else {
			text = va_arg(ap, const char *);
			if (*types == 'b')
				wire_put_bytes(&out, text, strlen(text));
			else
				wire_put_text(&out, text);
		}
	}
	va_end(ap);
	assert_int_equal(wire_journal_end(j, &out, NULL), GH_OK);
}

static struct wire_journal
journal(void)
{
	struct wire_journal j = { .fd = open(path, O_RDWR | O_TRUNC | O_APPEND | O_CLOEXEC) };

	assert_int_equal(wire_journal_open(&j, j.fd, NULL), GH_OK);
	return j;
}

static void
put_folder(struct wire_journal *j, const char *signature)
{
	frame(j, WIRE_J_FOLDER, "ttttut", signature, "flyway", "the rule", "", 1, "in turn");
}

static void
put_side(struct wire_journal *j, const char *sql, const char *problem)
{
	char digest[GH_SHA256_HEX_LEN];

	gh_sha256_hex(sql, strlen(sql), digest);
	frame(j, WIRE_J_FILE, "tuttt", "0007_new.sql", WIRE_FILE_UP, "", "0007_new", digest);
	frame(j, WIRE_J_FILE, "tuttt", "x.sql", WIRE_FILE_REFUSED, "no number", "", digest);
	frame(j, WIRE_J_UNIT, "tittttttuutitubtub", "0007_new", 0, "0007", "new", "0007_new.sql", "A new one",
	    "shop team", "2026-11-21", 1, 0, "crc", 2, "script", 1, "0007_new.sql", "by", 0, "");
	frame(j, WIRE_J_SIDE, "tutbtiuuuutttb", "0007_new", WIRE_SIDE_UP, "0007_new.sql", sql, digest, 1, 1,
	    1, 0, 0, "tokens", problem, "a note", "");
	frame(j, WIRE_J_SQL, "tuiiiiuuuttt", "0007_new", WIRE_SIDE_UP, 0, 8, 1, 1, 0, 0, 1, "SELECT", "", "");
	frame(j, WIRE_J_TOUCH, "tuuuu", "public.a", WIRE_ACCESS_SHARE, 0, 1, 0);
	frame(j, WIRE_J_TOUCH, "tuuuu", "public.b", WIRE_ACCESS_EXCLUSIVE, 1, 0, 0);
	frame(
	    j, WIRE_J_SQL, "tuiiiiuuuttt", "0007_new", WIRE_SIDE_UP, 10, 8, 2, 1, 0, 1, 0, "SELECT", "", "");
	frame(j, WIRE_J_TOUCH, "tuuuu", "public.c", WIRE_SHARE, 0, 0, 0);
	frame(j, WIRE_J_FINDING, "tuituuiitttut", "0007_new", WIRE_SIDE_UP, 1, "rule", WIRE_LINT_ERROR,
	    WIRE_SIZE, 2, 3, "public.b", "It is bad.", "SELECT", 0, "");
	frame(j, WIRE_J_NOTE, "t", "a gap");
	gh_sha256_hex("SELECT 3", 8, digest);
	frame(j, WIRE_J_QUERY, "tbtt", "verify/a.sql", "SELECT 3", digest, "");
}

static void
project_apply(struct fixture_runner *f, int status)
{
	const struct refresh_result res = { .journal = path, .started = 4711, .status = status };
	struct store_project p;

	f->err = (struct gh_err){ 0 };
	assert_int_equal(store_project_get(f->runner->store, &f->arena, "shop", &p, &f->err), GH_OK);
	if (refresh_project_apply(f->runner->store, &p, &res, &f->err) != GH_OK)
		fail_msg("%s", f->err.msg);
}

static void
exec(struct fixture_runner *f, const char *sql)
{
	assert_int_equal(sqlite3_exec(f->runner->store->db, sql, NULL, NULL, NULL), SQLITE_OK);
}

static void
target_apply(struct fixture_runner *f, int status)
{
	const struct refresh_result res = { .journal = path, .started = 4711, .status = status };
	struct store_target t;

	f->err = (struct gh_err){ 0 };
	assert_int_equal(
	    store_target_get(f->runner->store, &f->arena, "shop_production", &t, &f->err), GH_OK);
	if (refresh_target_apply(f->runner->store, &t, &res, &f->err) != GH_OK)
		fail_msg("%s", f->err.msg);
}

#define PRESENT   "SELECT group_concat(key) FROM migration WHERE present = 1"
#define PROBLEM   "SELECT problem FROM project"
#define T_PROBLEM "SELECT reachable || problem FROM target WHERE name = 'shop_production'"
#define TRACKED                                                                                              \
	"SELECT group_concat(k.key) FROM standing k JOIN target t ON t.id = k.target_id WHERE t.name = "     \
	"'shop_production' AND k.applied = 1"

static void
a_folder_replaces_what_was_known(void **state)
{
	struct fixture_runner *f = *state;
	struct wire_journal j;

	fixture_shop(f);
	j = journal();
	put_folder(&j, "sig");
	put_side(&j, "SELECT 1;\nSELECT 2;", "");
	frame(&j, WIRE_J_OUTCOME, "ut", WIRE_SUCCEEDED, "read");
	project_apply(f, 0);
	wire_journal_done(&j);
	assert_string_equal(fixture_value(f, PRESENT, 0), "0007_new");
	assert_string_equal(
	    fixture_value(f, "SELECT signature || read_at || problem FROM project", 0), "sig4711");
	assert_string_equal(
	    fixture_value(f, "SELECT group_concat(position) FROM migration_statement", 0), "0,1");
	assert_string_equal(fixture_value(f,
				"SELECT group_concat(statement || '.' || position || ' ' || object || ' ' || "
				"lock) FROM statement_touch",
				0),
	    "0.0 public.a ACCESS SHARE,0.1 public.b ACCESS EXCLUSIVE,1.0 public.c SHARE");
	assert_string_equal(
	    fixture_value(f, "SELECT rule || level || scale || line || column FROM finding", 0),
	    "ruleerrorsize23");
	assert_string_equal(
	    fixture_value(f, "SELECT group_concat(name || coalesce(value, 'NULL')) FROM migration_fact", 0),
	    "script0007_new.sql,byNULL");
	assert_string_equal(fixture_value(f, "SELECT text FROM project_note", 0), "a gap");
	assert_string_equal(fixture_value(f,
				"SELECT q.file || q.position || c.bytes || q.problem FROM project_query q "
				"JOIN content c ON c.digest = q.digest",
				0),
	    "verify/a.sql0SELECT 3");
	assert_string_equal(
	    fixture_value(f, "SELECT detected || rule || one_transaction || in_turn FROM project", 0),
	    "flywaythe rule1in turn");
	assert_string_equal(
	    fixture_value(f, "SELECT tokens || checksum FROM side_seen WHERE key = '0007_new'", 0),
	    "tokenscrc");
	assert_string_equal(
	    fixture_value(f, "SELECT reason FROM project_file WHERE taken_as = 'refused'", 0), "no number");
}

static void
an_analyse_job_that_dies_changes_nothing_but_the_problem(void **state)
{
	struct fixture_runner *f = *state;
	struct wire_journal j;
	const char *before;

	fixture_shop(f);
	before = fixture_value(f, PRESENT, 0);
	j = journal();
	put_folder(&j, "sig");
	put_side(&j, "SELECT 1;\nSELECT 2;", "");
	project_apply(f, SIGSEGV);
	wire_journal_done(&j);
	assert_string_equal(fixture_value(f, PRESENT, 0), before);
	assert_non_null(strstr(fixture_value(f, PROBLEM, 0), "analyse job was ended by signal 11"));
	j = journal();
	frame(&j, WIRE_J_OUTCOME, "ut", WIRE_FAILED_CLEAN, "there is no folder /srv/shop");
	project_apply(f, 0);
	wire_journal_done(&j);
	assert_string_equal(fixture_value(f, PROBLEM, 0), "there is no folder /srv/shop");
	assert_string_equal(fixture_value(f, PRESENT, 0), before);
	j = journal();
	frame(&j, WIRE_J_FOLDER, "ttttutt", "sig", "", "", "", 0, "", "too much");
	frame(&j, WIRE_J_OUTCOME, "ut", WIRE_SUCCEEDED, "read");
	project_apply(f, 0);
	wire_journal_done(&j);
	assert_string_not_equal(fixture_value(f, PROBLEM, 0), "");
	assert_string_equal(fixture_value(f, PRESENT, 0), before);
}

static void
put_target(struct wire_journal *j)
{
	frame(j, WIRE_J_IDENTITY, "ttitit", "7441", "shop", 5, "15.20", 150020, "shop");
	frame(j, WIRE_J_TRACKING, "tuuttttt", "public.schema_migrations", 1, 1, "as the guides have it",
	    "numbered", "0001_customers", "blocked so", "signature");
	frame(j, WIRE_J_STANDING, "tituuitttt", "0001_customers", 0, "", WIRE_APPLIED, WIRE_NOTHING, 7, "crc",
	    "dbmate", "", "");
	frame(j, WIRE_J_STANDING, "tituuitttt", "0002_orders", 1, "", WIRE_PENDING, WIRE_RUNS, 0, "", "", "",
	    "");
	frame(j, WIRE_J_STANDING, "tituuitttt", "0009_elsewhere", -1, "0001_customers", WIRE_MISSING,
	    WIRE_BLOCKS, 8, "", "", "no file", "");
	frame(j, WIRE_J_TABLE, "tiiiiii", "public.orders", 12, 8192, 3, 4, 60, 1);
	frame(j, WIRE_J_SIZES, "iiit", 12345, 7, 99, "public.orders");
}

/* Two databases that restores have left. */
#define KEPT                                                                                                 \
	"PRAGMA foreign_keys = OFF; INSERT INTO kept_database SELECT i, id, 1, 'side', 'n', i, 5, 5, 6, "    \
	"'kept', 5"                                                                                          \
	" FROM target, (SELECT 7 AS i UNION SELECT 8) WHERE name = 'shop_production'"

static void
a_check_replaces_what_was_known(void **state)
{
	struct fixture_runner *f = *state;
	struct wire_journal j = { 0 };

	fixture_shop(f);
	exec(f, KEPT);
	j = journal();
	put_target(&j);
	frame(&j, WIRE_J_DATABASE, "ttiiu", "", "n", 7, 8192, 1);
	frame(&j, WIRE_J_DATABASE, "ttiiu", "", "", 8, -1, 0);
	frame(&j, WIRE_J_OUTCOME, "ut", WIRE_SUCCEEDED, "read");
	target_apply(f, 0);
	wire_journal_done(&j);
	assert_string_equal(fixture_value(f, TRACKED, 0), "0001_customers,0009_elsewhere");
	assert_string_equal(
	    fixture_value(f, "SELECT group_concat(oid || state) FROM kept_database", 0), "7kept,8gone");
	assert_string_equal(
	    fixture_value(f,
		"SELECT reachable || database_name || database_oid || database_bytes || checked_at FROM "
		"target WHERE name = 'shop_production'",
		0),
	    "1shop5123454711");
	assert_string_equal(
	    fixture_value(
		f, "SELECT newest_key || blocked || signature FROM target WHERE name = 'shop_production'", 0),
	    "0001_customersblocked sosignature");
	assert_string_equal(
	    fixture_value(f, "SELECT version_number FROM migration WHERE key = '0009_elsewhere'", 0), "1");
	assert_string_equal(
	    fixture_value(f, "SELECT name || row_count || fan_out FROM target_table", 0), "public.orders121");
}

static void
a_check_that_fails_says_why_and_keeps_the_rest(void **state)
{
	struct fixture_runner *f = *state;
	struct wire_journal j;

	fixture_shop(f);
	j = journal();
	frame(&j, WIRE_J_OUTCOME, "ut", WIRE_FAILED_CLEAN, "connection refused");
	target_apply(f, 0);
	wire_journal_done(&j);
	assert_string_equal(fixture_value(f, T_PROBLEM, 0), "0connection refused");
	j = journal();
	put_target(&j);
	frame(&j, WIRE_J_OUTCOME, "ut", WIRE_FAILED_CLEAN, "may not read the tracking table");
	target_apply(f, 0);
	wire_journal_done(&j);
	assert_string_equal(fixture_value(f, T_PROBLEM, 0), "1may not read the tracking table");
	j = journal();
	put_target(&j);
	target_apply(f, SIGKILL);
	wire_journal_done(&j);
	assert_non_null(strstr(fixture_value(f, T_PROBLEM, 0), "check job was ended by signal 9"));
	assert_string_equal(fixture_value(f, TRACKED, 0), "0001_customers,0002_orders");
}

static void
unconfigured(struct fixture_runner *f)
{
	fixture_shop(f);
	exec(f, "UPDATE project SET convention = '', detected = ''");
}

#define DETECTED "SELECT detected || '|' || detected_text || '|' || found_on FROM project"

static void
a_target_tells_what_the_folder_alone_does_not(void **state)
{
	struct fixture_runner *f = *state;
	struct wire_journal j;

	unconfigured(f);
	j = journal();
	frame(&j, WIRE_J_DETECTED, "tt", "", "goose or dbmate");
	frame(&j, WIRE_J_OUTCOME, "ut", WIRE_FAILED_CLEAN, "several conventions fit");
	project_apply(f, 0);
	wire_journal_done(&j);
	assert_string_equal(fixture_value(f, DETECTED, 0), "|goose or dbmate|");
	assert_string_equal(fixture_value(f, PROBLEM, 0), "several conventions fit");
	j = journal();
	frame(&j, WIRE_J_DETECTED, "tt", "goose", "goose_db_version is there");
	put_target(&j);
	frame(&j, WIRE_J_OUTCOME, "ut", WIRE_SUCCEEDED, "read");
	target_apply(f, 0);
	wire_journal_done(&j);
	assert_string_equal(fixture_value(f, DETECTED, 0), "goose|goose_db_version is there|shop_production");
	/* The folder, which is read by that from now on, does not unsay it; nor does an answer from before.
	 */
	j = journal();
	frame(&j, WIRE_J_DETECTED, "tt", "goose", "as configured");
	frame(&j, WIRE_J_FOLDER, "ttttut", "abc", "goose", "a rule", "", 0, "");
	frame(&j, WIRE_J_OUTCOME, "ut", WIRE_SUCCEEDED, "read");
	project_apply(f, 0);
	wire_journal_done(&j);
	assert_string_equal(fixture_value(f, DETECTED, 0), "goose|goose_db_version is there|shop_production");
	j = journal();
	frame(&j, WIRE_J_DETECTED, "tt", "", "goose or dbmate");
	frame(&j, WIRE_J_FOLDER, "ttttut", "abc", "", "", "several fit", 0, "");
	frame(&j, WIRE_J_OUTCOME, "ut", WIRE_SUCCEEDED, "no convention");
	project_apply(f, 0);
	wire_journal_done(&j);
	assert_string_equal(fixture_value(f, DETECTED, 0), "goose|goose_db_version is there|shop_production");
	assert_string_equal(fixture_value(f, PROBLEM, 0), "");
}

static void
two_targets_cannot_be_of_two_tools(void **state)
{
	struct fixture_runner *f = *state;
	struct wire_journal j;

	unconfigured(f);
	exec(f, "UPDATE project SET detected = 'dbmate', found_on = 'shop_development'");
	j = journal();
	frame(&j, WIRE_J_DETECTED, "tt", "goose", "goose_db_version is there");
	put_target(&j);
	frame(&j, WIRE_J_OUTCOME, "ut", WIRE_SUCCEEDED, "read");
	target_apply(f, 0);
	wire_journal_done(&j);
	assert_non_null(strstr(fixture_value(f, T_PROBLEM, 0),
	    "shop_production looks like goose (goose_db_version is there), but shop_development made project "
	    "shop one of "
	    "dbmate"));
	assert_string_equal(fixture_value(f, TRACKED, 0), "0001_customers,0002_orders");
}

static void
frames_out_of_order_are_not_taken(void **state)
{
	struct fixture_runner *f = *state;
	struct wire_journal j;

	fixture_shop(f);
	j = journal();
	put_folder(&j, "sig");
	frame(&j, WIRE_J_TOUCH, "tuuuu", "public.a", WIRE_ACCESS_SHARE, 0, 1, 0);
	frame(&j, WIRE_J_OUTCOME, "ut", WIRE_SUCCEEDED, "read");
	project_apply(f, 0);
	wire_journal_done(&j);
	assert_non_null(strstr(fixture_value(f, PROBLEM, 0), "a touch came before its statement"));
	j = journal();
	frame(&j, WIRE_J_IDENTITY, "ttitit", "7441", "shop", 5, "15.20", 150020, "shop");
	frame(&j, WIRE_J_STANDING, "tituuitttt", "0001_customers", 0, "", WIRE_APPLIED, WIRE_NOTHING, 7,
	    "crc", "dbmate", "", "");
	frame(&j, WIRE_J_OUTCOME, "ut", WIRE_SUCCEEDED, "read");
	target_apply(f, 0);
	wire_journal_done(&j);
	assert_non_null(strstr(fixture_value(f, T_PROBLEM, 0), "before it told where"));
}

static int
file_make(void **state)
{
	int fd = mkstemp(path);

	(void)state;
	gh_hash_start();
	return fd < 0 || close(fd) != 0 ? -1 : 0;
}

static int
file_drop(void **state)
{
	(void)state;
	return unlink(path);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(a_folder_replaces_what_was_known),
		FIXTURE_TEST(an_analyse_job_that_dies_changes_nothing_but_the_problem),
		FIXTURE_TEST(a_check_replaces_what_was_known),
		FIXTURE_TEST(a_target_tells_what_the_folder_alone_does_not),
		FIXTURE_TEST(two_targets_cannot_be_of_two_tools),
		FIXTURE_TEST(frames_out_of_order_are_not_taken),
		FIXTURE_TEST(a_check_that_fails_says_why_and_keeps_the_rest),
	};

	return cmocka_run_group_tests_name("runner/refresh", tests, file_make, file_drop);
}
