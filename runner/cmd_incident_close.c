/*
 * incident.close: a lead, auditor or admin says that it is over.
 *
 *   call   t key | t csrf | i id | t text ("" no last note)
 *   reply  -
 */
#include "base/ban.h"
#include "runner/cmd.h"
#include "runner/incident.h"
#include "runner/shelf.h"
#include "store/ledger_write.h"

static enum gh_code
cmd_incident_close_run(struct cmd_ctx *c, struct wire_in *in, struct gh_err *err)
{
	int64_t id = wire_i64(in), note = 0;
	const char *text = wire_text(in, c->arena);
	struct store_incident incident;

	GH_TRY(wire_end(in, err));
	GH_TRY(cmd_text_check("text", text, 0, INCIDENT_TEXT_MAX, err));
	GH_TRY(store_incident_get(c->store, c->arena, id, &incident, err));
	if (text[0] != '\0')
		GH_TRY(store_note_add(c->store, id, c->actor.person, text, c->now, &note, err));
	GH_TRY(store_incident_close(c->store, id, c->actor.person, c->now, err));
	c->target = incident.target;
	c->kick = true; /* a target may be held for it */
	shelf_kick(c->runner);
	return GH_OK;
}

const struct cmd cmd_incident_close = {
	.op = WIRE_INCIDENT_CLOSE,
	.needs = ROLE_LEAD | ROLE_AUDITOR | ROLE_ADMIN,
	.ways = CMD_WEB | CMD_CLI,
	.writes = true,
	.noun = "incident",
	.by = CMD_BY_ID,
	.run = cmd_incident_close_run,
};
