#include "base/ban.h"
#include "cgi/show.h"
#include "store/message.h"

/* GET /deliveries: what the channels were told, newest first. */
#define DELIVERIES_A_PAGE 50

static void
show_delivery(struct req *req, struct view *item, const struct store_delivery *d)
{
	bool waiting = strcmp(d->state, "waiting") == 0;
	bool may = strcmp(d->state, "failed") == 0 && req_has_role(req, ROLE_LEAD | ROLE_ADMIN);
	struct view *retry;

	view_int(item, "id", d->id);
	view_time(item, "created_at", d->created_at);
	view_text(item, "event", d->event);
	view_text(item, "subject", d->subject);
	view_text(item, "target", d->target);
	view_text(item, "environment", d->environment);
	view_int(item, "request", d->request_id);
	view_int(item, "run", d->run_id);
	if (d->run_id != 0)
		view_url(item, "url", "/runs/%d64", d->run_id);
	else if (d->request_id != 0)
		view_url(item, "url", "/requests/%d64", d->request_id);
	else
		view_url(item, "url", "/targets/%s", d->target);
	view_text(item, "channel", d->channel);
	view_text(item, "kind", d->kind);
	view_text(item, "state", d->state);
	show_mark(item, "mark", d->state);
	view_int(item, "attempts", d->attempts);
	view_text(item, "tries", d->attempts == 0 ? "" : show_count(req, d->attempts, "attempt", "attempts"));
	view_time(item, "next_at", waiting ? d->next_at : 0);
	view_time(item, "sent_at", d->sent_at);
	view_text(item, "answer", d->text);
	if (!may) {
		view_text(item, "retry", "");
		return;
	}
	retry = view_form(item, "retry");
	view_url(retry, "url", "/deliveries/%d64/retry", d->id);
	req_formf(req, retry, "form", WIRE_DELIVERY_RETRY, "delivery/%" PRId64, d->id);
}

static enum gh_code
show_channels(struct req *req, struct view *v, const char *selected, struct gh_err *err)
{
	struct store_channels channels;
	const char **names;
	size_t i;

	GH_TRY(store_delivery_channel_list(req->store, req->arena, &channels, err));
	names = gh_alloc_n(req->arena, channels.n + 1, sizeof(*names));
	for (i = 0; i < channels.n; i++)
		names[i] = channels.rows[i].name;
	return show_choices(v, "channels", names, selected, err);
}

static enum gh_code
page_deliveries_run(struct req *req, struct view *v, struct gh_err *err)
{
	static const char *const states[] = { "waiting", "sending", "sent", "failed", NULL };
	struct store_delivery_filter f = { .state = req_query(req, "state"),
		.channel = req_query(req, "channel"),
		.limit = req->format == REQ_HTML ? DELIVERIES_A_PAGE : STORE_PAGE_MAX };
	struct store_deliveries deliveries;
	struct view *list;
	size_t i;

	GH_TRY(req_query_int(req, "before", 1, INT64_MAX, 0, &f.before, err));
	GH_TRY(show_choices(v, "states", states, f.state, err));
	GH_TRY(show_channels(req, v, f.channel, err));
	GH_TRY(store_delivery_list(req->store, req->arena, &f, &deliveries, err));
	list = view_list(v, "deliveries");
	for (i = 0; i < deliveries.n; i++)
		show_delivery(req, view_item(list), &deliveries.rows[i]);
	show_list(req, v, deliveries.n);
	show_formats(req, v);
	show_next(req, v, deliveries.next);
	return GH_OK;
}

const struct page page_deliveries = {
	.path = "/deliveries",
	.tpl = TPL_DELIVERIES,
	.title = "Deliveries",
	.nav = "deliveries",
	.csv = "deliveries",
	.query = { "state", "channel", "before" },
	.run = page_deliveries_run,
};
