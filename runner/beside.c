#include "base/ban.h"
#include "runner/beside.h"
#include "base/clock.h"
#include "base/io.h"
#include "base/log.h"
#include "runner/refresh_read.h"
#include "runner/waste.h"

#include <dirent.h>

static const char too_long[] = "it took too long and was ended",
		  never[] = "it was never started: nothing was done";

static void
remove_files(const struct beside *b)
{
	struct gh_err err = { 0 };

	if (waste_put(b->runner, b->folder, &err) != GH_OK)
		gh_log_err("beside.remove", &err);
	(void)unlink(b->journal);
}

static void
release(struct beside *b)
{
	struct runner *r = b->runner;
	const struct beside_kind *kind = b->kind;

	loop_timer_remove(r->loop, b->timer);
	remove_files(b);
	*b = (struct beside){ 0 };
	kind->freed(r);
}

/* One frame; *ret_end when it was the last of a whole life. */
static enum gh_code
frame(struct beside *b, struct wire_event *e, bool *ret_end, struct gh_err *err)
{
	GH_ARENA a = { .limit = GH_TEXT_LIMIT };
	enum wire_outcome outcome;
	const char *sentence;

	if (e->kind == WIRE_J_START) {
		struct wire_in in = e->fields;

		b->said = wire_i64(&in);
		return b->kind->frame(b, e, &a, err);
	}
	if (e->kind != WIRE_J_OUTCOME)
		return b->kind->frame(b, e, &a, err);
	outcome = (enum wire_outcome)wire_u8(&e->fields);
	sentence = wire_text(&e->fields, &a);
	GH_TRY(wire_end(&e->fields, err));
	*ret_end = true;
	if (b->stop[0] != '\0' && outcome != WIRE_SUCCEEDED)
		sentence = b->stop;
	return b->kind->settle(b, outcome, sentence, err);
}

/* All is said.  A job that does not go then is not asked any more: who comes next waits for its place. */
static void
settled(struct beside *b)
{
	b->settled = b->asked = true;
	b->until = gh_clock_mono() + BESIDE_GRACE_US;
}

/* At most BESIDE_BATCH frames in one transaction. */
static enum gh_code
batch(struct beside *b, int fd, size_t *ret_n, struct gh_err *err)
{
	struct wire_follow was = b->at;
	GH_TEXT buf = { 0 };
	struct wire_event e;
	STORE_TX tx = { 0 };
	bool got = true, ended = false;
	enum gh_code code;

	*ret_n = 0;
	GH_TRY(store_begin(b->runner->store, &tx, err));
	code = GH_OK;
	while (code == GH_OK && !ended && *ret_n < BESIDE_BATCH) {
		if (wire_follow_next(&b->at, fd, &buf, &e, &got, err) != GH_OK)
			code = GH_BAD_INPUT;
		if (code != GH_OK || !got)
			break;
		code = frame(b, &e, &ended, err);
		++*ret_n;
	}
	if (code == GH_OK && *ret_n > 0)
		code = b->kind->keep(b, err);
	if (code == GH_OK && *ret_n > 0)
		code = store_commit(&tx, err);
	if (code != GH_OK)
		b->at = was;
	else if (ended && !b->settled)
		settled(b);
	return code;
}

/* What nobody can read ends the job: it would be followed without end. */
static void
spoil(struct beside *b, bool alive, const struct gh_err *why)
{
	pid_t pid = b->pid != 0 ? b->pid : (pid_t)b->said;

	gh_log_err("beside.spoilt", why);
	(void)snprintf(b->spoilt, sizeof(b->spoilt), "%s", why->msg);
	if (alive && pid > 0)
		(void)kill(pid, SIGKILL);
}

