/*
 * A run: the plan carried out phase by phase.  run.c has the table of phases, stage_*.c what each does,
 * migrate.c how migrations go in (or, by their down SQL, out), transact.c one transaction, alone.c one
 * statement outside any, outside.c a migration of several steps, undo.c what follows a failure.
 */
#ifndef GH_JOB_RUN_H
#define GH_JOB_RUN_H

#include "migration/plan.h"
#include "runner/job/explain.h"
#include "runner/job/flush.h"
#include "runner/job/target.h"
#include "runner/job/tracking.h"

#define RUN_LOCK_WAIT_MS 5000

/* What the migration that failed has left behind. */
enum run_left {
	RUN_LEFT_NOTHING, /* rolled back, or it never began */
	RUN_LEFT_HALF,    /* some statements took effect outside its transaction */
	RUN_LEFT_BATCH,   /* it runs in batches: a cursor, from which a later run goes on */
	RUN_LEFT_DOUBT,   /* an answer is missing: it may be in */
};

struct run_index {
	const char *schema, *name, *table;
	bool visible;  /* its table, to this session without the schema */
	bool building; /* perhaps, by somebody else */
};
struct run_indexes {
	size_t n;
	struct run_index *at;
};

struct step;
/* A statement that has ended, well or not. */
struct run_watched {
	const struct step *step;
	size_t k;
	int64_t rows; /* -1 none */
	enum gh_code code;
};
struct run_watch {
	enum gh_code (*before)(void *arg, const struct step *s, size_t k, struct gh_err *err);
	enum gh_code (*after)(void *arg, const struct run_watched *w, struct gh_err *err);
};

struct restore;
struct run {
	struct job *job;
	struct pg pg;
	struct flush flush;
	struct plan plan;
	const struct convention *convention;
	struct target_identity id;
	struct tracking tracking;    /* as the status phase read it */
	bool tracking_there;         /* the tables exist for good */
	bool tracking_made;          /* by a transaction of their own of this run */
	bool row_locked;             /* the tool's lock that is a row of a table is ours */
	struct run_indexes invalid;  /* before the run */
	struct run_indexes standing; /* invalid, and not by the statement by itself that runs now */
	const char *unvalidated;     /* constraints before the run: an array of their oids */
	char xid[24];                /* of the open transaction */
	size_t committed;            /* migrations 0 .. committed-1 of the plan are in */
	enum run_left left;
	size_t left_at;                /* in which migration */
	size_t left_done;              /* HALF: how many of its statements stay */
	const char *left_text;         /* HALF: what exactly */
	size_t back;                   /* 1 + the migration that is taken back after a failure; 0 none */
	bool noted;                    /* the tracking table says that left_at was begun, or failed */
	bool between;                  /* nothing was begun when it failed: it was stopped at a gate */
	bool steady;                   /* what runs now is not tried again, so it does not give way */
	bool cancelled;                /* a person has stopped it; set when it failed */
	bool odd;                      /* verify: the tracking table contradicts what was committed */
	int64_t asked;                 /* monotonic: whether the session of a paused run still lives */
	bool skipped;                  /* set by a stage that had nothing to do */
	const char *backup;            /* file name; "" none */
	const struct run_watch *watch; /* a rehearsal looks at each statement; NULL a run */
	void *watch_arg;
	struct explain_error failed; /* the first of this run */
	size_t was_in;               /* committed before it was taken back */
	bool was_half;               /* and left_at was half done */
	struct restore *restore;     /* runner/job/restore.h; NULL: the plan runs, marks or repairs */
};

