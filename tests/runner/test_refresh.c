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
put_side(struct wire_journal *j, const char *sql, const char *problem)
{
	char digest[GH_SHA256_HEX_LEN];

	gh_sha256_hex(sql, strlen(sql), digest);
	frame(j, WIRE_J_FILE, "tutttttttt", "0007_new.sql", WIRE_FILE_UP, "0007", "new", "0007_new", "",
	    digest, "A new one", "shop team", "2026-11-21");
	frame(j, WIRE_J_FILE, "tutttttttt", "x.sql", WIRE_FILE_REFUSED, "", "", "", "no number", digest, "",
	    "", "");
	frame(j, WIRE_J_SIDE, "tutbtiuut", "0007_new", WIRE_SIDE_UP, "0007_new.sql", sql, digest, 1, 1, 0,
	    problem);
	frame(j, WIRE_J_SQL, "tuiiitutt", "0007_new", WIRE_SIDE_UP, 0, 8, 1, "SELECT", 0, "", "");
	frame(j, WIRE_J_SQL, "tuiiitutt", "0007_new", WIRE_SIDE_UP, 10, 8, 2, "SELECT", 0, "", "");
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
	"SELECT group_concat(k.key) FROM tracked k JOIN target t ON t.id = k.target_id WHERE t.name = "      \
	"'shop_production'"

static void
a_folder_replaces_what_was_known(void **state)
{
	struct fixture_runner *f = *state;
	struct wire_journal j;

	fixture_shop(f);
	j = journal();
	frame(&j, WIRE_J_FOLDER, "t", "sig");
	put_side(&j, "SELECT 1;\nSELECT 2;", "");
	frame(&j, WIRE_J_OUTCOME, "ut", WIRE_SUCCEEDED, "read");
	project_apply(f, 0);
	wire_journal_done(&j);
	assert_string_equal(fixture_value(f, PRESENT, 0), "0007_new");
	assert_string_equal(
	    fixture_value(f, "SELECT signature || read_at || problem FROM project", 0), "sig4711");
	assert_string_equal(
	    fixture_value(f, "SELECT group_concat(position) FROM migration_statement", 0), "0,1");
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
	frame(&j, WIRE_J_FOLDER, "t", "sig");
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
	frame(&j, WIRE_J_FOLDER, "tt", "sig", "too much");
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
	frame(j, WIRE_J_TRACKING, "tuut", "public.schema_migrations", 1, 1, "as the guides have it");
	frame(j, WIRE_J_TRACKED, "ti", "0001_customers", 7);
	frame(j, WIRE_J_TRACKED, "ti", "0009_elsewhere", 8);
	frame(j, WIRE_J_SIZES, "iiit", 12345, 7, 99, "public.orders");
}

static void
a_check_replaces_what_was_known(void **state)
{
	struct fixture_runner *f = *state;
	struct wire_journal j = { 0 };

	fixture_shop(f);
	j = journal();
	put_target(&j);
	frame(&j, WIRE_J_OUTCOME, "ut", WIRE_SUCCEEDED, "read");
	target_apply(f, 0);
	wire_journal_done(&j);
	assert_string_equal(fixture_value(f, TRACKED, 0), "0001_customers,0009_elsewhere");
	assert_string_equal(
	    fixture_value(f,
		"SELECT reachable || database_name || database_oid || database_bytes || checked_at FROM "
		"target WHERE name = 'shop_production'",
		0),
	    "1shop5123454711");
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
		FIXTURE_TEST(a_check_that_fails_says_why_and_keeps_the_rest),
	};

	return cmocka_run_group_tests_name("runner/refresh", tests, file_make, file_drop);
}
