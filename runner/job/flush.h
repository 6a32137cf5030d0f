/*
 * Makes a file durable in a second thread, so that the disk works while the server does.  One at a time:
 * begin, then wait.  Without a thread (none could be made) wait does it itself.
 */
#ifndef GH_JOB_FLUSH_H
#define GH_JOB_FLUSH_H

#include "base/err.h"

#include <pthread.h>
#include <stdbool.h>

struct flush {
	int fd;
	bool threaded, asked, quit;
	int failed; /* errno of the last one */
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t moved;
};

void flush_start(struct flush *f, int fd);
void flush_begin(struct flush *f);
/* Everything written before flush_begin is durable. */
enum gh_code flush_wait(struct flush *f, struct gh_err *err) GH_MUST_USE;
void flush_done(struct flush *f);

#endif
