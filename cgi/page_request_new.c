#include "base/ban.h"
#include "base/duration.h"
#include "cgi/request_conditions.h"
#include "store/migration.h"

/* GET /requests/new: what may be asked for on a target.  run is one to ask again for or to take back. */
#define CHOICES 50

static const char *
target_word(struct req *req, const struct store_target *t)
{
	if (*t->held != '\0')
		return "held";
	if (!t->reachable)
		return t->checked_at == 0 ? "not read yet" : "unreachable";
	if (t->pending > 0)
		return gh_printf(req->arena, "%" PRId64 " pending", t->pending);
	return "up to date";
}

static const struct store_target *
show_targets(struct req *req, struct view *v, const struct store_targets *targets, const char *wanted)
{
	struct view *form = view_form(v, "targets"), *list = view_list(form, "all");
	const struct store_target *chosen = NULL;
	size_t i;

	for (i = 0; i < targets->n; i++) {
		const struct store_target *t = &targets->rows[i];

		if (strcmp(t->name, wanted) == 0 || (chosen == NULL && *wanted == '\0' && t->pending > 0))
			chosen = t;
	}
	if (chosen == NULL && *wanted == '\0' && targets->n > 0)
		chosen = &targets->rows[0];
	for (i = 0; i < targets->n; i++) {
		struct view *item = view_item(list);

		view_text(item, "name", targets->rows[i].name);
		view_text(item, "environment", targets->rows[i].environment);
		view_text(item, "word", target_word(req, &targets->rows[i]));
		view_bool(item, "selected", &targets->rows[i] == chosen);
	}
	view_bool(v, "any_targets", targets->n > 0);
	return chosen;
}

static void
block(struct view *v, const char *tone, const char *icon, const char *title, const char *text)
{
	struct view *b = view_form(v, "blocked");

	view_text(b, "tone", tone);
	view_text(b, "icon", icon);
	view_text(b, "title", title);
	view_text(b, "text", text);
}

/* Says why nothing may be asked for now.  What is merely out of date the runner reads again itself. */
static void
show_blocked(struct view *v, const struct store_target *t, size_t choices, bool up)
{
	if (*t->held != '\0')
		block(v, "odd", "lock", "This target is held", t->held);
	else if (!t->reachable && t->checked_at != 0)
		block(v, "bad", "unplug", "This target was unreachable when it was last tried", t->problem);
	else if (*t->blocked != '\0')
		block(v, "wait", "triangle-alert", "Nothing runs here until this is settled", t->blocked);
	else if (choices == 0 && up)
		block(v, "good", "circle-check", "Up to date", "Nothing is pending on this target.");
	else if (choices == 0)
		block(v, "calm", "minus", "Nothing to take back", "No migration is applied on this target.");
	else
		view_text(v, "blocked", "");
}

static void
show_choice(struct view *item, const struct store_migration *m, size_t i, bool up, const char *to, size_t n)
{
	view_text(item, "key", m->key);
	view_text(item, "version", m->version);
	view_text(item, "name", m->name);
	view_text(item, "description", m->description);
	view_int(item, "steps", (int64_t)i + 1);
	view_text(item, "problem",
	    *m->problem != '\0'       ? m->problem
		: !up && !m->has_down ? "no down SQL"
		: !up && !m->present  ? "its file is gone"
		: up                  ? m->standing_text
				      : "");
	view_bool(item, "selected",
	    *to != '\0' ? strcmp(to, m->key) == 0 || strcmp(to, m->version) == 0
		: up    ? i + 1 == n
			: i == 0);
}

/* A backup of others stands for ours, whatever the policy says of ours. */
static const char *
backup(struct req *req, const struct store_target *t, int64_t outside)
{
	char most[GH_DURATION_LEN];

	if (outside > 0)
		return gh_printf(
		    req->arena, "a backup that others took within %s", gh_duration_text(outside, most));
	return t->backup ? "a backup" : "no backup";
}

static const char *
policy(struct req *req, const struct store_target *t)
{
	int64_t outside = request_outside_ms(req, t->policy);

	if (!t->backup && outside == 0 && t->approvals == 0)
		return gh_printf(
		    req->arena, "%s asks for no backup and no approval: it runs at once.", t->name);
	return gh_printf(req->arena, "%s asks for %s and %s.", t->name, backup(req, t, outside),
	    t->approvals == 0 ? "no approval" : show_count(req, t->approvals, "approval", "approvals"));
}

/* What the tool passes over, or has recorded already, is nothing that a request can be for. */
static size_t
leave_out(struct store_migrations *list, size_t n)
{
	size_t i, kept = 0;

	for (i = 0; i < n; i++) {
		const struct store_migration *m = &list->rows[i];

		if (strcmp(m->decision, "runs") == 0 ||
		    (strcmp(m->decision, "blocks") == 0 && strcmp(m->standing, "pending") == 0))
			list->rows[kept++] = *m;
	}
	return kept;
}

static enum gh_code
show_form(struct req *req, struct view *v, const struct store_target *t, bool up, struct gh_err *err)
{
	struct store_migrations choices;
	struct view *list = view_list(v, "choices");
	const char *to = req_query(req, "to");
	size_t i, n;

	if (up)
		GH_TRY(store_migration_todo(req->store, req->arena, t->id, &choices, err));
	else
		GH_TRY(store_migration_applied(req->store, req->arena, t->id, CHOICES, &choices, err));
	n = choices.n < STORE_PAGE_MAX ? choices.n : STORE_PAGE_MAX;
	if (up)
		n = leave_out(&choices, n);
	for (i = 0; i < n; i++)
		show_choice(view_item(list), &choices.rows[i], i, up, to, n);
	show_blocked(v, t, n, up);
	if (n == 0)
		view_text(v, "form", "");
	else
		req_formf(req, v, "form", WIRE_REQUEST_ADD, "target/%s", t->name);
	return GH_OK;
}

static enum gh_code
page_request_new_run(struct req *req, struct view *v, struct gh_err *err)
{
	const char *wanted = req_query(req, "target"), *direction = req_query(req, "direction");
	const struct store_target *t;
	struct store_targets targets;
	bool up = strcmp(direction, "down") != 0;

	if (up && *direction != '\0' && strcmp(direction, "up") != 0)
		return gh_fail(err, GH_BAD_INPUT, "the direction is up or down, not %.40s", direction);
	GH_TRY(store_target_list(req->store, req->arena, 0, &targets, err));
	t = show_targets(req, v, &targets, wanted);
	if (t == NULL && *wanted != '\0')
		return gh_fail(err, GH_BAD_INPUT, "there is no target %.64s", wanted);
	view_text(v, "target", t == NULL ? "" : t->name);
	view_text(v, "policy", t == NULL ? "" : policy(req, t));
	view_text(v, "direction", up ? "up" : "down");
	view_bool(v, "up", up);
	view_bool(v, "down", !up);
	view_text(v, "submit",
	    t == NULL || t->approvals > 0 ? "Ask for approval"
		: up                      ? "Run it"
					  : "Take it back");
	if (t != NULL)
		return show_form(req, v, t, up, err);
	(void)view_list(v, "choices");
	view_text(v, "blocked", "");
	view_text(v, "form", "");
	return GH_OK;
}

const struct page page_request_new = {
	.path = "/requests/new",
	.tpl = TPL_REQUEST_NEW,
	.title = "New request",
	.nav = "requests",
	.query = { "target", "direction", "to" },
	.run = page_request_new_run,
};
