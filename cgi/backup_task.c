#include "base/ban.h"
#include "cgi/app.h"
#include "cgi/backup_view.h"

#include "store/finding.h"
#include "store/task.h"

/* Tasks: a line each while they wait or run, and the last one when it has failed. */

const char *
backup_task_word(struct req *req, const struct store_task *k)
{
	if (strcmp(k->kind, "take") == 0)
		return gh_printf(req->arena, "Backup of %s", k->target);
	if (strcmp(k->kind, "outside") == 0)
		return gh_printf(req->arena, "Look at %s", k->source);
	return gh_printf(req->arena, "Proof of backup %" PRId64, k->backup_id);
}

static const char *
counts(struct req *req, const struct store_task *k)
{
	bool bytes = strcmp(k->unit, "bytes") == 0;
	const char *done = bytes ? finding_bytes(k->done, req->arena) : show_number(req, k->done);

	if (k->total <= 0)
		return k->done <= 0
		    ? ""
		    : gh_printf(req->arena, "%s%s%s", done, bytes ? "" : " ", bytes ? "" : k->unit);
	return gh_printf(req->arena, "%s of %s%s%s", done,
	    bytes ? finding_bytes(k->total, req->arena) : show_number(req, k->total), bytes ? "" : " ",
	    bytes ? "" : k->unit);
}

/* By the pace until now; "" when it cannot be told. */
static const char *
left(struct req *req, const struct store_task *k)
{
	int64_t gone = req->now_us - k->since;
	char span[GH_CLOCK_LEN];

	if (k->total <= 0 || k->done <= 0 || k->done >= k->total || k->since == 0 || gone < 2 * GH_SECOND)
		return "";
	return gh_printf(req->arena, "about %s, at this pace",
	    gh_clock_span((int64_t)((double)gone / (double)k->done * (double)(k->total - k->done)), span));
}

/* The last table that pg_dump has begun, say. */
static const char *
told(struct req *req, const struct store_task *k)
{
	if (strcmp(k->state, "failed") == 0)
		return app_sentence(req->arena, k->text);
	if (*k->activity == '\0')
		return "";
	return app_sentence(req->arena,
	    *k->note == '\0' ? k->activity : gh_printf(req->arena, "%s: %s", k->activity, k->note));
}

static void
task(struct req *req, struct view *item, const struct store_task *k)
{
	bool running = strcmp(k->state, "running") == 0, failed = strcmp(k->state, "failed") == 0;
	int64_t percent = k->total > 0 ? k->done * 100 / k->total : 0;

	view_int(item, "id", k->id);
	view_text(item, "kind", k->kind);
	view_text(item, "state", k->state);
	view_text(item, "word", backup_task_word(req, k));
	view_text(item, "tone", failed ? "bad" : running ? "live" : "calm");
	view_text(item, "icon", failed ? "octagon-x" : running ? "loader-circle" : "hourglass");
	view_bool(item, "turns", running);
	view_span(item, "elapsed", running ? req->now_us - k->started_at : -1);
	view_textf(item, "sentence", "%s%s%s%s",
	    !running && !failed ? "It waits for its turn." : told(req, k),
	    *k->person == '\0' ? "" : " Asked for by ", k->person, *k->person == '\0' ? "" : ".");
	view_time(item, "ended_at", k->ended_at);
	view_bool(item, "measured", running && k->total > 0);
	view_int(item, "percent", percent > 100 ? 100 : percent);
	view_text(item, "counts", running ? counts(req, k) : "");
	view_text(item, "left", running ? left(req, k) : "");
	view_text(item, "cancelled", failed ? "" : k->cancelled);
	view_text(item, "cancel_url",
	    !failed && *k->cancelled == '\0' && req_has_role(req, ROLE_LEAD | ROLE_ADMIN)
		? show_url(req, "/tasks/%d64/cancel", k->id)
		: "");
}

enum gh_code
backup_tasks(struct req *req, struct view *v, int64_t target_id, int64_t backup_id, struct gh_err *err)
{
	const struct store_task_filter f = { .target = target_id, .backup = backup_id, .limit = 20 };
	struct view *list = view_list(v, "tasks");
	struct store_tasks tasks;
	bool any_open = false;
	size_t i;

	GH_TRY(store_task_list(req->store, req->arena, &f, &tasks, err));
	for (i = 0; i < tasks.n; i++) {
		const struct store_task *k = &tasks.rows[i];
		bool open = strcmp(k->state, "queued") == 0 || strcmp(k->state, "running") == 0;

		any_open = any_open || open;
		/* A failure is told until something newer has gone well. */
		if (open || (i == 0 && strcmp(k->state, "failed") == 0))
			task(req, view_item(list), k);
	}
	view_bool(v, "any_tasks", any_open || (tasks.n > 0 && strcmp(tasks.rows[0].state, "failed") == 0));
	view_text(v, "tasks_title", any_open ? "Under way" : "Failed last");
	view_bool(v, "poll", any_open);
	return GH_OK;
}
