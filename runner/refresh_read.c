#include "base/ban.h"
#include "runner/refresh_read.h"
#include "base/io.h"

#include <sys/wait.h>

void
refresh_reader_done(struct refresh_reader *r)
{
	gh_fd_done(&r->fd);
	gh_text_done(&r->buf);
	gh_arena_done(&r->frame);
	gh_arena_done(&r->all);
}

const char *
refresh_died(int status, struct gh_arena *a)
{
	if (WIFSIGNALED(status))
		return gh_printf(a, "was ended by signal %d", WTERMSIG(status));
	return gh_printf(a, "ended with status %d", WEXITSTATUS(status));
}

const char *
refresh_failure(
    const struct refresh_reader *r, const char *job, const struct refresh_result *res, struct gh_arena *a)
{
	if (r->outcome != 0)
		return gh_strdup(a, r->sentence);
	return gh_printf(a, "the %s job %s: look again, and see the log when it stays so", job,
	    refresh_died(res->status, a));
}

static enum gh_code
outcome_frame(struct refresh_reader *r, struct wire_in *in, struct gh_err *err)
{
	r->outcome = (enum wire_outcome)wire_u8(in);
	r->sentence = wire_text(in, &r->all);
	return wire_end(in, err);
}

static enum gh_code
detected_frame(struct refresh_reader *r, struct wire_in *in, struct gh_err *err)
{
	r->convention = wire_text(in, &r->all);
	r->why = wire_text(in, &r->all);
	r->detected = true;
	return wire_end(in, err);
}

enum gh_code
refresh_read_all(
    struct refresh_reader *r, const char *path, refresh_frame_fn *fn, void *data, struct gh_err *err)
{
	struct wire_event e;
	bool got = true;

	r->frame.limit = GH_TEXT_LIMIT;
	r->all.limit = (size_t)1 << 30;
	r->fd = open(path, O_RDONLY | O_CLOEXEC);
	if (r->fd < 0)
		return gh_fail_errno(err, GH_INTERNAL, "cannot open %s", path);
	for (;;) {
		GH_TRY(wire_follow_next(&r->at, r->fd, &r->buf, &e, &got, err));
		if (!got)
			return GH_OK;
		if (e.kind == WIRE_J_OUTCOME)
			GH_TRY(outcome_frame(r, &e.fields, err));
		else if (e.kind == WIRE_J_DETECTED)
			GH_TRY(detected_frame(r, &e.fields, err));
		else
			GH_TRY(fn(r, data, &e, err));
		gh_arena_done(&r->frame);
	}
}
