/*
 * The only maker of markup: SQL text as HTML with <span class="k"> keyword, "s" string, "n" number, "c"
 * comment, "i" quoted identifier.  Any bytes are safe: everything is escaped, and outside the tags the output
 * is the escaped input.
 */
#ifndef GH_CGI_HIGHLIGHT_H
#define GH_CGI_HIGHLIGHT_H

#include "cgi/view.h"

struct markup highlight_sql(struct gh_arena *a, const char *sql, size_t len);

/* Where which tokens are, as the parser saw them (base/marks.h). */
struct highlight_marks {
	const unsigned char *bytes;
	size_t n;
	size_t from; /* the text begins at this byte of what the marks are of */
};
/* By the parser's tokens; what they do not cover is not marked, and the bodies of functions are SQL again. */
struct markup highlight_marked(
    struct gh_arena *a, const char *sql, size_t len, const struct highlight_marks *marks);

#endif
