/*
 * Which backups of one target stay, which may go, and why.
 *
 * The last N stay, and of each of the last N days, weeks and months that have one the newest that was
 * restored and counted, or else the newest.  Days end at midnight of the zone's clock, weeks on Sunday.  A
 * day without a backup does not count: when backups stop, nothing goes.
 *
 * Whatever the numbers say, the newest stays, the newest proved one, and what is pinned: what something open
 * names.  One that is missing or broken fills no place, and stays while it would have had one.  Where all
 * numbers are 0 nothing goes.
 */
#ifndef GH_BASE_RETENTION_H
#define GH_BASE_RETENTION_H

#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct gh_keep {
	int64_t last, daily, weekly, monthly;
	const char *zone; /* "Europe/Berlin" */
	int64_t pace_us;  /* how far apart backups are taken, also those that are gone; 0 not known */
};

enum gh_kept_rule { GH_KEPT_LAST, GH_KEPT_DAILY, GH_KEPT_WEEKLY, GH_KEPT_MONTHLY, GH_KEPT_RULES };

struct gh_kept {
	int64_t id, at_us;
	int level;       /* 0 nothing is known ... 4 restored, 5 restored and counted */
	bool whole;      /* it is there, and no look at it failed */
	const char *pin; /* what is open and names it, "" nothing */
	/* what comes of it */
	bool goes;
	bool newest, proved;          /* it is the newest, the newest proved one */
	bool by[GH_KEPT_RULES];       /* what keeps it */
	int64_t place[GH_KEPT_RULES]; /* 1 the newest place of that rule, 0 none: it would have had one */
	int64_t until_us; /* it stays at least until then if backups come as they did; 0 cannot be told */
};

/* Does any number say what may go? */
bool gh_keep_any(const struct gh_keep *k);
/* Decides about all backups of a target and sorts them, newest first; the same time: the higher id. */
void gh_retention(const struct gh_keep *k, struct gh_kept *rows, size_t n, int64_t now_us);
#define GH_RETENTION_NOTHING "nothing keeps it"
/* "the newest; 2 of the last 5; day 3 of 7": why it stays, or GH_RETENTION_NOTHING. */
void gh_retention_text(const struct gh_keep *k, const struct gh_kept *row, struct gh_text *ret);

#endif
