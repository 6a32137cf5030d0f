/*
 * incident.note: anybody who is signed in adds to an open incident.  Notes are not changed: a correction is
 * another note.
 *
 *   call   t key | t csrf | i id | t text
 *   reply  i note
 */
#include "base/ban.h"
#include "runner/cmd.h"
#include "runner/incident.h"
#include "runner/shelf.h"
#include "store/ledger_write.h"

static enum gh_code
cmd_incident_note_run(struct cmd_ctx *c, struct wire_in *in, struct gh_err *err)
{
	int64_t id = wire_i64(in), note = 0;
	const char *text = wire_text(in, c->arena);
	struct store_incident incident;

	GH_TRY(wire_end(in, err));
	GH_TRY(cmd_text_check("text", text, 1, INCIDENT_TEXT_MAX, err));
	GH_TRY(store_incident_get(c->store, c->arena, id, &incident, err));
	GH_TRY(store_note_add(c->store, id, c->actor.person, text, c->now, &note, err));
	c->target = incident.target;
	c->text = gh_printf(c->arena, "note %" PRId64, note);
	shelf_kick(c->runner); /* it may name a backup */
	wire_put_i64(c->reply, note);
	return GH_OK;
}

const struct cmd cmd_incident_note = {
	.op = WIRE_INCIDENT_NOTE,
	.needs = ROLE_ANY,
	.ways = CMD_WEB | CMD_CLI,
	.writes = true,
	.noun = "incident",
	.by = CMD_BY_ID,
	.run = cmd_incident_note_run,
};
