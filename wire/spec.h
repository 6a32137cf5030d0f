/*
 * What a job is told: one message in an anonymous file on descriptor WIRE_SPEC_FD.  The journal is on
 * WIRE_JOURNAL_FD, the target's passfile (a 0600 anonymous file, may be empty) on WIRE_PASSFILE_FD.  Nothing
 * secret is in the message, in argv or in the environment.  A run has its control record (wire/control.h) on
 * WIRE_CONTROL_FD; of a notify job the passfile's descriptor holds the channel's secret (an address or a
 * password).  What opens encrypted backups (the target's key file) is on WIRE_KEY_FD when has_key says so.
 */
#ifndef GH_WIRE_SPEC_H
#define GH_WIRE_SPEC_H

#include "wire/frame.h"

enum { WIRE_JOURNAL_FD = 3, WIRE_SPEC_FD = 4, WIRE_PASSFILE_FD = 5, WIRE_CONTROL_FD = 6, WIRE_KEY_FD = 7 };

/* Kinds of job: argv[1] of gatehouse-job, which is also what `ps` shows: "gatehouse-job run 17". */
#define WIRE_JOB_ANALYSE   "analyse"   /* a project's folder, into FOLDER, FILE, SIDE, SQL */
#define WIRE_JOB_CHECK     "check"     /* a target's state, into IDENTITY, TRACKING, TRACKED, SIZES */
#define WIRE_JOB_RUN       "run"       /* a plan */
#define WIRE_JOB_RECONCILE "reconcile" /* what is true after a run whose job died */

#define WIRE_JOB_REHEARSE "rehearse" /* a plan, up, down and up, on a copy: REHEARSAL, STEP, REHEARSED */
#define WIRE_JOB_COUNT    "count"    /* what a plan downwards would destroy: DESTROYS */
#define WIRE_JOB_NOTIFY   "notify"   /* one message to one channel */
/* Beside runs; their id is negative: the name of its sessions is not that of a run. */
#define WIRE_JOB_TAKE    "take"    /* a backup: PROGRESS, BACKUP, BACKUP_TABLE, PROOF */
#define WIRE_JOB_PROVE   "prove"   /* a backup, up to a level: PROGRESS, PROOF_TABLE, PROOF */
#define WIRE_JOB_OUTSIDE "outside" /* what another system keeps: OUTSIDE */

#define WIRE_OPTIONS_MAX  200
#define WIRE_OUTSIDE_MAX  16 /* sources of one target */
#define WIRE_OUTSIDE_ARGS 32

struct wire_option {
	const char *name, *value;
};

/* Who else keeps backups of a target. */
struct wire_outside_source {
	const char *name;
	const char *kind;             /* "pgbackrest", "folder", "command" */
	const char *folder, *pattern; /* folder */
	const char *stanza;           /* pgbackrest */
	int64_t timeout_ms;
	size_t n_args;           /* pgbackrest, command: the program's absolute path first */
	const char *const *args; /* NULL-terminated */
};

