/*
 * SQL on a page: statements with their line, kind and highlighted text.  Pages show a bounded amount, so that
 * a folder with a dump in it does not make a page that no browser can open.
 */
#ifndef GH_CGI_SQLVIEW_H
#define GH_CGI_SQLVIEW_H

#include "cgi/highlight.h"
#include "cgi/show.h"
#include "store/plan.h"

#define SQLVIEW_BYTES      (256 << 10) /* of SQL on one page */
#define SQLVIEW_PLAN_BYTES (2 << 20)   /* the statements of a larger plan are not read for a page */
#define SQLVIEW_MIGRATIONS 200         /* of a plan on one page */

struct sqlview {
	struct req *req;
	int64_t left;                 /* bytes that may still be shown */
	bool too_large;               /* the plan is: no statement is shown */
	bool cut;                     /* something was not shown */
	struct highlight_marks marks; /* of the text that is shown next; n 0: none are known */
};

/* Ready for the plan's page. */
enum gh_code sqlview_start(
    struct sqlview *s, struct req *req, const char *digest, struct gh_err *err) GH_MUST_USE;
/* item.sql (markup) and item.cut (why not all of it is shown, ""). */
void sqlview_sql(struct sqlview *s, struct view *item, const char *sql, int64_t whole);
/* item.line, kind, alone, batched, sql, cut. */
void sqlview_statement(
    struct sqlview *s, struct view *item, const struct store_plan_statement *st, bool batched);
/* The statements of a plan's migration; none when the plan is too large. */
enum gh_code sqlview_list(struct sqlview *s, const char *digest, int64_t migration,
    struct store_plan_statements *ret, struct gh_err *err) GH_MUST_USE;

#endif
