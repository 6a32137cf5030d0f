#include "base/ban.h"
#include "cgi/show.h"

/* GET /runs/{id}/control?do=pause: a person says what a run shall do now, and why.  A page of its own,
 * because the page of the run changes while one writes. */
static const struct doing {
	const char *word, *title, *button, *url;
	const char *text; /* what will happen */
	enum wire_op op;
	bool danger;
} doings[] = {
	{ .word = "pause",
	    .op = WIRE_RUN_PAUSE,
	    .title = "Pause run",
	    .button = "Pause",
	    .url = "/runs/%d64/pause",
	    .danger = false,
	    .text = "What runs now is carried to its end. The run then waits before the next migration, or "
		    "the next "
		    "batch, and holds no lock on your tables while it waits; only the target stays taken." },
	{ .word = "resume",
	    .op = WIRE_RUN_RESUME,
	    .title = "Resume run",
	    .button = "Resume",
	    .url = "/runs/%d64/resume",
	    .danger = false,
	    .text = "The run goes on where it waits." },
	{ .word = "cancel",
	    .op = WIRE_RUN_CANCEL,
	    .title = "Cancel run",
	    .button = "Cancel the run",
	    .url = "/runs/%d64/cancel",
	    .danger = true,
	    .text = "The statement that runs is cancelled and its transaction rolled back. What this run has "
		    "committed by then is taken back or stays, as the policy of the target says; the page "
		    "then says what is "
		    "true." },
	{ .word = "extend",
	    .op = WIRE_RUN_EXTEND,
	    .title = "Extend the window of run",
	    .button = "Extend",
	    .url = "/runs/%d64/extend",
	    .danger = false,
	    .text = "Without it the run begins nothing new when its window ends, and stops before the next "
		    "migration." },
	{ .word = "speed",
	    .op = WIRE_RUN_SPEED,
	    .title = "Change the speed of run",
	    .button = "Change",
	    .url = "/runs/%d64/speed",
	    .danger = false,
	    .text = "It holds from the next batch on. What is left empty stays as it is now; 0 is as the "
		    "file says." },
};

static enum gh_code
find(const char *word, const struct doing **ret, struct gh_err *err)
{
	size_t i;

	for (i = 0; i < sizeof(doings) / sizeof(doings[0]); i++) {
		if (strcmp(doings[i].word, word) == 0) {
			*ret = &doings[i];
			return GH_OK;
		}
	}
	return gh_fail(
	    err, GH_BAD_INPUT, "do is pause, resume, cancel, extend or speed, not \"%.40s\"", word);
}

static enum gh_code
page_run_control_run(struct req *req, struct view *v, struct gh_err *err)
{
	const struct doing *d = NULL;
	struct store_run r;

	GH_TRY(find(req_query(req, "do"), &d, err));
	GH_TRY(store_run_get(req->store, req->arena, req->id, &r, err));
	view_textf(v, "title", "%s %" PRId64, d->title, r.id);
	view_int(v, "id", r.id);
	view_text(v, "goal", r.goal);
	view_text(v, "target", r.target);
	view_text(v, "environment", r.environment);
	view_text(v, "text", d->text);
	view_text(v, "button", d->button);
	view_bool(v, "danger", d->danger);
	view_bool(v, "extend", d->op == WIRE_RUN_EXTEND);
	view_bool(v, "speed", d->op == WIRE_RUN_SPEED);
	view_url(v, "url", d->url, r.id);
	view_url(v, "run_url", "/runs/%d64", r.id);
	view_text(v, "state", r.state);
	show_mark(v, "mark", r.state);
	if (strcmp(r.state, "running") == 0)
		req_formf(req, v, "form", d->op, "run/%" PRId64, r.id);
	else
		view_text(v, "form", "");
	return GH_OK;
}

const struct page page_run_control = {
	.path = "/runs/{id}/control",
	.tpl = TPL_RUN_CONTROL,
	.nav = "runs",
	.query = { "do" },
	.run = page_run_control_run,
};
