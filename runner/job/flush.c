#include "base/ban.h"
#include "runner/job/flush.h"
#include "base/fault.h"

static void *
work(void *arg)
{
	struct flush *f = arg;

	(void)pthread_mutex_lock(&f->lock);
	while (!f->quit) {
		int failed;

		if (!f->asked) {
			(void)pthread_cond_wait(&f->moved, &f->lock);
			continue;
		}
		(void)pthread_mutex_unlock(&f->lock);
		(void)gh_fault("job.flush.before");
		failed = fdatasync(f->fd) == 0 ? 0 : errno;
		(void)gh_fault("job.flush.after");
		(void)pthread_mutex_lock(&f->lock);
		f->failed = failed;
		f->asked = false;
		(void)pthread_cond_broadcast(&f->moved);
	}
	(void)pthread_mutex_unlock(&f->lock);
	return NULL;
}

void
flush_start(struct flush *f, int fd)
{
	sigset_t all, before;

	*f = (struct flush){ .fd = fd };
	(void)pthread_mutex_init(&f->lock, NULL);
	(void)pthread_cond_init(&f->moved, NULL);
	/* Signals are the main thread's. */
	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &before);
	f->threaded = pthread_create(&f->thread, NULL, work, f) == 0;
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
}

void
flush_begin(struct flush *f)
{
	(void)pthread_mutex_lock(&f->lock);
	f->asked = true;
	(void)pthread_cond_broadcast(&f->moved);
	(void)pthread_mutex_unlock(&f->lock);
}

enum gh_code
flush_wait(struct flush *f, struct gh_err *err)
{
	int failed;

	(void)pthread_mutex_lock(&f->lock);
	while (f->threaded && f->asked)
		(void)pthread_cond_wait(&f->moved, &f->lock);
	if (!f->threaded && f->asked) {
		f->failed = fdatasync(f->fd) == 0 ? 0 : errno;
		f->asked = false;
	}
	failed = f->failed;
	(void)pthread_mutex_unlock(&f->lock);
	if (failed == 0)
		return GH_OK;
	errno = failed;
	return gh_fail_errno(err, GH_INTERNAL, "cannot flush the journal");
}

void
flush_done(struct flush *f)
{
	if (f->threaded) {
		(void)pthread_mutex_lock(&f->lock);
		f->quit = true;
		(void)pthread_cond_broadcast(&f->moved);
		(void)pthread_mutex_unlock(&f->lock);
		(void)pthread_join(f->thread, NULL);
	}
	(void)pthread_mutex_destroy(&f->lock);
	(void)pthread_cond_destroy(&f->moved);
	f->threaded = false;
}
