/*
 * Building what a convention has found in a folder.
 */
#ifndef GH_MIGRATION_FOUND_H
#define GH_MIGRATION_FOUND_H

#include "migration/convention.h"

/* For tracking: a list of statements, and a timestamp as select gives it (without a zone: the session's). */
#define FOUND_SQL(...) ((const char *const[]){ __VA_ARGS__, NULL })
#define FOUND_MICROSECONDS(column)                                                                           \
	"CASE WHEN isfinite(" column ") "                                                                    \
	"THEN (extract(epoch FROM " column "::timestamptz) * 1000000)::bigint ELSE 0 END"

/* For options: pairs of name and what it says. */
#define FOUND_OPTIONS(...) ((const struct convention_option_about[]){ __VA_ARGS__, { NULL, NULL } })

/* Makes the schema of a tracking table when it is missing, for tools that do.  A role that may not create
 * schemas is told by the next statement that it is missing. */
extern const char found_schema[];

/* One more migration at the end, empty; the pointer is good until the next one is added. */
struct convention_migration *found_add(struct convention_folder *f, struct convention_found *found);
/* One more sentence for people. */
void found_note(struct gh_arena *a, struct convention_found *found, const char *fmt, ...) GH_PRINTF(3, 4);
/* The folder as a whole is refused; only the first reason is kept. */
void found_problem(struct gh_arena *a, struct convention_found *found, const char *fmt, ...) GH_PRINTF(3, 4);
/* One more value for the tracking statements; value NULL: SQL NULL. */
void found_fact(struct gh_arena *a, struct convention_migration *m, const char *name, const char *value);
/* One more piece. */
void found_piece(struct gh_arena *a, struct convention_side *s, size_t offset, size_t len);

/* Says what an entry is taken for. */
void found_as(struct convention_file *e, enum convention_as as, const char *reason, const char *key);

/*
 * The side that is the whole file, text as it is; its problem is the text's, or that it begins with a byte
 * order mark.  False when the file cannot be read: then it is refused already and the side is not present.
 */
bool found_side(struct convention_folder *f, struct convention_file *e, enum convention_mode mode,
    struct convention_side *ret);
/* The side that is text[from, to) of a file; it takes the text's problem, or the byte order mark's. */
void found_part(struct convention_folder *f, const struct convention_file *e,
    const struct convention_text *text, size_t from, size_t to, struct convention_side *ret);
/* Sets a side's problem, "FILE:LINE:1: ..." for an offset of the text; the first one stays. */
void found_side_problem(struct gh_arena *a, struct convention_side *s, const char *shown, const char *text,
    size_t at, const char *fmt, ...) GH_PRINTF(6, 7);
/* 1-based line of an offset. */
int64_t found_line(const char *text, size_t at);

/* Whether a file's text has a line that, blanks at its beginning left out, begins with mark. */
bool found_has_line(const struct convention_text *text, const char *mark);

#endif
