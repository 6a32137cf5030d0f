#include "base/ban.h"
#include "runner/plan_doc.h"
#include "base/clock.h"
#include "store/outside_write.h"
#include "store/project_write.h"
#include "store/standing_write.h"
#include "tests/support/fixture_backup.h"
#include "tests/support/fixture_plan.h"

static void
touches_are_sentences(void **state)
{
	static const struct store_table orders = {
		.name = "public.orders", .row_count = 4100000, .bytes = 1288490189
	};
	static const struct {
		struct store_statement_touch t;
		bool there;
		const char *want;
	} cases[] = {
		{ { .strength = 8, .rewrites = true }, true,
		    "locks orders (1.2 GB, 4.1 million rows) against reads and writes while it rewrites it" },
		{ { .strength = 8 }, true,
		    "locks orders (1.2 GB, 4.1 million rows) against reads and writes for a moment" },
		{ { .strength = 5, .scans = true }, true,
		    "locks orders (1.2 GB, 4.1 million rows) against writes while it reads all of it" },
		{ { .strength = 4, .scans = true }, true,
		    "locks orders (1.2 GB, 4.1 million rows) against other changes of its schema while it "
		    "reads all of it" },
		{ { .strength = 3, .writes = true }, true,
		    "changes rows in orders (1.2 GB, 4.1 million rows)" },
		{ { .strength = 1, .scans = true }, true, "reads orders (1.2 GB, 4.1 million rows)" },
		{ { .strength = 1 }, true, "" },
		{ { .strength = 0 }, true, "creates orders" },
		{ { .strength = 8 }, false, "locks orders (new) against reads and writes for a moment" },
	};
	GH_ARENA a = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct store_statement_touch t = cases[i].t;

		t.object = "orders";
		assert_string_equal(
		    plan_touch_text(&t, cases[i].there ? &orders : NULL, true, &a), cases[i].want);
	}
	assert_string_equal(
	    plan_touch_text(&(struct store_statement_touch){ .object = "o", .strength = 8 }, NULL, false, &a),
	    "locks o against reads and writes for a moment");
}

static void
facts_add(struct fixture_runner *f)
{
	const struct store_touch_new alter = { .key = "0005_total",
		.side = "up",
		.object = "orders",
		.lock = "ACCESS EXCLUSIVE",
		.strength = 8 };
	const struct store_finding_new finding = { .key = "0005_total",
		.side = "up",
		.rule = "add-column",
		.level = "warning",
		.scale = "size",
		.line = 1,
		.column = 1,
		.object = "orders",
		.message = "It waits.",
		.rewrite = "SELECT 1;",
		.reason = "" };
	const struct store_table table = {
		.name = "public.orders", .row_count = 12, .bytes = 8192, .writes = 1, .seconds = 60
	};
	struct store *st = f->runner->store;
	struct store_table_set set;

	fixture_shop(f);
	assert_int_equal(store_folder_touch(st, 1, &alter, &f->err), GH_OK);
	assert_int_equal(store_folder_finding(st, 1, &finding, &f->err), GH_OK);
	assert_int_equal(
	    store_table_start(st, &f->arena, fixture_target_id(f, "shop_production"), &set, &f->err), GH_OK);
	assert_int_equal(store_table_put(&set, &table, &f->err), GH_OK);
	assert_int_equal(store_table_end(&set, &f->err), GH_OK);
}

