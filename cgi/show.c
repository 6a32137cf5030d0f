#include "base/ban.h"
#include "cgi/show.h"

#include "base/io.h"
#include "wire/journal.h"

struct shape {
	const char *state, *word, *tone, *icon;
	bool turns;
};

/* Every state of the store and of the pages.  Tones are classes of static/css, icons symbols of the sprite.
 */
static const struct shape shapes[] = {
	/* runs, and what they consist of */
	{ "queued", "queued", "calm", "clock", false },
	{ "running", "running", "live", "loader-circle", true },
	{ "started", "running", "live", "loader-circle", true },
	{ "paused", "paused", "wait", "pause", false },
	{ "succeeded", "succeeded", "good", "circle-check", false },
	{ "ok", "ok", "good", "circle-check", false },
	{ "failed", "failed", "bad", "octagon-x", false },
	{ "failed-clean", "failed clean", "bad", "octagon-x", false },
	{ "failed-partly", "failed partly", "bad", "triangle-alert", false },
	{ "half-done", "half done", "bad", "triangle-alert", false },
	{ "unknown", "unknown", "odd", "circle-question-mark", false },
	{ "needs-person", "needs a person", "odd", "circle-question-mark", false },
	{ "in-doubt", "in doubt", "odd", "circle-question-mark", false },
	{ "skipped", "skipped", "calm", "minus", false },
	{ "to-come", "to come", "calm", "circle-dashed", false },
	{ "not-reached", "not reached", "calm", "circle-dashed", false },
	{ "rolled-back", "rolled back", "calm", "undo-2", false },
	{ "taken-back", "taken back", "calm", "undo-2", false },
	/* migrations on a target */
	{ "applied", "applied", "good", "circle-check", false },
	{ "pending", "pending", "wait", "circle-dashed", false },
	{ "missing", "file missing", "odd", "file-x", false },
	{ "absent", "not applied", "calm", "minus", false },
	{ "edited", "changed since", "odd", "file-pen", false },
	{ "comments", "comments changed", "calm", "circle-check", false },
	{ "out-of-order", "out of order", "wait", "list-ordered", false },
	{ "baseline", "before the baseline", "calm", "flag", false },
	{ "blocked", "nothing runs", "wait", "triangle-alert", false },
	/* targets */
	{ "up-to-date", "up to date", "good", "circle-check", false },
	{ "unreachable", "unreachable", "bad", "unplug", false },
	{ "held", "held", "odd", "lock", false },
	{ "unread", "not read yet", "calm", "clock", false },
	{ "untracked", "tracking not understood", "bad", "triangle-alert", false },
	/* backups */
	{ "kept", "kept", "good", "circle-check", false },
	/* requests */
	{ "waiting", "waiting", "wait", "hourglass", false },
	{ "approved", "approved", "good", "check", false },
	{ "refused", "refused", "bad", "ban", false },
	{ "withdrawn", "withdrawn", "calm", "undo-2", false },
	{ "expired", "expired", "calm", "clock", false },
	{ "stale", "stale", "odd", "file-warning", false },
	{ "done", "done", "good", "circle-check", false },
	/* deliveries */
	{ "sending", "sending", "live", "loader-circle", true },
	{ "sent", "sent", "good", "circle-check", false },
	{ "yes", "approved", "good", "check", false },
	{ "no", "sent back", "bad", "ban", false },
	/* files of a folder */
	{ "ignored", "ignored", "calm", "minus", false },
	{ "up", "up", "good", "arrow-up", false },
	{ "down", "down", "good", "arrow-down", false },
	{ "both", "up and down", "good", "arrow-up-down", false },
	{ "repeatable", "repeatable", "good", "repeat", false },
	{ "verify", "verify", "good", "check", false },
	{ "code", "code step", "wait", "file-code", false },
	{ "index", "the tool's index", "calm", "list", false },
	/* lint */
	{ "error", "error", "bad", "octagon-x", false },
	{ "warning", "warning", "wait", "triangle-alert", false },
	{ "notice", "notice", "calm", "info", false },
	/* incidents */
	{ "open", "open", "bad", "circle-dot", false },
	{ "closed", "closed", "calm", "circle-check", false },
	{ "low", "low", "calm", "minus", false },
	{ "medium", "medium", "wait", "chevron-up", false },
	{ "high", "high", "bad", "chevrons-up", false },
};

