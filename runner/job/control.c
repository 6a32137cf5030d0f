#include "base/ban.h"
#include "runner/job/control.h"
#include "base/clock.h"
#include "base/fault.h"
#include "base/io.h"
#include "runner/job/say.h"

#define PAUSE_MS 200 /* between two looks of a run that is paused */

void
control_start(struct job *j, struct control *c, int fd)
{
	*c = (struct control){ .fd = fd };
	/* Until the record can be read, the window is what the run was started with: a bad record opens none.
	 */
	c->now.window_end_us = j->spec.window_end_us;
	j->control = c;
	control_look(c);
	/* What was wanted before the start is nothing to answer. */
	c->told.window_end_us = c->now.window_end_us;
	if (!c->now.cancel && !c->now.pause)
		c->told = c->now;
}

#define GONE " (deleted)"

/*
 * Somebody has deleted the record: the runner makes it anew as soon as it has to tell something, by the same
 * name, which the kernel still knows.  One that has no bytes yet is not taken: it would say that there is no
 * window.
 */
static void
find_again(struct control *c)
{
	char link[64], path[PATH_MAX];
	struct stat st;
	size_t len;
	ssize_t n;
	int fd;

	if (fstat(c->fd, &st) != 0 || st.st_nlink > 0)
		return;
	(void)snprintf(link, sizeof(link), "/proc/self/fd/%d", c->fd);
	n = readlink(link, path, sizeof(path) - 1);
	if (n <= (ssize_t)strlen(GONE))
		return;
	path[n] = '\0';
	len = (size_t)n - strlen(GONE);
	if (strcmp(path + len, GONE) != 0)
		return;
	path[len] = '\0';
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0 || fstat(fd, &st) != 0 || st.st_size == 0) {
		gh_fd_done(&fd);
		return;
	}
	gh_fd_done(&c->fd);
	c->fd = fd;
}

void
control_look(struct control *c)
{
	struct wire_control next;
	int64_t now;

	if (c == NULL || c->fd < 0)
		return;
	now = gh_clock_mono();
	if (c->looked != 0 && now - c->looked < CONTROL_EVERY_US)
		return;
	c->looked = now;
	find_again(c);
	/* One that is being written is read the next time. */
	if (wire_control_read(c->fd, &next, NULL) == GH_OK && next.serial >= c->now.serial)
		c->now = next;
}

bool
control_cancelled(const struct job *j)
{
	return j->control != NULL && j->control->now.cancel;
}

bool
control_over(const struct job *j)
{
	return j->control != NULL && j->control->over;
}

int64_t
control_speed(const struct job *j, int64_t *ret_size, int64_t *ret_pause_ms)
{
	*ret_size = j->control == NULL ? 0 : j->control->now.batch_size;
	*ret_pause_ms = j->control == NULL ? 0 : j->control->now.batch_pause_ms;
	return j->control == NULL ? 0 : j->control->now.serial;
}

const char *
control_why(const struct job *j)
{
	return control_cancelled(j) ? "cancelled" : "asked to stop";
}

static void
say(struct job *j, const char *what, const char *text)
{
	struct wire_out o;

	say_start(j, WIRE_J_CONTROL, &o);
	wire_put_text(&o, what);
	say_put(&o, text);
	say_end(j, &o);
	(void)gh_fault("job.control.answered");
}

static void
say_window(struct job *j, int64_t end)
{
	char text[128], when[GH_CLOCK_LEN];

	if (end == 0)
		(void)snprintf(text, sizeof(text), "There is no end of the window any more.");
	else
		(void)snprintf(text, sizeof(text), "Nothing new begins after %s.", gh_clock_utc(end, when));
	say(j, "window", text);
}

static void
say_speed(struct job *j, const struct wire_control *c)
{
	char text[128];

	if (c->batch_size == 0 && c->batch_pause_ms == 0)
		(void)snprintf(text, sizeof(text), "Batches are as their file says again.");
	else
		(void)snprintf(text, sizeof(text),
		    "From the next batch on: %" PRId64 " rows, a pause of %" PRId64
		    " ms (0: as the file says).",
		    c->batch_size, c->batch_pause_ms);
	say(j, "speed", text);
}

void
control_answer(struct job *j)
{
	struct control *c = j->control;
	struct wire_control now;

	control_look(c);
	if (c == NULL || c->now.serial == c->told.serial)
		return;
	now = c->now;
	if (now.cancel && !c->told.cancel)
		say(j, "cancel",
		    j->deaf ? "It came too late: there is nothing left that could be stopped."
			    : "What runs is stopped; then the run ends in a known state.");
	if (now.window_end_us != c->told.window_end_us)
		say_window(j, now.window_end_us);
	if (now.batch_size != c->told.batch_size || now.batch_pause_ms != c->told.batch_pause_ms)
		say_speed(j, &now);
	/* A pause is answered by the gate, when it has begun.  What was not seen may have been a pause. */
	if (!now.pause && !now.cancel && (c->told.pause || now.serial > c->told.serial + 1))
		say(j, "resume", "It goes on.");
	c->told = now;
}

static void
say_paused(struct job *j, const char *before)
{
	char text[SAY_TEXT_MAX];

	(void)snprintf(text, sizeof(text), "Paused before %s.", before);
	say(j, "pause", text);
	say_doing(j, "paused", text);
}

static bool
window_ended(const struct job *j)
{
	int64_t end = j->control->fd >= 0 ? j->control->now.window_end_us : j->spec.window_end_us;

	return end != 0 && gh_clock_now() >= end;
}

/* Between two steps the record is always read, however quick they were. */
bool
control_paused(struct job *j)
{
	if (j->control == NULL)
		return false;
	j->control->looked = 0;
	control_answer(j);
	return j->control->now.pause;
}

enum gh_code
control_gate(struct job *j, const char *before, struct gh_err *err)
{
	struct control *c = j->control;
	int64_t serial = 0;
	bool said = false;
	char when[GH_CLOCK_LEN];

	(void)control_paused(j);
	while (c != NULL && !job_stopped(j) && c->now.pause && !window_ended(j)) {
		/* It may have been resumed and paused again between two looks: that is a pause to answer. */
		if (!said || c->now.serial > serial + 1)
			say_paused(j, before);
		said = true;
		serial = c->now.serial;
		job_sleep(j, PAUSE_MS);
		control_answer(j);
		if (c->alive != NULL)
			GH_TRY(c->alive(c->alive_arg, err));
	}
	/* What ended the pause may have been seen by job_stopped first. */
	control_answer(j);
	(void)gh_fault("job.control.gate");
	if (job_stopped(j))
		return gh_fail(err, GH_CONFLICT, "%s before %s", control_why(j), before);
	if (c != NULL && window_ended(j)) {
		c->over = true;
		return gh_fail(err, GH_CONFLICT, "the window has ended at %s, so %s was not begun",
		    gh_clock_utc(c->fd >= 0 ? c->now.window_end_us : j->spec.window_end_us, when), before);
	}
	return GH_OK;
}
