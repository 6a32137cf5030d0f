#include "base/ban.h"
#include "runner/control.h"
#include "base/fault.h"
#include "base/io.h"
#include "base/log.h"
#include "wire/control.h"

#include <dirent.h>

const char *
control_path(const struct config *c, struct gh_arena *a, int64_t run)
{
	return gh_printf(a, "%s/%" PRId64 ".control", c->jobs, run);
}

static struct wire_control
wanted(const struct store_run_detail *d)
{
	return (struct wire_control){ .serial = d->control_serial,
		.cancel = strcmp(d->control, "cancelling") == 0,
		.pause = strcmp(d->control, "pausing") == 0 || strcmp(d->control, "paused") == 0,
		.window_end_us = d->window_end,
		.batch_size = d->batch_size,
		.batch_pause_ms = d->batch_pause_ms };
}

enum gh_code
control_open(struct runner *r, int64_t run_id, int *ret_fd, struct gh_err *err)
{
	GH_ARENA a = { 0 };
	const char *path = control_path(r->config, &a, run_id);
	struct store_run_detail d;
	struct wire_control c;
	GH_FD int fd = -1;

	GH_TRY(store_run_detail(r->store, &a, run_id, &d, err));
	c = wanted(&d);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return gh_fail_errno(err, GH_UNAVAILABLE, "cannot create %s", path);
	GH_TRY(wire_control_write(fd, &c, err));
	GH_TRY(gh_fsync_folder(r->config->jobs, err));
	*ret_fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (*ret_fd < 0)
		return gh_fail_errno(err, GH_UNAVAILABLE, "cannot open %s", path);
	return GH_OK;
}

/* One that is as wanted is left alone: its time of change says when something was asked for last. */
static enum gh_code
bring(struct runner *r, int64_t run_id, struct gh_err *err)
{
	GH_ARENA a = { 0 };
	const char *path = control_path(r->config, &a, run_id);
	struct store_run_detail d;
	struct wire_control c, is;
	GH_FD int fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
	bool gone = fd < 0 && errno == ENOENT;

	GH_TRY(store_run_detail(r->store, &a, run_id, &d, err));
	c = wanted(&d);
	/* Deleted by somebody: the job looks for it by its name. */
	if (gone && c.serial > 0)
		fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	else if (gone)
		return GH_OK;
	if (fd < 0)
		return gh_fail_errno(err, GH_UNAVAILABLE, "cannot open the record of run %" PRId64, run_id);
	if (!gone && wire_control_read(fd, &is, NULL) == GH_OK && is.serial == c.serial)
		return GH_OK;
	if (gh_fault("runner.control.before-write"))
		return gh_fail(
		    err, GH_UNAVAILABLE, "the record of run %" PRId64 " was not written (injected)", run_id);
	GH_TRY(wire_control_write(fd, &c, err));
	(void)gh_fault("runner.control.after-write");
	return GH_OK;
}

void
control_kick(struct runner *r)
{
	GH_ARENA a = { 0 };
	struct store_runs runs = { 0 };
	struct gh_err err = { 0 };
	size_t i;

	if (store_run_open_list(r->store, &a, &runs, &err) != GH_OK) {
		gh_log_err("control.kick", &err);
		return;
	}
	for (i = 0; i < runs.n; i++) {
		struct gh_err why = { 0 };

		if (strcmp(runs.rows[i].state, "running") == 0 && bring(r, runs.rows[i].id, &why) != GH_OK)
			gh_log_err("control.write", &why);
	}
}

void
control_remove(struct runner *r, int64_t run_id)
{
	GH_ARENA a = { 0 };

	(void)gh_fault("runner.control.before-remove");
	(void)unlink(control_path(r->config, &a, run_id));
}

/* "17.control" of a run that does not run. */
static bool
stale(struct runner *r, const char *name)
{
	GH_ARENA a = { 0 };
	const char *dot = strchr(name, '.');
	struct store_run run;
	int64_t id;

	if (dot == NULL || strcmp(dot, ".control") != 0 ||
	    !gh_parse_i64(gh_strndup(&a, name, (size_t)(dot - name)), 1, INT64_MAX, &id))
		return false;
	return store_run_get(r->store, &a, id, &run, NULL) != GH_OK ||
	    (strcmp(run.state, "running") != 0 && strcmp(run.state, "queued") != 0);
}

void
control_sweep(struct runner *r)
{
	DIR *dir = opendir(r->config->jobs);
	const struct dirent *e;

	if (dir == NULL)
		return;
	while ((e = readdir(dir)) != NULL) { /* NOLINT(concurrency-mt-unsafe): the runner has one thread */
		if (stale(r, e->d_name))
			(void)unlinkat(dirfd(dir), e->d_name, 0);
	}
	(void)closedir(dir);
}

const char *
control_sentence(const struct store_run_detail *d, const char *sentence, struct gh_arena *a)
{
	static const char word[] = "Cancelled";

	if (strcmp(d->control, "cancelling") != 0 || strncmp(sentence, word, strlen(word)) != 0)
		return gh_strdup(a, sentence);
	sentence += strlen(word);
	if (sentence[0] == ':')
		return gh_printf(a, "Cancelled by %s.%s", d->control_text, sentence + 1);
	return gh_printf(a, "Cancelled by %s. Stopped%s", d->control_text, sentence);
}
