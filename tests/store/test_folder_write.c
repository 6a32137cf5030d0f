#include "base/ban.h"
#include "tests/support/fixture.h"

#include "store/migration.h"
#include "store/project_write.h"
#include "store/standing_write.h"
#include "store/finding.h"

static void
a_folder_is_read_anew(void **state)
{
	struct fixture *f = *state;
	const struct store_folder_new folder = { .signature = "s2",
		.convention = "tern",
		.rule = "r",
		.problem = "p",
		.in_turn = "t",
		.one_transaction = true };
	const struct store_unit_new unit = { .key = "0007_new",
		.version = "0007",
		.name = "new",
		.file = "0007_new.sql",
		.description = "",
		.author = "",
		.written_on = "",
		.checksum = "crc",
		.position = 4,
		.repeatable = true,
		.code = true };
	const struct store_side_new side = { .key = "0007_new",
		.side = "up",
		.file = "0007_new.sql",
		.digest = fixture_digest(f, "x"),
		.problem = "0007_new.sql:1:1: syntax error",
		.tokens = "t",
		.note = "n",
		.sql = "x",
		.sql_len = 1,
		.first_line = 1,
		.transactional = true,
		.not_analysed = true };
	struct store_project p;
	struct store_migration m;
	struct store_facts facts;
	struct store_texts notes;
	STORE_TX tx = { 0 };

	assert_ok(f, store_begin(&f->store, &tx, &f->err));
	assert_ok(f, store_folder_start(&f->store, 1, &folder, &f->err));
	assert_code(f, GH_CONFLICT, store_folder_side(&f->store, 1, &side, &f->err), "came before it");
	assert_code(f, GH_CONFLICT, store_folder_fact(&f->store, 1, "0007_new", 0, "a", "b", &f->err),
	    "came before it");
	assert_ok(f, store_folder_unit(&f->store, 1, &unit, &f->err));
	assert_ok(f, store_folder_fact(&f->store, 1, "0007_new", 0, "script", "x.sql", &f->err));
	assert_ok(f, store_folder_fact(&f->store, 1, "0007_new", 1, "by", NULL, &f->err));
	assert_ok(f, store_folder_side(&f->store, 1, &side, &f->err));
	assert_code(f, GH_CONFLICT,
	    store_folder_statement(
		&f->store, 1, &(struct store_statement_new){ .key = "nokey", .side = "up" }, &f->err),
	    "came before its migration");
	assert_code(f, GH_CONFLICT,
	    store_folder_touch(
		&f->store, 1, &(struct store_touch_new){ .key = "nokey", .side = "up" }, &f->err),
	    "came before its statement");
	assert_code(f, GH_CONFLICT,
	    store_folder_finding(&f->store, 1,
		&(struct store_finding_new){
		    .key = "nokey", .side = "up", .level = "error", .scale = "flat" },
		&f->err),
	    "came before its migration");
	assert_ok(f, store_folder_note(&f->store, 1, "a gap", &f->err));
	assert_ok(f, store_folder_note(&f->store, 1, "another", &f->err));
	assert_ok(f, store_folder_end(&f->store, 1, "s2", 5, &f->err));
	assert_ok(f, store_commit(&tx, &f->err));
	assert_ok(f, store_migration_get(&f->store, &f->arena, "shop", "0007", &m, &f->err));
	assert_true(m.present && m.repeatable && m.code && m.not_analysed);
	assert_int_equal(m.number, 8);
	assert_string_equal(m.checksum, "crc");
	assert_string_equal(m.problem, "0007_new.sql:1:1: syntax error");
	assert_ok(f, store_fact_list(&f->store, &f->arena, m.id, &facts, &f->err));
	assert_int_equal(facts.n, 2);
	assert_string_equal(facts.rows[0].value, "x.sql");
	assert_null(facts.rows[1].value);
	assert_ok(f, store_project_note_list(&f->store, &f->arena, 1, &notes, &f->err));
	assert_int_equal(notes.n, 2);
	assert_string_equal(notes.rows[1], "another");
	assert_ok(f, store_project_get(&f->store, &f->arena, "shop", &p, &f->err));
	assert_string_equal(p.folder_problem, "p");
	assert_string_equal(p.in_turn, "t");
	assert_true(p.one_transaction && p.configured);
	assert_string_equal(p.convention, "numbered");
	assert_ok(f, store_migration_get(&f->store, &f->arena, "shop", "0001_create_customers", &m, &f->err));
	assert_false(m.present);
	assert_code(
	    f, GH_NOT_FOUND, store_migration_get(&f->store, &f->arena, "shop", "0099", &m, &f->err), "0099");
	/* what was there before is remembered, with the checksum and the tokens that it had */
	assert_int_equal(fixture_number(f, "SELECT count(*) FROM side_seen"), 12);
}

static void
a_convention_is_found_where_none_is_configured(void **state)
{
	struct fixture *f = *state;
	const struct store_project_conf conf = { "new", "/srv/new", "", "" };
	struct store_project p;

	assert_ok(f, store_conf_sync(&f->store, &(struct store_conf){ 1, 0, &conf, NULL }, 5, &f->err));
	assert_ok(f, store_project_get(&f->store, &f->arena, "new", &p, &f->err));
	assert_string_equal(p.convention, "");
	assert_false(p.configured);
	assert_ok(
	    f, store_project_detected(&f->store, p.id, "goose", "3 files with -- +goose Up", "", &f->err));
	assert_ok(f, store_project_get(&f->store, &f->arena, "new", &p, &f->err));
	assert_string_equal(p.convention, "goose");
	assert_string_equal(p.detected_text, "3 files with -- +goose Up");
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, fixture_setup, fixture_teardown)
	const struct CMUnitTest tests[] = {
		T(a_folder_is_read_anew),
		T(a_convention_is_found_where_none_is_configured),
	};

	return cmocka_run_group_tests_name("store/folder_write", tests, NULL, NULL);
}
