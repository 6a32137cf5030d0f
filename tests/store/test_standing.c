#include "base/ban.h"
#include "tests/support/fixture.h"

#include "store/finding.h"
#include "store/migration.h"
#include "store/project.h"
#include "store/project_write.h"
#include "store/standing_write.h"

/* A check finds these, and nothing else, on staging. */
static void
check(struct fixture *f, const struct store_standing_new *rows, size_t n)
{
	struct store_standing_set set;
	size_t i;

	assert_ok(f, store_standing_start(&f->store, &f->arena, FIXTURE_STAGING, &set, &f->err));
	for (i = 0; i < n; i++)
		assert_ok(f, store_standing_put(&set, &f->arena, &rows[i], &f->err));
	assert_ok(f, store_standing_end(&set, &f->err));
}

static struct store_standing_new
row(const char *key, const char *standing, bool applied)
{
	return (struct store_standing_new){ .key = key,
		.standing = standing,
		.decision = applied ? "nothing" : "runs",
		.checksum = "",
		.by = "",
		.text = "",
		.after = "",
		.late = "",
		.applied_at = applied ? 5 : 0,
		.present = true,
		.applied = applied };
}

static struct store_standing *
find(struct fixture *f, const char *key)
{
	struct store_standing *s = NULL;

	assert_ok(f, store_standing_find(&f->store, &f->arena, FIXTURE_STAGING, key, &s, &f->err));
	return s;
}

static const struct store_cell *
cell(struct fixture *f, const char *key)
{
	struct store_migration m;
	struct store_cells cells;

	assert_ok(f, store_migration_get(&f->store, &f->arena, "shop", key, &m, &f->err));
	assert_ok(f,
	    store_cell_list(
		&f->store, &f->arena, &(struct store_migrations){ 1, &m, false }, &cells, &f->err));
	return &cells.rows[1];
}

/* The up of 0001 in the folder becomes another text, as a job would read it. */
static void
edit(struct fixture *f, const char *digest, const char *checksum, const char *tokens)
{
	assert_ok(f,
	    fixture_exec(f,
		gh_printf(&f->arena,
		    "INSERT OR IGNORE INTO content VALUES ('%s', x'00');"
		    "UPDATE migration SET checksum = '%s' WHERE key = '0001_create_customers';"
		    "UPDATE migration_side SET digest = '%s', tokens = '%s' WHERE side = 'up' AND "
		    "migration_id ="
		    " (SELECT id FROM migration WHERE key = '0001_create_customers');"
		    "INSERT OR IGNORE INTO side_seen VALUES (1, '0001_create_customers', 'up', '%s', '%s', "
		    "'%s', 1)",
		    digest, checksum, digest, tokens, digest, checksum, tokens)));
}

static void
a_check_replaces_what_was_known(void **state)
{
	struct fixture *f = *state;
	struct store_standing_new rows[] = { row("0001_create_customers", "applied", true),
		row("0003_orders_status", "out-of-order", false), row("0001b_lost", "missing", true) };
	struct store_migrations page;
	struct store_migration m;
	int64_t before;

	rows[1].decision = "never";
	rows[1].text = "passed over";
	rows[2].present = false;
	rows[2].after = "0001_create_customers";
	check(f, rows, 3);
	assert_null(find(f, "0002_create_orders"));
	assert_string_equal(find(f, "0003_orders_status")->text, "passed over");
	/* a key without a file stands where its tool has it */
	assert_ok(f, store_migration_get(&f->store, &f->arena, "shop", "0001b_lost", &m, &f->err));
	assert_false(m.present);
	assert_int_equal(m.number, 1);
	assert_string_equal(m.version, "0001");
	assert_ok(f, store_migration_todo(&f->store, &f->arena, FIXTURE_STAGING, &page, &f->err));
	assert_int_equal(page.n, 1);
	assert_string_equal(page.rows[0].standing, "out-of-order");
	/* the same again writes nothing */
	before = fixture_number(f, "SELECT total_changes()");
	check(f, rows, 3);
	assert_int_equal(fixture_number(f, "SELECT total_changes()"), before);
	/* a key that goes leaves no row on any page */
	check(f, rows, 2);
	assert_ok(
	    f, store_migration_list(&f->store, &f->arena, 1, (struct store_place){ 0 }, 50, &page, &f->err));
	assert_int_equal(page.n, 7);
}

