#include "base/ban.h"
#include "cgi/request_conditions.h"

#include "base/clock.h"
#include "base/io.h"
#include "base/window.h"
#include "store/gate.h"
#include "store/outside.h"
#include "store/plan.h"
#include "store/project.h"
#include "store/rehearsal.h"

#define MIGRATIONS_MAX 200 /* looked at for promotion */

static void
put(struct view *list, bool holds, const char *word, const char *text)
{
	struct view *item = view_item(list);

	show_mark_as(item, "mark", holds ? "ok" : "waiting", word);
	view_bool(item, "holds", holds);
	view_text(item, "text", text);
}

/* The value of a line "NAME value" before the migrations, from *at on, which moves behind it; NULL none. */
static const char *
line_next(struct req *req, const char **at, const char *name)
{
	size_t len = strlen(name);
	const char *s = *at, *end;

	for (; (end = strchr(s, '\n')) != NULL && strncmp(s, "migrations ", 11) != 0; s = end + 1) {
		if (strncmp(s, name, len) != 0 || s[len] != ' ')
			continue;
		*at = end + 1;
		return gh_strndup(req->arena, s + len + 1, (size_t)(end - s) - len - 1);
	}
	return NULL;
}

static bool
wanted(struct req *req, const char *head, const char *name)
{
	const char *value = line_next(req, &head, name);

	return value != NULL && strcmp(value, "1") == 0;
}

/* Applied there, with this SQL or with the same but for comments and white space. */
static bool
ran(const struct store_gate *g, const char *digest)
{
	return g->known && g->applied && g->digest[0] != '\0' &&
	    (strcmp(g->digest, digest) == 0 ||
		(g->tokens_there[0] != '\0' && strcmp(g->tokens_there, g->tokens_here) == 0));
}

static enum gh_code
promoted(struct req *req, struct view *list, const struct store_request *r, struct gh_err *err)
{
	struct store_gate_targets before;
	struct store_plan_migrations plan;
	struct store_target t;
	size_t i, k;

	GH_TRY(store_target_get(req->store, req->arena, r->target, &t, err));
	GH_TRY(store_gate_targets(req->store, req->arena, t.project_id, t.position, &before, err));
	GH_TRY(
	    store_plan_migration_list(req->store, req->arena, r->plan_digest, 0, MIGRATIONS_MAX, &plan, err));
	for (i = 0; i < plan.n; i++) {
		for (k = 0; k < before.n; k++) {
			const struct store_gate_ask ask = { t.project_id, before.rows[k].id, plan.rows[i].key,
				plan.rows[i].digest };
			struct store_gate g;

			GH_TRY(store_gate_get(req->store, req->arena, &ask, &g, err));
			if (ran(&g, plan.rows[i].digest))
				continue;
			put(list, false, "missing",
			    gh_printf(req->arena, "%s has to run on %s with the same SQL first.",
				plan.rows[i].key, before.rows[k].name));
			return GH_OK;
		}
	}
	if (before.n == 0)
		put(list, false, "missing",
		    gh_printf(
			req->arena, "There is no environment before %s to run on first.", r->environment));
	else
		put(list, true, "there",
		    gh_printf(req->arena, "It ran on %s with the same SQL.", before.rows[0].environment));
	return GH_OK;
}

static enum gh_code
rehearsed(struct req *req, struct view *list, const struct store_request *r, struct gh_err *err)
{
	struct store_rehearsal h;
	bool open;

	if (r->reverts != 0) {
		put(list, true, "there", "This way back was rehearsed with the run that it takes back.");
		return GH_OK;
	}
	GH_TRY(store_rehearsal_find(req->store, req->arena, r->plan_digest, &h, err));
	open = h.id != 0 && (strcmp(h.state, "queued") == 0 || strcmp(h.state, "running") == 0);
	if (h.id != 0 && strcmp(h.state, "done") == 0 && h.good)
		put(list, true, "there", "Its rehearsal was good.");
	else
		put(list, false, open ? "under way" : "missing",
		    h.id == 0                            ? "It has to be rehearsed."
			: open                           ? "Its rehearsal is under way."
			: strcmp(h.state, "failed") == 0 ? "Its rehearsal could not be carried out."
							 : "Its rehearsal was not good.");
	return GH_OK;
}

int64_t
request_outside_ms(struct req *req, const char *head)
{
	const char *value = line_next(req, &head, "backup_outside_ms");
	int64_t ms = 0;

	return value != NULL && gh_parse_i64(value, 0, INT64_MAX / 1000, &ms) ? ms : 0;
}

/* The other acts touch no data. */
static bool
touches_data(struct req *req, const char *head)
{
	const char *act = line_next(req, &head, "act");

	return act == NULL || strcmp(act, "run") == 0 || strcmp(act, "restore") == 0;
}

static enum gh_code
backed_up(struct req *req, struct view *list, const struct store_request *r, int64_t ms, struct gh_err *err)
{
	struct store_outside_counts c;

	GH_TRY(store_outside_counts(req->store, req->arena, r->target_id, ms, req->now_us, &c, err));
	put(list, c.holds, c.holds ? "there" : "missing", c.text);
	return GH_OK;
}

/* Of several windows one is enough. */
static void
windows(struct req *req, struct view *list, const char *head)
{
	int64_t until = 0, end, next, soonest = 0;
	char when[GH_WINDOW_WHEN_LEN], text[GH_WINDOW_WHEN_LEN] = "";
	struct gh_window w;
	bool any = false;
	const char *line;

	while ((line = line_next(req, &head, "window")) != NULL) {
		if (gh_window_read(line, &w, NULL) != GH_OK)
			continue;
		any = true;
		if (gh_window_open(&w, req->now_us, &end) && end > until) {
			until = end;
			(void)snprintf(text, sizeof(text), "%s", gh_window_when(&w, end, req->now_us, when));
		}
		next = gh_window_next(&w, req->now_us);
		if (until == 0 && next != 0 && (soonest == 0 || next < soonest)) {
			soonest = next;
			(void)snprintf(text, sizeof(text), "%s", gh_window_when(&w, next, req->now_us, when));
		}
	}
	if (any && until != 0)
		put(list, true, "open", gh_printf(req->arena, "Its window is open until %s.", text));
	else if (any && soonest != 0)
		put(list, false, "closed", gh_printf(req->arena, "Its window opens %s.", text));
	else if (any)
		put(list, false, "closed", "None of its windows opens within five years.");
}

enum gh_code
request_conditions_show(
    struct req *req, struct view *v, const struct store_request *r, const char *head, struct gh_err *err)
{
	struct view *list = view_list(v, "conditions");
	bool up = strcmp(r->direction, "up") == 0;

	if (strcmp(r->state, "waiting") == 0 || strcmp(r->state, "approved") == 0) {
		if (up && wanted(req, head, "promote"))
			GH_TRY(promoted(req, list, r, err));
		if (wanted(req, head, "rehearse"))
			GH_TRY(rehearsed(req, list, r, err));
		if (request_outside_ms(req, head) > 0 && touches_data(req, head))
			GH_TRY(backed_up(req, list, r, request_outside_ms(req, head), err));
		windows(req, list, head);
	}
	view_bool(v, "any_conditions", list->n_items > 0);
	return GH_OK;
}
