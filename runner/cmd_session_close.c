/*
 * session.close: a person ends a session of their own.
 *
 *   call   t key | t csrf | i session (0: the one that sends this)
 *   reply  -
 *
 * GH_CONFLICT when it has ended already or is somebody else's.
 */
#include "base/ban.h"
#include "runner/cmd.h"
#include "store/person_write.h"
#include "store/secrets.h"

static enum gh_code
cmd_session_close_run(struct cmd_ctx *c, struct wire_in *in, struct gh_err *err)
{
	int64_t id = wire_i64(in);

	GH_TRY(wire_end(in, err));
	if (id == 0)
		id = c->actor.session;
	c->subject = gh_printf(c->arena, "session/%" PRId64, id);
	GH_TRY(store_session_end(c->store, id, c->actor.person, c->now, err));
	return store_token_delete(c->secrets, id, err);
}

const struct cmd cmd_session_close = {
	.op = WIRE_SESSION_CLOSE,
	.needs = ROLE_ANY,
	.ways = CMD_WEB,
	.writes = true,
	.secret = true,
	.noun = "session",
	.by = CMD_BY_ID,
	.run = cmd_session_close_run,
};
