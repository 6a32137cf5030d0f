#include "base/ban.h"
#include "runner/expire.h"
#include "base/window.h"
#include "store/backup_write.h"
#include "store/project.h"
#include "store/shelf_write.h"

#define SPAN_US (6 * GH_HOUR)                /* a pace is not told of less */
#define PACE_US (INT64_C(30) * 24 * GH_HOUR) /* of how far back the pace is the mean */

static int
level_of(const char *name)
{
	static const char *const levels[] = { "none", "written", "checksummed", "listed", "restored",
		"counted" };
	int i;

	for (i = (int)(sizeof(levels) / sizeof(levels[0])) - 1; i > 0; i--) {
		if (strcmp(levels[i], name) == 0)
			return i;
	}
	return 0;
}

/* Days are those of the zone by which the target's backups are taken. */
static const char *
zone_of(const struct config_target *conf, struct gh_arena *a)
{
	struct gh_window w;

	if (conf->backup.n_schedules == 0 ||
	    gh_window_schedule_read(conf->backup.schedules[0], &w, NULL) != GH_OK)
		return "UTC";
	return gh_strdup(a, w.zone);
}

static int64_t
pace_us(const struct store_pace *p)
{
	return p->taken < 2 || p->last_at - p->first_at < SPAN_US
	    ? 0
	    : (p->last_at - p->first_at) / (p->taken - 1);
}

static struct gh_keep
keep_of(const struct config_target *conf, const struct store_pace *pace, struct gh_arena *a)
{
	const struct config_backup *b = &conf->backup;

	return (struct gh_keep){ .last = b->keep_last,
		.daily = b->keep_daily,
		.weekly = b->keep_weekly,
		.monthly = b->keep_monthly,
		.zone = zone_of(conf, a),
		.pace_us = pace_us(pace) };
}

/* "run 12, incident 3", "" nothing. */
static const char *
pin_of(const struct store_pins *pins, int64_t backup, struct gh_arena *a)
{
	const char *ret = "";
	size_t i;

	for (i = 0; i < pins->n; i++) {
		if (pins->rows[i].backup_id == backup)
			ret = ret[0] == '\0' ? pins->rows[i].text
					     : gh_printf(a, "%s, %s", ret, pins->rows[i].text);
	}
	return ret;
}

static const struct store_backup *
row_of(const struct store_backups *list, int64_t id)
{
	size_t i;

	for (i = 0; i < list->n; i++) {
		if (list->rows[i].id == id)
			return &list->rows[i];
	}
	return NULL;
}

enum gh_code
expire_decide(struct runner *r, struct gh_arena *a, const struct config_target *conf, int64_t now,
    struct expire_list *ret, struct gh_err *err)
{
	struct store_backups *list = gh_alloc(a, sizeof(*list));
	struct store_pace pace;
	struct store_pins pins;
	struct store_target t;
	struct gh_kept *kept;
	size_t i;

	GH_TRY(store_target_get(r->store, a, conf->name, &t, err));
	GH_TRY(store_backup_kept(r->store, a, t.id, list, err));
	GH_TRY(store_pin_list(r->store, a, t.id, &pins, err));
	GH_TRY(store_pace_get(r->store, t.id, now - PACE_US, &pace, err));
	*ret = (struct expire_list){ .target_id = t.id, .keep = keep_of(conf, &pace, a), .n = list->n };
	kept = gh_alloc_n(a, list->n + 1, sizeof(*kept));
	for (i = 0; i < list->n; i++) {
		const struct store_backup *b = &list->rows[i];

		kept[i] = (struct gh_kept){ .id = b->id,
			.at_us = b->ended_at,
			.level = level_of(b->level),
			.whole = strcmp(b->state, "kept") == 0 && b->broken[0] == '\0',
			.pin = pin_of(&pins, b->id, a) };
	}
	gh_retention(&ret->keep, kept, list->n, now);
	ret->rows = gh_alloc_n(a, list->n + 1, sizeof(*ret->rows));
	for (i = 0; i < list->n; i++) {
		GH_TEXT why = { 0 };

		gh_retention_text(&ret->keep, &kept[i], &why);
		ret->rows[i] = (struct expire_row){ .kept = kept[i],
			.backup = row_of(list, kept[i].id),
			.why = gh_strdup(a, gh_text_str(&why)),
			.problem = "" };
	}
	return GH_OK;
}

enum gh_code
expire_tell(struct runner *r, const struct expire_list *list, struct gh_err *err)
{
	size_t i;

	for (i = 0; i < list->n; i++) {
		const struct expire_row *row = &list->rows[i];

		if (row->backup->keep_until != row->kept.until_us ||
		    strcmp(row->backup->kept_for, row->why) != 0)
			GH_TRY(
			    store_backup_keep(r->store, row->backup->id, row->kept.until_us, row->why, err));
	}
	return GH_OK;
}

enum gh_code
expire_growth(struct runner *r, struct gh_arena *a, const struct config_target *conf, int64_t now,
    struct gh_growth *ret, struct gh_err *err)
{
	struct store_backups list;
	struct store_target t;
	struct store_pace pace;
	struct gh_keep keep;
	int64_t most;

	GH_TRY(store_target_get(r->store, a, conf->name, &t, err));
	GH_TRY(store_backup_kept(r->store, a, t.id, &list, err));
	GH_TRY(store_pace_get(r->store, t.id, now - PACE_US, &pace, err));
	keep = keep_of(conf, &pace, a);
	most = gh_forecast_most(&keep);
	*ret = (struct gh_growth){
		.pace_us = keep.pace_us, .bytes = pace.taken == 0 ? 0 : pace.bytes / pace.taken, .room = -1
	};
	if (most >= 0)
		ret->room = most > (int64_t)list.n ? (most - (int64_t)list.n) * ret->bytes : 0;
	return GH_OK;
}