static void
severity_is_of_the_target(void **state)
{
	const struct plan_goal goal = { .to = "" };
	struct fixture_runner *f = *state;
	struct plan_facts facts = { 0 };
	PLAN_BUILT b = { 0 };
	PLAN_BUILT c = { 0 };

	facts_add(f);
	assert_int_equal(plan_build(f->runner->store, "shop_production", &goal, false, &b, &f->err), GH_OK);
	assert_int_equal(plan_facts_read(f->runner->store, &b, &facts, &f->err), GH_OK);
	assert_true(facts.tables_known);
	assert_int_equal(facts.migrations[2].n_found, 1);
	assert_string_equal(facts.migrations[2].found[0].level, "notice");
	assert_string_equal(facts.migrations[2].found[0].why, "12 rows: quiet");
	assert_string_equal(
	    facts.migrations[2].text, "locks orders (8.0 kB, 12 rows) against reads and writes for a moment");
	assert_string_equal(facts.migrations[0].text, "");
	/* a target whose tables were never read: nothing is called small */
	assert_int_equal(
	    store_target_sizes(f->runner->store, fixture_target_id(f, "shop_development"), 12345, 7, &f->err),
	    GH_OK);
	assert_int_equal(plan_build(f->runner->store, "shop_development", &goal, false, &c, &f->err), GH_OK);
	assert_int_equal(plan_facts_read(f->runner->store, &c, &facts, &f->err), GH_OK);
	assert_false(facts.tables_known);
	assert_string_equal(facts.migrations[4].found[0].level, "warning");
	assert_string_equal(facts.migrations[4].text, "locks orders against reads and writes for a moment");
	/* one that has none yet */
	assert_int_equal(
	    store_target_sizes(f->runner->store, fixture_target_id(f, "shop_development"), 12345, 0, &f->err),
	    GH_OK);
	c.target.table_count = 0;
	assert_int_equal(plan_facts_read(f->runner->store, &c, &facts, &f->err), GH_OK);
	assert_true(facts.tables_known);
	assert_string_equal(facts.migrations[4].found[0].level, "notice");
}

static void
the_text_cannot_steer_a_terminal(void **state)
{
	const struct plan_goal goal = { .to = "" };
	struct fixture_migration m[FIXTURE_MIGRATIONS];
	struct fixture_runner *f = *state;
	struct plan_facts facts = { 0 };
	GH_TEXT text = { 0 };
	PLAN_BUILT b = { 0 };

	facts_add(f);
	memcpy(m, fixture_migrations, sizeof(m));
	m[2].up = "SELECT '\033[2J\x01\x7f'\r\n";
	fixture_folder(f, m, FIXTURE_MIGRATIONS);
	assert_int_equal(plan_build(f->runner->store, "shop_production", &goal, false, &b, &f->err), GH_OK);
	assert_int_equal(plan_facts_read(f->runner->store, &b, &facts, &f->err), GH_OK);
	plan_text(&b, &facts, &text);
	assert_non_null(strstr(gh_text_str(&text),
	    "SELECT '?[2J?"
	    "?'\n"));
	assert_null(strchr(gh_text_str(&text), '\033'));
	assert_non_null(strstr(gh_text_str(&text), "in no transaction"));
}

/* Both forms of the document, of a plan that takes a backup of others within two hours. */
static void
documents(struct fixture_runner *f, struct gh_text *ret_text, struct gh_text *ret_json)
{
	const struct plan_goal goal = { .to = "" };
	struct plan_facts facts = { 0 };
	PLAN_BUILT b = { 0 };

	ret_text->len = ret_json->len = 0;
	fixture_ok(f, plan_build(f->runner->store, "shop_production", &goal, false, &b, &f->err));
	fixture_ok(f, plan_facts_read(f->runner->store, &b, &facts, &f->err));
	plan_text(&b, &facts, ret_text);
	plan_json(&b, &facts, ret_json);
}

