/*
 * The policy of a target: how its runs are carried out.  It comes from the configuration, is part of the plan
 * (so that what is approved includes it) and is kept in the store as its canonical text.
 *
 * Text form: lines "name value\n" in the order of the members below, every single value always there; lists
 * repeat their line.  Values are UTF-8 without control characters.
 *
 *   backup_level listed
 *   lock_timeout_ms 5000
 *   window 0 22 * * mon-fri for 4h Europe/Berlin
 *   hook before 60000 2
 *   arg /usr/local/bin/announce
 *   arg production
 */
#ifndef GH_MIGRATION_POLICY_H
#define GH_MIGRATION_POLICY_H

#include "base/arena.h"
#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

#define POLICY_HOOKS   32 /* of a target */
#define POLICY_ARGS    32 /* of a hook */
#define POLICY_WINDOWS 32
#define POLICY_TABLES  200

enum policy_when { POLICY_BEFORE = 1, POLICY_AFTER, POLICY_FAILURE, POLICY_BACKUP };

struct policy_hook {
	enum policy_when when;
	int64_t timeout_ms;
	size_t n_args;           /* the program's absolute path first */
	const char *const *args; /* NULL-terminated */
};

/* Its own transaction for each migration, one for all, or as the project's tool does it. */
enum policy_transaction { POLICY_AS_TOOL = 0, POLICY_EACH, POLICY_ALL };

/* How far a backup is proved; the numbers are those of enum wire_level. */
enum policy_level { POLICY_WRITTEN = 1, POLICY_CHECKSUMMED, POLICY_LISTED, POLICY_RESTORED, POLICY_COUNTED };

struct policy {
	bool backup;
	enum policy_level backup_level; /* what it must have reached before anything is changed */
	int64_t
	    backup_outside_ms; /* one that others took, at most so old, counts as the backup; 0 none does */
	int64_t approvals;     /* 0 to 9 */
	/* connecting, and again after a lock was in the way: exponential with jitter */
	int64_t max_retries, retry_delay_ms;
	int64_t lock_timeout_ms;         /* at least 1 */
	int64_t statement_timeout_ms;    /* 0 none */
	int64_t concurrently_timeout_ms; /* CONCURRENTLY and its like; 0 none */
	enum policy_transaction transaction;
	bool rollback_on_failure;
	/* The guard: our statement gives way when so many sessions wait behind it, or one waits so long. */
	int64_t guard_sessions, guard_wait_ms; /* 0: not by this */
	int64_t long_transaction_ms;           /* preflight stops at one on a touched table; 0 never */
	int64_t replica_lag_ms;                /* preflight stops, a batch waits; 0 never */
	/* health after the run; health_url "" none */
	const char *health_url, *health_body; /* body: a text that the answer holds, "" any */
	int64_t health_status, health_attempts, health_delay_ms, health_timeout_ms;
	/* what must be there before a run is allowed */
	bool promote;      /* the same SQL ran on the environment before */
	bool rehearse;     /* the plan was rehearsed, and what it shows is good */
	int64_t revert_ms; /* after a run: how long the way back is one approval away; 0 never */
	/* what verify fails at; else it only says it */
	bool row_security;          /* a table of public without it */
	bool validated_constraints; /* a constraint that the run has left NOT VALID */
	size_t n_windows;           /* none: any time */
	const char **windows;       /* base/window.h */
	size_t n_tables;            /* expected after every run, "public.orders" */
	const char **tables;
	size_t n_hooks;
	struct policy_hook *hooks;
};

/* What a target has when nothing is configured; development is the first environment. */
void policy_default(bool development, struct policy *ret);
/* Appends the canonical text.  GH_BAD_INPUT when a value cannot be written. */
enum gh_code policy_write(const struct policy *p, struct gh_text *ret, struct gh_err *err) GH_MUST_USE;
/* Texts live in the arena; refuses what policy_write would not have written. */
enum gh_code policy_read(
    const char *text, size_t len, struct gh_arena *a, struct policy *ret, struct gh_err *err) GH_MUST_USE;
/* "before", "after", "failure", "backup" */
const char *policy_when_name(enum policy_when w);
/* "written", "checksummed", "listed", "restored", "counted" */
const char *policy_level_name(enum policy_level l);
/* False when it is none of them. */
bool policy_level_read(const char *name, enum policy_level *ret);

#endif
