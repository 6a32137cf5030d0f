/*
 * The only maker of markup: SQL text as HTML with <span class="k"> keyword, "s" string, "n" number, "c"
 * comment, "i" quoted identifier.  Any bytes are safe: everything is escaped, and outside the tags the output
 * is the escaped input.
 */
#ifndef GH_CGI_HIGHLIGHT_H
#define GH_CGI_HIGHLIGHT_H

#include "cgi/view.h"

struct markup highlight_sql(struct gh_arena *a, const char *sql, size_t len);

#endif
