#include "base/ban.h"
#include "runner/followed.h"
#include "base/clock.h"
#include "base/io.h"
#include "base/log.h"
#include "runner/conn.h"
#include "runner/control.h"
#include "runner/queue.h"
#include "runner/shelf.h"
#include "runner/reconcile.h"
#include "runner/refresh.h"
#include "runner/work_state.h"
#include "store/run.h"

#include <poll.h>
#include <sys/inotify.h>

struct follow {
	struct followed *list;
	int inotify;         /* -1: only the timer */
	int64_t timer, soon; /* timers */
	int64_t looked;      /* monotonic */
};

static void
list_remove(struct follow *w, struct followed *f)
{
	struct followed **at = &w->list;

	while (*at != f)
		at = &(*at)->next;
	*at = f->next;
	followed_free(f);
}

/* What others do when a run has ended. */
static void
after_end(struct runner *r, struct followed *f)
{
	GH_ARENA a = { 0 };
	struct gh_err err = { 0 };
	struct store_run run;

	control_remove(r, f->run.id);
	if (store_run_get(r->store, &a, f->run.id, &run, &err) != GH_OK)
		gh_log_err("follow.end", &err);
	else if (strcmp(run.state, "unknown") == 0)
		reconcile_add(r, f->run.id);
	else
		refresh_target(r, f->target, gh_clock_now());
}

static void
look(struct runner *r)
{
	struct follow *w = r->work->follow;
	struct followed *f, *next;
	bool some = false;

	w->looked = gh_clock_mono();
	for (f = w->list; f != NULL; f = next) {
		struct gh_err err = { 0 };
		bool ended = false;

		next = f->next;
		if (f->ended)
			continue;
		if (followed_read(f, &ended, &err) != GH_OK) {
			gh_log_err("follow.read", &err);
			continue;
		}
		if (!ended)
			continue;
		some = true;
		after_end(r, f);
		if (f->pid != 0 && !f->gone)
			f->ended = true;
		else
			list_remove(w, f);
	}
	if (some) {
		conn_resume_deferred(r);
		shelf_kick(r);
		queue_kick(r);
	}
}

static void
timer_fn(void *data)
{
	look(data);
}

static void
soon_fn(void *data)
{
	struct runner *r = data;

	r->work->follow->soon = 0;
	look(r);
}

/* A job that writes much is looked at ten times a second, not at each frame. */
static void
inotify_fn(void *data, int fd, short revents)
{
	struct runner *r = data;
	struct follow *w = r->work->follow;
	char buf[4096];
	int64_t wait;

	(void)revents;
	while (read(fd, buf, sizeof(buf)) > 0)
		;
	if (w->list == NULL || w->soon != 0)
		return;
	wait = w->looked + FOLLOW_PAUSE_US - gh_clock_mono();
	w->soon = loop_timer_add(r->loop, wait < 0 ? 0 : wait, 0, soon_fn, r);
}

static void
child_fn(void *data, pid_t pid, int status)
{
	struct followed *f = data;
	struct runner *r = f->runner;

	gh_log_info("job.end", "run=%" PRId64 " pid=%ld status=%d", f->run.id, (long)pid, status);
	f->gone = true;
	f->status = status;
	if (f->ended)
		list_remove(r->work->follow, f);
	else
		look(r);
}

enum gh_code
follow_add(struct runner *r, int64_t run_id, pid_t pid, struct gh_err *err)
{
	struct follow *w = r->work->follow;
	struct followed *f = NULL;

	GH_TRY(followed_new(r, run_id, &f, err));
	f->pid = pid;
	if (pid != 0 && loop_child_add(r->loop, pid, child_fn, f, err) != GH_OK) {
		/* The journal's lock tells as well whether it lives. */
		gh_log_err("follow.child", err);
		*err = (struct gh_err){ 0 };
		f->pid = 0;
	}
	f->next = w->list;
	w->list = f;
	return GH_OK;
}

size_t
follow_count(const struct runner *r)
{
	const struct followed *f;
	size_t n = 0;

	for (f = r->work->follow->list; f != NULL; f = f->next)
		n += f->ended ? 0 : 1;
	return n;
}

enum gh_code
follow_start(struct runner *r, struct gh_err *err)
{
	GH_ARENA a = { 0 };
	struct follow *w = calloc(1, sizeof(*w));
	struct store_runs open_runs = { 0 };
	size_t i;

	if (w == NULL)
		return gh_fail(err, GH_INTERNAL, "out of memory");
	r->work->follow = w;
	w->inotify = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (w->inotify >= 0 && inotify_add_watch(w->inotify, r->config->jobs, IN_MODIFY | IN_CREATE) < 0)
		gh_fd_done(&w->inotify);
	if (w->inotify >= 0)
		loop_fd_add(r->loop, w->inotify, POLLIN, inotify_fn, r);
	w->timer = loop_timer_add(r->loop, FOLLOW_EVERY_US, FOLLOW_EVERY_US, timer_fn, r);
	GH_TRY(store_run_open_list(r->store, &a, &open_runs, err));
	for (i = 0; i < open_runs.n; i++) {
		if (strcmp(open_runs.rows[i].state, "running") == 0)
			GH_TRY(follow_add(r, open_runs.rows[i].id, 0, err));
		else
			reconcile_add(r, open_runs.rows[i].id);
	}
	return GH_OK;
}

void
follow_stop(struct runner *r)
{
	struct follow *w = r->work->follow;

	if (w == NULL)
		return;
	loop_timer_remove(r->loop, w->timer);
	loop_timer_remove(r->loop, w->soon);
	if (w->inotify >= 0)
		loop_fd_remove(r->loop, w->inotify);
	gh_fd_done(&w->inotify);
	while (w->list != NULL) {
		struct followed *f = w->list;

		if (f->pid != 0 && !f->gone)
			loop_child_remove(r->loop, f->pid);
		list_remove(w, f);
	}
	free(w);
	r->work->follow = NULL;
}
