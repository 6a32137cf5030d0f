/*
 * Lines of formatted SQL and what they could be: small searches in place of the tool's regular expressions.
 */
#ifndef GH_MIGRATION_LIQUIBASE_LINE_H
#define GH_MIGRATION_LIQUIBASE_LINE_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>

/* One line without its end. */
struct liquibase_line {
	const char *p, *end;
};

/*
 * [blanks] dashes [blanks] WORD, case ignored: how many dashes (1, 2) there are, 0 when it is no such line.
 * *ret_rest is behind the word.  indent: blanks may stand before the dashes.
 */
int liquibase_word(const struct liquibase_line *l, bool indent, const char *word, const char **ret_rest);
bool liquibase_space(char c);
/* The value of the last "NAME:" in a line; NULL none.  chars: what it consists of; NULL: all but blanks, or
 * anything in double quotes (which are taken off). */
const char *liquibase_attribute(
    struct gh_arena *a, const struct liquibase_line *l, const char *name, const char *chars);
bool liquibase_flag(struct gh_arena *a, const struct liquibase_line *l, const char *name, bool otherwise);
/* "--liquibase formatted sql" */
bool liquibase_is_first(const struct liquibase_line *l);
/* Whether the first line that is not blank is that. */
bool liquibase_formatted(const char *text, size_t len);
/* A comment that holds the way back begins: slash, star, "liquibase rollback". */
bool liquibase_is_back_block(const struct liquibase_line *l);
/* Without white space around it. */
const char *liquibase_trimmed(struct gh_arena *a, const char *p, const char *end);
/* A form that the tool refuses because something else was meant: what to write; NULL: it is none. */
const char *liquibase_near_miss(const struct liquibase_line *l);

#endif
