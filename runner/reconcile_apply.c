#include "base/ban.h"
#include "runner/reconcile.h"
#include "base/fault.h"
#include "base/io.h"
#include "runner/follow_kind.h"
#include "runner/run_end.h"
#include "store/failure_write.h"
#include "store/plan.h"
#include "store/run_write.h"

struct source {
	int fd;
	struct wire_follow at;
	struct gh_text buf, plan_bytes;
	struct gh_arena plan_arena;
	struct plan plan;
};

static void
source_done(struct source *s)
{
	gh_fd_done(&s->fd);
	gh_text_done(&s->buf);
	gh_text_done(&s->plan_bytes);
	gh_arena_done(&s->plan_arena);
}

/* What was known already keeps its time and its words. */
static bool
known(const struct store_run_migrations *list, const struct follow_frame *f)
{
	return f->kind == WIRE_J_MIGRATION && f->migration >= 0 && (size_t)f->migration < list->n &&
	    list->rows[f->migration].position == f->migration &&
	    strcmp(list->rows[f->migration].state, wire_state_name(f->state)) == 0;
}

/* All frames; the last sentence of a job that had no answer is why. */
static enum gh_code
frames_put(struct store *st, struct source *s, const struct follow_run *run, enum wire_outcome *ret_outcome,
    struct gh_text *why, struct gh_err *err)
{
	GH_ARENA arena = { .limit = GH_TEXT_LIMIT };
	struct store_run_migrations list = { 0 };
	struct wire_event e;
	bool got = true;

	GH_TRY(store_run_migration_list(st, &arena, run->id, &list, err));
	for (;;) {
		GH_ARENA a = { 0 };
		struct follow_frame f;
		const struct follow_kind *k;

		GH_TRY(wire_follow_next(&s->at, s->fd, &s->buf, &e, &got, err));
		if (!got)
			return GH_OK;
		k = follow_kind_find(e.kind);
		if (k != NULL && k->reconcile)
			GH_TRY(k->put(st, run, &e, &a, err));
		if (k != NULL)
			continue;
		GH_TRY(follow_frame_read(&e, &a, &f, err));
		if (known(&list, &f))
			continue;
		GH_TRY(follow_rows_put(st, run, &f, &a, err));
		if (f.kind == WIRE_J_OUTCOME) {
			*ret_outcome = f.outcome;
			gh_text_clear(why);
			gh_text_put(why, f.text);
		}
	}
}

enum gh_code
reconcile_apply(struct runner *r, int64_t run_id, const char *path, enum wire_outcome *ret_outcome,
    char *text, size_t size, struct gh_err *err)
{
	__attribute__((cleanup(source_done))) struct source s = { .fd = -1 };
	GH_ARENA a = { 0 };
	GH_TEXT why = { .limit = 65536 };
	struct follow_run seen = { .id = run_id, .reconcile = true };
	struct store_run run;
	STORE_TX tx = { 0 };

	*ret_outcome = 0;
	s.plan_bytes.limit = PLAN_LIMIT;
	s.plan_arena.limit = PLAN_LIMIT;
	GH_TRY(store_run_get(r->store, &a, run_id, &run, err));
	seen.target_id = run.target_id;
	if (store_plan_read(r->store, run.plan_digest, &s.plan_bytes, NULL) == GH_OK &&
	    plan_read(gh_text_str(&s.plan_bytes), s.plan_bytes.len, &s.plan_arena, &s.plan, NULL) == GH_OK)
		seen.plan = &s.plan;
	s.fd = open(path, O_RDONLY | O_CLOEXEC);
	if (s.fd < 0)
		return gh_fail_errno(err, GH_INTERNAL, "cannot open %s", path);
	GH_TRY(store_begin(r->store, &tx, err));
	GH_TRY(store_failure_clear(r->store, run_id, err));
	GH_TRY(frames_put(r->store, &s, &seen, ret_outcome, &why, err));
	if (*ret_outcome == 0 || *ret_outcome == WIRE_UNKNOWN) {
		/* No answer: nothing of this attempt is kept but why. */
		(void)snprintf(text, size, "%s",
		    *ret_outcome == 0 ? "the job that looks into it is gone without an answer"
				      : gh_text_str(&why));
		return GH_OK;
	}
	GH_TRY(run_end(r, run_id, *ret_outcome, gh_text_str(&why), gh_clock_now(), err));
	(void)gh_fault("runner.reconcile.before-commit");
	GH_TRY(store_commit(&tx, err));
	(void)gh_fault("runner.reconcile.after-commit");
	return GH_OK;
}
