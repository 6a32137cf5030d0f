/*
 * read.deliveries: messages to the channels, newest first.
 *
 *   call   t state ("" all, waiting, sending, sent, failed) | t channel ("" all) | t cursor | i limit
 *   reply  a table
 */
#include "base/ban.h"
#include "runner/read.h"
#include "store/message.h"

static bool
state_known(const char *state)
{
	static const char *const states[] = { "", "waiting", "sending", "sent", "failed" };
	size_t i;

	for (i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
		if (strcmp(states[i], state) == 0)
			return true;
	}
	return false;
}

static enum gh_code
cmd_read_deliveries_run(struct cmd_ctx *c, struct wire_in *in, struct gh_err *err)
{
	static const char *const columns[] = { "delivery", "at", "event", "target", "channel", "kind",
		"state", "attempts", "next_at", "sent_at", "answer", "request", "run" };
	struct store_delivery_filter f = { .state = wire_text(in, c->arena),
		.channel = wire_text(in, c->arena) };
	const char *cursor = wire_text(in, c->arena);
	struct store_deliveries list = { 0 };
	struct wire_table_out out;
	size_t i;

	f.limit = wire_i64(in);
	GH_TRY(wire_end(in, err));
	GH_TRY(cmd_cursor(cursor, &f.before, err));
	if (!state_known(f.state))
		return gh_fail(err, GH_BAD_INPUT,
		    "a delivery is waiting, sending, sent or failed, not \"%.40s\"", f.state);
	GH_TRY(store_delivery_list(c->store, c->arena, &f, &list, err));
	READ_START(&out, c, columns);
	for (i = 0; i < list.n && !read_full(c); i++) {
		const struct store_delivery *d = &list.rows[i];

		wire_table_int(&out, d->id);
		wire_table_time(&out, d->created_at);
		wire_table_text(&out, d->event);
		wire_table_text(&out, d->target);
		wire_table_text(&out, d->channel);
		wire_table_text(&out, d->kind);
		wire_table_text(&out, d->state);
		wire_table_int(&out, d->attempts);
		wire_table_time(&out, strcmp(d->state, "waiting") == 0 ? d->next_at : 0);
		wire_table_time(&out, d->sent_at);
		wire_table_text(&out, read_text(c, d->text));
		read_id(&out, d->request_id);
		read_id(&out, d->run_id);
	}
	wire_table_end(&out, read_cursor(c, i > 0 && i < list.n ? list.rows[i - 1].id : list.next));
	return GH_OK;
}

const struct cmd cmd_read_deliveries = {
	.op = WIRE_READ_DELIVERIES,
	.needs = ROLE_ANY,
	.ways = CMD_CLI,
	.run = cmd_read_deliveries_run,
};
