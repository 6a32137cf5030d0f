/*
 * The journal: how a job tells the runner what it does.  A file, jobs/ID.journal, to which the job only
 * appends and on which it holds an exclusive lock (gh_lock_try) while it lives.
 *
 *   frame   u32 length | u16 kind | i64 at_us | fields | 8 bytes: SHA-256(previous sum | frame), cut
 *
 * length counts what follows it, the sum included.  A frame that is cut short at the end of the file was
 * never written (the job died); a frame with a wrong sum is corruption.  `flush` is fdatasync: before each
 * step whose outcome could become unknown.
 *
 * Fields by kind; "t" text, "i" i64, "u" u8, "b" bytes.  Migrations and statements are 0-based positions in
 * the plan; -1 means none.
 */
#ifndef GH_WIRE_JOURNAL_H
#define GH_WIRE_JOURNAL_H

#include "wire/frame.h"

/* clang-format off */
#define WIRE_JOURNAL_KINDS(X)                                                                        \
	/* every job */                                                                              \
	X(START, 1)      /* i pid | t kind of job | t program version */                             \
	X(OUTCOME, 2)    /* u enum wire_outcome | t sentence; the last frame of a whole life */      \
	X(LOG, 3)        /* t line: what an operator may want to know */                             \
	/* run */                                                                                    \
	X(PHASE, 10)     /* u enum wire_phase | u enum wire_state | t evidence (one sentence) */     \
	X(BACKEND, 11)   /* i backend pid | t backend_start: for reconciling */                      \
	X(IDENTITY, 12)  /* t system | t database | i oid | t version | i its number | t role */     \
	X(MIGRATION, 13) /* i migration | u enum wire_state | t sentence */                          \
	X(STATEMENT, 14) /* i migration | i statement | u enum wire_state | i rows (-1 none) | t tag */ \
	X(INTENT, 15)    /* i migration | i statement or enum wire_intent | t xid or mark, "" none; flushed */ \
	X(NOTICE, 16)    /* i migration | i statement | t severity | t message */                    \
	X(BACKUP, 17)    /* see below */                                                             \
	X(ERROR, 18)     /* see below */                                                             \
	X(RETRY, 19)     /* i attempt | i wait_ms | t why */                                         \
	X(PROGRESS, 20)  /* see below; takes the place of the one before */                          \
	X(EPISODE, 21)   /* see below */                                                             \
	X(HOOK, 22)      /* see below */                                                             \
	X(EVIDENCE, 23)  /* see below: one thing that was looked at */                               \
	X(CONTROL, 24)   /* t what (pause, resume, cancel, speed, window) | t what became of it */   \
	X(FACT, 25)      /* see below: what is true in the catalog after a failure */                \
	X(CAUSE, 26)     /* see below: a query that shows the cause, and its result */               \
	X(ACTION, 27)    /* see below: what may be done next */                                      \
	X(BATCH, 28)     /* see below; takes the place of the one before of its migration */         \
	X(BATCH_ROW, 29) /* i migration | t key | t sqlstate | t message: a row that a batch left out */ \
	/* check and run: the state of a target */                                                   \
	X(TRACKING, 30)  /* see below; STANDING starts anew */                                       \
	X(STANDING, 31)  /* see below */                                                             \
	X(SIZES, 32)     /* i database bytes | i tables | i largest table's bytes | t its name */    \
	X(TABLE, 33)     /* see below; the first after TRACKING starts anew */                       \
	X(DETECTED, 34)  /* t convention ("" none or several) | t why; check and analyse */          \
	/* analyse: a project's folder */                                                            \
	X(FOLDER, 40)    /* see below; starts a new set */                                           \
	X(FILE, 41)      /* see below */                                                             \
	X(SIDE, 42)      /* see below */                                                             \
	X(SQL, 43)       /* see below */                                                             \
	X(UNIT, 44)      /* a migration; see below */                                                \
	X(TOUCH, 45)     /* see below */                                                             \
	X(FINDING, 46)   /* see below */                                                             \
	X(NOTE, 47)      /* t sentence about the folder */                                           \
	X(QUERY, 48)     /* see below: asked after each run */                                       \
	/* rehearse */                                                                               \
	X(REHEARSAL, 50) /* see below: where, and on what data */                                    \
	X(STEP, 51)      /* see below: one statement in one pass */                                  \
	X(REHEARSED, 52) /* see below: the verdict on one migration */                               \
	/* count: what a plan downwards would destroy */                                             \
	X(DESTROYS, 53)  /* see below */                                                             \
	/* take, prove and run: of the BACKUP before it, of a prove job the one that it was told */  \
	X(BACKUP_TABLE, 54) /* t name | i rows at the snapshot | i bytes with indexes, -1 unknown */ \
	X(PROOF, 55)     /* see below: a level that was looked at */                                 \
	X(PROOF_TABLE, 56) /* t name | i rows that were restored; before PROOF counted */            \
	X(OUTSIDE, 57)   /* see below: a backup that another system keeps */                         \
	X(DATABASE, 58)  /* see below: what a restore has left */                                    \
	/* take and run: of the BACKUP before it */                                                  \
	X(SIDECAR, 59)   /* see below: what was written beside its file */                           \
	/* prove: of the one that it was told */                                                     \
	X(SIDECAR_SEEN, 60) /* t why what lies beside the file is not what was written, "" it is */
