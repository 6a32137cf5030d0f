/*
 * What an SQLSTATE means to somebody who runs migrations, and what to do about it.
 */
#ifndef GH_CGI_SQLSTATE_H
#define GH_CGI_SQLSTATE_H

struct sqlstate {
	const char *code;    /* "23505"; its name: gh_sqlstate_name */
	const char *title;   /* a few words */
	const char *explain; /* one or two sentences: what happened */
	const char *advice;  /* what to do now */
};

/* NULL for one that is not explained. */
const struct sqlstate *sqlstate_find(const char *code);

#endif
