#include "base/ban.h"
#include "store/control_write.h"
#include "store/write.gen.h"

enum gh_code
store_control_put(struct store *st, int64_t run_id, const struct store_run_detail *d, struct gh_err *err)
{
	STORE_STMT q = NULL;
	char none[64];

	(void)snprintf(none, sizeof(none), "run %" PRId64 " is not running", run_id);
	GH_TRY(store_prepare(st, SQL_CONTROL_PUT, &q, err));
	store_bind_int(q, ":run", run_id);
	store_bind_text(q, ":control", d->control);
	store_bind_text(q, ":text", d->control_text);
	store_bind_time(q, ":window_end", d->window_end);
	store_bind_int(q, ":batch_size", d->batch_size);
	store_bind_int(q, ":batch_pause_ms", d->batch_pause_ms);
	return store_do(st, q, none, err);
}

enum gh_code
store_control_answer(struct store *st, int64_t run_id, const char *from, const char *to, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_CONTROL_ANSWER, &q, err));
	store_bind_int(q, ":run", run_id);
	store_bind_text(q, ":from", from);
	store_bind_text(q, ":to", to);
	return store_do(st, q, NULL, err);
}

enum gh_code
store_control_window(struct store *st, int64_t run_id, int64_t window_end, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_CONTROL_WINDOW, &q, err));
	store_bind_int(q, ":run", run_id);
	store_bind_time(q, ":window_end", window_end);
	return store_do(st, q, "the run does not exist", err);
}
