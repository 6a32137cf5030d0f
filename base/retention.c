#include "base/ban.h"
#include "base/retention.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/window.h"

#define DAY_S       INT64_C(86400)
#define RESTORED    4
#define WEEK_OFFSET 3 /* 1970-01-01 was a Thursday */

bool
gh_keep_any(const struct gh_keep *k)
{
	return k->last > 0 || k->daily > 0 || k->weekly > 0 || k->monthly > 0;
}

static int
newest_first(const void *a, const void *b)
{
	const struct gh_kept *x = a, *y = b;

	if (x->at_us != y->at_us)
		return x->at_us < y->at_us ? 1 : -1;
	return x->id < y->id ? 1 : x->id > y->id ? -1 : 0;
}

/* The number of the day's week or month; they count on without gaps. */
static int64_t
period_of(enum gh_kept_rule rule, int64_t day)
{
	time_t at = (time_t)(day * DAY_S);
	struct tm tm = { 0 };

	if (rule == GH_KEPT_DAILY)
		return day;
	if (rule == GH_KEPT_WEEKLY)
		return (day + WEEK_OFFSET >= 0 ? day + WEEK_OFFSET : day + WEEK_OFFSET - 6) / 7;
	(void)gmtime_r(&at, &tm);
	return (int64_t)tm.tm_year * 12 + tm.tm_mon;
}

static int64_t
first_day(enum gh_kept_rule rule, int64_t period)
{
	struct tm tm = { .tm_mday = 1 };

	if (rule == GH_KEPT_DAILY)
		return period;
	if (rule == GH_KEPT_WEEKLY)
		return period * 7 - WEEK_OFFSET;
	tm.tm_year = (int)(period / 12);
	tm.tm_mon = (int)(period % 12);
	return (int64_t)timegm(&tm) / DAY_S;
}

/* What all rules look at. */
struct look {
	const struct gh_keep *k;
	struct gh_kept *rows;
	size_t n;
	int64_t *days; /* of the rows */
	int64_t now_us, today;
	int64_t newest_us;
};

/* What a rule keeps longer than what is known already. */
static void
until(struct gh_kept *row, int64_t at_us, int64_t now_us)
{
	if (at_us > now_us && at_us > row->until_us)
		row->until_us = at_us;
}

static void
keep_last(struct look *l)
{
	int64_t place = 0;
	size_t i;

	for (i = 0; i < l->n && place < l->k->last; i++) {
		struct gh_kept *row = &l->rows[i];

		row->by[GH_KEPT_LAST] = true;
		if (!row->whole)
			continue;
		row->place[GH_KEPT_LAST] = ++place;
		if (l->k->pace_us > 0)
			until(row, l->newest_us + (l->k->last - place + 1) * l->k->pace_us, l->now_us);
	}
}

/* One place for each period, until `most` are taken. */
struct places {
	enum gh_kept_rule rule;
	int64_t most;
	int64_t newest; /* period of the first place */
};

/*
 * It goes when so many newer periods have one: the soonest that this can be.  While its own period is under
 * way and another backup is to be expected in it, nothing can be told.
 */
static void
place_until(struct look *l, const struct places *p, struct gh_kept *row, int64_t period)
{
	int64_t now = period_of(p->rule, l->today), next = p->newest >= now ? p->newest + 1 : now;
	int64_t end_us = gh_zone_midnight(l->k->zone, first_day(p->rule, period + 1));

	if (period >= now && (l->k->pace_us == 0 || l->newest_us + l->k->pace_us < end_us))
		return;
	until(row, gh_zone_midnight(l->k->zone, first_day(p->rule, next + p->most - row->place[p->rule])),
	    l->now_us);
}

/* The rows from..to are of one period: which of them has its place?  -1: none is whole. */
static ssize_t
pick(const struct look *l, size_t from, size_t to)
{
	ssize_t best = -1;
	size_t i;

	for (i = from; i < to; i++) {
		if (!l->rows[i].whole)
			continue;
		if (l->rows[i].level > RESTORED)
			return (ssize_t)i;
		if (best < 0)
			best = (ssize_t)i;
	}
	return best;
}

static void
keep_periods(struct look *l, enum gh_kept_rule rule, int64_t most)
{
	struct places p = { .rule = rule, .most = most };
	int64_t place = 0;
	size_t from, to, i;

	for (from = 0; from < l->n && place < most; from = to) {
		int64_t period = period_of(rule, l->days[from]);
		ssize_t best;

		for (to = from + 1; to < l->n && period_of(rule, l->days[to]) == period;)
			to++;
		best = pick(l, from, to);
		if (best < 0) {
			for (i = from; i < to; i++)
				l->rows[i].by[rule] = true;
			continue;
		}
		if (place++ == 0)
			p.newest = period;
		l->rows[best].by[rule] = true;
		l->rows[best].place[rule] = place;
		place_until(l, &p, &l->rows[best], period);
	}
}