/* False: not all that is there could be read; the same frames again, a little later. */
static bool
read_on(struct beside *b, int fd, bool alive)
{
	size_t n = BESIDE_BATCH;

	while (n == BESIDE_BATCH && !b->settled && b->spoilt[0] == '\0') {
		struct gh_err err = { 0 };
		enum gh_code code = batch(b, fd, &n, &err);

		if (code == GH_BAD_INPUT || code == GH_CONFLICT) {
			spoil(b, alive, &err);
			return true;
		}
		if (code != GH_OK) {
			/* A full disk, say. */
			gh_log_err("beside.read", &err);
			return false;
		}
	}
	return true;
}

static const char *
why_dead(const struct beside *b, bool journal, struct gh_arena *a)
{
	if (b->stop[0] != '\0')
		return b->stop;
	if (b->spoilt[0] != '\0')
		return b->spoilt;
	if (b->gone)
		return gh_printf(a, "its job %s before it said how it went", refresh_died(b->status, a));
	if (journal)
		return "its job was ended before it said how it went";
	return b->at.offset == 0 && b->said == 0 ? never : "its journal is gone";
}

/* Its job is gone without an OUTCOME. */
static enum gh_code
give_up(struct beside *b, bool journal, struct gh_err *err)
{
	GH_ARENA a = { 0 };
	STORE_TX tx = { 0 };

	GH_TRY(store_begin(b->runner->store, &tx, err));
	GH_TRY(b->kind->settle(b, 0, why_dead(b, journal, &a), err));
	return store_commit(&tx, err);
}

static void
limit(struct beside *b)
{
	/* Whose lock is on the journal is who has written its number there. */
	pid_t pid = b->pid != 0 ? b->pid : (pid_t)b->said;

	if (gh_clock_mono() < b->until || pid <= 0)
		return;
	if (b->stop[0] == '\0')
		(void)snprintf(b->stop, sizeof(b->stop), "%s", b->late[0] == '\0' ? too_long : b->late);
	gh_log_warn("beside.stop", "kind=%s id=%" PRId64 " pid=%ld", b->kind->name, b->id, (long)pid);
	(void)kill(pid, b->asked ? SIGKILL : SIGTERM);
	b->asked = true;
	b->until = gh_clock_mono() + BESIDE_GRACE_US;
}

/*
 * The job of another runner may be so young that it has no lock yet: after a while its empty journal is
 * fenced (runner/job.h), and reads as one that never began.
 */
static bool
may_begin(struct beside *b)
{
	struct gh_err err = { 0 };

	if (b->gone || b->fenced || b->at.offset != 0)
		return false;
	if (b->empty == 0)
		b->empty = gh_clock_mono();
	if (gh_clock_mono() - b->empty < BESIDE_EMPTY_US)
		return true;
	if (job_fence(b->journal, never, &b->fenced, &err) != GH_OK)
		gh_log_err("beside.fence", &err);
	return true;
}

/* Nobody will write this journal any more. */
static void
over(struct beside *b, bool journal)
{
	struct gh_err err = { 0 };
	enum gh_code code = GH_OK;

	if (!b->settled && journal && b->spoilt[0] == '\0' && may_begin(b))
		return;
	if (!b->settled)
		code = give_up(b, journal, &err);
	if (code != GH_OK) {
		gh_log_err("beside.settle", &err);
		/* Anything but a store that says no for good: once more, a little later. */
		if (code != GH_CONFLICT)
			return;
	}
	release(b);
}

static void
look(struct beside *b)
{
	GH_FD int fd = open(b->journal, O_RDONLY | O_CLOEXEC);
	bool alive = b->pid != 0, all = true;
	struct gh_err err = { 0 };

	/* Asked before it is read: what is there after the lock became free is all there will be. */
	if (fd >= 0 && !alive && !b->gone && job_alive(fd, &alive, &err) != GH_OK) {
		gh_log_err("beside.lock", &err);
		return;
	}
	if (fd >= 0)
		all = read_on(b, fd, alive);
	if (!alive && all)
		over(b, fd >= 0);
	else if (alive)
		limit(b);
}

static void
timer_fn(void *data)
{
	look(data);
}