struct wire_spec {
	/* all */
	int64_t id;               /* the run, or 0 */
	const char *installation; /* whose run: part of the application_name */
	const char *convention;   /* its name; "" analyse and check find out */
	/* analyse, check */
	const char *folder;
	const char *schema, *table; /* of the tracking table, "" the convention's own */
	size_t n_options;           /* named values of the project's configuration */
	const struct wire_option *options;
	/* check, run, reconcile */
	const char *target;     /* name, for messages */
	const char *connection; /* libpq keywords without password */
	bool allow_superuser;
	int64_t connect_timeout_ms, max_retries, retry_delay_ms;
	/* run, reconcile */
	const void *plan; /* canonical bytes, migration/plan.h */
	size_t plan_len;
	const char *plan_digest;          /* hex: recomputed by the job before anything else */
	const char *backup_folder;        /* absolute; where the run's backup goes */
	const char *pg_dump, *pg_restore; /* absolute paths */
	/* reconcile: what the dead job's journal said */
	int64_t backend_pid;
	const char *backend_start;
	int64_t intent_migration, intent_statement; /* the last INTENT that has no answer; -2 none */
	const char *intent_xid;
	int64_t done;  /* migrations known as committed, in plan order */
	int64_t phase; /* enum wire_phase: the last that ended well; 0 none */
	/* run: facts for its hooks, and how long it may begin something new */
	const char *environment, *project, *goal, *person, *reason;
	int64_t request;
	int64_t window_end_us; /* 0 no end */
	/* where initdb and postgres are, "" none; like pg_dump and pg_restore of the target's server major */
	const char *pg_bin;
	/* rehearse; prove and whatever restores into a place of its own, then with sample_rows 0 */
	const char *scratch;        /* connection of the configured server, "" a cluster of its own */
	const char *scratch_folder; /* absolute, empty: for the cluster and the dump */
	int64_t sample_rows;        /* of each table, 0 the schema only, -1 all */
	/* count: the transactions in which the migrations of a plan downwards were applied, in the plan's
	 * order, separated by ","; "" each that is unknown */
	const char *since_xid;
	/* notify */
	const char *channel;           /* "slack", "mattermost", "teams", "webhook", "email" */
	const char *address;           /* e-mail: smtp[s]://host:port; webhook: "" (it is the secret) */
	const char *from, *to;         /* e-mail; to: several are separated by "," */
	const char *user;              /* e-mail: the account, "" none */
	const char *subject, *message; /* plain text, UTF-8; what it tells besides is in options */
	const char *event;             /* "before", ... */
	const char *ca_file;           /* "" the system's authorities */
	bool no_tls;                   /* e-mail: the server is spoken to in the clear */
	int64_t timeout_ms, made_us;   /* made_us: when the message was made */
	/* take, and the backup of a run */
	const char *format; /* "custom", "directory" */
	int64_t silence_ms; /* pg_dump hangs when it gave nothing for so long; 0 the usual */
	int64_t backup_jobs, compression, threads; /* compression: of zstd, 1 to 19; threads: 0 none beside */
	const char *encrypt_to;                    /* base64 of the recipient's public key, "" in the clear */
	int64_t last_size, last_plain; /* of the target's newest backup, on the disk and before compression;
					  -1 there is none */
	/* prove, restore: the backup as the store knows it (encrypt_to and format are its own then) */
	int64_t backup;             /* its number */
	const char *backup_file;    /* beneath backup_folder */
	const char *backup_digest;  /* hex */
	int64_t backup_size;        /* bytes, -1 unknown */
	int64_t database_bytes;     /* of the database that it is of, -1 unknown */
	const char *fingerprint;    /* of its catalog, "" unknown */
	const char *sidecar_digest; /* of what was written beside it; "" unknown */
	const void *tables;         /* u32 count | of each: t name | i rows (-1 unknown) */
	size_t tables_len;
	int64_t backup_tables, backup_rows; /* in all, for a record that names no table; -1 unknown */
	bool has_key;                       /* WIRE_KEY_FD is open; job_start fills it */
	/* take, prove, a run that restores (before it does): how far it is to be proved, a name of
	 * wire_level_name; "" not at all */
	const char *level;
	/* restore: a connection of who may create and rename databases, "" the target's */
	const char *restore_connection;
	int64_t restore_keep_ms; /* how long the database that was there is meant to stay */
	/* check: oids of the databases that restores have left, as an array "{16389,16402}"; each is answered
	 * by a DATABASE without a kind.  "" none */
	const char *kept;
	/* outside, run: where other backups of the target are */
	size_t n_outside;
	const struct wire_outside_source *outside;
	const char *system_id; /* of the target's server as it was seen last, "" unknown */
};

void wire_spec_put(struct wire_out *out, const struct wire_spec *s);
/* Texts live in the arena, plan and tables in the frame. */
enum gh_code wire_spec_read(
    struct wire_in *in, struct gh_arena *a, struct wire_spec *ret, struct gh_err *err) GH_MUST_USE;

#endif
