#include "base/ban.h"
#include "runner/dispatch.h"
#include "base/log.h"
#include "store/ledger_write.h"

enum gh_code
entry_add(struct cmd_ctx *c, const struct cmd *row, const char *outcome, const char *text, struct gh_err *err)
{
	struct store_entry entry = { .at = c->now,
		.actor = c->actor.name,
		.way = c->actor.way == CMD_WEB ? "web" : "cli",
		.session = c->actor.session,
		.op = wire_op_name(row->op),
		.subject = c->subject,
		.target = c->target,
		.outcome = outcome,
		.text = text };
	int64_t seq = 0;

	return store_ledger_add(c->store, &entry, &seq, err);
}

static bool
worth_an_entry(enum gh_code code)
{
	switch (code) {
	case GH_UNAUTHENTICATED:
	case GH_FORBIDDEN:
	case GH_NOT_FOUND:
	case GH_CONFLICT:
		return true;
	case GH_OK:
	case GH_BAD_INPUT:
	case GH_UNAVAILABLE:
	case GH_INTERNAL:
		return false;
	}
	return false;
}

void
entry_refused(struct cmd_ctx *c, const struct cmd *row, const struct gh_err *why)
{
	const char *text = why->msg;
	struct gh_err err = { 0 };
	int64_t dropped = 0;

	if (!row->writes || row->quiet || !worth_an_entry(why->code) ||
	    !signin_entry(&c->runner->signin, gh_clock_mono(), &dropped))
		return;
	if (dropped > 0)
		text =
		    gh_printf(c->arena, "%s (and %" PRId64 " more refusals without an entry)", text, dropped);
	if (entry_add(c, row, "refused", text, &err) != GH_OK)
		gh_log_err("ledger.refused", &err);
}
