/*
 * Files whose tool reads them line by line: reading lines as it does, and building the SQL of one direction
 * so that each of its lines keeps its number and each statement is a piece.
 */
#ifndef GH_MIGRATION_LINES_H
#define GH_MIGRATION_LINES_H

#include "migration/convention.h"

struct lines {
	const char *p, *end;
	int64_t number; /* of the line last given, 1-based */
};

struct line {
	const char *at;
	size_t len; /* without line feed, nor a carriage return before it (Go: bufio.ScanLines) */
};

struct lines lines_of(const struct convention_text *text);
bool lines_next(struct lines *l, struct line *ret);

bool line_begins(const struct line *l, const char *with);
bool line_blank(const struct line *l);
/* Whether it begins with "--" behind blanks. */
bool line_comment(const struct line *l);
/*
 * Whether the last word before a word that begins with "--" ends in a semicolon: how goose and sql-migrate
 * know the end of a statement.
 */
bool line_ends_statement(const struct line *l);

/* The SQL of one direction.  Cleanup: lines_sql_done. */
struct lines_sql {
	struct gh_text text;
	int64_t first, last; /* lines of the file, 0 none yet */
	size_t from;         /* where the statement that is not ended began */
	bool open;           /* there is one */
	bool present;        /* the direction was announced */
};
#define LINES_SQL __attribute__((cleanup(lines_sql_done))) struct lines_sql

/* Line `number` of the file is part of the open statement, which begins with it if there is none. */
void lines_put(struct lines_sql *s, int64_t number, const char *at, size_t len);
/* The open statement ends behind its last semicolon, or at its end when it has none. */
void lines_end(struct lines_sql *s, struct gh_arena *a, struct convention_side *side);
/* Whether the open statement is more than blanks. */
bool lines_unfinished(const struct lines_sql *s);
/* Fills the side: text, first line, file and the bytes' problem. */
void lines_side(struct lines_sql *s, struct gh_arena *a, const struct convention_file *e,
    const struct convention_text *text, struct convention_side *side);
void lines_sql_done(struct lines_sql *s);

#endif
