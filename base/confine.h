/*
 * A wall around a program that carries out what others wrote: it sees the files that are named and no others,
 * opens no connection to anybody, and signals nobody outside.  By Landlock and seccomp, so it needs no
 * privilege, holds for every child of the program and cannot be taken off again.
 */
#ifndef GH_BASE_CONFINE_H
#define GH_BASE_CONFINE_H

#include "base/err.h"

#include <stdbool.h>
#include <sys/types.h>

#define GH_CONFINE_PATHS 64

enum gh_confine_may {
	GH_MAY_READ = 1,
	GH_MAY_RUN = 2, /* execve; libraries are only read */
	GH_MAY_WRITE = 4,
};

/* What is not there, or cannot be opened, is left out: that permits less. */
struct gh_confine {
	struct {
		const char *path;
		unsigned may;
	} at[GH_CONFINE_PATHS];
	size_t n;
	bool may_connect; /* to others: it is a client, whose files only matter */
};

void gh_confine_add(struct gh_confine *c, const char *path, unsigned may);
/* Whether this kernel can at all. */
bool gh_confine_can(void) GH_MUST_USE;
/* A descriptor with the rules, to be closed; GH_UNAVAILABLE also when this kernel cannot confine. */
enum gh_code gh_confine_open(const struct gh_confine *c, int *ret_fd, struct gh_err *err) GH_MUST_USE;
/*
 * Between fork and exec: confines the caller for good.  above: the parent of the parent, which on older
 * kernels would else have to fear its signals.  False with errno.
 */
bool gh_confine_enter(int fd, bool may_connect, pid_t above) GH_MUST_USE;

#endif
