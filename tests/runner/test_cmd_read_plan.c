#include "base/ban.h"
#include "runner/plan_doc.h"
#include "tests/support/fixture_plan.h"

struct asked {
	const char *target, *goal, *document;
	uint8_t direction;
	int64_t steps, offset;
	bool json;
};

static void
put(struct gh_text *fields, const struct asked *q)
{
	struct wire_out out = { .text = fields };

	wire_put_text(&out, q->target);
	wire_put_u8(&out, q->direction);
	wire_put_text(&out, q->goal);
	wire_put_i64(&out, q->steps);
	wire_put_bool(&out, q->json);
	wire_put_text(&out, q->document);
	wire_put_i64(&out, q->offset);
}

static enum gh_code
ask(struct fixture_runner *f, const struct asked *q)
{
	GH_TEXT fields = { 0 };

	put(&fields, q);
	return fixture_cli(f, "viewer", WIRE_READ_PLAN, false, &fields);
}

/* The whole document, part by part. */
static void
whole(struct fixture_runner *f, struct asked *q, struct gh_text *ret, size_t *ret_parts)
{
	int64_t total;
	size_t len;

	*ret_parts = 0;
	do {
		const void *bytes;

		q->offset = (int64_t)ret->len;
		fixture_ok(f, ask(f, q));
		q->document = wire_text(&f->fields, &f->arena);
		total = wire_i64(&f->fields);
		bytes = wire_bytes(&f->fields, &len);
		assert_int_equal(wire_end(&f->fields, &f->err), GH_OK);
		gh_text_put_n(ret, bytes, len);
		++*ret_parts;
	} while ((int64_t)ret->len < total);
}

static void
tells_what_would_run(void **state)
{
	struct asked q = { .target = "shop_production", .direction = 1 };
	struct fixture_runner *f = *state;
	GH_TEXT text = { 0 };
	size_t parts;

	fixture_shop(f);
	whole(f, &q, &text, &parts);
	assert_non_null(strstr(gh_text_str(&text),
	    "up to 0005 on shop_production: 3 migrations by the rules of numbered, "
	    "recorded in public.schema_migrations\nplan "));
	assert_non_null(strstr(gh_text_str(&text), "1. 0003_status (0003_status.sql)\n"));
	assert_non_null(strstr(gh_text_str(&text), "    ALTER TABLE orders ADD status text\n"));
	assert_non_null(strstr(gh_text_str(&text), "none: 1 statement each by itself"));
	/* nothing was asked for */
	assert_string_equal(fixture_value(f, "SELECT count(*) FROM request", 0), "0");
	assert_string_equal(fixture_value(f, "SELECT count(*) FROM plan", 0), "0");
}

static void
json_has_the_bytes_that_are_approved(void **state)
{
	struct asked q = { .target = "shop_production", .direction = 3, .goal = "0005", .json = true };
	struct fixture_runner *f = *state;
	const struct plan_goal goal = { .to = "0005", .only = true };
	GH_TEXT text = { 0 };
	PLAN_BUILT b = { 0 };
	size_t parts;

	fixture_shop(f);
	whole(f, &q, &text, &parts);
	assert_int_equal(plan_build(f->runner->store, "shop_production", &goal, false, &b, &f->err), GH_OK);
	assert_non_null(strstr(gh_text_str(&text), gh_printf(&f->arena, "{\"digest\": \"%s\"", b.digest)));
	assert_non_null(
	    strstr(gh_text_str(&text), "\"canonical\": \"gatehouse-plan 4\\ntarget shop_production\\n"));
	assert_non_null(strstr(gh_text_str(&text), "\"goal\": \"only 0005\""));
}

static void
a_large_plan_comes_in_parts(void **state)
{
	struct fixture_migration m[FIXTURE_MIGRATIONS];
	struct asked q = { .target = "shop_production", .direction = 2, .steps = 1, .json = true };
	struct fixture_runner *f = *state;
	GH_TEXT sql = { 0 };
	GH_TEXT text = { 0 };
	size_t parts, i;

	fixture_shop(f);
	gh_text_put(&sql, "DROP TABLE orders --");
	for (i = 0; i < 40000; i++)
		gh_text_put(&sql, "abcd");
	memcpy(m, fixture_migrations, sizeof(m));
	m[1].down = gh_text_str(&sql);
	fixture_folder(f, m, FIXTURE_MIGRATIONS);
	whole(f, &q, &text, &parts);
	assert_true(parts > 8);
	assert_string_equal(gh_text_str(&text) + text.len - 3, "\"}\n");
	/* what is asked for in between throws the rest away */
	q.offset = 5;
	fixture_ok(f, ask(f, &q));
	q.document = "another";
	fixture_refused(f, GH_CONFLICT, "no longer kept", ask(f, &q));
}

static void
refuses_what_is_no_plan(void **state)
{
	struct asked q = { .target = "shop_production", .direction = 4 };
	struct fixture_runner *f = *state;

	fixture_shop(f);
	fixture_refused(f, GH_BAD_INPUT, "direction", ask(f, &q));
	q.direction = 1;
	q.goal = "a\033";
	fixture_refused(f, GH_BAD_INPUT, "control character", ask(f, &q));
	q.goal = "0099";
	fixture_refused(f, GH_NOT_FOUND, "0099", ask(f, &q));
	q.goal = "";
	q.offset = INT64_C(1) << 40;
	fixture_refused(f, GH_BAD_INPUT, "no byte", ask(f, &q));
	q.offset = -1;
	fixture_refused(f, GH_BAD_INPUT, "no byte", ask(f, &q));
	q.target = "nowhere";
	fixture_refused(f, GH_NOT_FOUND, "nowhere", ask(f, &q));
}

static void
refuses_every_cut(void **state)
{
	const struct asked q = { .target = "shop_production", .direction = 1 };
	struct fixture_runner *f = *state;
	GH_TEXT fields = { 0 };

	put(&fields, &q);
	fixture_cuts_cli(f, "lead", WIRE_READ_PLAN, &fields);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(tells_what_would_run),
		FIXTURE_TEST(json_has_the_bytes_that_are_approved),
		FIXTURE_TEST(a_large_plan_comes_in_parts),
		FIXTURE_TEST(refuses_what_is_no_plan),
		FIXTURE_TEST(refuses_every_cut),
	};

	return cmocka_run_group_tests_name("runner/cmd_read_plan", tests, NULL, NULL);
}
