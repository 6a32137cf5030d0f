#include "base/ban.h"
#include "runner/shelf.h"
#include "base/clock.h"
#include "base/fault.h"
#include "base/log.h"
#include "runner/expire.h"
#include "runner/work_state.h"
#include "store/shelf_write.h"
#include "store/write.h"

enum gh_code
shelf_forecast(
    struct runner *r, struct gh_arena *a, const struct shelf_files *files, int64_t now, struct gh_err *err)
{
	const struct config *c = r->config;
	struct gh_growth *grow = gh_alloc_n(a, c->n_targets + 1, sizeof(*grow));
	struct store_shelf s = {
		.looked_at = now, .problem = "", .total = files->total, .free_size = files->free_size
	};
	size_t i;

	for (i = 0; i < c->n_targets; i++)
		GH_TRY(expire_growth(r, a, &c->targets[i], now, &grow[i], err));
	s.a_day = gh_forecast_day(grow, c->n_targets);
	s.full_at = files->free_size < 0 ? -1 : gh_forecast_full(grow, c->n_targets, files->free_size, now);
	return store_shelf_put(r->store, &s, err);
}

static enum gh_code
tell(struct runner *r, struct gh_arena *a, int64_t now, struct gh_err *err)
{
	struct expire_list list;
	size_t i;

	for (i = 0; i < r->config->n_targets; i++) {
		GH_TRY(expire_decide(r, a, &r->config->targets[i], now, &list, err));
		GH_TRY(expire_tell(r, &list, err));
	}
	return GH_OK;
}

enum gh_code
shelf_look(struct runner *r, struct gh_arena *a, int64_t now, bool *ret_read, struct shelf_found *ret,
    struct gh_err *err)
{
	struct store_shelf s = { .looked_at = now, .total = -1, .free_size = -1, .a_day = -1, .full_at = -1 };
	struct shelf_files files;
	struct gh_err why = { 0 };

	*ret = (struct shelf_found){ 0 };
	*ret_read = shelf_read(r->config->backups, a, &files, &why) == GH_OK;
	if (!*ret_read) {
		s.problem = why.msg;
		return store_shelf_put(r->store, &s, err);
	}
	GH_TRY(shelf_compare(r, a, &files, now, ret, err));
	GH_TRY(shelf_forecast(r, a, &files, now, err));
	return tell(r, a, now, err);
}

/* By the clock: a look, as one transaction. */
static enum gh_code
look(struct runner *r, bool *ret_read, struct gh_err *err)
{
	GH_ARENA a = { .limit = GH_TEXT_LIMIT };
	struct shelf_found found;
	STORE_TX tx = { 0 };

	GH_TRY(store_begin(r->store, &tx, err));
	GH_TRY(shelf_look(r, &a, gh_clock_now(), ret_read, &found, err));
	(void)gh_fault("runner.shelf.before-commit");
	return store_commit(&tx, err);
}

/* Numbers that were just changed let nothing go before there is a new backup: time for a dry run. */
static bool
is_time(const struct runner *r, const struct expire_list *list)
{
	struct stat st;
	size_t i;

	if (!gh_keep_any(&list->keep) || stat(r->config->path, &st) != 0)
		return false;
	for (i = 0; i < list->n; i++) {
		if (list->rows[i].kept.newest)
			return list->rows[i].kept.at_us / GH_SECOND > st.st_mtim.tv_sec;
	}
	return false;
}

/* The decision and the deed, each as one transaction: who dies between them has said what it was about. */
static enum gh_code
decide(struct runner *r, struct gh_arena *a, const struct config_target *conf, struct expire_list *list,
    const struct expire_by *by, int64_t *ret_n, struct gh_err *err)
{
	STORE_TX tx = { 0 };

	*ret_n = 0;
	GH_TRY(store_begin(r->store, &tx, err));
	GH_TRY(expire_decide(r, a, conf, by->now, list, err));
	if (!is_time(r, list))
		return GH_OK;
	GH_TRY(expire_begin(r, list, by, ret_n, err));
	return *ret_n == 0 ? GH_OK : store_commit(&tx, err);
}

static enum gh_code
end(struct runner *r, struct gh_arena *a, struct expire_list *list, const struct expire_by *by,
    struct gh_err *err)
{
	int64_t gone = 0;
	STORE_TX tx = { 0 };

	GH_TRY(store_begin(r->store, &tx, err));
	GH_TRY(expire_end(r, a, list == NULL ? 0 : list->target_id, list, by, &gone, err));
	return store_commit(&tx, err);
}

/* What the numbers of one target let go. */
static enum gh_code
expire(struct runner *r, const struct config_target *conf, struct gh_err *err)
{
	const struct expire_by by = { .actor = "runner", .way = "runner", .now = gh_clock_now() };
	GH_ARENA a = { .limit = GH_TEXT_LIMIT };
	struct expire_list list;
	int64_t n = 0;

	GH_TRY(decide(r, &a, conf, &list, &by, &n, err));
	return n == 0 ? GH_OK : end(r, &a, &list, &by, err);
}

/* What was begun and not ended, by a runner before this one or because the store could not be written. */
static void
catch_up(struct runner *r)
{
	GH_ARENA a = { .limit = GH_TEXT_LIMIT };
	struct store_goings going;
	struct gh_err err = { 0 };

	if (store_going_list(r->store, &a, 0, &going, &err) != GH_OK ||
	    (going.n > 0 && end(r, &a, NULL, NULL, &err) != GH_OK))
		gh_log_err("shelf.catch-up", &err);
}

static void
tick_fn(void *data)
{
	struct runner *r = data;
	struct gh_err err = { 0 };
	bool read = false;
	size_t i;

	catch_up(r);
	if (look(r, &read, &err) != GH_OK) {
		gh_log_err("shelf.look", &err);
		return;
	}
	/* Of a folder that nobody can read nothing is removed. */
	for (i = 0; read && i < r->config->n_targets; i++) {
		err = (struct gh_err){ 0 };
		if (expire(r, &r->config->targets[i], &err) != GH_OK)
			gh_log_err("shelf.expire", &err);
	}
}

void
shelf_start(struct runner *r)
{
	/* Before anybody can ask for one that is half gone. */
	catch_up(r);
	r->work->shelf = loop_timer_add(r->loop, 0, SHELF_EVERY_US, tick_fn, r);
}

static void
soon_fn(void *data)
{
	struct runner *r = data;

	r->work->shelf_soon = 0;
	tick_fn(r);
}

void
shelf_kick(struct runner *r)
{
	if (r->work != NULL && r->work->shelf != 0 && r->work->shelf_soon == 0)
		r->work->shelf_soon = loop_timer_add(r->loop, 0, 0, soon_fn, r);
}

void
shelf_stop(struct runner *r)
{
	loop_timer_remove(r->loop, r->work->shelf_soon);
	loop_timer_remove(r->loop, r->work->shelf);
	r->work->shelf = r->work->shelf_soon = 0;
}