/* What stays whatever the numbers say. */
static void
keep_best(struct look *l)
{
	struct gh_kept *newest = NULL, *proved = NULL;
	size_t i;

	for (i = 0; i < l->n; i++) {
		struct gh_kept *row = &l->rows[i];

		if (!row->whole)
			continue;
		if (newest == NULL)
			newest = row;
		if (row->level >= RESTORED && (proved == NULL || row->level > proved->level))
			proved = row;
	}
	if (newest == NULL)
		newest = &l->rows[0];
	newest->newest = true;
	l->newest_us = newest->at_us;
	if (proved != NULL)
		proved->proved = true;
}

static bool
is_kept(const struct gh_kept *row)
{
	int rule;

	for (rule = 0; rule < GH_KEPT_RULES; rule++) {
		if (row->by[rule])
			return true;
	}
	return row->newest || row->proved || row->pin[0] != '\0';
}

void
gh_retention(const struct gh_keep *k, struct gh_kept *rows, size_t n, int64_t now_us)
{
	GH_ARENA a = { 0 };
	struct look l = { .k = k, .rows = rows, .n = n, .now_us = now_us };
	int64_t *times;
	size_t i;

	if (n == 0)
		return;
	qsort(rows, n, sizeof(*rows), newest_first);
	times = gh_alloc_n(&a, n + 1, sizeof(*times));
	l.days = gh_alloc_n(&a, n + 1, sizeof(*l.days));
	for (i = 0; i < n; i++) {
		times[i] = rows[i].at_us;
		rows[i].goes = rows[i].newest = rows[i].proved = false;
		memset(rows[i].by, 0, sizeof(rows[i].by));
		memset(rows[i].place, 0, sizeof(rows[i].place));
		rows[i].until_us = 0;
	}
	times[n] = now_us;
	gh_zone_days(k->zone, times, n + 1, l.days);
	l.today = l.days[n];
	keep_best(&l);
	keep_last(&l);
	keep_periods(&l, GH_KEPT_DAILY, k->daily);
	keep_periods(&l, GH_KEPT_WEEKLY, k->weekly);
	keep_periods(&l, GH_KEPT_MONTHLY, k->monthly);
	for (i = 0; i < n; i++)
		rows[i].goes = gh_keep_any(k) && !is_kept(&rows[i]);
}

static void
add(struct gh_text *ret, const char *text)
{
	gh_text_putf(ret, "%s%s", ret->len == 0 ? "" : "; ", text);
}

static void
rule_text(const struct gh_keep *k, const struct gh_kept *row, enum gh_kept_rule rule, struct gh_text *ret)
{
	static const char *const names[] = { "of the last", "day", "week", "month" };
	const int64_t most[] = { k->last, k->daily, k->weekly, k->monthly };
	GH_ARENA a = { 0 };

	if (rule == GH_KEPT_LAST && row->place[rule] == 0)
		add(ret, gh_printf(&a, "among the last %" PRId64, most[rule]));
	else if (rule == GH_KEPT_LAST)
		add(ret, gh_printf(&a, "%" PRId64 " of the last %" PRId64, row->place[rule], most[rule]));
	else if (row->place[rule] == 0)
		add(ret, gh_printf(&a, "of one of the last %" PRId64 " %ss", most[rule], names[rule]));
	else
		add(ret,
		    gh_printf(&a, "%s %" PRId64 " of %" PRId64, names[rule], row->place[rule], most[rule]));
}

void
gh_retention_text(const struct gh_keep *k, const struct gh_kept *row, struct gh_text *ret)
{
	GH_TEXT text = { 0 };
	int rule;

	if (row->pin[0] != '\0')
		gh_text_putf(&text, "named by %s", row->pin);
	if (row->newest)
		add(&text, "the newest");
	if (row->proved)
		add(&text, "the newest proved one");
	for (rule = 0; rule < GH_KEPT_RULES; rule++) {
		if (row->by[rule])
			rule_text(k, row, (enum gh_kept_rule)rule, &text);
	}
	if (!gh_keep_any(k))
		add(&text, "nothing says how many are kept");
	else if (row->goes)
		add(&text, GH_RETENTION_NOTHING);
	gh_text_put(ret, gh_text_str(&text));
}