static void
the_applied_text_is_remembered(void **state)
{
	struct fixture *f = *state;
	struct store_standing_new s = row("0001_create_customers", "applied", true);
	const char *first, *d2 = fixture_digest(f, "d2");

	check(f, &s, 1);
	first = find(f, s.key)->digest;
	assert_int_equal(strlen(first), 64);
	edit(f, d2, "", "other tokens");
	check(f, &s, 1);
	assert_string_equal(find(f, s.key)->digest, first);
	assert_string_equal(cell(f, s.key)->state, "edited");
	assert_false(cell(f, s.key)->quiet);
	/* taken back and applied again by somebody: now it is the new text */
	s.applied_at = 6;
	check(f, &s, 1);
	assert_string_equal(find(f, s.key)->digest, d2);
	assert_string_equal(cell(f, s.key)->state, "applied");
}

static void
comments_and_spaces_are_told_from_changes(void **state)
{
	struct fixture *f = *state;
	struct store_standing_new s = row("0001_create_customers", "applied", true);

	/* a tool with checksums: the recorded one leads to the text that it was of */
	edit(f, fixture_digest(f, "d1"), "c1", "same");
	s.checksum = "c1";
	check(f, &s, 1);
	edit(f, fixture_digest(f, "d2"), "c2", "same");
	s.standing = "edited";
	check(f, &s, 1);
	assert_string_equal(cell(f, s.key)->state, "edited");
	assert_true(cell(f, s.key)->quiet);
	edit(f, fixture_digest(f, "d3"), "c3", "other");
	check(f, &s, 1);
	assert_false(cell(f, s.key)->quiet);
	/* a text that was never seen: nothing is known about it */
	s.checksum = "c9";
	s.applied_at = 9;
	check(f, &s, 1);
	assert_string_equal(find(f, s.key)->digest, "");
	assert_false(cell(f, s.key)->quiet);
	/* a tool without: our own memory */
	edit(f, fixture_digest(f, "e1"), "", "e");
	s = row("0001_create_customers", "applied", true);
	s.applied_at = 10;
	check(f, &s, 1);
	edit(f, fixture_digest(f, "e2"), "", "e");
	check(f, &s, 1);
	assert_string_equal(cell(f, s.key)->state, "edited");
	assert_true(cell(f, s.key)->quiet);
}

static void
a_run_says_at_once_what_it_did(void **state)
{
	struct fixture *f = *state;
	struct store_standing_new s = row("0005_add_photos", "applied", true);
	struct store_target t;

	assert_ok(f, store_standing_ran(&f->store, 4, 0, true, 77, &f->err));
	assert_true(find(f, "0005_add_photos")->ran);
	assert_int_equal(find(f, "0005_add_photos")->applied_at, 77);
	assert_ok(f, store_target_get(&f->store, &f->arena, "shop_staging", &t, &f->err));
	assert_string_equal(t.newest_key, "0005_add_photos");
	assert_int_equal(t.pending, 1);
	/* what the run applied stays known when the table's own time is read */
	edit(f, fixture_digest(f, "d2"), "", "t");
	assert_ok(f,
	    fixture_exec(f, "UPDATE standing SET digest = 'ours' WHERE key = '0005_add_photos' AND ran = 1"));
	check(f, &s, 1);
	assert_string_equal(find(f, "0005_add_photos")->digest, "ours");
	assert_false(find(f, "0005_add_photos")->ran);
	/* and taken back */
	assert_ok(f, store_standing_ran(&f->store, 4, 0, false, 78, &f->err));
	assert_string_equal(find(f, "0005_add_photos")->standing, "pending");
	assert_string_equal(find(f, "0005_add_photos")->decision, "runs");
	assert_ok(f, store_target_get(&f->store, &f->arena, "shop_staging", &t, &f->err));
	assert_string_equal(t.newest_key, "");
}

