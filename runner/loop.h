/*
 * The poll loop: descriptors, timers, children.  Callbacks run one at a time and may add and remove anything,
 * themselves included.  Nothing here is thread-safe; the runner has one thread.
 */
#ifndef GH_RUNNER_LOOP_H
#define GH_RUNNER_LOOP_H

#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct loop;

/* revents as poll gives it. */
typedef void loop_fd_fn(void *data, int fd, short revents);
typedef void loop_timer_fn(void *data);
/* status as waitpid gives it. */
typedef void loop_child_fn(void *data, pid_t pid, int status);
typedef void loop_signal_fn(void *data, int sig);

enum gh_code loop_new(struct loop **ret, struct gh_err *err) GH_MUST_USE;
/* Closes the loop's own descriptors; those that were added stay their owners'. */
void loop_free(struct loop *l);

/* One watch a descriptor.  Remove it before closing the descriptor. */
void loop_fd_add(struct loop *l, int fd, short events, loop_fd_fn *fn, void *data);
void loop_fd_events(struct loop *l, int fd, short events);
void loop_fd_remove(struct loop *l, int fd);

/* First after after_us, then each every_us (0: once).  The number is never 0; removing 0 or a gone one is
 * harmless. */
int64_t loop_timer_add(struct loop *l, int64_t after_us, int64_t every_us, loop_timer_fn *fn, void *data);
void loop_timer_remove(struct loop *l, int64_t timer);

/* Calls fn once when our child has ended, and reaps it (pidfd: no SIGCHLD, no race). */
enum gh_code loop_child_add(
    struct loop *l, pid_t pid, loop_child_fn *fn, void *data, struct gh_err *err) GH_MUST_USE;
void loop_child_remove(struct loop *l, pid_t pid);

/* SIGTERM, SIGINT and SIGHUP come here instead of ending the program. */
enum gh_code loop_signals(struct loop *l, loop_signal_fn *fn, void *data, struct gh_err *err) GH_MUST_USE;

/* One turn: waits at most max_us (-1: until something happens), calls what is due. */
enum gh_code loop_turn(struct loop *l, int64_t max_us, struct gh_err *err) GH_MUST_USE;
/* Turns until loop_stop. */
enum gh_code loop_run(struct loop *l, struct gh_err *err) GH_MUST_USE;
void loop_stop(struct loop *l);

#endif
