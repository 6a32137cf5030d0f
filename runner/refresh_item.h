/*
 * The projects and targets that are looked at, and the job of each that is under way.
 */
#ifndef GH_RUNNER_REFRESH_ITEM_H
#define GH_RUNNER_REFRESH_ITEM_H

#include "runner/refresh.h"

struct refresh_item {
	struct refresh_item *next;
	struct runner *runner;
	bool target; /* else a project */
	char *name;
	bool wanted, forced; /* forced: whatever the folder's signature says */
	bool gone;           /* left the configuration while its job runs */
	pid_t pid;           /* 0: no job */
	int64_t started;     /* wall */
	int64_t deadline;    /* timer */
	char journal[PATH_MAX];
};

struct refresh {
	struct refresh_item *items; /* projects first */
	int running;
	int64_t tick, soon; /* timers */
	int64_t serial;
};

/* NULL when there is none, and without r->work. */
struct refresh_item *refresh_item_find(const struct runner *r, bool target, const char *name);
/* Finds or makes it, and wants it looked at. */
void refresh_item_add(struct runner *r, bool target, const char *name);
/* Removes what left the configuration; an item whose job runs goes when the job has ended. */
void refresh_items_drop(struct runner *r);
void refresh_item_free(struct refresh_item *it);

#endif
