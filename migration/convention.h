/*
 * Conventions: how a team names its migration files, what its tool does with them and what it keeps in the
 * database.  A convention is one const struct in one file; the table in convention.c lists them.  No database
 * and no SQL parser here: tracking tables and their statements are described, and the jobs do what the
 * description says.
 *
 * Three steps, each a pure function of what the one before gave:
 *   read     the folder's files into migrations, in the order in which they run (this header)
 *   status   migrations and the rows of a tracking table into what is where (migration/status.h)
 *   analyse  each side's SQL into statements (migration/sql.h), which only a child that may die does
 */
#ifndef GH_MIGRATION_CONVENTION_H
#define GH_MIGRATION_CONVENTION_H

#include "base/arena.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- what is in the folder ------------------------------------------------------------------------------
 */

/* What a file is taken for.  Same numbers as enum wire_file. */
enum convention_as {
	CONVENTION_UP = 1,
	CONVENTION_DOWN,
	CONVENTION_BOTH,       /* one file holds both directions */
	CONVENTION_IGNORED,    /* not meant as a migration */
	CONVENTION_REFUSED,    /* meant as one, but not as the convention asks */
	CONVENTION_REPEATABLE, /* runs again whenever it changes */
	CONVENTION_VERIFY,     /* asks whether the up has worked */
	CONVENTION_CODE,       /* a step in a programming language: known, never run by Gatehouse */
	CONVENTION_INDEX,      /* the tool's own list, configuration or checksums: atlas.sum, sqitch.plan */
};

/* What a file holds. */
struct convention_text {
	const char *raw; /* the bytes as on disk, NUL-terminated */
	size_t raw_len;
	const char *sql; /* raw without a byte order mark; always valid UTF-8 without NUL */
	size_t len;
	bool bom;            /* raw begins with one */
	const char *problem; /* "FILE:LINE:COLUMN: byte 0xff is not UTF-8 ..."; "" none.  If not "", sql has
				'?' for what is no text and must never run: the side takes this problem */
};

/* One entry of the folder or beneath it. */
struct convention_file {
	const char *path;  /* beneath the folder, parts separated by "/", bytes as on disk */
	const char *shown; /* the same for people: control characters and broken bytes as \xNN */
	bool folder;       /* a folder; its files are entries of their own */
	const char
	    *odd; /* why it is never opened ("a symbolic link", "a named pipe"); "" a plain file or folder */
	int64_t size; /* bytes */
	/* Filled by the convention. */
	enum convention_as
	    as;             /* 0: the convention has said nothing; it becomes IGNORED with a general reason */
	const char *reason; /* ignored, refused, code: why, and what would do; else "" */
	const char *key;    /* of the migration that it is part of; "" none */
};

/* Named values of a project's configuration: placeholders of Flyway, and the like. */
struct convention_option {
	const char *name, *value;
};

struct convention_folder {
	struct gh_arena *arena; /* of everything */
	size_t n;
	struct convention_file
	    *files; /* in byte order of their paths; hidden folders are not descended into */
	size_t n_options;
	const struct convention_option *options;
	const char *schema, *table; /* of the tracking table, when configured; "" the convention's own */
	const char *root;           /* where it lies, as configured; "" not known */
	size_t n_beside;            /* files that tell of a tool, in the two folders above: "Cargo.toml" */
	const char *const *beside;
	/*
	 * The content of a plain file, read once and kept; NULL when it cannot be taken: then the file is
	 * REFUSED with the reason.  NULL for an odd one and a folder, too.
	 */
	const struct convention_text *(*read)(struct convention_folder *f, struct convention_file *file);
	void *io; /* of read */
};

/* NULL when there is none. */
struct convention_file *convention_path(const struct convention_folder *f, const char *path);
/* Whether a file of that name lies in one of the two folders above; only those of migration/reading.c. */
bool convention_beside(const struct convention_folder *f, const char *name);
/* The value of a configured option, NULL when it is not configured. */
const char *convention_option_find(const struct convention_folder *f, const char *name);

/* ---- migrations -----------------------------------------------------------------------------------------
 */

/*
 * How the tool sends the SQL, and so what "no transaction" means.  Analysing turns it into groups of
 * statements (migration/sql.h); nothing else looks at it.
 */
