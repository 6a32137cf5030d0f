/*
 * delivery.retry: a message that could not be delivered is tried again, from the first attempt.
 *
 *   call   t key | t csrf | i id
 *   reply  -
 */
#include "base/ban.h"
#include "runner/cmd.h"
#include "runner/outbox.h"

static enum gh_code
cmd_delivery_retry_run(struct cmd_ctx *c, struct wire_in *in, struct gh_err *err)
{
	struct store_delivery_move m = {
		.id = wire_i64(in), .from = "failed", .to = "waiting", .next_at = c->now
	};
	struct store_delivery d;

	GH_TRY(wire_end(in, err));
	GH_TRY(store_delivery_get(c->store, c->arena, m.id, &d, err));
	if (strcmp(d.state, "failed") != 0)
		return gh_fail(err, GH_CONFLICT,
		    "delivery %" PRId64 " is %s: only one that failed is tried again", d.id, d.state);
	if (config_notify_find(c->config, d.channel) == NULL)
		return gh_fail(
		    err, GH_CONFLICT, "the channel \"%s\" is no longer in the configuration", d.channel);
	m.text = d.text;
	GH_TRY(store_delivery_move(c->store, &m, err));
	c->target = d.target;
	c->text = gh_printf(c->arena, "channel %s, %s", d.channel, d.subject);
	outbox_soon(c->runner);
	return GH_OK;
}

const struct cmd cmd_delivery_retry = {
	.op = WIRE_DELIVERY_RETRY,
	.needs = ROLE_LEAD | ROLE_ADMIN,
	.ways = CMD_WEB | CMD_CLI,
	.writes = true,
	.noun = "delivery",
	.by = CMD_BY_ID,
	.run = cmd_delivery_retry_run,
};
