/*
 * Hooks: programs of the operator's that a run calls, by their argument lists and without a shell.
 *
 * A hook gets the run's facts in its environment (docs/policy.md) and nothing else of ours: standard input is
 * empty, both outputs are captured, no other descriptor is open.  It is in a session and process group of its
 * own.  When its time is over the group gets TERM and HOOK_GRACE_MS later KILL; what a hook that has ended
 * leaves in its group is ended with it, so nothing of it outlives the phase.
 */
#ifndef GH_JOB_HOOK_H
#define GH_JOB_HOOK_H

#include "migration/policy.h"
#include "runner/job/run.h"

#define HOOK_OUTPUT   ((size_t)64 << 10) /* bytes kept: the first and the last half of more */
#define HOOK_GRACE_MS 5000
#define HOOK_KILLED   256 /* added to the signal's number */

/* What a hook said, first and last bytes. */
struct hook_output {
	char head[HOOK_OUTPUT / 2], tail[HOOK_OUTPUT / 2];
	size_t n_head, n_tail, tail_at; /* the tail is a ring */
	int64_t left_out;
};
void hook_output_add(struct hook_output *o, const char *data, size_t len);
/* Valid UTF-8 without control characters but tab and line feed; says how much was left out. */
void hook_output_text(const struct hook_output *o, struct gh_text *ret);

struct hook_end {
	int64_t exit_status; /* -1 it could not be started, HOOK_KILLED + signal */
	struct gh_text output;
};
/*
 * Runs one to its end.  GH_CONFLICT with a sentence when it failed: it could not be started, its exit status
 * is not 0, its time is over, or the job shall stop.  ret->output is the caller's in any case.
 */
enum gh_code hook_run(struct job *j, const struct policy_hook *h, const char *const *env,
    struct hook_end *ret, struct gh_err *err) GH_MUST_USE;
/*
 * The same for a program that is asked something: its standard output goes into out, what it says besides is
 * ret->output.  More than out's limit is a failure as well.
 */
enum gh_code hook_ask(struct job *j, const struct policy_hook *h, const char *const *env, struct gh_text *out,
    struct hook_end *ret, struct gh_err *err) GH_MUST_USE;
/* Program and arguments as people read them. */
void hook_command(const struct policy_hook *h, struct gh_text *ret);

/* The environment of a hook, NULL-terminated, in the arena. */
const char *const *hook_env(
    const struct run *r, enum wire_phase phase, const char *outcome, struct gh_arena *a);
/* How many hooks of a kind the policy has. */
size_t hook_count(const struct policy *p, enum policy_when when);
/*
 * All hooks of a kind in their order, with their frames.  The first failure is reported; with `all` the
 * others are run nevertheless, else they are skipped.
 */
enum gh_code hook_run_all(
    struct run *r, enum policy_when when, enum wire_phase phase, bool all, struct gh_err *err) GH_MUST_USE;

#endif
