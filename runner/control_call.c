#include "base/ban.h"
#include "runner/control.h"
#include "store/control_write.h"
#include "store/project.h"
#include "store/run_write.h"

/* What the commands that tell a run something have in common. */

enum gh_code
control_call_read(
    struct cmd_ctx *c, int64_t id, const char *reason, struct control_call *ret, struct gh_err *err)
{
	struct store_target t;

	GH_TRY(cmd_text_check("reason", reason, 1, CONTROL_REASON_MAX, err));
	if (reason[strspn(reason, " \t\r\n")] == '\0')
		return gh_fail(err, GH_BAD_INPUT, "reason is missing: say why");
	GH_TRY(store_run_get(c->store, c->arena, id, &ret->run, err));
	c->target = ret->run.target;
	GH_TRY(store_target_get_id(c->store, c->arena, ret->run.target_id, &t, err));
	if (t.approvals > 0)
		GH_TRY(cmd_role_check(c, ROLE_LEAD, "tell a run of this target what to do", err));
	if (strcmp(ret->run.state, "queued") == 0)
		return gh_fail(err, GH_CONFLICT,
		    "run %" PRId64 " has not begun: withdraw its request when it shall not run", id);
	if (strcmp(ret->run.state, "running") != 0)
		return gh_fail(
		    err, GH_CONFLICT, "run %" PRId64 " is not running: it is %s", id, ret->run.state);
	GH_TRY(store_run_detail(c->store, c->arena, id, &ret->detail, err));
	if (strcmp(ret->detail.control, "cancelling") == 0)
		return gh_fail(err, GH_CONFLICT, "run %" PRId64 " is being cancelled already (%s)", id,
		    ret->detail.control_text);
	ret->reason = reason;
	return GH_OK;
}

enum gh_code
control_call_put(struct cmd_ctx *c, struct control_call *call, const char *what, struct gh_err *err)
{
	struct store_run_detail *d = &call->detail;

	d->control_text = gh_printf(c->arena, "%s: %s", c->actor.name, call->reason);
	GH_TRY(store_control_put(c->store, call->run.id, d, err));
	GH_TRY(store_event_add(c->store, call->run.id, "control",
	    gh_printf(c->arena, "%s %s: %s", c->actor.name, what, call->reason), c->now, err));
	c->text = gh_printf(c->arena, "%s: %s", what, call->reason);
	c->kick = true;
	return GH_OK;
}