/* clang-format on */

/*
 * What an INTENT is about to do: a statement's number with an xid is the COMMIT of the transaction that
 * begins with it; with a mark or nothing the statement by itself.  A mark is "@" and how the catalog was
 * before (sql/catalog_mark.sql): as long as it is the same, nothing of the statement took effect.  The last
 * INTENT is what a dead job may have done; only MIGRATION frames ok, rolled-back and taken-back answer it.
 */
enum wire_intent {
	WIRE_INTENT_ROW = -1,     /* COMMIT of the transaction with the tracking row */
	WIRE_INTENT_BEFORE = -3,  /* COMMIT of what the tool records before the first statement */
	WIRE_INTENT_BETWEEN = -5, /* nothing is under way, but statements took effect that are not recorded */
	WIRE_INTENT_BATCH = -7, /* parts of a batched migration: gatehouse_batch in the target says how far */
};
/* The same of the way back of rollback_on_failure; its own inverse.  Those are below -100. */
#define WIRE_INTENT_BACK(intent) (-110 - (intent))

/* clang-format off */
/*
 * BACKUP   t file name | t sha256 hex | i size | i started_us | i ended_us | t server version | t client version
 *          | i tables | i rows | u enum wire_level (0 none: a hook's) | t version of the schema | i plain bytes
 *          | i database bytes | t format ("custom", "directory", "") | t public key that it is sealed to, "" none
 *          | t pg_current_snapshot() | t fingerprint of the catalog | t what pg_dump or the hook said | t kind ("" as
 *          its run or task says, "hook") | t source (the hook's name, ""); numbers -1 and texts "" when unknown
 * ERROR    i migration | i statement | t sqlstate | t message | t detail | t hint | i position in the statement,
 *          characters, 0 none | t schema | t table | t column | t constraint | i line of the migration's file, 0 none
 * TRACKING t table "schema.table" | u exists | u signature known | t why | t convention | t newest applied key
 *          (tracking_newest) | t why nothing runs ("" free) | t folder signature that it was compared with
 * STANDING t key | i position (-1: no file) | t key that it stands behind when there is no file | u enum
 *          wire_standing | u enum wire_decision | i applied_at_us (0 unknown) | t checksum as recorded | t by | t text
 *          | t what it is if it was added later (convention_status_row.late)
 * TABLE    t "schema.table", quoted where SQL needs it | i rows (estimate) | i bytes with indexes | i rows written
 *          since the statistics were reset | i scans since then | i seconds since then (0 unknown)
 *          | i foreign keys of other tables that refer to it
 * FOLDER   t signature (names, sizes, times, hashed) | t convention | t rule | t problem | u everything pending runs in
 *          one transaction | t why a migration cannot run before an older one that is pending ("" it can)
 * FILE     t path as shown | u enum wire_file | t reason | t key of its migration ("" none) | t sha256 hex of the
 *          whole file ("" not read)
 * QUERY    t path as shown | bytes its SQL | t sha256 hex of the SQL | t why it cannot be asked ("" none)
 * UNIT     t key | i position, from 0 | t version | t name | t file | t description | t author | t date
 *          | u repeatable | u code | t checksum | i facts | (t name | u is not NULL | b value) each; before its SIDEs
 * SIDE     t key | u enum wire_side | t file | b SQL bytes of that side | t sha256 hex | i first line in the file
 *          | u all in one transaction | u tracking row inside | u stripped BEGIN/COMMIT | u not analysed
 *          | t sha256 hex of its tokens | t problem ("" none) | t note | b marks (base/marks.h)
 * SQL      t key | u enum wire_side | i offset | i length | i line | i group | u cannot run in a transaction
 *          | u destructive | u reversible | t kind ("CREATE TABLE") | t object ("public.orders", "" none)
 *          | t object kind
 * TOUCH    of the SQL frame before it: t object | u enum wire_lock | u rewrites | u scans | u writes
 * FINDING  t key | u enum wire_side | i statement (-1 the file) | t rule | u enum wire_lint | u enum wire_scale
 *          | i line | i column | t table | t message | t rewrite | u ignored | t reason given
 */
