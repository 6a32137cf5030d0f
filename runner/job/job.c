#include "base/ban.h"
#include "runner/job/job.h"
#include "base/clock.h"
#include "runner/job/control.h"

#include <poll.h>

static volatile sig_atomic_t job_term;

void
job_outcome(struct job *j, enum wire_outcome outcome, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	j->outcome = outcome;
	j->sentence = gh_vprintf(j->arena, fmt, ap);
	va_end(ap);
}

enum gh_code
job_bad(const struct job *j, struct gh_err *err)
{
	if (j->bad.code != GH_OK)
		*err = j->bad;
	return j->bad.code;
}

enum gh_code
job_flush(struct job *j, struct gh_err *err)
{
	GH_TRY(job_bad(j, err));
	return wire_journal_flush(&j->journal, err);
}

static void
on_term(int sig)
{
	(void)sig;
	job_term = 1;
}

void
job_signals(void)
{
	struct sigaction term = { .sa_handler = on_term };
	struct sigaction ignore = { .sa_handler = SIG_IGN };
	sigset_t set;

	job_term = 0;
	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGTERM);
	(void)pthread_sigmask(SIG_BLOCK, &set, NULL);
	(void)sigaction(SIGTERM, &term, NULL);
	(void)sigaction(SIGPIPE, &ignore, NULL);
}

bool
job_stopped(const struct job *j)
{
	sigset_t set;

	if (j->deaf)
		return false;
	/* One that is pending was never delivered, because nothing was waited for since. */
	if (job_term == 0 && sigpending(&set) == 0 && sigismember(&set, SIGTERM) == 1)
		job_term = 1;
	if (job_term != 0)
		return true;
	control_look(j->control);
	return control_cancelled(j);
}

int
job_poll(struct pollfd *fds, size_t n, int64_t timeout_ms)
{
	int64_t ms = timeout_ms < 0 || timeout_ms > JOB_LOOK_MS ? JOB_LOOK_MS : timeout_ms;
	struct timespec wait = { .tv_nsec = ms * 1000000 };
	sigset_t open;

	(void)pthread_sigmask(SIG_BLOCK, NULL, &open);
	(void)sigdelset(&open, SIGTERM);
	return ppoll(fds, n, &wait, &open);
}

void
job_sleep(const struct job *j, int64_t ms)
{
	int64_t end = gh_clock_mono() + ms * 1000, left;

	while (!job_stopped(j) && (left = end - gh_clock_mono()) > 0)
		(void)job_poll(NULL, 0, left / 1000 + 1);
}
