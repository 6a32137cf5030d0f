/*
 * The log: one line an event on standard error, `ts level prog msg=... key=value ...`.  Values with spaces
 * are quoted, control characters escaped.  Secrets have their own type (base/secret.h) without a print
 * function.
 */
#ifndef GH_BASE_LOG_H
#define GH_BASE_LOG_H

#include "base/err.h"

/* Set once at start; the name is not copied. */
void gh_log_open(const char *program);

/* event is a word ("run.start"); fmt prints key=value pairs. */
void gh_log_info(const char *event, const char *fmt, ...) GH_PRINTF(2, 3);
void gh_log_warn(const char *event, const char *fmt, ...) GH_PRINTF(2, 3);

/* Logs err with its code, place and message. */
void gh_log_err(const char *event, const struct gh_err *err);

#endif
