/*
 * Starting a program: fork and exec with an explicit argv, an explicit environment and explicit descriptors.
 * No shell.  The child gets descriptors 0, 1, 2 and those mapped, nothing else; default signal actions; no
 * core dump.
 */
#ifndef GH_BASE_SPAWN_H
#define GH_BASE_SPAWN_H

#include "base/confine.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define GH_SPAWN_FDS 8

struct gh_spawn_fd {
	int from; /* ours */
	int to;   /* the child's number, 0 to 15 */
};

struct gh_spawn {
	const char *path;                     /* absolute */
	const char *const *argv;              /* NULL-terminated; argv[0] included */
	const char *const *env;               /* NULL-terminated; the whole environment */
	struct gh_spawn_fd fds[GH_SPAWN_FDS]; /* 0 and 1 default to /dev/null, 2 is kept */
	size_t n_fds;
	int64_t stack_bytes;              /* RLIMIT_STACK, 0: inherited */
	int64_t memory_bytes;             /* RLIMIT_AS, 0: inherited */
	int64_t cpu_seconds;              /* RLIMIT_CPU, 0: inherited */
	const struct gh_confine *confine; /* NULL: it may what we may */
	bool own_session;                 /* setsid: survives our terminal and our death */
	bool die_with_parent;             /* PR_SET_PDEATHSIG SIGKILL */
};

/* Starts it.  An exec that fails is reported here, not by a mysterious exit code. */
enum gh_code gh_spawn_start(const struct gh_spawn *s, pid_t *ret_pid, struct gh_err *err) GH_MUST_USE;
/* Waits; *ret_status as waitpid gives it. */
enum gh_code gh_spawn_wait(pid_t pid, int *ret_status, struct gh_err *err) GH_MUST_USE;

#endif
