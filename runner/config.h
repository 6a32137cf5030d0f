/*
 * gatehouse.conf as the runner uses it.  A struct config never changes: SIGHUP reads a new one, and the old
 * one is freed when nothing of it is in use (between two frames), so nobody keeps a pointer into it across
 * loop turns.
 */
#ifndef GH_RUNNER_CONFIG_H
#define GH_RUNNER_CONFIG_H

#include "base/arena.h"
#include "base/err.h"
#include "base/secret.h"
#include "base/text.h"
#include "migration/policy.h"
#include "wire/spec.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct config_project {
	const char *name;
	const char *folder;         /* absolute */
	const char *convention;     /* one of config_conventions, "" is found out */
	const char *schema, *table; /* of the tracking table, "" the convention's own */
	size_t n_options;           /* placeholders and the like */
	struct wire_option *options;
	const char *tracking;        /* table and options as one text, only compared */
	const char *rehearse_server; /* what its targets do not say themselves */
	int64_t rehearse_rows;
};

/* How a target's backups are taken, proved, kept and restored, besides its policy. */
struct config_backup {
	const char *format; /* "custom", "directory" */
	int64_t jobs;       /* of the directory format */
	int64_t compression, threads;
	int64_t silence_ms;     /* pg_dump hangs when it gave nothing for so long */
	const char *encrypt_to; /* base64 of a public key, "" in the clear */
	const char *key_file;   /* path, NULL none: encrypted backups cannot be opened here */
	size_t n_schedules;
	const char **schedules; /* base/window.h, gh_window_schedule_read */
	/* the newest must be proved up to prove_level within that time of being taken, and counted again so
	 * often; 0 never */
	int64_t prove_within_ms, prove_every_ms;
	enum policy_level prove_level;        /* listed, restored, counted */
	int64_t timeout_ms, prove_timeout_ms; /* of a task that takes one, that proves one */
	/* how many stay; all 0: all of them */
	int64_t keep_last, keep_daily, keep_weekly, keep_monthly;
	const char *prove_server;       /* a server's connection, "" a cluster of their own */
	const char *restore_connection; /* of who may create and rename databases, "" the target's */
	int64_t restore_keep_ms;        /* how long the database is meant to stay that a restore replaced */
};

struct config_target {
	const char *name;
	const struct config_project *project;
	const char *environment;
	int position;           /* of the environment in promotion order, 0 first */
	const char *connection; /* libpq keywords or URI, without password */
	const char *passfile;   /* path, NULL none */
	bool password_known;    /* it came with DATABASE_URL: config_passfile gives it */
	int64_t connect_timeout_ms;
	bool allow_superuser;
	struct policy policy;
	const char **hook_names; /* of policy.hooks */
	/* where rehearsals are: a server's connection, "" a cluster of their own; rows of each table, -1 all
	 */
	const char *rehearse_server;
	int64_t rehearse_rows;
	struct config_backup backup;
};

struct config_account {
	uid_t uid;
	const char *name;   /* Unix account */
	const char *person; /* whose acts its commands are */
};

enum config_event { /* bits: what a channel is told */
	CONFIG_APPROVAL = 1,
	CONFIG_BEFORE = 2,
	CONFIG_AFTER = 4,
	CONFIG_FAILED = 8,
	CONFIG_UNKNOWN = 16,
	CONFIG_OVERDUE = 32, /* no backup was counted in time */
	CONFIG_EVENTS = 63,
};

struct config_notify {
	const char *name, *kind; /* slack mattermost teams webhook email */
	unsigned events;         /* enum config_event */
	size_t n_environments, n_targets;
	const char **environments; /* only these; none given: all */
	const char **targets;
	const char *contact;          /* "" none: what people ask */
	const char *url_file;         /* webhooks: the file that holds the address */
	const char *server;           /* e-mail: smtp[s]://host[:port] */
	const char *from, *to, *user; /* to: separated by ","; user "" none */
	const char *password_file;    /* NULL none */
	const char *ca_file;          /* "" the system's */
	bool tls;                     /* e-mail: false, the server is spoken to in the clear */
	int64_t timeout_ms, retry_delay_ms, attempts;
};

