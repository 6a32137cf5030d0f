#include "base/ban.h"
#include "tests/support/fixture_runner.h"
#include "store/incident.h"

static void
put(struct gh_text *fields, const char *title, const char *severity, const char *target, const char *text)
{
	struct wire_out out = { .text = fields };

	wire_put_text(&out, title);
	wire_put_text(&out, severity);
	wire_put_text(&out, target);
	wire_put_text(&out, text);
}

static enum gh_code
open_it(
    struct fixture_runner *f, const char *title, const char *severity, const char *target, const char *text)
{
	GH_TEXT fields = { 0 };

	put(&fields, title, severity, target, text);
	return fixture_act(f, "viewer", WIRE_INCIDENT_OPEN, "incident", &fields);
}

static void
records_it_with_its_first_note(void **state)
{
	struct fixture_runner *f = *state;
	struct store_incident incident;
	struct store_notes notes = { 0 };
	int64_t id;

	fixture_ok(f, open_it(f, "Orders are slow", "high", "shop_production", "Since noon."));
	id = wire_i64(&f->fields);
	assert_int_equal(store_incident_get(f->runner->store, &f->arena, id, &incident, &f->err), GH_OK);
	assert_string_equal(incident.title, "Orders are slow");
	assert_string_equal(incident.target, "shop_production");
	assert_string_equal(incident.person, "viewer");
	assert_int_equal(store_note_list(f->runner->store, &f->arena, id, &notes, &f->err), GH_OK);
	assert_int_equal(notes.n, 1);
	assert_string_equal(notes.rows[0].text, "Since noon.");
	fixture_entry(f, "viewer", "incident.open", gh_printf(&f->arena, "incident/%" PRId64, id), "ok");
}

static void
refuses_what_is_not_one(void **state)
{
	struct fixture_runner *f = *state;
	char *longest = gh_alloc(&f->arena, 300);

	memset(longest, 'x', 201);
	fixture_refused(f, GH_BAD_INPUT, "title is missing", open_it(f, "", "low", "", ""));
	fixture_refused(f, GH_BAD_INPUT, "1 to 200 characters, not 201", open_it(f, longest, "low", "", ""));
	fixture_refused(f, GH_BAD_INPUT, "control character", open_it(f, "a\x1b[31m", "low", "", ""));
	fixture_refused(f, GH_BAD_INPUT, "low, medium or high", open_it(f, "x", "urgent", "", ""));
	fixture_refused(f, GH_NOT_FOUND, "shop_moon", open_it(f, "x", "low", "shop_moon", ""));
}

static void
refuses_a_form_token_for_something_else(void **state)
{
	struct fixture_runner *f = *state;
	GH_TEXT fields = { 0 };

	put(&fields, "x", "low", "", "");
	fixture_refused(f, GH_FORBIDDEN, "not from your session",
	    fixture_act(f, "viewer", WIRE_INCIDENT_OPEN, "incident/1", &fields));
	fixture_entry(f, "viewer", "incident.open", "incident", "refused");
}

static void
refuses_every_cut(void **state)
{
	struct fixture_runner *f = *state;
	GH_TEXT fields = { 0 };

	put(&fields, "x", "low", "", "y");
	fixture_cuts(f, "viewer", WIRE_INCIDENT_OPEN, "incident", &fields);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(records_it_with_its_first_note),
		FIXTURE_TEST(refuses_what_is_not_one),
		FIXTURE_TEST(refuses_a_form_token_for_something_else),
		FIXTURE_TEST(refuses_every_cut),
	};

	return cmocka_run_group_tests_name("runner/cmd_incident_open", tests, NULL, NULL);
}
