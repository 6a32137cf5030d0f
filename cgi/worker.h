/*
 * A worker: takes FastCGI requests from the shared socket, one after the other, until SIGTERM.
 */
#ifndef GH_CGI_WORKER_H
#define GH_CGI_WORKER_H

#include "cgi/app.h"

struct worker {
	int fd; /* listening */
	struct app_config config;
};

/* For struct supervise: ctx is a struct worker. */
int worker_run(void *ctx);

#endif