static void
which_backup_of_others_counts_is_told(void **state)
{
	struct fixture_runner *f = *state;
	struct store_outside_new backup = { .source = "nightly",
		.label = "snap-7\033[2J",
		.ended_at = gh_clock_now() - 3600 * GH_SECOND,
		.size = -1,
		.database_bytes = -1,
		.server_version = "",
		.client_version = "",
		.level = "none",
		.broken = "",
		.seen_at = 1 };
	char when[GH_CLOCK_LEN];
	GH_TEXT text = { 0 };
	GH_TEXT json = { 0 };

	fixture_shop(f);
	documents(f, &text, &json);
	assert_null(strstr(gh_text_str(&text), "\nbackup: "));
	assert_non_null(strstr(gh_text_str(&json), ", \"outside_backup\": null"));
	fixture_sql(f,
	    "UPDATE target SET policy = replace(policy, 'backup_outside_ms 0', 'backup_outside_ms 7200000')");
	documents(f, &text, &json);
	assert_non_null(strstr(gh_text_str(&text),
	    "\nbackup: No outside backup with which nothing is wrong is listed, and "
	    "one within 2h is asked for."));
	assert_non_null(strstr(gh_text_str(&json),
	    ", \"outside_backup\": {\"counts\": false, \"source\": \"\", "
	    "\"label\": \"\", \"ended_at\": null, \"within_ms\": 7200000, "));
	backup.target_id = fixture_target_id(f, "shop_production");
	fixture_ok(f, store_outside_put(f->runner->store, &backup, &f->err));
	documents(f, &text, &json);
	assert_non_null(strstr(gh_text_str(&text),
	    "\nbackup: The outside backup snap-7?[2J of nightly counts: it ended 1 h 0 min ago, and one "
	    "within 2h"));
	assert_non_null(strstr(gh_text_str(&json),
	    gh_printf(
		&f->arena, "\"ended_at\": \"%s\", \"within_ms\"", gh_clock_iso(backup.ended_at, when))));
	assert_non_null(
	    strstr(gh_text_str(&json), "\"outside_backup\": {\"counts\": true, \"source\": \"nightly\""));
}

/* Whether a statement has a way back is told with it, in the document and in the rows of the pages. */
static void
what_becomes_of_what_was_there_is_told(void **state)
{
	static const char *const texts[] = { ", another statement can undo it\n",
		", in no transaction, no statement undoes it by itself\n", ", destroys data\n" };
	static const char *const words[] = { "reversible", "one-way", "destroys" };
	const struct plan_goal goal = { .to = "" };
	struct fixture_runner *f = *state;
	struct store_plan_statements rows;
	struct plan_facts facts = { 0 };
	GH_TEXT text = { 0 };
	GH_TEXT json = { 0 };
	PLAN_BUILT b = { 0 };
	size_t i;

	facts_add(f);
	assert_int_equal(sqlite3_exec(f->runner->store->db,
			     "UPDATE migration_statement SET destructive = m.key LIKE '0005%', "
			     "reversible = m.key LIKE '0003%' FROM migration m WHERE m.id = migration_id",
			     NULL, NULL, NULL),
	    SQLITE_OK);
	assert_int_equal(plan_build(f->runner->store, "shop_production", &goal, false, &b, &f->err), GH_OK);
	assert_int_equal(plan_facts_read(f->runner->store, &b, &facts, &f->err), GH_OK);
	plan_text(&b, &facts, &text);
	plan_json(&b, &facts, &json);
	b.rows.now = 5;
	assert_int_equal(store_plan_add(f->runner->store, &b.rows, &f->err), GH_OK);
	assert_int_equal(b.plan.n_migrations, 3);
	for (i = 0; i < 3; i++) {
		assert_non_null(strstr(gh_text_str(&text), texts[i]));
		assert_non_null(
		    strstr(gh_text_str(&json), gh_printf(&f->arena, "\"effect\": \"%s\"", words[i])));
		assert_int_equal(store_plan_statement_list(
				     f->runner->store, &f->arena, b.digest, (int64_t)i, &rows, &f->err),
		    GH_OK);
		assert_int_equal(rows.n, 1);
		assert_string_equal(rows.rows[0].effect, words[i]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(touches_are_sentences),
		FIXTURE_TEST(severity_is_of_the_target),
		FIXTURE_TEST(what_becomes_of_what_was_there_is_told),
		FIXTURE_TEST(the_text_cannot_steer_a_terminal),
		FIXTURE_TEST(which_backup_of_others_counts_is_told),
	};

	return cmocka_run_group_tests_name("runner/plan_facts", tests, NULL, NULL);
}