static void
child_fn(void *data, pid_t pid, int status)
{
	struct beside *b = data;
	gh_log_info("beside.end", "kind=%s id=%" PRId64 " pid=%ld status=%d", b->kind->name, b->id, (long)pid,
	    status);
	b->pid = 0;
	b->gone = true;
	b->status = status;
	look(b);
}

void
beside_name(struct beside *b, struct runner *r, const struct beside_kind *kind, int64_t id)
{
	*b = (struct beside){ .runner = r, .kind = kind, .id = id };
	(void)snprintf(
	    b->journal, sizeof(b->journal), "%s/%s.%" PRId64 ".journal", r->config->jobs, kind->name, id);
	(void)snprintf(b->folder, sizeof(b->folder), "%s/%s.%" PRId64, r->config->jobs, kind->name, id);
}

enum gh_code
beside_start(struct beside *b, struct job_order *o, int64_t limit_us, struct gh_err *err)
{
	enum gh_code code = waste_put(b->runner, b->folder, err);

	(void)unlink(b->journal);
	o->journal = b->journal;
	if (code == GH_OK)
		code = job_start(b->runner, o, &b->pid, err);
	if (code != GH_OK) {
		remove_files(b);
		*b = (struct beside){ 0 };
		return code;
	}
	b->until = gh_clock_mono() + limit_us;
	b->timer = loop_timer_add(b->runner->loop, BESIDE_EVERY_US, BESIDE_EVERY_US, timer_fn, b);
	if (loop_child_add(b->runner->loop, b->pid, child_fn, b, err) != GH_OK) {
		/* The journal's lock tells as well whether it lives. */
		gh_log_err("beside.child", err);
		*err = (struct gh_err){ 0 };
		b->pid = 0;
	}
	gh_log_info("beside.start", "kind=%s id=%" PRId64 " pid=%ld", b->kind->name, b->id, (long)b->pid);
	return GH_OK;
}

void
beside_adopt(struct beside *b, int64_t limit_us)
{
	b->until = gh_clock_mono() + limit_us;
	b->timer = loop_timer_add(b->runner->loop, 0, BESIDE_EVERY_US, timer_fn, b);
}

void
beside_cancel(struct beside *b, const char *why)
{
	if (b->asked || b->settled || b->stop[0] != '\0')
		return;
	(void)snprintf(b->stop, sizeof(b->stop), "%s", why);
	b->until = 0;
	/* Of another runner's job it is not known here whether it lives: the next look tells. */
	if (b->pid != 0)
		limit(b);
}

void
beside_stop(struct beside *b)
{
	if (b->id == 0)
		return;
	loop_timer_remove(b->runner->loop, b->timer);
	if (b->pid != 0)
		loop_child_remove(b->runner->loop, b->pid);
	*b = (struct beside){ 0 };
}

void
beside_sweep(struct runner *r, const struct beside_kind *kind, const struct beside *list, size_t n)
{
	GH_ARENA a = { 0 };
	DIR *dir = opendir(r->config->jobs);
	size_t len = strlen(kind->name), i;
	const struct dirent *e;

	if (dir == NULL)
		return;
	while ((e = readdir(dir)) != NULL) { /* NOLINT(concurrency-mt-unsafe): the runner has one thread */
		const char *path = gh_printf(&a, "%s/%s", r->config->jobs, e->d_name);
		struct gh_err err = { 0 };
		struct stat st;

		if (strncmp(e->d_name, kind->name, len) != 0 || e->d_name[len] != '.')
			continue;
		for (i = 0; i < n; i++) {
			if (strcmp(path, list[i].folder) == 0 || strcmp(path, list[i].journal) == 0)
				break;
		}
		if (i < n)
			continue;
		if (lstat(path, &st) == 0 && !S_ISDIR(st.st_mode))
			(void)unlink(path);
		else if (waste_put(r, path, &err) != GH_OK)
			gh_log_err("beside.sweep", &err);
	}
	(void)closedir(dir);
}