/*
 * PROGRESS i migration | i statement | t activity ("running", "waiting", "paused", "backing-off", "backup", "hook",
 *          "health") | t sentence ("waiting for pid 4711 (autovacuum: VACUUM orders), 12 s") | i done | i total (0
 *          unknown) | t unit ("rows", "blocks", "bytes", "tuples", "") | i since_us (wall clock)
 * EPISODE  i number within the run (again: takes the place of the one before) | t kind ("blocked": we wait for others,
 *          "queue": others wait for us) | i migration | i statement | i started_us | i ended_us (0 goes on) | t relation
 *          ("public.orders", "") | t lock mode ("") | t how it ended ("" goes on, "granted", "timed-out", "gave-way",
 *          "failed", "ended") | u sessions, then each: t role ("blocker", "sufferer") | i pid | t user | t application
 *          | t state | t query (cut at 2000 bytes) | i waited or, of a blocker, the age of its transaction, ms
 * HOOK     t when (policy_when_name) | i position among its kind | t program and arguments, as in the policy | u enum
 *          wire_state | i exit status (-1 none yet, 256 + signal when killed) | t output (cut)
 * EVIDENCE t kind ("query", "table", "object", "index", "constraint", "row-security", "health", "window", "lag", "transaction",
 *          ...)
 *          | t name | u enum wire_state (ok, failed, skipped) | t sentence
 * FACT     t kind ("table", "index", "column", "constraint", "row", ...) | t object | u as it should be | t sentence
 * CAUSE    t title | t sql as it was sent | t names of columns, separated by tabs | t rows as COPY's text format writes
 *          them (at most 20) | u more rows | t sentence
 * ACTION   t kind ("retry", "down", "mark", "drop-index", "restore", "repair") | t goal as request.add takes it
 *          | t sentence: what it would do, why it is valid
 * BATCH    i migration | t state ("running", "waiting", "paused", "done", "failed") | t cursor | i batches | i rows
 *          changed | i rows passed, of | i rows expected (-1 unknown) | i size now | i the last batch's duration us
 *          | i pause_ms now | t why it waits ("") | i rows that were left out
 * REHEARSAL t place ("a cluster of its own, PostgreSQL 15.8", "rehearsal.example.com") | t sentence on the data
 *          | i tables | i rows | i bytes
 * STEP     i migration | u pass (1 up, 2 down, 3 up again) | i statement | u enum wire_state | i duration us | i rows
 *          (-1 none) | i blocks touched (-1 unknown) | i WAL bytes (-1 unknown) | t locks, a line each "public.orders
 *          ACCESS EXCLUSIVE" | t rewritten relations, a line each | t error ("") | i line of the migration's file
 *          | t kind ("CREATE TABLE")
 * REHEARSED i migration | t verdict ("exact", "column-order", "differs", "nothing", "fails", "no-down", of
 *          a plan downwards "ran") | t objects that
 *          differ, a line each | u data is lost by the down | t sentence
 * PROOF    u enum wire_level | u enum wire_state (ok, failed) | i started_us | i ended_us | t place ("" no server)
 *          | t evidence, one sentence.  A level at a time, upwards, the first that fails is the last; what says nothing
 *          about the backup itself makes no PROOF but an OUTCOME
 * SIDECAR  t file name | i size | t sha256 hex | t JSON, at most WIRE_SIDECAR_MAX bytes: what is too long for that,
 *          and the definitions of the catalog, are only named in it
 * DATABASE t kind ("before", "side"; of a check job "") | t name ("" not there) | i oid | i bytes (-1 unknown) | u there
 * DESTROYS i migration | i statement | t object ("public.orders.note") | i values or rows that are there (-1 cannot be
 *          counted) | i of them in rows written since the run (-1 unknown) | t sentence
 * OUTSIDE  t source (its section's name) | u enum wire_outside | i when the look began | t label | i started_us
 *          | i ended_us | i bytes (-1 unknown) | i database bytes (-1) | t server version ("" unknown) | t version of the
 *          other system ("") | i keep until (0 unknown) | u enum wire_level, 0 none | t what the other system says is
 *          wrong with it ("" nothing); of WIRE_OUTSIDE_WHOLE bytes is how many there are, the rest is empty
 */
