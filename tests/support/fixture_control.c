#include "base/ban.h"
#include "tests/support/fixture_control.h"

static void
sql(struct fixture_runner *f, const char *text)
{
	if (sqlite3_exec(f->runner->store->db, text, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s: %s", text, sqlite3_errmsg(f->runner->store->db));
}

int64_t
fixture_running(struct fixture_runner *f, bool needs_approval)
{
	int64_t run;

	fixture_shop(f);
	(void)fixture_request(f, "shop_development", &run);
	assert_int_equal(store_run_start(f->runner->store, run, 1, &f->err), GH_OK);
	if (needs_approval)
		sql(f, "UPDATE target SET approvals = 1");
	return run;
}

static void
put(struct gh_text *fields, int64_t run, const char *reason, const int64_t *numbers, size_t n)
{
	struct wire_out out = { .text = fields };
	size_t i;

	wire_put_i64(&out, run);
	wire_put_text(&out, reason);
	for (i = 0; i < n; i++)
		wire_put_i64(&out, numbers[i]);
}

enum gh_code
fixture_tell(struct fixture_runner *f, const char *who, enum wire_op op, int64_t run, const char *reason,
    size_t n, ...)
{
	GH_TEXT fields = { 0 };
	int64_t numbers[2] = { 0 };
	va_list ap;
	size_t i;

	va_start(ap, n);
	for (i = 0; i < n; i++)
		numbers[i] = va_arg(ap, int64_t);
	va_end(ap);
	put(&fields, run, reason, numbers, n);
	return fixture_act(f, who, op, gh_printf(&f->arena, "run/%" PRId64, run), &fields);
}

const char *
fixture_told(struct fixture_runner *f, int64_t run)
{
	return fixture_value(f,
	    "SELECT control || ' ' || control_serial || ' ' || coalesce(window_end, 0) || ' ' || batch_size "
	    "|| ' ' ||"
	    " batch_pause_ms || ' | ' || control_text FROM run WHERE id = ?1",
	    run);
}

void
fixture_tell_refusals(struct fixture_runner *f, enum wire_op op, size_t n, int64_t a, int64_t b)
{
	const int64_t numbers[2] = { a, b };
	GH_TEXT fields = { 0 };
	int64_t run = fixture_running(f, true), waiting;

	put(&fields, run, "why", numbers, n);
	fixture_cuts(f, "lead", op, gh_printf(&f->arena, "run/%" PRId64, run), &fields);
	fixture_refused(f, GH_BAD_INPUT, "reason", fixture_tell(f, "lead", op, run, "", n, a, b));
	fixture_refused(f, GH_FORBIDDEN, "lead", fixture_tell(f, "viewer", op, run, "why", n, a, b));
	fixture_refused(f, GH_NOT_FOUND, "99", fixture_tell(f, "lead", op, 99, "why", n, a, b));
	assert_string_equal(fixture_told(f, run), " 0 0 0 0 | ");
	sql(f, "UPDATE target SET approvals = 0");
	(void)fixture_request(f, "shop_development", &waiting);
	fixture_refused(
	    f, GH_CONFLICT, "has not begun", fixture_tell(f, "lead", op, waiting, "why", n, a, b));
	sql(f,
	    "UPDATE run SET control = 'cancelling', control_text = 'lead: enough' WHERE state = 'running'");
	fixture_refused(f, GH_CONFLICT, "being cancelled already (lead: enough)",
	    fixture_tell(f, "lead", op, run, "why", n, a, b));
	assert_int_equal(
	    store_run_move(f->runner->store, run, "running", "succeeded", "Done.", 2, &f->err), GH_OK);
	fixture_refused(f, GH_CONFLICT, "is not running: it is succeeded",
	    fixture_tell(f, "lead", op, run, "why", n, a, b));
}

int64_t
fixture_batched(struct fixture_runner *f)
{
	static const struct fixture_migration m = { "0001_fill",
		"-- gatehouse:batch table=public.orders key=id size=10\n"
		"UPDATE orders SET note = '' WHERE id BETWEEN :from AND :to",
		NULL, "", true };
	static const char *const none[] = { NULL };
	int64_t run;

	fixture_folder(f, &m, 1);
	fixture_seen(f, "shop_development", none);
	(void)fixture_request(f, "shop_development", &run);
	assert_int_equal(store_run_start(f->runner->store, run, 1, &f->err), GH_OK);
	return run;
}
