/*
 * SQL as PostgreSQL's own grammar reads it (libpg_query): one side of a migration split into statements, each
 * with what it does, and what cannot run named with its place.
 *
 * The parser can exhaust the stack on deep input and takes the process with it: only call this in a child
 * that may die.  The input is trusted for nothing.
 */
#ifndef GH_MIGRATION_SQL_H
#define GH_MIGRATION_SQL_H

#include "base/arena.h"
#include "base/hash.h"
#include "migration/convention.h"
#include "migration/lint.h"

#include <stdbool.h>
#include <stdint.h>

#define SQL_STATEMENTS_MAX 100000
#define SQL_MARKED_MAX     ((size_t)512 << 10)
#define SQL_ARENA_LIMIT    ((size_t)512 << 20)

/* The lock that a statement takes on a relation, weakest first.  Same numbers and words as enum wire_lock. */
enum sql_lock {
	SQL_NO_LOCK = 0, /* it is created here */
	SQL_ACCESS_SHARE,
	SQL_ROW_SHARE,
	SQL_ROW_EXCLUSIVE,
	SQL_SHARE_UPDATE_EXCLUSIVE,
	SQL_SHARE,
	SQL_SHARE_ROW_EXCLUSIVE,
	SQL_EXCLUSIVE,
	SQL_ACCESS_EXCLUSIVE,
};

/* A relation that a statement works on. */
struct sql_touch {
	const char *object; /* quoted where SQL needs it: "public.orders", "orders" */
	enum sql_lock lock;
	bool rewrites; /* writes the whole table anew */
	bool scans;    /* reads all of it under that lock */
	bool writes;   /* changes rows */
};

/* What a statement takes away for good. */
struct sql_loss {
	const char
	    *kind; /* "table", "column", "rows", "some rows" (DELETE with WHERE), "schema", "sequence", ... */
	const char *object; /* as written, quoted where SQL needs it */
	const char *column; /* its bare name, "" none */
};

struct sql_statement {
	int64_t offset, length; /* bytes within the side; leading comments and blanks are left out */
	int64_t line;           /* of the file, 1-based */
	int64_t group;          /* number of its transaction, from 1; 0: by itself, in no transaction */
	bool alone;             /* PostgreSQL refuses it inside a transaction */
	bool destructive;       /* data that it removes is gone */
	bool reversible;        /* another statement can undo it without data from elsewhere */
	const char *kind;       /* "CREATE TABLE" */
	const char
	    *object; /* what it creates, quoted where SQL needs it: "public.orders"; "" nothing to look for */
	const char *object_kind; /* migration/object.h knows them */
	size_t n_touches;
	struct sql_touch *touches;
	size_t n_losses;
	struct sql_loss *losses;
};

struct sql_script {
	size_t n;
	struct sql_statement *statements;
	bool transactional;  /* all statements are of one group: one transaction */
	bool row_inside;     /* and the tracking row is in it */
	bool stripped;       /* BEGIN and COMMIT of the file's own are left out: the run brings them */
	const char *problem; /* why it cannot run, "FILE:LINE:COLUMN: ..."; "" none */
	const char *note;    /* what people may want to know; "" none */
	bool not_analysed; /* newer syntax than the parser's: it may run, split by the lexer, nothing else is
			      known */
	char tokens[GH_SHA256_HEX_LEN]; /* over the tokens without comments and blanks, BEGIN and COMMIT left
					   out */
	size_t n_marks;                 /* bytes; 0 of a text above SQL_MARKED_MAX */
	const unsigned char *marks;     /* where which tokens are, for showing it: base/marks.h */
	struct lint_findings findings;
};

/* What to read: valid UTF-8 without NUL, NUL-terminated, and how its tool sends it. */
struct sql_text {
	const char *sql;
	size_t len;
	const char *file; /* for messages */
	int64_t first_line;
	enum convention_mode mode;
	bool row_outside, may_be_empty;
	bool down;           /* the way back: other lint rules hold */
	bool verify;         /* asks whether the up has worked: rolled back anyway, so ROLLBACK is as good as
				COMMIT */
	const char *opt_out; /* how a file tells its tool that it wants no transaction; NULL: it cannot */
	bool has_down;       /* an up with a way back; what it is says `back` */
	const char *back;    /* the down's SQL for rules that compare both; NULL, "" none */
	bool one_way;        /* its convention knows no way back */
	const char *head;    /* the file's beginning with its comment on top, a text; NULL not known */
	int64_t lock_timeout_ms; /* that the run brings, but for CONCURRENTLY; 0 none, or nobody knows */
	size_t n_pieces;
	const struct convention_piece *pieces;
};

/*
 * Never fails: what is wrong is the script's problem, and then it has no statements.  An empty text gives no
 * statements, and a problem unless it may be empty.
 */
void sql_read(const struct sql_text *t, struct gh_arena *a, struct sql_script *ret);

#endif
