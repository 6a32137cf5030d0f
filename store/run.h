/*
 * Runs with their phases, migrations, statements and events: reads.
 */
#ifndef GH_STORE_RUN_H
#define GH_STORE_RUN_H

#include "base/hash.h"
#include "store/store.h"

struct store_run {
	int64_t id, request_id, target_id;
	const char *target, *environment, *project, *direction;
	const char *act;     /* what its plan is for: run, mark, repair, restore, side */
	const char *state;   /* queued running succeeded failed-clean failed-partly unknown needs-person */
	const char *outcome; /* one sentence: what is true now */
	const char *goal, *person, *plan_digest;
	int64_t migrations; /* in the plan */
	int64_t queued_at, started_at, ended_at;
	int64_t event_seq; /* changes whenever the run does: what a page polls by */
};
struct store_runs {
	size_t n;
	struct store_run *rows;
	int64_t next; /* `before` of the next page, 0 at the end */
};

struct store_run_filter {
	int64_t target_id; /* 0 all */
	const char *state; /* "" or NULL all */
	int64_t before;    /* 0 first page */
	int64_t limit;
};
/* Newest first. */
enum gh_code store_run_list(struct store *st, struct gh_arena *a, const struct store_run_filter *f,
    struct store_runs *ret, struct gh_err *err) GH_MUST_USE;
enum gh_code store_run_get(
    struct store *st, struct gh_arena *a, int64_t id, struct store_run *ret, struct gh_err *err) GH_MUST_USE;
/* Queued runs that may start now (target neither busy nor held), oldest first. */
enum gh_code store_run_queue(struct store *st, struct gh_arena *a, int64_t limit, struct store_runs *ret,
    struct gh_err *err) GH_MUST_USE;
/* Running and unknown ones, oldest first. */
enum gh_code store_run_open_list(
    struct store *st, struct gh_arena *a, struct store_runs *ret, struct gh_err *err) GH_MUST_USE;

/* What only the page of a run and the runner need. */
struct store_run_detail {
	const char *reason;
	int64_t pid, backend_pid;
	const char *backend_start;
	int64_t journal_offset;
	unsigned char journal_sum[GH_SHA256_LEN];
	int64_t intent_migration, intent_statement; /* -2 none */
	const char *intent_xid;
	int64_t error_migration, error_statement; /* -1 none */
	const char *sqlstate, *error, *error_detail, *error_hint, *error_object;
	int64_t error_line;
	int64_t incident, backup; /* 0 none */
	/* What people want of it while it runs: "", pausing, paused, resuming, cancelling; "who: why" */
	const char *control, *control_text;
	int64_t control_serial;
	int64_t window_end;                 /* nothing new begins after it; 0 no end */
	int64_t batch_size, batch_pause_ms; /* wanted by a person; 0: as the file says */
	int64_t revert_until;               /* the way back is one approval away until then; 0 not */
};
enum gh_code store_run_detail(struct store *st, struct gh_arena *a, int64_t id, struct store_run_detail *ret,
    struct gh_err *err) GH_MUST_USE;

struct store_phase {
	int64_t position, started_at, ended_at;
	const char *phase, *state, *evidence; /* wire_phase_name, wire_state_name */
};
struct store_phases {
	size_t n;
	struct store_phase *rows;
};
enum gh_code store_phase_list(struct store *st, struct gh_arena *a, int64_t run_id, struct store_phases *ret,
    struct gh_err *err) GH_MUST_USE;

struct store_run_migration {
	int64_t position, started_at, ended_at;
	const char *key, *version, *name, *state, *text; /* state: "pending" or wire_state_name */
};
struct store_run_migrations {
	size_t n;
	struct store_run_migration *rows;
};
enum gh_code store_run_migration_list(struct store *st, struct gh_arena *a, int64_t run_id,
    struct store_run_migrations *ret, struct gh_err *err) GH_MUST_USE;

struct store_run_statement {
	int64_t migration, position, row_count, started_at, ended_at; /* row_count -1: none */
	const char *state, *tag;
};
struct store_run_statements {
	size_t n;
	struct store_run_statement *rows;
};
/* Only the statements that were begun. */
enum gh_code store_run_statement_list(struct store *st, struct gh_arena *a, int64_t run_id,
    struct store_run_statements *ret, struct gh_err *err) GH_MUST_USE;

struct store_event {
	int64_t seq, at;
	const char *kind, *text;
};
struct store_events {
	size_t n;
	struct store_event *rows;
};
/* Those after seq, oldest first. */
enum gh_code store_event_list(struct store *st, struct gh_arena *a, int64_t run_id, int64_t after,
    int64_t limit, struct store_events *ret, struct gh_err *err) GH_MUST_USE;

#endif
