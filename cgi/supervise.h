/*
 * Keeps a number of worker processes alive: a dead one is started again after a pause, SIGTERM and SIGINT end
 * all.
 */
#ifndef GH_CGI_SUPERVISE_H
#define GH_CGI_SUPERVISE_H

#include <stddef.h>

#define SUPERVISE_MAX 64

struct supervise {
	size_t n;               /* workers, at most SUPERVISE_MAX */
	int (*work)(void *ctx); /* the worker; returns its exit status after SIGTERM */
	void *ctx;
};

/* Returns when all workers are gone, 0 or an exit status.  SIGTERM must not be handled by the caller. */
int supervise_run(const struct supervise *s);

#endif
