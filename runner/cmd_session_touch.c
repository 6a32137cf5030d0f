/*
 * session.touch: a session is in use, so that it does not end for idleness.  No entry in the ledger.
 *
 *   call   -
 *   reply  -
 */
#include "base/ban.h"
#include "runner/cmd.h"
#include "store/person_write.h"

static enum gh_code
cmd_session_touch_run(struct cmd_ctx *c, struct wire_in *in, struct gh_err *err)
{
	GH_TRY(wire_end(in, err));
	return store_session_touch(c->store, c->actor.session, c->now, err);
}

const struct cmd cmd_session_touch = {
	.op = WIRE_SESSION_TOUCH,
	.needs = ROLE_ANY,
	.ways = CMD_WEB,
	.writes = true,
	.bare = true,
	.quiet = true,
	.noun = "session",
	.run = cmd_session_touch_run,
};
