#include "base/ban.h"
#include "runner/task.h"
#include "base/log.h"
#include "store/outside.h"
#include "store/outside_write.h"
#include "store/project.h"

/* Looks at what other systems keep: when they are due, and what of them is worth telling. */

#define LOOKS_KEPT 50 /* of a source, by the clock */

enum gh_code
task_look(struct runner *r, const struct config_outside *o, const struct task_wish *w, int64_t *ret_id,
    struct gh_err *err)
{
	struct store_task_new row = { .kind = "outside",
		.person_id = w->person,
		.reason = w->reason,
		.level = "",
		.source = o->source.name,
		.now = w->now };
	struct store_outside_looks looks;
	GH_ARENA a = { 0 };
	struct store_target t;

	GH_TRY(store_target_get(r->store, &a, o->target->name, &t, err));
	GH_TRY(store_outside_looked(r->store, t.id, o->source.name, &looks, err));
	if (looks.open)
		return gh_fail(err, GH_CONFLICT,
		    "outside \"%s\" is looked at already, or will be as soon as it can", o->source.name);
	row.target_id = t.id;
	return store_task_add(r->store, &row, ret_id, err);
}

enum gh_code
task_look_all(struct runner *r, const struct task_wish *w, int64_t *ret_n, struct gh_err *err)
{
	size_t i;

	*ret_n = 0;
	for (i = 0; i < r->config->n_outside; i++) {
		struct gh_err why = { 0 };
		int64_t id = 0;
		enum gh_code code = task_look(r, &r->config->outside[i], w, &id, &why);

		*ret_n += code == GH_OK ? 1 : 0;
		if (code != GH_OK && code != GH_CONFLICT)
			return gh_fail(err, code, "%s", why.msg);
	}
	return GH_OK;
}

static enum gh_code
due(struct runner *r, const struct config_outside *o, int64_t now, struct gh_err *err)
{
	const struct task_wish w = { .reason = "", .level = "", .now = now };
	struct store_outside_looks looks;
	GH_ARENA a = { 0 };
	struct store_target t;
	int64_t id = 0;
	STORE_TX tx = { 0 };

	GH_TRY(store_target_get(r->store, &a, o->target->name, &t, err));
	GH_TRY(store_outside_looked(r->store, t.id, o->source.name, &looks, err));
	if (looks.open || (looks.queued_at != 0 && looks.queued_at + o->refresh_ms * 1000 > now))
		return GH_OK;
	GH_TRY(store_begin(r->store, &tx, err));
	GH_TRY(store_outside_prune(r->store, t.id, o->source.name, LOOKS_KEPT, err));
	GH_TRY(task_look(r, o, &w, &id, err));
	return store_commit(&tx, err);
}

/* Nobody looks there any more, so nobody would notice that they are gone. */
static enum gh_code
forget(struct runner *r, int64_t now, struct gh_err *err)
{
	struct store_outside_sources list;
	GH_ARENA a = { 0 };
	size_t i;

	GH_TRY(store_outside_list(r->store, &a, &list, err));
	for (i = 0; i < list.n; i++) {
		const struct store_outside_source *s = &list.rows[i];
		struct store_target t;

		GH_TRY(store_target_get_id(r->store, &a, s->target_id, &t, err));
		if (config_outside_find(r->config, t.name, s->source) != NULL)
			continue;
		gh_log_info(
		    "outside.forget", "target=%s source=%s backups=%" PRId64, t.name, s->source, s->n);
		GH_TRY(store_outside_gone(
		    r->store, s->target_id, s->source, now > s->seen_at ? now : s->seen_at + 1, err));
	}
	return GH_OK;
}

void
task_outside_clock(struct runner *r, int64_t now)
{
	struct gh_err err = { 0 };
	size_t i;

	for (i = 0; i < r->config->n_outside; i++) {
		err = (struct gh_err){ 0 };
		if (due(r, &r->config->outside[i], now, &err) != GH_OK)
			gh_log_err("task.outside", &err);
	}
	err = (struct gh_err){ 0 };
	if (forget(r, now, &err) != GH_OK)
		gh_log_err("outside.forget", &err);
}

enum gh_code
task_outside_quiet(struct store *st, const struct store_task *t, bool done, bool *ret, struct gh_err *err)
{
	GH_ARENA a = { 0 };
	const char *before;

	*ret = false;
	if (strcmp(t->kind, "outside") != 0 || t->person[0] != '\0')
		return GH_OK;
	GH_TRY(store_outside_before(st, &a, t, &before, err));
	*ret = done || strcmp(before, "failed") == 0;
	return GH_OK;
}