/* clang-format on */

#define WIRE_SIDECAR_MAX ((size_t)32 << 10) /* bytes of the text of a SIDECAR */

/* A look at a source: one frame a backup, then that it was the whole list. */
enum wire_outside { WIRE_OUTSIDE_ONE = 1, WIRE_OUTSIDE_WHOLE };

/* How the text of a STANDING begins when a batched migration was begun in that direction and has not ended.
 */
#define WIRE_UNFINISHED "unfinished: "
#define WIRE_HALF_BACK  "half taken back: "

enum wire_journal_kind {
#define WIRE_JOURNAL_ENUM(name, number) WIRE_J_##name = (number),
	WIRE_JOURNAL_KINDS(WIRE_JOURNAL_ENUM)
#undef WIRE_JOURNAL_ENUM
};

/*
 * How a job ended.  The run's state in the store is the same word.  A take or prove job that has done what it
 * was told succeeded, also when a PROOF says that the backup is broken; else failed-clean, and the sentence
 * is why.
 */
enum wire_outcome {
	WIRE_SUCCEEDED = 1,
	WIRE_FAILED_CLEAN,  /* nothing of this run is in the database: it is as it was before */
	WIRE_FAILED_PARTLY, /* some migrations of this run are in; which is journalled */
	WIRE_UNKNOWN,       /* a COMMIT was in flight: reconcile */
	WIRE_NEEDS_PERSON,  /* the facts contradict each other, or something is half done */
};

enum wire_phase {
	WIRE_CONNECT = 1,
	WIRE_IDENTIFY,
	WIRE_LOCK,
	WIRE_STATUS,
	WIRE_PREFLIGHT,
	WIRE_BACKUP,
	WIRE_MIGRATE,
	WIRE_VERIFY,
	WIRE_DONE,
	/* Numbers are for ever; wire_phase_order has the order. */
	WIRE_BEFORE, /* hooks */
	WIRE_HEALTH,
	WIRE_AFTER, /* hooks */
	WIRE_CLEANUP,
};
/* In the order in which a run goes through them, 0 at the end. */
extern const enum wire_phase wire_phase_order[];

enum wire_state {
	WIRE_STARTED = 1,
	WIRE_OK,
	WIRE_FAILED,
	WIRE_SKIPPED,     /* the policy does not ask for it */
	WIRE_ROLLED_BACK, /* undone by the rollback of its transaction */
	WIRE_TAKEN_BACK,  /* was committed, then undone by its down SQL */
	WIRE_IN_DOUBT,
};