static const struct shape *
find_shape(const char *state)
{
	size_t i;

	for (i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
		if (*shapes[i].state == *state && strcmp(shapes[i].state, state) == 0)
			return &shapes[i];
	}
	return NULL;
}

static void
put_mark(struct view *v, const char *name, const struct shape *s, const char *word)
{
	struct view *mark = view_form(v, name);

	view_text(mark, "word", word);
	view_text(mark, "tone", s == NULL ? "calm" : s->tone);
	view_text(mark, "icon", s == NULL ? "minus" : s->icon);
	view_bool(mark, "turns", s != NULL && s->turns);
}

void
show_mark_as(struct view *v, const char *name, const char *state, const char *word)
{
	put_mark(v, name, find_shape(state), word);
}

const char *
show_word(const char *state)
{
	const struct shape *s = find_shape(state);

	return s == NULL ? state : s->word;
}

void
show_mark(struct view *v, const char *name, const char *state)
{
	const struct shape *s = find_shape(state);

	put_mark(v, name, s, s == NULL ? state : s->word);
}

const char *
show_proof_text(const char *level)
{
	static const char *const texts[] = {
		[WIRE_WRITTEN] = "Written: pg_dump ended well. The file was not read again.",
		[WIRE_CHECKSUMMED] = "Checksummed: the file on disk is the one that was written.",
		[WIRE_LISTED] = "Listed: the archive's table of contents was read; it was not restored yet.",
		[WIRE_RESTORED] =
		    "Restored: a scratch database was made from it; its rows were not counted yet.",
		[WIRE_COUNTED] =
		    "Counted: restored into a scratch database, with as many rows in every table.",
	};
	enum wire_level i;

	for (i = WIRE_WRITTEN; i <= WIRE_COUNTED; i++) {
		if (strcmp(wire_level_name(i), level) == 0)
			return texts[i];
	}
	return strcmp(level, "none") == 0 ? "Not looked at: somebody else says that it was made." : "";
}

void
show_proof(struct view *v, const char *name, const char *level, const char *broken)
{
	struct view *proof = view_form(v, name), *steps;
	bool bad = *broken != '\0', none = strcmp(level, "none") == 0;
	enum wire_level i, at = 0;

	for (i = WIRE_WRITTEN; i <= WIRE_COUNTED; i++) {
		if (strcmp(wire_level_name(i), level) == 0)
			at = i;
	}
	view_text(proof, "word", bad ? "broken" : none ? "not looked at" : level);
	view_text(proof, "tone",
	    bad                      ? "bad"
		: at == WIRE_COUNTED ? "good"
		: at >= WIRE_LISTED  ? "wait"
				     : "calm");
	view_text(proof, "text", bad ? broken : show_proof_text(level));
	steps = view_list(proof, "steps");
	for (i = WIRE_WRITTEN; i <= WIRE_COUNTED; i++)
		view_text(view_item(steps), "state", i <= at ? "done" : bad && i == at + 1 ? "failed" : "");
}

enum gh_code
show_choices(
    struct view *v, const char *name, const char *const *values, const char *selected, struct gh_err *err)
{
	struct view *form = view_form(v, name), *list = view_list(form, "all");
	bool found = *selected == '\0';

	for (; *values != NULL; values++) {
		struct view *item = view_item(list);

		view_text(item, "value", *values);
		view_text(item, "word", show_word(*values));
		view_bool(item, "selected", strcmp(*values, selected) == 0);
		found = found || strcmp(*values, selected) == 0;
	}
	return found ? GH_OK
		     : gh_fail(err, GH_BAD_INPUT, "%.40s is none of the %s that are there", selected, name);
}

enum gh_code
show_target_choices(
    struct req *req, struct view *v, const char *selected, int64_t *ret_id, struct gh_err *err)
{
	struct view *form = view_form(v, "targets"), *list = view_list(form, "all");
	struct store_targets targets;
	size_t i;

	*ret_id = 0;
	GH_TRY(store_target_list(req->store, req->arena, 0, &targets, err));
	for (i = 0; i < targets.n; i++) {
		const struct store_target *t = &targets.rows[i];
		struct view *item = view_item(list);
		bool is = strcmp(t->name, selected) == 0;

		view_text(item, "name", t->name);
		view_text(item, "environment", t->environment);
		view_bool(item, "selected", is);
		if (is)
			*ret_id = t->id;
	}
	if (*selected != '\0' && *ret_id == 0)
		return gh_fail(err, GH_BAD_INPUT, "there is no target %.64s", selected);
	return GH_OK;
}