/* A stage appends one sentence of evidence. */
enum gh_code stage_connect(struct run *r, struct gh_text *evidence, struct gh_err *err) GH_MUST_USE;
enum gh_code stage_identify(struct run *r, struct gh_text *evidence, struct gh_err *err) GH_MUST_USE;
enum gh_code stage_lock(struct run *r, struct gh_text *evidence, struct gh_err *err) GH_MUST_USE;
enum gh_code stage_status(struct run *r, struct gh_text *evidence, struct gh_err *err) GH_MUST_USE;
/* What goes on in the target: the second half of preflight. */
enum gh_code preflight_live(struct run *r, struct gh_text *evidence, struct gh_err *err) GH_MUST_USE;
enum gh_code stage_preflight(struct run *r, struct gh_text *evidence, struct gh_err *err) GH_MUST_USE;
enum gh_code stage_backup(struct run *r, struct gh_text *evidence, struct gh_err *err) GH_MUST_USE;
enum gh_code stage_migrate(struct run *r, struct gh_text *evidence, struct gh_err *err) GH_MUST_USE;
enum gh_code stage_verify(struct run *r, struct gh_text *evidence, struct gh_err *err) GH_MUST_USE;
enum gh_code stage_health(struct run *r, struct gh_text *evidence, struct gh_err *err) GH_MUST_USE;
/* Hooks; stage_backups is our own backup and the hooks that make others. */
enum gh_code stage_before(struct run *r, struct gh_text *evidence, struct gh_err *err) GH_MUST_USE;
enum gh_code stage_backups(struct run *r, struct gh_text *evidence, struct gh_err *err) GH_MUST_USE;
enum gh_code stage_after(struct run *r, struct gh_text *evidence, struct gh_err *err) GH_MUST_USE;
/* Whatever became of the run: locks, settings and temporary things of its session. */
enum gh_code stage_cleanup(struct run *r, struct gh_text *evidence, struct gh_err *err) GH_MUST_USE;

/* The plan's queries and the policy's tables, with their evidence.  GH_CONFLICT: one does not hold. */
enum gh_code verify_queries(struct run *r, struct gh_err *err) GH_MUST_USE;
enum gh_code verify_tables(struct run *r, struct gh_err *err) GH_MUST_USE;
/* What r->unvalidated is, taken before anything is changed. */
enum gh_code verify_before(struct run *r, struct gh_err *err) GH_MUST_USE;
/* Row security and constraints, with their evidence.  GH_CONFLICT: not as the policy asks for. */
enum gh_code verify_policy(struct run *r, struct gh_err *err) GH_MUST_USE;
/* The objects that the plan creates, with their evidence; *ret_n is how many there are. */
enum gh_code verify_objects(struct run *r, size_t *ret_n, struct gh_err *err) GH_MUST_USE;

/* Reads and checks the plan of the spec: digest, target, convention, which a plan that restores may lack. */
enum gh_code run_plan_read(struct job *j, struct plan *ret, const struct convention **ret_convention,
    struct gh_err *err) GH_MUST_USE;
/* Reads the tracking tables: of a known shape, or they can be made; and the plan still fits. */
enum gh_code run_tracking(struct run *r, struct gh_err *err) GH_MUST_USE;
/* Fails when r->id is not the database of the plan. */
enum gh_code run_pin(const struct run *r, struct gh_err *err) GH_MUST_USE;

/* The run's lock and the advisory locks of the tool.  Polled, never waited for. */
enum gh_code run_lock(struct pg *pg, const struct convention *c, const struct plan *p, int64_t wait_ms,
    struct gh_err *err) GH_MUST_USE;
/* The tool's lock that is a row; nothing when it has none. */
enum gh_code run_lock_row(struct run *r, struct gh_err *err) GH_MUST_USE;
/* Lets go of it, if this run has it: never fails, logs. */
void run_unlock_row(struct pg *pg, const struct convention *c, const struct tracking *t);

