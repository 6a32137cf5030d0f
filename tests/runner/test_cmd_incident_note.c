#include "base/ban.h"
#include "tests/support/fixture_runner.h"
#include "store/ledger_write.h"

static int64_t
incident(struct fixture_runner *f)
{
	const struct store_incident_new new = { .title = "Orders are slow", .severity = "low", .now = 1 };
	int64_t id = 0;

	assert_int_equal(store_incident_add(f->runner->store, &new, &id, &f->err), GH_OK);
	return id;
}

static void
put(struct gh_text *fields, int64_t id, const char *text)
{
	struct wire_out out = { .text = fields };

	wire_put_i64(&out, id);
	wire_put_text(&out, text);
}

static enum gh_code
act(struct fixture_runner *f, const char *who, int64_t id, const char *text)
{
	GH_TEXT fields = { 0 };

	put(&fields, id, text);
	return fixture_act(
	    f, who, WIRE_INCIDENT_NOTE, gh_printf(&f->arena, "incident/%" PRId64, id), &fields);
}

static void
adds_to_an_open_one(void **state)
{
	struct fixture_runner *f = *state;
	struct store_notes notes = { 0 };

	fixture_ok(f, act(f, "viewer", incident(f), "Seen on two machines."));
	assert_true(wire_i64(&f->fields) > 0);
	fixture_entry(f, "viewer", "incident.note", "incident/1", "ok");
	assert_int_equal(store_note_list(f->runner->store, &f->arena, 1, &notes, &f->err), GH_OK);
	assert_int_equal(notes.n, 1);
	assert_string_equal(notes.rows[0].person, "viewer");
	assert_string_equal(notes.rows[0].text, "Seen on two machines.");
}

static void
refuses_an_empty_note_and_a_closed_incident(void **state)
{
	struct fixture_runner *f = *state;
	int64_t id = incident(f);

	fixture_refused(f, GH_BAD_INPUT, "text is missing", act(f, "viewer", id, ""));
	assert_int_equal(
	    store_incident_close(f->runner->store, id, fixture_person(f, "lead")->id, 1, &f->err), GH_OK);
	fixture_refused(f, GH_CONFLICT, "closed", act(f, "viewer", id, "too late"));
}

static void
knows_no_other_incident(void **state)
{
	struct fixture_runner *f = *state;

	fixture_refused(f, GH_NOT_FOUND, "99", act(f, "lead", 99, "x"));
}

static void
answers_a_repeated_key_without_doing_it_twice(void **state)
{
	struct fixture_runner *f = *state;
	GH_TEXT fields = { 0 };
	GH_TEXT frame = { 0 };
	GH_TEXT first = { 0 };
	int64_t entries;

	put(&fields, incident(f), "once");
	fixture_act_frame(f, "lead", WIRE_INCIDENT_NOTE, "incident/1", &fields, &frame);
	fixture_ok(f, fixture_frame(f, CMD_WEB, geteuid(), &frame));
	gh_text_put_n(&first, gh_text_str(&f->reply), f->reply.len);
	entries = fixture_entries(f);
	fixture_ok(f, fixture_frame(f, CMD_WEB, geteuid(), &frame));
	assert_int_equal(f->reply.len, first.len);
	assert_memory_equal(gh_text_str(&f->reply), gh_text_str(&first), first.len);
	assert_int_equal(fixture_entries(f), entries);
}

static void
refuses_every_cut(void **state)
{
	struct fixture_runner *f = *state;
	GH_TEXT fields = { 0 };

	put(&fields, incident(f), "text");
	fixture_cuts(f, "lead", WIRE_INCIDENT_NOTE, "incident/1", &fields);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(adds_to_an_open_one),
		FIXTURE_TEST(refuses_an_empty_note_and_a_closed_incident),
		FIXTURE_TEST(knows_no_other_incident),
		FIXTURE_TEST(answers_a_repeated_key_without_doing_it_twice),
		FIXTURE_TEST(refuses_every_cut),
	};

	return cmocka_run_group_tests_name("runner/cmd_incident_note", tests, NULL, NULL);
}
