#include "base/ban.h"
#include "tests/support/fixture_runner.h"
#include "store/ledger.h"

/* What cmd_dispatch does for all commands. */

static void
note_fields(struct gh_text *ret, const char *title)
{
	struct wire_out out = { .text = ret };

	wire_put_text(&out, title);
	wire_put_text(&out, "low");
	wire_put_text(&out, "");
	wire_put_text(&out, "");
}

static void
has_a_row_for_each_operation(void **state)
{
	unsigned op, n = 0;

	(void)state;
	for (op = 0; op < 200; op++) {
		const struct cmd *row = cmd_find(op);

		assert_int_equal(row != NULL, wire_op_name(op) != NULL);
		if (row == NULL)
			continue;
		n++;
		assert_true(row->needs != 0);
		assert_true(row->ways != 0);
		assert_non_null(row->run);
		assert_true(!row->writes || row->noun != NULL);
		/* Only signing in needs nobody, and only it and touch have no form token. */
		assert_int_equal(row->open, op == WIRE_SESSION_OPEN);
		assert_int_equal(row->bare, op == WIRE_SESSION_OPEN || op == WIRE_SESSION_TOUCH);
		assert_int_equal(row->quiet, op == WIRE_SESSION_TOUCH);
		assert_int_equal(row->writes, op < 100);
	}
	assert_true(n > 20);
}

static void
refuses_unknown_operations(void **state)
{
	struct fixture_runner *f = *state;
	GH_TEXT frame = { 0 };
	struct wire_out out = { .text = &frame };

	wire_put_u16(&out, 4711);
	gh_text_put_n(&frame, fixture_person(f, "admin")->token, GH_TOKEN_LEN);
	fixture_refused(f, GH_BAD_INPUT, "no operation 4711", fixture_frame(f, CMD_WEB, geteuid(), &frame));
}

static void
refuses_form_tokens_of_others_and_of_other_acts(void **state)
{
	struct fixture_runner *f = *state;
	const struct fixture_person *lead = fixture_person(f, "lead"), *other = fixture_person(f, "lead2");
	char wrong[4][GH_SHA256_HEX_LEN] = { "", "short" };
	GH_TEXT fields = { 0 };
	size_t i;

	note_fields(&fields, "x");
	wire_csrf(other->token, WIRE_INCIDENT_OPEN, "incident", wrong[2]);
	wire_csrf(lead->token, WIRE_INCIDENT_NOTE, "incident", wrong[3]);
	for (i = 0; i < 4; i++) {
		GH_TEXT frame = { 0 };
		struct wire_out out = { .text = &frame };

		wire_put_u16(&out, WIRE_INCIDENT_OPEN);
		gh_text_put_n(&frame, lead->token, GH_TOKEN_LEN);
		wire_put_text(&out, gh_printf(&f->arena, "k%zu", i));
		wire_put_text(&out, wrong[i]);
		gh_text_put_n(&frame, fields.data, fields.len);
		fixture_refused(
		    f, GH_FORBIDDEN, "not from your session", fixture_frame(f, CMD_WEB, geteuid(), &frame));
		fixture_entry(f, "lead", "incident.open", "incident", "refused");
	}
	assert_int_equal(fixture_entries(f), 4);
}

/* The frame of incident.open with a key of the test's choice. */
static enum gh_code
with_key(struct fixture_runner *f, const char *who, const char *key, const char *title)
{
	const struct fixture_person *p = fixture_person(f, who);
	char csrf[GH_SHA256_HEX_LEN];
	GH_TEXT frame = { 0 };
	struct wire_out out = { .text = &frame };

	wire_csrf(p->token, WIRE_INCIDENT_OPEN, "incident", csrf);
	wire_put_u16(&out, WIRE_INCIDENT_OPEN);
	gh_text_put_n(&frame, p->token, GH_TOKEN_LEN);
	wire_put_text(&out, key);
	wire_put_text(&out, csrf);
	note_fields(&frame, title);
	return fixture_frame(f, CMD_WEB, geteuid(), &frame);
}

static void
keeps_one_answer_a_key_and_person(void **state)
{
	struct fixture_runner *f = *state;
	char *longest = gh_alloc(&f->arena, CMD_KEY_MAX + 2);
	int64_t first;

	fixture_ok(f, with_key(f, "lead", "same", "one"));
	first = wire_i64(&f->fields);
	fixture_ok(f, with_key(f, "lead", "same", "one"));
	assert_int_equal(wire_i64(&f->fields), first);
	fixture_ok(f, with_key(f, "lead2", "same", "two"));
	assert_int_not_equal(wire_i64(&f->fields), first);
	assert_int_equal(fixture_entries(f), 2);
	fixture_refused(f, GH_BAD_INPUT, "key", with_key(f, "lead", "", "x"));
	fixture_refused(f, GH_BAD_INPUT, "key", with_key(f, "lead", "a b", "x"));
	memset(longest, 'k', CMD_KEY_MAX + 1);
	fixture_refused(f, GH_BAD_INPUT, "key", with_key(f, "lead", longest, "x"));
	longest[CMD_KEY_MAX] = '\0';
	fixture_ok(f, with_key(f, "lead", longest, "x"));
}

static void
keeps_no_answer_of_a_refusal(void **state)
{
	struct fixture_runner *f = *state;

	fixture_refused(f, GH_BAD_INPUT, "title", with_key(f, "lead", "again", ""));
	fixture_ok(f, with_key(f, "lead", "again", "now it has one"));
}

static void
limits_the_entries_about_refusals(void **state)
{
	struct fixture_runner *f = *state;
	GH_TEXT fields = { 0 };
	int i;

	for (i = 0; i < SIGNIN_ENTRIES + 20; i++)
		assert_int_equal(fixture_cli(f, NULL, WIRE_INCIDENT_OPEN, true, &fields), GH_FORBIDDEN);
	assert_int_equal(fixture_entries(f), SIGNIN_ENTRIES);
	/* What is allowed is always written. */
	fixture_ok(f, with_key(f, "lead", "a", "x"));
	assert_int_equal(fixture_entries(f), SIGNIN_ENTRIES + 1);
}

static void
chains_what_it_writes(void **state)
{
	struct fixture_runner *f = *state;
	struct store_chain chain;

	fixture_ok(f, with_key(f, "lead", "a", "x"));
	fixture_ok(f, with_key(f, "lead", "b", "y"));
	assert_int_equal(store_ledger_verify(f->runner->store, &chain, &f->err), GH_OK);
	assert_int_equal(chain.entries, 2);
	assert_int_equal(chain.bad, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(has_a_row_for_each_operation),
		FIXTURE_TEST(refuses_unknown_operations),
		FIXTURE_TEST(refuses_form_tokens_of_others_and_of_other_acts),
		FIXTURE_TEST(keeps_one_answer_a_key_and_person),
		FIXTURE_TEST(keeps_no_answer_of_a_refusal),
		FIXTURE_TEST(limits_the_entries_about_refusals),
		FIXTURE_TEST(chains_what_it_writes),
	};

	return cmocka_run_group_tests_name("runner/cmd", tests, NULL, NULL);
}
