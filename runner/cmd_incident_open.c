/*
 * incident.open: anybody who is signed in records that something went wrong.
 *
 *   call   t key | t csrf | t title | t severity (low, medium, high) | t target ("" none) | t text ("" no
 * first note) reply  i id
 *
 * The form token is for "incident".
 */
#include "base/ban.h"
#include "runner/cmd.h"
#include "runner/incident.h"
#include "runner/shelf.h"
#include "store/ledger_write.h"
#include "store/project.h"

static enum gh_code
cmd_incident_open_run(struct cmd_ctx *c, struct wire_in *in, struct gh_err *err)
{
	const char *title = wire_text(in, c->arena), *severity = wire_text(in, c->arena);
	struct store_incident_new new = {
		.title = title, .severity = severity, .person_id = c->actor.person, .now = c->now
	};
	const char *target_name = wire_text(in, c->arena), *text = wire_text(in, c->arena);
	struct store_target target = { 0 };
	int64_t id = 0, note = 0;

	GH_TRY(wire_end(in, err));
	GH_TRY(cmd_text_check("title", new.title, 1, INCIDENT_TITLE_MAX, err));
	GH_TRY(cmd_text_check("text", text, 0, INCIDENT_TEXT_MAX, err));
	if (strcmp(new.severity, "low") != 0 && strcmp(new.severity, "medium") != 0 &&
	    strcmp(new.severity, "high") != 0)
		return gh_fail(err, GH_BAD_INPUT, "severity is low, medium or high");
	if (target_name[0] != '\0') {
		GH_TRY(store_target_get(c->store, c->arena, target_name, &target, err));
		new.target_id = target.id;
		c->target = target.name;
	}
	GH_TRY(store_incident_add(c->store, &new, &id, err));
	if (text[0] != '\0')
		GH_TRY(store_note_add(c->store, id, c->actor.person, text, c->now, &note, err));
	c->subject = gh_printf(c->arena, "incident/%" PRId64, id);
	c->text = new.title;
	shelf_kick(c->runner); /* it may name a backup */
	wire_put_i64(c->reply, id);
	return GH_OK;
}

const struct cmd cmd_incident_open = {
	.op = WIRE_INCIDENT_OPEN,
	.needs = ROLE_ANY,
	.ways = CMD_WEB | CMD_CLI,
	.writes = true,
	.noun = "incident",
	.run = cmd_incident_open_run,
};
