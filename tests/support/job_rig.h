/*
 * A job run in the test's own process on a throw-away cluster: a hand-made plan in, the journal's frames out.
 */
#ifndef GH_TESTS_JOB_RIG_H
#define GH_TESTS_JOB_RIG_H

#include "migration/plan.h"
#include "runner/job/job.h"
#include "tests/support/pg_cluster.h"

#define RIG_MIGRATIONS 1200
#define RIG_FRAMES     16000

struct rig_frame {
	enum wire_journal_kind kind;
	int64_t migration, statement, number; /* number: rows, size, attempt */
	int state;                            /* state, outcome, phase state */
	int phase;
	const char *text, *more;
	/* rehearsals and counts */
	int64_t blocks, wal, since;
	const char *extra;
	int64_t at_us; /* when it was written, by the wall clock */
};

struct rig {
	struct pg_cluster *cluster;
	struct gh_arena arena;
	char database[32], folder[64]; /* folder: backups and the journal */
	struct wire_spec spec;
	struct plan plan;
	struct plan_migration migrations[RIG_MIGRATIONS];
	struct gh_text bytes;
	int control; /* descriptor of the record, 0 none */
	size_t n_frames;
	struct rig_frame *frames;
};

/* A fresh database, owned by the role shop; the plan is empty. */
void rig_start(struct rig *r, struct pg_cluster *c);
void rig_done(struct rig *r);
/* The plan is of that convention, with its own tracking table; numbered until then. */
void rig_convention(struct rig *r, const char *name);

/*
 * Adds a migration.  Statements end in ";" at the end of a line (or of the text).  With CONCURRENTLY or
 * ADD VALUE in one, each runs by itself, else all in one transaction with the row.  down may be NULL.  What
 * CREATE TABLE and CREATE INDEX make is the statement's object.
 */
struct plan_migration *rig_add(struct rig *r, const char *key, const char *up, const char *down);
/* The same for one side. */
void rig_split(struct rig *r, const char *sql, struct plan_sql *ret);
/* Gives the statements these groups, a digit each; the row is outside. */
void rig_groups(struct plan_sql *sql, const char *groups);
/* Writes the plan into the spec; called by rig_run when it was not. */
void rig_seal(struct rig *r);
/* Reads a journal's frames. */
void rig_read(struct rig *r, int fd);
/* Runs the job and reads its journal. */
void rig_run(struct rig *r, const struct job_kind *kind);
/* Runs it in a child process that a fault kills at point, "POINT#N" the Nth time that it is there; then fills
 * the spec as the runner would for reconcile. */
void rig_run_killed(struct rig *r, const char *point);
/* Fills the spec from the frames of the last run. */
void rig_remember(struct rig *r);
/* The next run meets this fault; builds with --enable-faults only. */
void rig_fault(struct rig *r, const char *point, const char *action);
/* Runs sql on a connection of its own, whatever comes of it. */
void rig_hang(const char *conninfo, const char *sql);

/* The tracking table with these rows ("('001_a'), ('002_b')"). */
void rig_track(struct rig *r, const char *values);

/* For cmocka: one cluster a program, one rig (rig_bind names it) a test. */
void rig_bind(struct rig *r);
int rig_group_start(void **state);
int rig_group_stop(void **state);
int rig_setup(void **state);
int rig_teardown(void **state);

/* Fails the test when the outcome is another, or part is not in its sentence. */
void rig_expect(const struct rig *r, enum wire_outcome outcome, const char *part);
/* What the frames say. */
enum wire_outcome rig_outcome(const struct rig *r);
const char *rig_sentence(const struct rig *r);
enum wire_state rig_migration(const struct rig *r, int64_t i); /* last frame */
enum wire_state rig_statement(const struct rig *r, int64_t i, int64_t k);
enum wire_state rig_phase(const struct rig *r, enum wire_phase p);
const char *rig_evidence(const struct rig *r, enum wire_phase p);
const struct rig_frame *rig_find(
    const struct rig *r, enum wire_journal_kind kind, size_t nth); /* NULL: not there */

