#include "base/ban.h"
#include "runner/follow_kind.h"
#include "store/control_write.h"
#include "store/hook_write.h"
#include "tests/support/fixture_control.h"

/* HOOK, EVIDENCE and CONTROL frames as rows and events. */

struct scene {
	struct fixture_runner *f;
	struct follow_run run;
	struct gh_text fields;
};

static void
begin(struct scene *s, struct fixture_runner *f)
{
	*s = (struct scene){ .f = f };
	s->run = (struct follow_run){ .id = fixture_running(f, false),
		.target_id = fixture_target_id(f, "shop_development") };
}

/* Puts the frame that the fields make. */
static enum gh_code
put(struct scene *s, const struct follow_kind *k, int64_t at)
{
	struct wire_event e = { .kind = k->kind, .at_us = at };
	enum gh_code code;

	e.fields.at = (const unsigned char *)gh_text_str(&s->fields);
	e.fields.end = e.fields.at + s->fields.len;
	s->f->err = (struct gh_err){ 0 };
	code = k->put(s->f->runner->store, &s->run, &e, &s->f->arena, &s->f->err);
	gh_text_done(&s->fields);
	return code;
}

static enum gh_code
hook(struct scene *s, int64_t at, const char *when, uint8_t state, int64_t exit_status, const char *output)
{
	struct wire_out out = { .text = &s->fields };

	wire_put_text(&out, when);
	wire_put_i64(&out, 0);
	wire_put_text(&out, "/bin/announce shop");
	wire_put_u8(&out, state);
	wire_put_i64(&out, exit_status);
	wire_put_text(&out, output);
	return put(s, &follow_hook, at);
}

static const char *
events(struct scene *s, const char *kind)
{
	return fixture_value(s->f,
	    gh_printf(&s->f->arena,
		"SELECT coalesce(group_concat(text, ' / '), '') FROM event WHERE run_id = ?1 AND kind = '%s'",
		kind),
	    s->run.id);
}

static void
a_hook_is_one_row_with_its_end(void **state)
{
	struct scene s;
	struct store_hooks rows;

	begin(&s, *state);
	assert_int_equal(hook(&s, 5, "before", WIRE_STARTED, -1, ""), GH_OK);
	assert_string_equal(events(&s, "hook"), "");
	assert_int_equal(hook(&s, 9, "before", WIRE_FAILED, 3, "no"), GH_OK);
	assert_int_equal(hook(&s, 10, "failure", WIRE_FAILED, 256 + 9, ""), GH_OK);
	assert_int_equal(hook(&s, 11, "after", WIRE_SKIPPED, -1, ""), GH_OK);
	assert_int_equal(store_hook_list(s.f->runner->store, &s.f->arena, s.run.id, &rows, &s.f->err), GH_OK);
	assert_int_equal(rows.n, 3);
	assert_string_equal(rows.rows[0].when, "before");
	assert_string_equal(rows.rows[0].state, "failed");
	assert_string_equal(rows.rows[0].output, "no");
	assert_string_equal(rows.rows[0].command, "/bin/announce shop");
	assert_int_equal(rows.rows[0].exit_status, 3);
	assert_int_equal(rows.rows[0].started_at, 5);
	assert_int_equal(rows.rows[0].ended_at, 9);
	assert_string_equal(rows.rows[1].when, "after");
	assert_string_equal(rows.rows[2].when, "failure");
	assert_string_equal(events(&s, "hook"),
	    "Hook (before) /bin/announce shop: exit status 3 / Hook (failure) /bin/announce shop: ended by "
	    "signal 9 / "
	    "Hook (after) /bin/announce shop: skipped");
}

/* The job is gone: what had begun has an end. */
static void
a_hook_whose_job_died_has_failed(void **state)
{
	struct scene s;

	begin(&s, *state);
	assert_int_equal(hook(&s, 5, "before", WIRE_STARTED, -1, ""), GH_OK);
	assert_int_equal(follow_rows_close(s.f->runner->store, s.run.id, WIRE_UNKNOWN, 30, &s.f->err), GH_OK);
	assert_string_equal(
	    fixture_value(s.f, "SELECT state || ' ' || ended_at FROM run_hook WHERE run_id = ?1", s.run.id),
	    "failed 30");
}

static enum gh_code
evidence(struct scene *s, int64_t at, const char *name, uint8_t state)
{
	struct wire_out out = { .text = &s->fields };

	wire_put_text(&out, "query");
	wire_put_text(&out, name);
	wire_put_u8(&out, state);
	wire_put_text(&out, "A sentence.");
	return put(s, &follow_evidence, at);
}