/* WIRE_NONE: a hook said that it made one, nothing was looked at. */
enum wire_level { WIRE_NONE = 0, WIRE_WRITTEN, WIRE_CHECKSUMMED, WIRE_LISTED, WIRE_RESTORED, WIRE_COUNTED };
enum wire_file {
	WIRE_FILE_UP = 1,
	WIRE_FILE_DOWN,
	WIRE_FILE_BOTH,
	WIRE_FILE_IGNORED,
	WIRE_FILE_REFUSED,
	WIRE_FILE_REPEATABLE,
	WIRE_FILE_VERIFY,
	WIRE_FILE_CODE,
	WIRE_FILE_INDEX,
};
enum wire_side { WIRE_SIDE_UP = 1, WIRE_SIDE_DOWN, WIRE_SIDE_VERIFY };
/* Of a migration on a target, by the rules of its tool. */
enum wire_standing {
	WIRE_APPLIED = 1,
	WIRE_PENDING,
	WIRE_EDITED, /* applied, and the tool's own checksum says that the file was changed since */
	WIRE_MISSING,
	WIRE_OUT_OF_ORDER,
	WIRE_TOOL_FAILED,
	WIRE_BASELINE,
};
enum wire_decision { WIRE_NOTHING = 1, WIRE_RUNS, WIRE_NEVER, WIRE_BLOCKS };
/* PostgreSQL's table locks, weakest first. */
enum wire_lock {
	WIRE_NO_LOCK = 0,
	WIRE_ACCESS_SHARE,
	WIRE_ROW_SHARE,
	WIRE_ROW_EXCLUSIVE,
	WIRE_SHARE_UPDATE_EXCLUSIVE,
	WIRE_SHARE,
	WIRE_SHARE_ROW_EXCLUSIVE,
	WIRE_EXCLUSIVE,
	WIRE_ACCESS_EXCLUSIVE,
};
enum wire_lint { WIRE_LINT_NOTICE = 1, WIRE_LINT_WARNING, WIRE_LINT_ERROR };
enum wire_scale { WIRE_FLAT = 0, WIRE_SIZE, WIRE_TRAFFIC, WIRE_FANOUT };

/* Lower-case words, as the store and the pages use them: "failed-clean", "backup", "rolled-back", "listed".
 */
const char *wire_outcome_name(enum wire_outcome v);
const char *wire_phase_name(enum wire_phase v);
const char *wire_state_name(enum wire_state v);
const char *wire_level_name(enum wire_level v);
const char *wire_file_name(enum wire_file v);
const char *wire_side_name(enum wire_side v);
const char *wire_standing_name(enum wire_standing v);
const char *wire_decision_name(enum wire_decision v);
const char *wire_lock_name(enum wire_lock v); /* "ACCESS EXCLUSIVE", "" for none */
const char *wire_lint_name(enum wire_lint v);
const char *wire_scale_name(enum wire_scale v);

/* Appending: the job's side. */
struct wire_journal {
	int fd;
	unsigned char sum[GH_SHA256_LEN];
	struct gh_text buf;
};
/* Takes an open descriptor positioned at the end of an empty file; locks it. */
enum gh_code wire_journal_open(struct wire_journal *j, int fd, struct gh_err *err) GH_MUST_USE;
void wire_journal_start(struct wire_journal *j, enum wire_journal_kind kind, struct wire_out *ret);
enum gh_code wire_journal_end(struct wire_journal *j, struct wire_out *out, struct gh_err *err) GH_MUST_USE;
enum gh_code wire_journal_flush(struct wire_journal *j, struct gh_err *err) GH_MUST_USE;
void wire_journal_done(struct wire_journal *j);

/* Following: the runner's side.  A position and the sum of the frame before it are all there is to remember.
 */
struct wire_follow {
	int64_t offset;
	unsigned char sum[GH_SHA256_LEN];
};
struct wire_event {
	enum wire_journal_kind kind;
	int64_t at_us;
	struct wire_in fields; /* points into buf */
};
/*
 * Reads the next whole frame from fd at f->offset into buf and moves f on; *ret_got false when there is none
 * yet. GH_INTERNAL when a sum is wrong: the file is corrupt.
 */
enum gh_code wire_follow_next(struct wire_follow *f, int fd, struct gh_text *buf, struct wire_event *ret,
    bool *ret_got, struct gh_err *err) GH_MUST_USE;

#endif