/* One migration in one direction. */
struct step {
	size_t i; /* position in the plan */
	const struct plan_sql *sql;
	bool back; /* the way back of rollback_on_failure: no statement frames */
};
/* What the tracking table is told in that direction. */
const struct convention_books *migrate_books(const struct run *r, const struct step *s);
enum gh_code migrate_step(struct run *r, const struct step *s, struct gh_err *err) GH_MUST_USE;
/* One statement with its frames. */
enum gh_code migrate_statement(struct run *r, const struct step *s, size_t k, struct gh_err *err) GH_MUST_USE;
/* The ERROR frame of r->pg.error; k is the statement, -1 none. */
void migrate_say_error(struct run *r, const struct step *s, int64_t k);
/* The INTENT frame: a statement or enum wire_intent. */
void migrate_say_intent(struct run *r, const struct step *s, int64_t intent, const char *xid);

/* What of one migration is in a transaction. */
struct part {
	const struct step *s;
	size_t from, n;           /* statements */
	const char *const *books; /* sent after them: a list as the convention has it; NULL none */
	int64_t elapsed_ns;       /* of statements before this transaction */
	const char *error;        /* of a failure that the books record; NULL none */
};
struct transact {
	size_t n;
	const struct part *parts; /* more than one: a migration each, with MIGRATION frames */
	int64_t intent;           /* what its COMMIT is; 0 is statement 0 */
	bool silent;              /* no INTENT: what was said before stays the last word */
	bool goes_on;             /* the file's own settings stay */
	bool makes;               /* the tracking tables as well */
};
/*
 * BEGIN to COMMIT; retried when a lock was in the way.  Sets r->left: HALF when a statement has ended the
 * transaction.
 */
enum gh_code transact_run(struct run *r, const struct transact *t, struct gh_err *err) GH_MUST_USE;
/* The tracking tables in a transaction of their own, unless they are there. */
enum gh_code transact_make(struct run *r, struct gh_err *err) GH_MUST_USE;
/* Statements in a transaction that is rolled back whatever comes of it. */
enum gh_code transact_verify(struct run *r, const struct step *s, struct gh_err *err) GH_MUST_USE;

/* A migration whose tracking row is outside its statements' transaction.  Sets r->left and r->noted. */
enum gh_code outside_run(struct run *r, const struct step *s, struct gh_err *err) GH_MUST_USE;

/* CONCURRENTLY: waits for old snapshots, several transactions of its own. */
bool alone_concurrently(const struct step *s, const struct plan_statement *st);
/* It and its like: as slow as the table is large, and nobody is locked out meanwhile. */
bool alone_slow(const struct step *s, const struct plan_statement *st);
/* A procedure, DETACH CONCURRENTLY: when it fails, part of it may be in that no look afterwards would find.
 */
bool alone_once(const struct plan_statement *st);
/* Does nothing but change the catalog: as long as that is the same (sql/catalog_mark.sql), nothing of it took
 * effect, whatever the search path was. */
bool alone_catalog_only(const struct plan_statement *st);
/* Cancelled, it may be in by half: does not give way to others. */
bool alone_delicate(const struct step *s, const struct plan_statement *st);
/* The session as it was at its start. */
enum gh_code alone_session(struct run *r, struct gh_err *err) GH_MUST_USE;
/* Statement k by itself.  After a failure *ret_left is what it has left ("" nothing), or r->left is DOUBT. */
enum gh_code alone_run(
    struct run *r, const struct step *s, size_t k, const char **ret_left, struct gh_err *err) GH_MUST_USE;

/* Plans that run no migration (mark.c): instead of migrating. */
enum gh_code mark_run(struct run *r, struct gh_text *evidence, struct gh_err *err) GH_MUST_USE;
enum gh_code repair_run(struct run *r, struct gh_text *evidence, struct gh_err *err) GH_MUST_USE;
/* The index that a PLAN_REPAIR drops, as the server quotes it. */
const char *repair_index(const struct plan *p);
/* Reconcile's outcome of a PLAN_REPAIR. */
enum gh_code repair_settle(struct pg *pg, const struct plan *p, struct gh_err *err) GH_MUST_USE;

/* After a failure in migrate or verify: takes back what the policy says and sets the outcome. */
void undo_run(struct run *r, const struct gh_err *why);

#endif
