#include "base/ban.h"
#include "migration/policy.h"
#include "runner/follow_kind.h"
#include "store/control_write.h"
#include "store/hook_write.h"
#include "store/run_write.h"

/* What a run tells about its hooks, what it has looked at, and what it was told. */

static bool
when_known(const char *when)
{
	enum policy_when w;

	for (w = POLICY_BEFORE; w <= POLICY_BACKUP; w++) {
		if (strcmp(when, policy_when_name(w)) == 0)
			return true;
	}
	return false;
}

static bool
state_known(enum wire_state s, bool started)
{
	return (started && s == WIRE_STARTED) || s == WIRE_OK || s == WIRE_FAILED || s == WIRE_SKIPPED;
}

/* What begins makes no event: it has a row. */
static enum gh_code
hook_event(struct store *st, int64_t run_id, const struct store_hook *h, int64_t at, struct gh_arena *a,
    struct gh_err *err)
{
	const char *how = h->state;

	if (strcmp(h->state, "started") == 0)
		return GH_OK;
	if (h->exit_status > 256)
		how = gh_printf(a, "ended by signal %" PRId64, h->exit_status - 256);
	else if (h->exit_status > 0)
		how = gh_printf(a, "exit status %" PRId64, h->exit_status);
	else if (strcmp(h->state, "ok") == 0)
		how = "done";
	return store_event_add(
	    st, run_id, "hook", gh_printf(a, "Hook (%s) %s: %s", h->when, h->command, how), at, err);
}

static enum gh_code
hook_put(struct store *st, const struct follow_run *run, const struct wire_event *e, struct gh_arena *a,
    struct gh_err *err)
{
	struct wire_in in = e->fields;
	struct store_hook h = { .when = wire_text(&in, a), .position = wire_i64(&in) };
	enum wire_state state;

	h.command = wire_text(&in, a);
	state = (enum wire_state)wire_u8(&in);
	h.exit_status = wire_i64(&in);
	h.output = wire_text(&in, a);
	GH_TRY(follow_kind_end(&in, "HOOK", err));
	if (!when_known(h.when) || !state_known(state, true))
		return gh_fail(
		    err, GH_BAD_INPUT, "the journal is corrupt: a hook of an unknown kind or state");
	h.state = wire_state_name(state);
	GH_TRY(store_hook_put(st, run->id, &h, e->at_us, err));
	return hook_event(st, run->id, &h, e->at_us, a, err);
}

const struct follow_kind follow_hook = {
	.kind = WIRE_J_HOOK,
	.put = hook_put,
};

static enum gh_code
evidence_put(struct store *st, const struct follow_run *run, const struct wire_event *e, struct gh_arena *a,
    struct gh_err *err)
{
	struct wire_in in = e->fields;
	struct store_evidence v = { .at = e->at_us, .kind = wire_text(&in, a), .name = wire_text(&in, a) };
	enum wire_state state = (enum wire_state)wire_u8(&in);

	v.text = wire_text(&in, a);
	GH_TRY(follow_kind_end(&in, "EVIDENCE", err));
	if (!state_known(state, false))
		return gh_fail(err, GH_BAD_INPUT, "the journal is corrupt: evidence of an unknown state");
	v.state = wire_state_name(state);
	GH_TRY(store_evidence_add(st, run->id, &v, err));
	/* What is as it should be has its row; the list of events is about what is not. */
	if (state != WIRE_FAILED)
		return GH_OK;
	return store_event_add(st, run->id, "evidence",
	    gh_printf(a, "%s%s%s: %s", v.kind, v.name[0] == '\0' ? "" : " ", v.name, v.text), e->at_us, err);
}

const struct follow_kind follow_evidence = {
	.kind = WIRE_J_EVIDENCE,
	.reconcile = true,
	.put = evidence_put,
};

static enum gh_code
control_put(struct store *st, const struct follow_run *run, const struct wire_event *e, struct gh_arena *a,
    struct gh_err *err)
{
	struct wire_in in = e->fields;
	const char *what = wire_text(&in, a), *text = wire_text(&in, a);

	GH_TRY(follow_kind_end(&in, "CONTROL", err));
	/* Only what is still wanted is answered: somebody may have changed their mind since. */
	if (strcmp(what, "pause") == 0)
		GH_TRY(store_control_answer(st, run->id, "pausing", "paused", err));
	if (strcmp(what, "resume") == 0)
		GH_TRY(store_control_answer(st, run->id, "resuming", "", err));
	return store_event_add(st, run->id, "control",
	    gh_printf(a, "Told to %s: %s",
		strcmp(what, "window") == 0      ? "keep another window"
		    : strcmp(what, "speed") == 0 ? "change speed"
						 : what,
		text),
	    e->at_us, err);
}

const struct follow_kind follow_control = {
	.kind = WIRE_J_CONTROL,
	.put = control_put,
};