enum convention_mode {
	/* Ours: one transaction with the tracking row; if some statement cannot run in one, each by itself.
	 */
	CONVENTION_AUTO = 0,
	/* The tool sends BEGIN and COMMIT: what cannot run in a transaction cannot run. */
	CONVENTION_WRAPPED,
	/* Each piece is one simple query: PostgreSQL makes it a transaction unless it is a single statement
	 * or has BEGIN and COMMIT of its own. */
	CONVENTION_IMPLICIT,
	/* Each statement is a message of its own in autocommit; BEGIN and COMMIT of the file's own count. */
	CONVENTION_EACH,
	/* One pipeline with one Sync, the tracking row in it: as IMPLICIT, but the first statement may be one
	 * that cannot run in a transaction (it commits by itself, the others follow in one transaction). */
	CONVENTION_PIPELINE,
};

/* What the tool sends as one message, when it splits by rules of its own. */
struct convention_piece {
	size_t offset, len;
};

struct convention_side {
	bool present;
	const char *file; /* as shown */
	const char *sql;  /* as it is sent: placeholders replaced.  NUL-terminated, valid UTF-8 */
	size_t len;
	int64_t first_line; /* of the file, 1-based */
	enum convention_mode mode;
	bool row_outside;  /* the tracking row is never in the migration's transaction */
	bool may_be_empty; /* nothing to run is fine: the tool records it as done */
	size_t n_pieces;   /* 0: the parser splits the whole */
	const struct convention_piece *pieces;
	const char *problem; /* why it cannot run, "FILE:LINE:COLUMN: ..."; "" none */
	const char *head;    /* the file's beginning, with its comment on top; NULL not known.  Filled by
				convention_read */
};

/* What the tracking statements need beyond what every migration has; bound by name. */
struct convention_fact {
	const char *name, *value; /* value NULL: SQL NULL */
};

/* What it does with a migration that is older than an applied one and was never applied. */
enum convention_older {
	CONVENTION_OLDER_RUNS = 0, /* applied whenever it appears */
	CONVENTION_OLDER_BLOCKS,   /* refuses to run anything */
	CONVENTION_OLDER_SKIPPED,  /* never applied and never mentioned */
};

/* Texts that do not apply are "". */
struct convention_migration {
	const char
	    *key; /* identifies it in the tracking table and everywhere in Gatehouse; unique in the project */
	const char *version; /* what people call it: "0012", "1.2", the change's name */
	const char *name;    /* "add_user_photos" */
	const char *file;    /* as shown: its up, or what it has */
	bool repeatable; /* runs again when its checksum is another; has no place in the order of versions */
	bool code;       /* no SQL: Gatehouse cannot run it, nor what comes after it until the tool has */
	struct convention_side up, down, verify;
	const char *checksum; /* as the tool records it, "" it has none */
	const char
	    *problem; /* of the migration as a whole (a second file with its version); becomes its up's */
	size_t n_facts;
	const struct convention_fact *facts;
};

/* A query of the project's own, asked after each run: migration/query.h. */
struct convention_query {
	const char *file; /* as shown */
	const char *sql;  /* NUL-terminated, valid UTF-8 */
	size_t len;
	const char *problem; /* why it cannot be asked; "" none */
};

struct convention_found {
	size_t n;
	struct convention_migration
	    *migrations; /* in the order in which they run; repeatable ones mostly last */
	const char
	    *problem; /* why the tool would refuse the folder as a whole, "" none: nothing of it runs */
	size_t n_queries;
	struct convention_query *queries; /* in byte order of their names */
	size_t n_notes;
	const char *const *notes; /* gaps, oddities, rules that surprise: sentences for people */
	/* What the project's configuration says instead of the convention's `older`; NULL: nothing. */
	const enum convention_older *older;
	size_t n_options; /* the folder's, for the convention's status */
	const struct convention_option *options;
};

/* ---- the tracking table ---------------------------------------------------------------------------------
 */

struct convention_column {
	const char *name;
	const char *type;     /* as format_type() says it; alternatives are separated by | */
	const char *not_null; /* "t", "f"; NULL: either will do */
};

