/*
 * Projects, the files of their folders, and targets with what is known of them: reads.
 */
#ifndef GH_STORE_PROJECT_H
#define GH_STORE_PROJECT_H

#include "store/store.h"

struct store_project {
	int64_t id;
	const char *name, *folder;
	const char *convention;     /* configured, else found; "" not known yet */
	bool configured;            /* it is in the configuration */
	const char *detected_text;  /* what speaks for it, or what to write into the configuration */
	const char *found_on;       /* name of the target by which it was found, "" by the folder */
	const char *rule;           /* what its tool does with older, changed and missing ones */
	const char *folder_problem; /* why nothing of the folder runs, "" */
	bool one_transaction;       /* everything pending runs in one */
	const char *in_turn;        /* why none can run before an older one that is pending, "" it can */
	const char *signature;      /* of the folder when last read */
	const char *problem;        /* why the folder could not be read, "" */
	int64_t read_at;
	int64_t migrations; /* present in the folder */
	int64_t refused;    /* files that were refused */
};
struct store_projects {
	size_t n;
	struct store_project *rows;
};

/* By name; GH_NOT_FOUND also when it has left the configuration. */
enum gh_code store_project_get(struct store *st, struct gh_arena *a, const char *name,
    struct store_project *ret, struct gh_err *err) GH_MUST_USE;
enum gh_code store_project_list(
    struct store *st, struct gh_arena *a, struct store_projects *ret, struct gh_err *err) GH_MUST_USE;

struct store_file {
	const char *file, *taken_as, *reason, *digest; /* taken_as: wire_file_name */
	const char *key;                               /* of its migration, "" none */
};
struct store_files {
	size_t n;
	struct store_file *rows;
	bool more; /* the next page starts after the last row's file */
};
struct store_file_filter {
	int64_t project_id;
	const char *taken_as; /* "" all */
	const char *after;    /* a file's name, "" from the start */
	int64_t limit;
};
/* By name. */
enum gh_code store_file_list(struct store *st, struct gh_arena *a, const struct store_file_filter *f,
    struct store_files *ret, struct gh_err *err) GH_MUST_USE;
/* All files of one migration. */
enum gh_code store_file_list_key(struct store *st, struct gh_arena *a, int64_t project_id, const char *key,
    struct store_files *ret, struct gh_err *err) GH_MUST_USE;
/* Refused files of the target's project that are not applied there; key only of a migration that there is. */
enum gh_code store_file_refused(struct store *st, struct gh_arena *a, int64_t target_id,
    struct store_files *ret, struct gh_err *err) GH_MUST_USE;

/* How many files are taken for what. */
struct store_file_count {
	const char *taken_as;
	int64_t n;
};
struct store_file_counts {
	size_t n;
	struct store_file_count *rows;
};
enum gh_code store_file_count(struct store *st, struct gh_arena *a, int64_t project_id,
    struct store_file_counts *ret, struct gh_err *err) GH_MUST_USE;

/* Sentences about the folder. */
struct store_texts {
	size_t n;
	const char **rows;
};
enum gh_code store_project_note_list(struct store *st, struct gh_arena *a, int64_t project_id,
    struct store_texts *ret, struct gh_err *err) GH_MUST_USE;

struct store_target {
	int64_t id, project_id;
	const char *name, *project, *convention, *environment;
	int64_t position; /* of the environment in promotion order */
	/* policy */
	bool backup, rollback_on_failure;
	int64_t approvals;
	const char *policy; /* all of it, migration/policy.h */
	/* last seen */
	bool reachable;
	const char *problem;
	int64_t checked_at;
	const char *system_id, *database, *server_version, *role;
	int64_t database_oid, database_bytes, table_count;
	const char *tracking_table, *tracking_text;
	bool tracking_known;
	const char *held;      /* why nothing may run now, "" */
	const char *blocked;   /* why its tool would run nothing, "" */
	const char *signature; /* of the folder that it was compared with */
	/* derived */
	const char *newest_key;     /* as the tracking table has it: what a plan is made on, "" none */
	const char *newest_version; /* of the last applied one in the folder's order, "" none */
	int64_t newest_number;
	int64_t pending;                      /* in the folder, not applied, and not passed over for good */
	int64_t missing;                      /* applied, not in the folder */
	int64_t edited, out_of_order, failed; /* by the tool's own rules */
	int64_t last_run;                     /* 0 none */
	const char *last_run_state;
	int64_t last_run_at; /* ended, else started, else queued */
	int64_t last_backup; /* 0 none */
	int64_t last_backup_at, last_backup_size;
	const char *last_backup_level, *last_backup_broken;
	/* the newest that was restored and counted: when it was taken, when and how long it was proved */
	int64_t proved_backup; /* 0 none */
	int64_t proved_backup_at, proved_at, prove_us;
	int64_t active_run; /* running or unknown, 0 none */
	/* as configured: the schedules joined by ", ", how soon a backup is proved as far as prove_level,
	 * and how often the newest is counted, 0 never */
	const char *backup_schedule;
	int64_t prove_within_ms, prove_every_ms;
	const char *prove_level;                   /* listed, restored, counted */
	int64_t reached_backup, reached_backup_at; /* the newest that is proved so far, 0 none */
	/* When one that was taken since has to be proved so far at the latest, 0 all is well; and since when
	 * that is overdue and was told, 0 it is not. */
	int64_t prove_by, overdue_at;
};
struct store_targets {
	size_t n;
	struct store_target *rows;
};

/* By name; GH_NOT_FOUND also when it has left the configuration. */
enum gh_code store_target_get(struct store *st, struct gh_arena *a, const char *name,
    struct store_target *ret, struct gh_err *err) GH_MUST_USE;
enum gh_code store_target_get_id(struct store *st, struct gh_arena *a, int64_t id, struct store_target *ret,
    struct gh_err *err) GH_MUST_USE;
/* In promotion order; project_id 0 for all. */
enum gh_code store_target_list(struct store *st, struct gh_arena *a, int64_t project_id,
    struct store_targets *ret, struct gh_err *err) GH_MUST_USE;

#endif
