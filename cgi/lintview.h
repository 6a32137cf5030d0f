/*
 * Beside the SQL of a migration: what each statement locks, and what lint says of it; on a target with the
 * size and traffic of its tables, without one from the statement alone.
 */
#ifndef GH_CGI_LINTVIEW_H
#define GH_CGI_LINTVIEW_H

#include "cgi/show.h"
#include "store/finding.h"

struct lintview {
	struct req *req;
	int64_t target_id; /* 0: none at hand */
	struct store_findings findings;
	struct store_statement_touches touches;
	int64_t errors, warnings, notices, ignored; /* of all findings, as this target makes them */
};

/* Reads one side's facts. */
enum gh_code lintview_start(struct lintview *l, struct req *req, int64_t migration_id, const char *side,
    int64_t target_id, struct gh_err *err) GH_MUST_USE;
/* Nothing is known: a plan whose migration has changed since. */
void lintview_none(struct lintview *l, struct req *req);

/*
 * item.touches [{object, lock, tone, effect, size}], item.findings [{rule, url, level, mark, message, why,
 * rewrite, ignored, reason}] of one statement; -1: of the file.
 */
enum gh_code lintview_statement(
    struct lintview *l, struct view *item, int64_t statement, struct gh_err *err) GH_MUST_USE;
/* "1 error, 2 warnings", after all statements; "" none. */
const char *lintview_sum(const struct lintview *l);

#endif