/* Who else keeps backups of a target: outside "NAME" { ... }. */
struct config_outside {
	const struct config_target *target;
	struct wire_outside_source source; /* what a job is told */
	int64_t refresh_ms;                /* how often it is looked at */
};

/* The programs of one server version. */
struct config_postgresql {
	int64_t major; /* 0: what is taken for every other one */
	const char *bin, *pg_dump, *pg_restore;
};

struct config {
	struct gh_arena arena;
	const char *path;
	const char *data, *store, *secrets, *jobs,
	    *backups;       /* folders, absolute; the last four beneath data */
	const char *socket; /* folder */
	const char *web_user;
	uid_t web_uid;
	gid_t web_gid;
	const char *job;                  /* the program gatehouse-job */
	struct config_postgresql pg_else; /* pg_bin */
	struct config_postgresql *postgresqls;
	size_t n_postgresqls;
	const char **environments;
	size_t n_environments;
	int parallel_runs;
	int64_t refresh_seconds;
	struct config_project *projects;
	size_t n_projects;
	struct config_target *targets;
	size_t n_targets;
	struct config_account *accounts;
	size_t n_accounts;
	const char *public_url; /* where people find the pages, without a "/" at its end; "" not known */
	struct config_notify *notify;
	size_t n_notify;
	struct config_outside *outside;
	size_t n_outside;
	const struct config_env *env;
};

/* DATABASE_URL, taken out of the environment at start; lives as long as the program. */
struct config_env {
	char *url; /* without its password; NULL none */
	struct gh_secret password;
};

/*
 * Takes DATABASE_URL out of the environment: wiped in place, because /proc/PID/environ shows the bytes and
 * not the table.  Call it once, before anything is started.
 */
enum gh_code config_env_take(struct config_env *ret, struct gh_err *err) GH_MUST_USE;
void config_env_done(struct config_env *e);

/*
 * Reads path.  Mistakes and warnings are appended to messages, one line each, "FILE:LINE: text"; with a
 * mistake GH_BAD_INPUT and *ret is NULL.  Freed with config_free.
 */
enum gh_code config_read(const char *path, const struct config_env *env, struct config **ret,
    struct gh_text *messages, struct gh_err *err) GH_MUST_USE;
void config_free(struct config *c);

/* Names of all conventions, NULL at the end.  The runner links none of them. */
extern const char *const config_conventions[];

/* By name; NULL when there is none. */
const struct config_project *config_project_find(const struct config *c, const char *name);
const struct config_target *config_target_find(const struct config *c, const char *name);
const struct config_account *config_account_find(const struct config *c, uid_t uid);

/* The programs for a server of that version, "15.8 (Debian 15.8-1)"; "" or unknown: pg_bin's. */
const struct config_postgresql *config_postgresql_find(const struct config *c, const char *server_version);

const struct config_notify *config_notify_find(const struct config *c, const char *name);

/* NULL when the target has no such source. */
const struct config_outside *config_outside_find(
    const struct config *c, const char *target, const char *source);
/* The target's sources, or that one of them (source not NULL), for a job: n_outside and outside of the spec.
 */
void config_outside_spec(const struct config *c, const char *target, const char *source, struct gh_arena *a,
    struct wire_spec *ret);

/* "approval", "before", ... of a bit. */
const char *config_event_name(enum config_event event);
/* Whether the channel is told of this. */
bool config_notify_wants(
    const struct config_notify *n, enum config_event event, const char *environment, const char *target);

/*
 * An anonymous 0600 file with the channel's secret: the webhook's address or the account's password, its
 * first line; empty when it has none.  The caller closes it.
 */
enum gh_code config_notify_secret(const struct config_notify *n, int *ret_fd, struct gh_err *err) GH_MUST_USE;

/*
 * An anonymous 0600 file for PGPASSFILE with what the target's passfile holds (or its password of
 * DATABASE_URL; empty when it has neither).  The caller closes it.
 */
enum gh_code config_passfile(
    const struct config *c, const struct config_target *t, int *ret_fd, struct gh_err *err) GH_MUST_USE;
/*
 * An anonymous 0600 file with what the target's key file holds, for WIRE_KEY_FD; *ret_fd -1 when it has none.
 * The caller closes it.
 */
enum gh_code config_backup_key(const struct config_target *t, int *ret_fd, struct gh_err *err) GH_MUST_USE;

#endif
