/*
 * When the folder of backups is full if they come as they did lately and retention takes away what it may.
 */
#ifndef GH_BASE_FORECAST_H
#define GH_BASE_FORECAST_H

#include "base/retention.h"

/* The backups of one target. */
struct gh_growth {
	int64_t pace_us; /* how far apart they are taken; 0 not known: none to be expected */
	int64_t bytes;   /* of one */
	int64_t room;    /* bytes that they still grow by until as many go as come, -1 without end */
};

/* How many backups stay at that pace, -1 all. */
int64_t gh_forecast_most(const struct gh_keep *k);
/* Bytes that new ones take a day, -1 when no pace is known. */
int64_t gh_forecast_day(const struct gh_growth *g, size_t n);
/* When that many free bytes are used up; 0 not within ten years, -1 when no pace is known. */
int64_t gh_forecast_full(const struct gh_growth *g, size_t n, int64_t free_bytes, int64_t now_us);

#endif
