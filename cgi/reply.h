/*
 * A reply in the making, and the one place where headers are written.
 */
#ifndef GH_CGI_REPLY_H
#define GH_CGI_REPLY_H

#include "base/text.h"

#include <stdbool.h>

struct reply {
	int status;       /* 0: by the error's code */
	const char *type; /* Content-Type; NULL: HTML */
	bool head;        /* no body is sent */
	bool keep;        /* the browser may keep it and ask with its ETag */
	char etag[40];    /* "" none */
	char location[2100];
	char cookie[160];
	char allow[24];
	char filename[40]; /* of a download */
	char request_id[17];
	struct gh_text body;
};

/* Hashes the body, leaving out every occurrence of skip (may be ""), and sets etag. */
void reply_etag(struct reply *r, const char *skip);
/* Whether an If-None-Match header names r's ETag. */
bool reply_matches(const struct reply *r, const char *none_match);
/* The CGI header block: Status and everything else, with the empty line. */
void reply_head(const struct reply *r, struct gh_text *ret);
void reply_done(struct reply *r);

#endif