const char *
show_url(struct req *req, const char *fmt, ...)
{
	const char *url;
	va_list ap;

	va_start(ap, fmt);
	url = view_url_text(req->arena, fmt, ap);
	va_end(ap);
	return url;
}

/* What chooses rows; format and check do not. */
static bool
filters(const struct req_pair *p)
{
	return *p->value != '\0' && strcmp(p->name, "format") != 0 && strcmp(p->name, "check") != 0;
}

/* The page's own path with its filters, but for the one named. */
static const char *
with_filters(struct req *req, const char *without)
{
	const char *url = gh_printf(req->arena, "%s?", req->path);
	size_t i;

	for (i = 0; i < req->n_query; i++) {
		const struct req_pair *p = &req->query[i];

		if (filters(p) && strcmp(p->name, without) != 0)
			url = gh_printf(req->arena, "%s%s=%s&", url, p->name, show_url(req, "%s", p->value));
	}
	return url;
}

void
show_formats(struct req *req, struct view *v)
{
	const char *url = with_filters(req, "");

	view_text(v, "json_url", gh_printf(req->arena, "%sformat=json", url));
	view_text(v, "csv_url", gh_printf(req->arena, "%sformat=csv", url));
}

void
show_next(struct req *req, struct view *v, int64_t next)
{
	view_text(v, "next_url",
	    next == 0 ? "" : gh_printf(req->arena, "%sbefore=%" PRId64, with_filters(req, "before"), next));
}

void
show_list(struct req *req, struct view *v, size_t n)
{
	bool filtered = false;
	size_t i;

	for (i = 0; i < req->n_query; i++)
		filtered = filtered || filters(&req->query[i]);
	view_bool(v, "any", n > 0);
	view_bool(v, "filtered", filtered);
}

const char *
show_number(struct req *req, int64_t n)
{
	char digits[24], ret[32], *to = ret;
	size_t len, i;

	(void)snprintf(digits, sizeof(digits), "%" PRId64, n);
	len = strlen(digits);
	for (i = 0; i < len; i++) {
		*to++ = digits[i];
		if (isdigit((unsigned char)digits[i]) && i + 1 < len && (len - i - 1) % 3 == 0)
			*to++ = ',';
	}
	return gh_strndup(req->arena, ret, (size_t)(to - ret));
}

const char *
show_count(struct req *req, int64_t n, const char *one, const char *many)
{
	return gh_printf(req->arena, "%s %s", show_number(req, n), n == 1 ? one : many);
}

const char *
show_what(struct req *req, const char *act, int64_t migrations, const char *direction)
{
	static const char *const acts[][2] = {
		{ "mark", "a migration marked as applied" },
		{ "repair", "an index dropped" },
		{ "restore", "a backup restored" },
		{ "side", "a backup restored beside it" },
	};
	size_t i;

	for (i = 0; i < sizeof(acts) / sizeof(acts[0]); i++) {
		if (strcmp(acts[i][0], act) == 0)
			return acts[i][1];
	}
	return gh_printf(req->arena, "%" PRId64 " %s %s", migrations,
	    migrations == 1 ? "migration" : "migrations", direction);
}

const char *
show_goal(struct req *req, const char *act, const char *goal)
{
	bool restores = strcmp(act, "restore") == 0 || strcmp(act, "side") == 0;

	return restores ? gh_printf(req->arena, "restore %s", goal) : goal;
}

const char *
show_subject_url(struct req *req, const char *subject)
{
	static const char *const nouns[] = { "request", "run", "incident", "backup" };
	const char *slash = strchr(subject, '/');
	int64_t id;
	size_t i;

	if (slash == NULL || !gh_parse_i64(slash + 1, 1, INT64_MAX, &id))
		return "";
	for (i = 0; i < sizeof(nouns) / sizeof(nouns[0]); i++) {
		if (strlen(nouns[i]) == (size_t)(slash - subject) &&
		    strncmp(nouns[i], subject, (size_t)(slash - subject)) == 0)
			return show_url(req, gh_printf(req->arena, "/%ss/%%d64", nouns[i]), id);
	}
	return "";
}
