/*
 * notify: one message to one channel, once.  The secret (a webhook's address, an account's password) comes on
 * WIRE_PASSFILE_FD; neither it nor a part of it gets into the outcome's sentence.
 *
 * How it ends: succeeded, it was taken; failed-clean, it may be tried again; needs-person, trying again is no
 * use until somebody changes something.
 */
#ifndef GH_JOB_NOTIFY_H
#define GH_JOB_NOTIFY_H

#include "runner/job/job.h"

#include <curl/curl.h>

#define NOTIFY_SECRET_MAX ((size_t)4096)
#define NOTIFY_ANSWER_MAX ((size_t)65536) /* bytes that are read of an answer */
#define NOTIFY_LINE_MAX   ((size_t)200)   /* bytes that are kept of it */

/* How a fact is called where people read; NULL: it is for programs only. */
const char *notify_label(const char *name);
/*
 * The facts to be read, one after the other: *at starts as 0; values of one name that follow each other come
 * as one text, joined by `join`.  False at the end.
 */
struct notify_fact {
	const char *label, *value;
};
bool notify_next(
    const struct wire_spec *s, struct gh_arena *a, const char *join, size_t *at, struct notify_fact *ret);
/* The first value of a name, "" when there is none. */
const char *notify_value(const struct wire_spec *s, const char *name);

/* The JSON that a kind of channel takes; notify_shape.c */
void notify_shape(const struct wire_spec *s, struct gh_arena *a, struct gh_text *ret);
/* The mail, header and body, lines ended by CR LF; GH_BAD_INPUT when something would add to its header. */
enum gh_code notify_mail_text(
    const struct wire_spec *s, struct gh_arena *a, struct gh_text *ret, struct gh_err *err) GH_MUST_USE;

/* What comes back from the other side. */
struct notify_answer {
	struct gh_text body; /* of HTTP, at most NOTIFY_ANSWER_MAX */
	char line[NOTIFY_LINE_MAX +
	    1]; /* SMTP: the last reply; its first refusal of a receiver is kept besides */
	char refused[NOTIFY_LINE_MAX + 1];
	char error[CURL_ERROR_SIZE];
	CURLcode rc;
	long status;
};
#define NOTIFY_ANSWER __attribute__((cleanup(notify_answer_done))) struct notify_answer
void notify_answer_done(struct notify_answer *w);

/* What both have in common: protocols, limits of time, certificates, no proxy. */
enum gh_code notify_curl(struct job *j, struct notify_answer *w, const char *protocols, CURL **ret,
    struct gh_err *err) GH_MUST_USE;
void notify_curl_done(CURL **curl);
#define NOTIFY_CURL __attribute__((cleanup(notify_curl_done))) CURL *

/* Sends and sets the job's outcome. */
enum gh_code notify_webhook(struct job *j, const char *address, struct gh_err *err) GH_MUST_USE;
enum gh_code notify_mail(struct job *j, const char *password, struct gh_err *err) GH_MUST_USE;

/* The outcome, with its sentence free of the secret. */
void notify_outcome(struct job *j, const char *secret, enum wire_outcome outcome, const char *fmt, ...)
    GH_PRINTF(4, 5);
/* Why nothing came back, in words. */
const char *notify_trouble(const struct job *j, const struct notify_answer *w);
/* The first line of an answer, printable, cut; in the arena. */
const char *notify_line(struct gh_arena *a, const char *s, size_t len);

#endif
