#include "base/ban.h"
#include "cgi/backup_view.h"

#include "store/task.h"

/* GET /tasks/{id}/cancel: asks why a task is to end.  A page of its own, because the pages that show tasks
 * change while one writes. */

static enum gh_code
page_task_cancel_run(struct req *req, struct view *v, struct gh_err *err)
{
	struct store_task k;
	bool open;

	GH_TRY(store_task_get(req->store, req->arena, req->id, &k, err));
	open = strcmp(k.state, "queued") == 0 || strcmp(k.state, "running") == 0;
	view_int(v, "id", k.id);
	view_text(v, "target", k.target);
	view_url(v, "target_url", "/targets/%s", k.target);
	view_text(v, "environment", k.environment);
	view_text(v, "word", backup_task_word(req, &k));
	view_text(v, "state", k.state);
	view_text(v, "cancelled", k.cancelled);
	view_text(v, "text", k.text);
	view_url(v, "url", "/tasks/%d64/cancel", k.id);
	if (open && *k.cancelled == '\0')
		req_formf(req, v, "form", WIRE_BACKUP_CANCEL, "task/%" PRId64, k.id);
	else
		view_text(v, "form", "");
	return GH_OK;
}

const struct page page_task_cancel = {
	.path = "/tasks/{id}/cancel",
	.needs = ROLE_LEAD | ROLE_ADMIN,
	.tpl = TPL_TASK_CANCEL,
	.title = "Cancel",
	.nav = "backups",
	.run = page_task_cancel_run,
};