/*
 * PROGRESS: text the activity, more the sentence, number the percent (-1 unknown), since its time.  EPISODE:
 * number, text "queue public.orders ACCESS EXCLUSIVE gave-way", more a line each "sufferer PID MS
 * USER|APPLICATION|STATE|QUERY".
 */
void rig_frame_guard(struct rig_frame *f, struct wire_in *in, struct gh_arena *a);
/* CAUSE: the title, then everything else, a line each; FACT and ACTION: "kind object", the sentence. */
void rig_frame_failure(struct rig_frame *f, struct wire_in *in, struct gh_arena *a);
/* The last frame of that kind whose text begins so and whose more has that in it, NULL none. */
const struct rig_frame *rig_last(
    const struct rig *r, enum wire_journal_kind kind, const char *text, const char *more);

/*
 * BACKUP: text the file, more its digest, number its size, wal that before compression, state the level,
 * blocks the tables, since the rows, extra "kind=... source=... format=... to=... snapshot=...
 * fingerprint=... log=...".  BACKUP_TABLE: text its name, number the rows, since the bytes.
 * PROOF: phase the level, state, since and number its times, text the place, more the evidence.  PROOF_TABLE:
 * text its name, number the rows.
 */
void rig_frame_backup(struct rig_frame *f, struct wire_in *in, struct gh_arena *a);
/* DATABASE: text the kind, more the name, number the oid, state whether it is there. */

/* BATCH: text is why it waits, more the state, number the rows, statement the size; BATCH_ROW: text is the
 * key, more the SQLSTATE. */
void rig_batch_frame(struct rig_frame *f, struct wire_in *in, struct gh_arena *a);
/* OUTSIDE: text the label, more the source, number the bytes, state enum wire_outside, extra what is wrong.
 */
/* The first of that kind whose text holds the part; NULL none. */
const struct rig_frame *rig_saying(const struct rig *r, enum wire_journal_kind kind, const char *part);

/*
 * HOOK: text "before 0 /bin/true", statement its position, number the exit status, more the output. EVIDENCE:
 * text "query verify/a.sql", more the sentence.  CONTROL: text what, more what became of it.
 */
void rig_frame_life(struct rig_frame *f, struct wire_in *in, struct gh_arena *a);
/* Adds a hook to the policy; args ends with NULL and lives as long as the rig. */
void rig_hook(struct rig *r, enum policy_when when, int64_t timeout_ms, const char *const *args);
/* Adds a query that is asked after the run. */
void rig_query(struct rig *r, const char *name, const char *sql);

/* The superuser's, or of application "app" that role's. */
const char *rig_conninfo(struct rig *r, const char *application);
/* Another program's session in a process of its own: first, then idle for so long, then last. */
pid_t rig_session(
    struct rig *r, const char *application, const char *first, int64_t idle_ms, const char *last);
void rig_wait(pid_t pid);
/* In a process beside the job's: false when a query that gives one boolean does not become true within a
 * minute, or when no frame of the journal gets that text. */
bool rig_until(const char *conninfo, const char *sql);
bool rig_until_said(const struct rig *r, const char *text);
/* A process of its own that does this with that conninfo; the second fails the test where it was false. */
pid_t rig_beside(struct rig *r, const char *application, bool (*what)(const char *conninfo));
void rig_ended_well(pid_t pid);
/* The same of another program's session: first, which is done on return; COMMIT once a SELECT is true or the
 * journal has that text. */
pid_t rig_hold(struct rig *r, const char *application, const char *first, const char *until);
/* The same of a SIGTERM to this process once a statement of the run is active whose text is LIKE that. */
pid_t rig_stop_at(struct rig *r, const char *like);
/* A table public.orders of ten rows; the target's role sees what others do. */
void rig_orders(struct rig *r);

/* First value as the superuser; "" for none.  In the arena. */
const char *rig_sql(struct rig *r, const char *sql);

#endif
