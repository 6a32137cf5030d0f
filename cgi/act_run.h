/*
 * What acts on a run that is under way share: its number, a reason, numbers of the act.  Those that
 * tell nothing but the reason stand in act_run.c.
 */
#ifndef GH_CGI_ACT_RUN_H
#define GH_CGI_ACT_RUN_H

#include "cgi/act.h"

/* The form's last field is the reason. */
#define ACT_RUN_REASON                                                                                       \
	{                                                                                                    \
		"reason", "Reason", ACT_TEXT, true, 2000                                                     \
	}

/* Tells the run what the act is for: the run, the reason, then n numbers.  Back to the page of the run. */
enum gh_code act_run_tell(struct req *req, const struct act_form *form, const int64_t *numbers, size_t n,
    struct act_done *done, struct gh_err *err) GH_MUST_USE;

#endif
