/*
 * Parts of the overview: what needs this person, and the runs of the last thirty days as marks.
 */
#ifndef GH_CGI_OVERVIEW_VIEW_H
#define GH_CGI_OVERVIEW_VIEW_H

#include "cgi/show.h"

/* "up-to-date", "pending", "running", "held"...; the word has the number: "3 pending". */
const char *overview_state(struct req *req, const struct store_target *t, const char **ret_word);
/* v.needs, v.any_needs, v.none; *ret counts them. */
enum gh_code overview_needs(struct req *req, struct view *v, const struct store_targets *targets, size_t *ret,
    struct gh_err *err) GH_MUST_USE;
/* v.strip: {sentence, height, first, days, marks, key} */
enum gh_code overview_strip(struct req *req, struct view *v, struct gh_err *err) GH_MUST_USE;

#endif