static void
cells_of_a_page_come_in_one_query(void **state)
{
	struct fixture *f = *state;
	struct store_migrations page;
	struct store_cells cells;
	size_t i;

	assert_ok(
	    f, store_migration_list(&f->store, &f->arena, 1, (struct store_place){ 0 }, 50, &page, &f->err));
	assert_ok(f, store_cell_list(&f->store, &f->arena, &page, &cells, &f->err));
	assert_int_equal(page.n, 7);
	assert_int_equal(cells.n, 21);
	for (i = 0; i < cells.n; i++) {
		assert_int_equal(cells.rows[i].migration_id, page.rows[i / 3].id);
		assert_int_equal(cells.rows[i].target_id, i % 3 + 1);
	}
	assert_string_equal(cells.rows[0].state, "applied");
	assert_string_equal(cells.rows[20].state, "missing");
	assert_string_equal(cells.rows[20].text, "There is no file for it.");
	assert_ok(f, store_cell_list(&f->store, &f->arena, &(struct store_migrations){ 0 }, &cells, &f->err));
	assert_int_equal(cells.n, 0);
}

static size_t
filtered(struct fixture *f, int64_t target, const char *standing, const char *text)
{
	const struct store_migration_filter filter = { 1, target, standing, text };
	struct store_migrations page;

	assert_ok(f,
	    store_migration_list_filter(
		&f->store, &f->arena, &filter, (struct store_place){ 0 }, 50, &page, &f->err));
	return page.n;
}

static void
the_list_is_filtered(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(filtered(f, 0, "", ""), 7);
	assert_int_equal(filtered(f, 0, "pending", ""), 3);
	assert_int_equal(filtered(f, FIXTURE_STAGING, "pending", ""), 2);
	assert_int_equal(filtered(f, FIXTURE_STAGING, "pending", "PHOTOS"), 1);
	assert_int_equal(filtered(f, 0, "missing", ""), 1);
	assert_int_equal(filtered(f, 0, "", "_ORD"), 4);
	edit(f, fixture_digest(f, "d2"), "", "t");
	assert_int_equal(filtered(f, 0, "edited", ""), 1);
}

static void
tables_are_found_by_the_names_of_sql(void **state)
{
	struct fixture *f = *state;
	struct store_table odd = { .name = "public.\"a.b\"", .row_count = 1 }, *t = NULL;
	struct store_table_set set;
	int64_t before;

	assert_ok(f, store_table_find(&f->store, &f->arena, FIXTURE_STAGING, "orders", &t, &f->err));
	assert_int_equal(t->row_count, 4100000);
	assert_ok(f, store_table_find(&f->store, &f->arena, FIXTURE_STAGING, "public.orders", &t, &f->err));
	assert_non_null(t);
	assert_ok(f, store_table_find(&f->store, &f->arena, FIXTURE_STAGING, "other.orders", &t, &f->err));
	assert_null(t);
	/* the next check */
	assert_ok(f, store_table_start(&f->store, &f->arena, FIXTURE_STAGING, &set, &f->err));
	assert_ok(f, store_table_put(&set, &odd, &f->err));
	assert_ok(f, store_table_end(&set, &f->err));
	assert_ok(f, store_table_find(&f->store, &f->arena, FIXTURE_STAGING, "\"a.b\"", &t, &f->err));
	assert_non_null(t);
	assert_ok(f, store_table_find(&f->store, &f->arena, FIXTURE_STAGING, "orders", &t, &f->err));
	assert_null(t);
	/* a little later and nothing happened there: not worth a write */
	odd.seconds = 100;
	assert_ok(f, store_table_put(&set, &odd, &f->err));
	before = fixture_number(f, "SELECT total_changes()");
	odd.seconds = 105;
	assert_ok(f, store_table_put(&set, &odd, &f->err));
	assert_int_equal(fixture_number(f, "SELECT total_changes()"), before);
	odd.seconds = 120;
	assert_ok(f, store_table_put(&set, &odd, &f->err));
	assert_int_equal(fixture_number(f, "SELECT total_changes()"), before + 1);
}

