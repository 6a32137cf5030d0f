#include "base/ban.h"
#include "tests/support/fixture_list.h"

static void
put(struct gh_text *fields, const char *target, const char *cursor)
{
	struct wire_out out = { .text = fields };

	wire_put_text(&out, target);
	wire_put_text(&out, cursor);
	wire_put_i64(&out, 50);
}

enum gh_code
fixture_list(
    struct fixture_runner *f, const char *who, enum wire_op op, const char *target, const char *cursor)
{
	GH_TEXT fields = { 0 };

	put(&fields, target, cursor);
	return fixture_cli(f, who, op, false, &fields);
}

void
fixture_list_empty(struct fixture_runner *f, enum wire_op op, const char *column)
{
	const struct wire_table *t;

	fixture_ok(f, fixture_list(f, "viewer", op, "", ""));
	t = fixture_table(f);
	assert_int_equal(t->n_rows, 0);
	assert_string_equal(t->columns[0], column);
	assert_string_equal(t->next, "");
	fixture_ok(f, fixture_list(f, "viewer", op, "shop_production", "12"));
}

void
fixture_list_refuses(struct fixture_runner *f, enum wire_op op)
{
	GH_TEXT fields = { 0 };

	fixture_refused(f, GH_BAD_INPUT, "cursor", fixture_list(f, "viewer", op, "", "0"));
	fixture_refused(f, GH_BAD_INPUT, "cursor", fixture_list(f, "viewer", op, "", "12x"));
	fixture_refused(f, GH_NOT_FOUND, "shop_moon", fixture_list(f, "viewer", op, "shop_moon", ""));
	fixture_refused(f, GH_FORBIDDEN, "stands for nobody", fixture_list(f, NULL, op, "", ""));
	put(&fields, "", "");
	fixture_cuts_cli(f, "lead", op, &fields);
}