#define CONVENTION_COLUMNS 16
#define CONVENTION_TABLES  8

/* In the order of the table; a table that differs is never written to. */
struct convention_table {
	const char *name; /* NULL in the first one: the tracking's table */
	struct convention_column columns[CONVENTION_COLUMNS];
	size_t n_columns;
};

/*
 * SQL of this part may hold {schema} and {table}, which become the quoted names, and parameters as :name.
 * The values, all sent as text: the migration's facts, and
 *   :key :version :name :checksum :file (as shown) :sql (the side's text) :elapsed_ms :elapsed_ns (of the
 *   statements; 0 before) :run (Gatehouse's number of the run); in `failed` also :done (how many statements
 *   succeeded and stay) :error (what the server said)
 * A parameter that nothing provides is a bug and aborts.
 */
struct convention_books {
	/* Each a list of statements, NULL at its end; NULL: none. */
	const char *const *before; /* in a transaction of its own, committed before the first statement */
	const char *const *row;    /* in the migration's transaction, or in one of its own after it */
	const char *const
	    *failed;        /* in a transaction of its own, after a failure that the tool would record */
	bool failed_inside; /* a failure that rolled everything back is recorded as well */
	/* Of the up, when nothing of it is in: takes back what `before` and `failed` have recorded.  NULL:
	 * the row of the way back does. */
	const char *const *forget;
};

struct convention_tracking {
	const char *schema, *table; /* the tool's defaults; the configuration may name others */
	struct convention_table tables[CONVENTION_TABLES]; /* all of them must be as described */
	size_t n_tables;
	const char *not_beside; /* a table of the same schema that tells that another tool made these; NULL */
	const char *const
	    *create; /* when the table is not there: statements, NULL at the end; NULL: the tool must */
	/*
	 * All rows, oldest first in the tool's own order: key text, applied_at bigint (microseconds UTC, 0
	 * unknown), state text ("applied", "failed", "dirty", "baseline", "gone": not applied any more),
	 * checksum text, by text (who or which tool, as the table says), detail text (for people).  NULL
	 * counts as "" and 0.
	 */
	const char *select;
	struct convention_books up, down;
};

/* One row as select gives it. */
struct convention_row {
	const char *key;
	int64_t applied_at;
	const char *state, *checksum, *by, *detail;
};

/* ---- how the tool decides --------------------------------------------------------------------------------
 */

enum convention_same { CONVENTION_SAME = 0, CONVENTION_CHANGED, CONVENTION_CANNOT_TELL };

struct convention_status; /* migration/status.h */
struct convention_lock_of {
	const char *database, *schema, *table;
};
#define CONVENTION_LOCKS 4

/* How well a folder fits: 0 not at all, 1 it could be, 2 files of its form, 3 marks of its own inside, 4 its
 * own index or configuration file. */
struct convention_fit {
	int strength;
	const char *why; /* "214 pairs of .up.sql and .down.sql" */
};

/* A file that `gatehouse create` writes. */
struct convention_new {
	const char *path; /* beneath the folder; missing folders are made */
	const char *text;
};
struct convention_create {
	const char *slug;        /* lower case, digits and underscores: add_user_photos */
	const char *description; /* as given */
	int64_t now;             /* microseconds UTC */
	size_t n;                /* filled: what to write */
	struct convention_new files[4];
	const char *refused; /* filled: why it must be made by the tool, with its command; NULL */
};

/* What a project may configure. */
struct convention_option_about {
	const char
	    *name; /* ends in NAME where any name may stand: "placeholders.NAME"; NULL at the end of a list */
	const char *what; /* "true: an older file runs", with the tool's own name for it where that differs */
};