static void
evidence_is_kept_in_order_and_told_when_it_is_bad(void **state)
{
	struct scene s;
	struct store_evidences rows;

	begin(&s, *state);
	assert_int_equal(evidence(&s, 7, "verify/a.sql", WIRE_OK), GH_OK);
	assert_int_equal(evidence(&s, 8, "verify/a.sql", WIRE_FAILED), GH_OK);
	assert_int_equal(evidence(&s, 8, "", WIRE_SKIPPED), GH_OK);
	assert_int_equal(
	    store_evidence_list(s.f->runner->store, &s.f->arena, s.run.id, &rows, &s.f->err), GH_OK);
	assert_int_equal(rows.n, 3);
	assert_int_equal(rows.rows[1].position, 1);
	assert_int_equal(rows.rows[1].at, 8);
	assert_string_equal(rows.rows[1].kind, "query");
	assert_string_equal(rows.rows[1].name, "verify/a.sql");
	assert_string_equal(rows.rows[1].state, "failed");
	assert_string_equal(rows.rows[1].text, "A sentence.");
	assert_string_equal(rows.rows[2].state, "skipped");
	assert_string_equal(events(&s, "evidence"), "query verify/a.sql: A sentence.");
}

static enum gh_code
control(struct scene *s, const char *what)
{
	struct wire_out out = { .text = &s->fields };

	wire_put_text(&out, what);
	wire_put_text(&out, "What became of it.");
	return put(s, &follow_control, 9);
}

static const char *
told(struct scene *s)
{
	return fixture_value(s->f, "SELECT control FROM run WHERE id = ?1", s->run.id);
}

static void
answers_move_only_what_is_still_wanted(void **state)
{
	struct scene s;

	begin(&s, *state);
	assert_int_equal(control(&s, "pause"), GH_OK);
	assert_string_equal(told(&s), "");
	assert_int_equal(fixture_tell(s.f, "viewer", WIRE_RUN_PAUSE, s.run.id, "lunch", 0), GH_OK);
	assert_int_equal(control(&s, "resume"), GH_OK);
	assert_string_equal(told(&s), "pausing");
	assert_int_equal(control(&s, "pause"), GH_OK);
	assert_string_equal(told(&s), "paused");
	assert_int_equal(fixture_tell(s.f, "viewer", WIRE_RUN_RESUME, s.run.id, "go", 0), GH_OK);
	assert_int_equal(control(&s, "pause"), GH_OK);
	assert_string_equal(told(&s), "resuming");
	assert_int_equal(control(&s, "resume"), GH_OK);
	assert_string_equal(told(&s), "");
	assert_int_equal(fixture_tell(s.f, "viewer", WIRE_RUN_CANCEL, s.run.id, "stop", 0), GH_OK);
	assert_int_equal(control(&s, "cancel"), GH_OK);
	assert_string_equal(told(&s), "cancelling");
	assert_int_equal(control(&s, "speed"), GH_OK);
	assert_int_equal(control(&s, "window"), GH_OK);
	assert_non_null(strstr(events(&s, "control"), "Told to cancel: What became of it."));
	assert_non_null(strstr(events(&s, "control"), "Told to change speed: "));
}

static void
what_is_malformed_is_corrupt(void **state)
{
	struct scene s;
	struct wire_out out;

	begin(&s, *state);
	assert_int_equal(hook(&s, 5, "whenever", WIRE_OK, 0, ""), GH_BAD_INPUT);
	assert_int_equal(hook(&s, 5, "before", WIRE_IN_DOUBT, 0, ""), GH_BAD_INPUT);
	assert_int_equal(hook(&s, 5, "before", 77, 0, ""), GH_BAD_INPUT);
	assert_int_equal(evidence(&s, 5, "x", WIRE_STARTED), GH_BAD_INPUT);
	assert_int_equal(put(&s, &follow_hook, 5), GH_BAD_INPUT);
	assert_int_equal(put(&s, &follow_evidence, 5), GH_BAD_INPUT);
	assert_int_equal(put(&s, &follow_control, 5), GH_BAD_INPUT);
	out = (struct wire_out){ .text = &s.fields };
	wire_put_text(&out, "pause");
	wire_put_text(&out, "");
	wire_put_u8(&out, 0);
	assert_int_equal(put(&s, &follow_control, 5), GH_BAD_INPUT);
	assert_string_equal(
	    fixture_value(s.f, "SELECT count(*) FROM run_hook WHERE run_id = ?1", s.run.id), "0");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(a_hook_is_one_row_with_its_end),
		FIXTURE_TEST(a_hook_whose_job_died_has_failed),
		FIXTURE_TEST(evidence_is_kept_in_order_and_told_when_it_is_bad),
		FIXTURE_TEST(answers_move_only_what_is_still_wanted),
		FIXTURE_TEST(what_is_malformed_is_corrupt),
	};

	return cmocka_run_group_tests_name("runner/follow_phase", tests, NULL, NULL);
}
