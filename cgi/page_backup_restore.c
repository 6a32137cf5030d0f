#include "base/ban.h"
#include "cgi/backup_view.h"

/* GET /backups/{id}/restore?as=restore: asks that a backup take the place of its target, or stand beside it.
 */
static const struct way {
	const char *as, *label, *title, *text;
} ways[] = {
	{ "restore", "In its place", "Restore",
	    "The backup is restored into a new database on the target's server and proved there: as many "
	    "rows "
	    "in every table, the same catalog. Only then sessions are ended and the names are swapped, both "
	    "in "
	    "one transaction. What is there now stays under another name, with a date to drop it." },
	{ "side", "Beside it, for a look", "Restore beside",
	    "The backup is restored into a new database on the target's server, with a name of its own. The "
	    "target goes on as it is." },
};
#define WAYS (sizeof(ways) / sizeof(ways[0]))

static void
show_ways(struct view *v, const struct way *chosen, const struct store_backup *b)
{
	struct view *list = view_list(v, "ways");
	size_t i;

	for (i = 0; i < WAYS; i++) {
		struct view *item = view_item(list);

		view_text(item, "label", ways[i].label);
		view_url(item, "url", "/backups/%d64/restore?as=%s", b->id, ways[i].as);
		view_bool(item, "current", &ways[i] == chosen);
	}
}

/* What somebody must know before it is asked for. */
static void
show_doubt(struct req *req, struct view *v, const struct store_backup *b)
{
	view_text(v, "doubt",
	    *b->broken != '\0' ? gh_printf(req->arena, "It is broken: %s", b->broken)
		: strcmp(b->level, "counted") == 0
		? ""
		: gh_printf(req->arena,
		      "It is only %s: whether it can be restored shows itself while it is. Prove it first.",
		      strcmp(b->level, "none") == 0 ? "told of" : b->level));
	view_text(v, "doubt_tone", *b->broken != '\0' ? "bad" : "wait");
}

static enum gh_code
page_backup_restore_run(struct req *req, struct view *v, struct gh_err *err)
{
	const char *as = *req_query(req, "as") == '\0' ? "restore" : req_query(req, "as");
	const struct way *w = NULL;
	struct store_backup b;
	struct store_target t;
	size_t i;

	for (i = 0; i < WAYS; i++) {
		if (strcmp(ways[i].as, as) == 0)
			w = &ways[i];
	}
	if (w == NULL)
		return gh_fail(err, GH_BAD_INPUT, "as is restore or side, not \"%.40s\"", as);
	GH_TRY(store_backup_get(req->store, req->arena, req->id, &b, err));
	if (*b.file == '\0' || strcmp(b.state, "kept") != 0)
		return gh_fail(
		    err, GH_CONFLICT, "backup %" PRId64 " has no file of ours to restore from", b.id);
	GH_TRY(store_target_get(req->store, req->arena, b.target, &t, err));
	view_textf(v, "title", "%s %s from backup %" PRId64, w->title, b.target, b.id);
	backup_view(req, v, &b);
	show_ways(v, w, &b);
	show_doubt(req, v, &b);
	view_text(v, "text", w->text);
	view_text(v, "direction", w->as);
	view_bool(v, "replaces", strcmp(w->as, "restore") == 0);
	/* Where somebody approves, they read that it could not be counted. */
	view_bool(v, "unread", strcmp(w->as, "restore") == 0 && t.approvals == 0);
	view_text(v, "approvals",
	    t.approvals == 0 ? "It begins at once: the target asks for no approval."
			     : gh_printf(req->arena, "%s asks for %s.", t.name,
				   show_count(req, t.approvals, "approval", "approvals")));
	req_formf(req, v, "form", WIRE_REQUEST_ADD, "target/%s", t.name);
	return GH_OK;
}

const struct page page_backup_restore = {
	.path = "/backups/{id}/restore",
	.tpl = TPL_BACKUP_RESTORE,
	.nav = "backups",
	.query = { "as" },
	.run = page_backup_restore_run,
};
