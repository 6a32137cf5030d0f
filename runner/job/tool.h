/*
 * pg_dump and pg_restore as child processes: argv, a small environment, pipes.  They die with us.  What they
 * say on standard error is kept (its first 4 KiB) for the message.
 */
#ifndef GH_JOB_TOOL_H
#define GH_JOB_TOOL_H

#include "base/confine.h"
#include "base/text.h"
#include "runner/job/job.h"

struct tool_beside;
struct tool {
	const char *path;
	const char *const *argv;
	struct job *job;
	/* Called with each piece of standard output. */
	enum gh_code (*take)(void *arg, const void *data, size_t len, struct gh_err *err);
	/* Gives the next piece for standard input, *ret_len 0 at the end; NULL: no input. */
	enum gh_code (*give)(void *arg, const void **ret, size_t *ret_len, struct gh_err *err);
	void *arg;
	bool passfile; /* gets the target's passfile */
	/* Gets what it says on standard error, instead of the 4 KiB that are kept; NULL: those. */
	void (*hear)(void *arg, const void *data, size_t len);
	/* Not NULL: that it exits with another status than 0 is no failure, and which one goes here. */
	int *status;
	const struct gh_confine *confine; /* NULL: it may what we may */
	/* Called several times a second while it runs; NULL: nothing. */
	enum gh_code (*look)(void *arg, struct gh_err *err);
	/* Something else that is waited for meanwhile, NULL: nothing. */
	const struct tool_beside *beside;
};

struct tool_beside {
	int fd;
	enum gh_code (*ready)(void *arg, struct gh_err *err); /* fd is readable */
	void *arg;
};

/*
 * Runs it to its end.  Fails when it exits with another status than 0 (the message is its own last words),
 * when take or give fail, and on SIGTERM; the child is gone in any case.  A child that stops reading its
 * input early is not a failure.
 */
enum gh_code tool_run(const struct tool *t, struct gh_err *err) GH_MUST_USE;
/* Standard output of `path --version`, and the major version in it. */
enum gh_code tool_version(
    struct job *j, const char *path, const char **ret, int64_t *ret_major, struct gh_err *err) GH_MUST_USE;

#endif