static void
findings_and_touches_come_with_their_statements(void **state)
{
	struct fixture *f = *state;
	struct store_findings findings;
	struct store_statement_touches touches;
	struct store_migration m;

	assert_ok(f, store_migration_get(&f->store, &f->arena, "shop", "0004", &m, &f->err));
	assert_int_equal(m.findings, 1);
	assert_ok(f, store_finding_list(&f->store, &f->arena, m.id, "", &findings, &f->err));
	assert_int_equal(findings.n, 1);
	assert_string_equal(findings.rows[0].rule, "concurrently-lock-timeout");
	assert_int_equal(findings.rows[0].column, 1);
	assert_ok(f, store_finding_list(&f->store, &f->arena, m.id, "down", &findings, &f->err));
	assert_int_equal(findings.n, 0);
	assert_ok(f, store_statement_touch_list(&f->store, &f->arena, m.id, "up", &touches, &f->err));
	assert_int_equal(touches.n, 1);
	assert_string_equal(touches.rows[0].lock, "SHARE UPDATE EXCLUSIVE");
	assert_true(touches.rows[0].scans);
}

static void
files_come_in_pages_with_what_they_are(void **state)
{
	struct fixture *f = *state;
	struct store_files page = { 0 };
	struct store_file_counts counts;
	const char *after = "";
	size_t n = 0;

	do {
		assert_ok(f,
		    store_file_list(&f->store, &f->arena, &(struct store_file_filter){ 1, "", after, 5 },
			&page, &f->err));
		n += page.n;
		after = page.rows[page.n - 1].file;
	} while (page.more);
	assert_int_equal(n, 12);
	assert_ok(f,
	    store_file_list(
		&f->store, &f->arena, &(struct store_file_filter){ 1, "refused", "", 5 }, &page, &f->err));
	assert_int_equal(page.n, 1);
	assert_string_equal(page.rows[0].reason, "no number");
	assert_ok(f, store_file_list_key(&f->store, &f->arena, 1, "0001_create_customers", &page, &f->err));
	assert_int_equal(page.n, 2);
	assert_ok(f, store_file_count(&f->store, &f->arena, 1, &counts, &f->err));
	assert_int_equal(counts.n, 3);
	assert_string_equal(counts.rows[0].taken_as, "down");
	assert_int_equal(counts.rows[0].n, 5);
}

static void
earlier_environments_tell_how_long_it_took(void **state)
{
	struct fixture *f = *state;
	struct store_durations d;

	assert_ok(f,
	    store_duration_list(
		&f->store, &f->arena, FIXTURE_PRODUCTION, "0005_add_photos", false, &d, &f->err));
	assert_int_equal(d.n, 1);
	assert_string_equal(d.rows[0].target, "shop_development");
	assert_true(d.rows[0].us >= 0);
	assert_ok(f,
	    store_duration_list(
		&f->store, &f->arena, FIXTURE_DEVELOPMENT, "0005_add_photos", false, &d, &f->err));
	assert_int_equal(d.n, 0);
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, fixture_setup, fixture_teardown)
	const struct CMUnitTest tests[] = {
		T(a_check_replaces_what_was_known),
		T(the_applied_text_is_remembered),
		T(comments_and_spaces_are_told_from_changes),
		T(a_run_says_at_once_what_it_did),
		T(cells_of_a_page_come_in_one_query),
		T(the_list_is_filtered),
		T(tables_are_found_by_the_names_of_sql),
		T(findings_and_touches_come_with_their_statements),
		T(files_come_in_pages_with_what_they_are),
		T(earlier_environments_tell_how_long_it_took),
	};

	return cmocka_run_group_tests_name("store/standing", tests, NULL, NULL);
}
