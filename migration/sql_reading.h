/*
 * Within the SQL part: one text being read, from its bytes to the script.
 *
 *   sql_read.c       pieces into statements
 *   sql_statement.c  what each of them is
 *   sql_newer.c      what PostgreSQL has learnt since the parser was made
 *   sql_tokens.c     the tokens, and their digest
 *   sql_group.c      statements into transactions, as the tool sends them
 *   sql_batch.c      the one that runs in batches
 *   sql_body.c       what stands in DO blocks and in the bodies of functions
 */
#ifndef GH_MIGRATION_SQL_READING_H
#define GH_MIGRATION_SQL_READING_H

#include "migration/lint_rule.h"
#include "migration/sql_node.h"

struct batch;

/* What is known of a statement beyond what is handed out. */
struct sql_seen {
	bool transaction; /* BEGIN, COMMIT and the like; savepoints are not */
	bool savepoint;
	bool plain; /* BEGIN without options, COMMIT without AND CHAIN */
	PgQuery__TransactionStmtKind what;
	const char *on;        /* the table that its object belongs to */
	size_t piece;          /* that it stands in */
	size_t inner, n_inner; /* statements within it */
	PgQuery__Node *node;   /* NULL: not kept */
	int64_t base;          /* byte of the text that a location 0 means */
};

struct sql_reading {
	const struct sql_text *text; /* what is parsed: of a batched one with parameters in it */
	const struct batch *batch;   /* NULL: none */
	struct sql_place place;
	struct gh_arena *arena;
	struct sql_script *script;
	size_t cap;                      /* of script->statements and seen */
	struct sql_seen *seen;           /* one a statement */
	size_t n_trees, cap_trees, kept; /* bytes of text whose trees are kept */
	PgQuery__ParseResult **trees;
	size_t n_tokens, cap_tokens;
	struct sql_token *tokens;
	size_t n_inner, cap_inner;
	struct lint_at *inner; /* of blocks and bodies */
	size_t n_at, cap_at;
	struct lint_at *at; /* statements within statements, too */
	size_t n_new, cap_new;
	struct lint_new *created;
	size_t n_odd, cap_odd;
	struct lint_odd *odd;
	int64_t error_at; /* of the syntax error, -1 none */
	const char *error;
	bool moved; /* the search path was changed */
};

/* Adds the statement that lies between two bytes; false when there is none or are too many. */
bool sql_reading_add(struct sql_reading *r, size_t piece, size_t from, size_t to);
/* What statement i is, from its tree. */
void sql_reading_look(struct sql_reading *r, const PgQuery__Node *n, size_t i);
/* NULL on failure; then *ret_error has message (to be freed) and cursorpos. */
PgQuery__ParseResult *sql_reading_parse(const char *text, PgQueryError *ret_error);

/*
 * The script's problem from the parser's error about a part of the text, with its place and, for psql's own
 * things, what they are.
 */
void sql_error(struct sql_reading *r, size_t from, size_t len, const PgQueryError *error);
/* The byte at which a character begins; characters count from 1, as the parser gives them. */
size_t sql_error_byte(const char *text, size_t len, int cursor);

/*
 * Whether a part of the text has syntax of a newer PostgreSQL where the parser gave up.  If so it is split by
 * its tokens; what the parser knows is analysed, the rest is only named.
 */
bool sql_newer(struct sql_reading *r, size_t piece, size_t from, size_t len, const PgQueryError *error);

/* Sets the script's problem, if it has none; at is a byte of the text. */
void sql_reading_problem(struct sql_reading *r, size_t at, const char *message);
/* Adds "line N: message" to the script's note. */
void sql_reading_note(struct sql_reading *r, size_t at, const char *message);

/* Takes over a tree, freed in the end. */
void sql_reading_keep(struct sql_reading *r, PgQuery__ParseResult *tree);
/* First byte from `at` that is neither blank nor comment; comments are closed. */
size_t sql_skip_comments(const char *s, size_t at, size_t end);
/* Makes room for one more item of an array in the arena. */
void *sql_reading_more(struct sql_reading *r, void *items, size_t n, size_t *cap, size_t size);

/* Lexes a part of the text; false when that fails. */
bool sql_tokens_add(struct sql_reading *r, size_t from, size_t len);
/* script->marks from the tokens. */
void sql_tokens_mark(struct sql_reading *r);
/* The digest over what is left of the statements. */
void sql_tokens_digest(struct sql_reading *r);

/* Opens a DO block or the body of statement i: its statements, and transaction control within. */
void sql_body(struct sql_reading *r, const PgQuery__Node *n, size_t i);

/* Looks for a header of batches, migration/batch.h, before anything is parsed. */
void sql_batch_begin(struct sql_reading *r);
/* Instead of sql_group when it has one. */
void sql_batch_group(struct sql_reading *r);

/* Gives every statement its group and takes BEGIN and COMMIT out. */
void sql_group(struct sql_reading *r);

#endif