struct convention {
	const char *name;        /* in gatehouse.conf: "golang-migrate" */
	const char *title;       /* as its makers write it */
	const char *description; /* one sentence for people: names, sections, table */
	const char *rule;        /* one sentence: what the tool does with older, changed and missing ones */
	void (*fit)(const struct convention_folder *f, struct convention_fit *ret);
	void (*read)(struct convention_folder *f, struct convention_found *ret);
	bool verify_folder; /* verify/ is the tool's own; otherwise it holds the project's queries */
	/* Shapes that the table has had, newest first; the first is what create makes. */
	const struct convention_tracking *tracking;
	size_t n_tracking;
	/*
	 * The table only holds the newest key: all up to it in the order count as applied.  The fact
	 * `previous`, where there is one, is the key that it holds after the way back, NULL no row.
	 */
	bool one_row;
	bool one_transaction; /* everything that is pending runs in one transaction */
	/* How a file says that it wants no transaction: "write \"transaction:false\" behind -- migrate:up";
	 * NULL: it cannot. */
	const char *opt_out;
	enum convention_older older;
	bool missing_blocks; /* an applied one without file: the tool refuses to run anything */
	bool changed_blocks; /* the same for one whose checksum differs */
	bool failed_blocks;  /* the same for a failed or dirty row */
	/* Whether a recorded checksum is that of the migration; NULL: equal texts are the same. */
	enum convention_same (*same)(const struct convention_migration *m, const char *recorded);
	/* Corrects what the general rules (migration/status.h) say; NULL: nothing. */
	void (*status)(const struct convention_found *found, const struct convention_row *rows, size_t n_rows,
	    struct gh_arena *a, struct convention_status *list);
	/* Session advisory locks (bigint) that the tool takes; NULL none.  Polled, never waited on. */
	size_t (*locks)(const struct convention_lock_of *of, int64_t ret[CONVENTION_LOCKS]);
	/*
	 * A lock kept in a table, which the first shape's create makes: lock gives a row when it was got,
	 * unlock may only let go of what lock has got with the same :run (it also runs after a crash).  Both
	 * commit by themselves.  NULL none.
	 */
	const char *lock, *unlock;
	/* NULL: create_refused says why. */
	void (*create)(const struct convention_found *found, struct gh_arena *a, struct convention_create *c);
	const struct convention_option_about *options; /* NULL: none */
	/* The tool refuses a schema that has tables already and not its own: how its users begin there. NULL:
	 * it does not mind. */
	const char *not_empty;
	const char *command_status; /* the tool's own, for people: "migrate -path . -database URL version" */
	const char
	    *command_failed; /* how its users leave a failed state: "migrate ... force VERSION"; NULL */
};

/* In the order in which people read them. */
#define CONVENTION_LIST(X)                                                                                   \
	X(numbered)                                                                                          \
	X(sections)                                                                                          \
	X(golang_migrate)                                                                                    \
	X(morph)                                                                                             \
	X(dbmate)                                                                                            \
	X(goose)                                                                                             \
	X(sql_migrate)                                                                                       \
	X(tern)                                                                                              \
	X(postgrator)                                                                                        \
	X(flyway)                                                                                            \
	X(sqlx)                                                                                              \
	X(diesel)                                                                                            \
	X(hasura)                                                                                            \
	X(node_pg_migrate)                                                                                   \
	X(supabase)                                                                                          \
	X(drizzle)                                                                                           \
	X(prisma)                                                                                            \
	X(sqitch)                                                                                            \
	X(atlas)                                                                                             \
	X(liquibase)                                                                                         \
	X(graphile_migrate)
#define CONVENTION_EXTERN(name) extern const struct convention convention_##name;
CONVENTION_LIST(CONVENTION_EXTERN)
#undef CONVENTION_EXTERN

/* All of them, NULL at the end. */
extern const struct convention *const convention_all[];
/* NULL when there is none of that name. */
const struct convention *convention_find(const char *name);

/*
 * Reads a folder: c->read, then what holds for every convention: files it has said nothing about are ignored
 * with a reason, odd ones refused, keys unique, facts complete.
 */
void convention_read(const struct convention *c, struct convention_folder *f, struct convention_found *ret);
/* Whether the convention knows an option of that name. */
bool convention_option_known(const struct convention *c, const char *name);
/* Its tool takes nothing back. */
bool convention_one_way(const struct convention *c);

/*
 * Whether a table with these columns (in order; types as format_type() says, not_null "t" or "f") is as
 * described.  If not, *ret_why says what differs, in one sentence.
 */
bool convention_table_known(const struct convention_table *t, const char *qualified,
    const struct convention_column *columns, size_t n, struct gh_arena *a, const char **ret_why);

#endif
