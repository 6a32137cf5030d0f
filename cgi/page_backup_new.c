#include "base/ban.h"
#include "cgi/show.h"

/* GET /backups/new: asks for a backup of a target, now. */

static enum gh_code
page_backup_new_run(struct req *req, struct view *v, struct gh_err *err)
{
	const char *wanted = req_query(req, "target");
	struct store_targets targets;
	struct store_target t;
	int64_t id;

	GH_TRY(store_target_list(req->store, req->arena, 0, &targets, err));
	if (targets.n == 0)
		return gh_fail(err, GH_NOT_FOUND, "no target is configured");
	if (*wanted == '\0')
		wanted = targets.rows[targets.n - 1].name;
	GH_TRY(show_target_choices(req, v, wanted, &id, err));
	GH_TRY(store_target_get(req->store, req->arena, wanted, &t, err));
	view_text(v, "target", t.name);
	view_url(v, "target_url", "/targets/%s", t.name);
	view_text(v, "environment", t.environment);
	view_bytes(v, "size", t.checked_at == 0 ? -1 : t.database_bytes);
	view_bytes(v, "last_size", t.last_backup == 0 ? -1 : t.last_backup_size);
	req_formf(req, v, "form", WIRE_BACKUP_TAKE, "target/%s", t.name);
	return GH_OK;
}

const struct page page_backup_new = {
	.path = "/backups/new",
	.needs = ROLE_LEAD | ROLE_ADMIN,
	.tpl = TPL_BACKUP_NEW,
	.title = "Take a backup",
	.nav = "backups",
	.query = { "target" },
	.run = page_backup_new_run,
};
