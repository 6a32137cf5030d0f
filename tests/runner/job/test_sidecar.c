#include "base/ban.h"
#include "runner/job/backup.h"
#include "runner/job/fingerprint.h"

#include <jansson.h>
#include <setjmp.h>
#include <cmocka.h>

/* What is written beside a backup, and what the store gets of it. */

static struct job job;
static struct target_identity id;
static struct gh_arena arena;

static int
setup(void **state)
{
	(void)state;
	arena = (struct gh_arena){ 0 };
	job = (struct job){ .arena = &arena };
	job.spec.target = "shop_production";
	id = (struct target_identity){ .database = "shop", .system_id = "7", .version = "15.8" };
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	gh_arena_done(&arena);
	return 0;
}

static struct backup
backup(size_t n_tables)
{
	struct backup b = { .job = &job,
		.id = &id,
		.file = "shop_production-20261121T101603Z-r17.dump.zst",
		.format = "custom",
		.encrypted_to = "",
		.number = "r17",
		.schema_key = "0042",
		.client_version = "15.8",
		.snapshot_at = "3:3:",
		.fingerprint = "",
		.n_tables = n_tables,
		.rows = 9,
		.level = WIRE_WRITTEN };
	size_t i;

	b.tables = gh_alloc_n(&arena, n_tables + 1, sizeof(*b.tables));
	for (i = 0; i < n_tables; i++)
		b.tables[i] = (struct backup_table){ .schema = "public",
			.name = gh_printf(&arena, "table \"%zu\" \xc3\xa9", i),
			.rows = (int64_t)i,
			.bytes = 8192 };
	return b;
}

/* Freed by json_decref. */
static json_t *
parse(const struct gh_text *t)
{
	json_error_t why;
	json_t *all = json_loadb(gh_text_str(t), t->len, JSON_REJECT_DUPLICATES, &why);

	if (all == NULL)
		fail_msg("%s in %s", why.text, gh_text_str(t));
	return all;
}

static const char *
left_out(const json_t *all)
{
	const char *s = json_string_value(json_object_get(all, "left_out"));

	return s == NULL ? "" : s;
}

static void
what_is_short_is_the_same(void **state)
{
	struct backup b = backup(3);
	GH_TEXT whole = { 0 };
	GH_TEXT brief = { 0 };

	(void)state;
	sidecar_text(&b, &whole);
	sidecar_short(&b, &brief);
	assert_string_equal(gh_text_str(&whole), gh_text_str(&brief));
	json_decref(parse(&whole));
}

static void
what_is_too_long_is_named(void **state)
{
	struct backup b = backup(5000);
	GH_TEXT whole = { 0 };
	GH_TEXT brief = { 0 };
	json_t *all;
	size_t n;

	(void)state;
	sidecar_text(&b, &whole);
	all = parse(&whole);
	assert_int_equal(json_array_size(json_object_get(all, "tables")), 5000);
	assert_string_equal(left_out(all), "");
	json_decref(all);
	sidecar_short(&b, &brief);
	assert_true(brief.len <= WIRE_SIDECAR_MAX);
	assert_true(brief.len > WIRE_SIDECAR_MAX - 1024);
	all = parse(&brief);
	n = json_array_size(json_object_get(all, "tables"));
	assert_true(n > 100);
	assert_string_equal(
	    left_out(all), gh_printf(&arena, "%zu of 5000 tables: they are in the file", (size_t)5000 - n));
	assert_string_equal(json_string_value(json_object_get(all, "target")), "shop_production");
	json_decref(all);
	/* However long what comes before its tables is. */
	b.schema_key = gh_text_str(&whole);
	gh_text_clear(&brief);
	sidecar_short(&b, &brief);
	assert_true(brief.len <= WIRE_SIDECAR_MAX);
	all = parse(&brief);
	assert_non_null(strstr(left_out(all), "all of it"));
	json_decref(all);
}

static void
definitions_are_not_in_the_store(void **state)
{
	struct fingerprint_object object = { "function", "public.f()", "password 'hunter2'" };
	struct fingerprint f = { .n = 1, .objects = &object };
	struct backup b = backup(1);
	GH_TEXT whole = { 0 };
	GH_TEXT brief = { 0 };
	json_t *all;

	(void)state;
	b.catalog = &f;
	sidecar_text(&b, &whole);
	assert_non_null(strstr(gh_text_str(&whole), "hunter2"));
	sidecar_short(&b, &brief);
	assert_null(strstr(gh_text_str(&brief), "hunter2"));
	all = parse(&brief);
	assert_string_equal(
	    left_out(all), "the definitions of 1 object of the catalog: they are in the file");
	json_decref(all);
	/* Nor beside one that nobody can read. */
	b.encrypted_to = "somebody's key";
	gh_text_clear(&whole);
	sidecar_text(&b, &whole);
	assert_null(strstr(gh_text_str(&whole), "hunter2"));
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(what_is_short_is_the_same),
		T(what_is_too_long_is_named),
		T(definitions_are_not_in_the_store),
	};

	return cmocka_run_group_tests_name("runner/job/sidecar", tests, NULL, NULL);
}
