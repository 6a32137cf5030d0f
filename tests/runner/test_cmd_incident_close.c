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
	    f, who, WIRE_INCIDENT_CLOSE, gh_printf(&f->arena, "incident/%" PRId64, id), &fields);
}

static void
is_for_those_who_lead_audit_or_administer(void **state)
{
	struct fixture_runner *f = *state;

	fixture_refused(f, GH_FORBIDDEN, "lead", act(f, "viewer", incident(f), "done"));
	fixture_entry(f, "viewer", "incident.close", "incident/1", "refused");
	fixture_ok(f, act(f, "auditor", 1, ""));
}

static void
keeps_a_last_note_and_closes_once(void **state)
{
	struct fixture_runner *f = *state;
	struct store_incident i;

	fixture_ok(f, act(f, "lead", incident(f), "It was the index."));
	assert_int_equal(store_incident_get(f->runner->store, &f->arena, 1, &i, &f->err), GH_OK);
	assert_string_equal(i.state, "closed");
	assert_string_equal(i.closed_by, "lead");
	assert_int_equal(i.notes, 1);
	fixture_refused(f, GH_CONFLICT, "closed", act(f, "lead2", 1, "again"));
	fixture_refused(f, GH_CONFLICT, "", act(f, "lead2", 1, ""));
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
	fixture_act_frame(f, "lead", WIRE_INCIDENT_CLOSE, "incident/1", &fields, &frame);
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
	fixture_cuts(f, "lead", WIRE_INCIDENT_CLOSE, "incident/1", &fields);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(is_for_those_who_lead_audit_or_administer),
		FIXTURE_TEST(keeps_a_last_note_and_closes_once),
		FIXTURE_TEST(knows_no_other_incident),
		FIXTURE_TEST(answers_a_repeated_key_without_doing_it_twice),
		FIXTURE_TEST(refuses_every_cut),
	};

	return cmocka_run_group_tests_name("runner/cmd_incident_close", tests, NULL, NULL);
}
