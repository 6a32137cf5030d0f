#include "base/ban.h"
#include "cgi/request_view.h"

#include "base/duration.h"
#include "base/io.h"
#include "cgi/request_conditions.h"
#include "cgi/request_policy.h"
#include "store/plan.h"

#define PLAN_READ ((size_t)96 << 20) /* the limit of a plan */

/* The value of a line "NAME value" in the head of a plan, before its migrations; "" when there is none. */
static const char *
plan_line(struct req *req, const struct gh_text *bytes, const char *name)
{
	const char *at = gh_text_str(bytes), *end;
	size_t len = strlen(name);

	while ((end = strchr(at, '\n')) != NULL && strncmp(at, "migrations ", 11) != 0) {
		if (strncmp(at, name, len) == 0 && at[len] == ' ')
			return gh_strndup(req->arena, at + len + 1, (size_t)(end - at) - len - 1);
		at = end + 1;
	}
	return "";
}

/* A number of the policy, which stands in the head line by line. */
static int64_t
policy_number(struct req *req, const struct gh_text *bytes, const char *name)
{
	int64_t value = 0;

	(void)gh_parse_i64(plan_line(req, bytes, name), 0, INT64_MAX, &value);
	return value;
}

static const char *
timeout_text(struct req *req, int64_t ms)
{
	char span[GH_CLOCK_LEN];

	return ms == 0 ? "none" : gh_printf(req->arena, "%s", gh_clock_span(ms * 1000, span));
}

static const char *
backup_text(struct req *req, const struct gh_text *bytes)
{
	int64_t outside = request_outside_ms(req, gh_text_str(bytes));
	const char *act = plan_line(req, bytes, "act");
	char most[GH_DURATION_LEN];

	if (strcmp(act, "mark") == 0 || strcmp(act, "repair") == 0 || strcmp(act, "side") == 0)
		return "none: it touches no data";
	if (outside > 0)
		return gh_printf(req->arena, "one that others took within %s; the run takes none of its own",
		    gh_duration_text(outside, most));
	return policy_number(req, bytes, "backup") != 0 ? "taken before anything runs" : "none is asked for";
}

enum gh_code
request_view_plan(struct req *req, struct view *v, const struct store_request *r, struct gh_err *err)
{
	GH_TEXT bytes = { .limit = PLAN_READ };
	const char *after;
	bool up;

	GH_TRY(store_plan_read(req->store, r->plan_digest, &bytes, err));
	after = plan_line(req, &bytes, "after");
	up = strcmp(plan_line(req, &bytes, "direction"), "up") == 0;
	view_text(v, "from", *after == '\0' || strcmp(after, "-") == 0 ? "nothing applied" : after);
	view_text(v, "backup", backup_text(req, &bytes));
	view_text(v, "on_failure",
	    strcmp(plan_line(req, &bytes, "act"), "restore") == 0 ||
		    strcmp(plan_line(req, &bytes, "act"), "side") == 0
		? "the new database is dropped; nothing has changed"
		: up && policy_number(req, &bytes, "rollback_on_failure") != 0
		? "what this run committed is taken back with the down SQL"
		: "the failing migration is rolled back; those before it stay");
	view_text(v, "timeouts",
	    gh_printf(req->arena, "lock %s, statement %s",
		timeout_text(req, policy_number(req, &bytes, "lock_timeout_ms")),
		timeout_text(req, policy_number(req, &bytes, "statement_timeout_ms"))));
	request_policy_show(req, v, gh_text_str(&bytes), bytes.len);
	return request_conditions_show(req, v, r, gh_text_str(&bytes), err);
}

static void
offer(struct req *req, struct view *v, const char *name, enum wire_op op, int64_t id)
{
	struct view *form = view_form(v, name);

	switch ((int)op) {
	case WIRE_REQUEST_APPROVE:
		view_url(form, "url", "/requests/%d64/approve", id);
		break;
	case WIRE_REQUEST_REFUSE:
		view_url(form, "url", "/requests/%d64/refuse", id);
		break;
	default:
		view_url(form, "url", "/requests/%d64/withdraw", id);
		break;
	}
	req_formf(req, form, "form", op, "request/%" PRId64, id);
}

static void
why_not(struct view *v, const char *tone, const char *icon, const char *title, const char *text)
{
	struct view *why = view_form(v, "why_not");

	view_text(why, "tone", tone);
	view_text(why, "icon", icon);
	view_text(why, "title", title);
	view_text(why, "text", text);
}

static void
explain_state(struct view *v, const struct store_request *r)
{
	static const struct {
		const char *state, *tone, *icon, *title, *text;
	} rows[] = {
		{ "approved", "good", "check", "Approved", "The run starts as soon as the target is free." },
		{ "refused", "bad", "ban", "Sent back", "It will not run. Ask again with what was missing." },
		{ "withdrawn", "calm", "undo-2", "Withdrawn", "It will not run." },
		{ "expired", "calm", "clock", "Expired",
		    "Nobody decided in time. Ask again if it is still wanted." },
		{ "stale", "odd", "file-warning", "This plan no longer fits",
		    "What would run is no longer what was shown. Ask again: the new request shows the new "
		    "SQL." },
	};
	size_t i;

	view_text(v, "why_not", "");
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (strcmp(rows[i].state, r->state) == 0)
			why_not(v, rows[i].tone, rows[i].icon, rows[i].title,
			    *r->state_text == '\0'
				? rows[i].text
				: gh_printf(v->arena, "%s %s", r->state_text, rows[i].text));
	}
}

static bool
has_decided(const struct req *req, const struct store_approvals *approvals)
{
	size_t i;

	for (i = 0; i < approvals->n; i++) {
		if (approvals->rows[i].person_id == req->session.person_id)
			return true;
	}
	return false;
}

void
request_view_decision(struct req *req, struct view *v, const struct store_request *r,
    const struct store_approvals *approvals, bool cut)
{
	bool waiting = strcmp(r->state, "waiting") == 0;
	bool movable = waiting || strcmp(r->state, "approved") == 0;
	bool own = r->person_id == req->session.person_id;
	bool may = waiting && !own && req_has_role(req, ROLE_LEAD) && !has_decided(req, approvals) &&
	    r->expires_at > req->now_us;

	view_text(v, "approve", "");
	view_text(v, "refuse", "");
	view_text(v, "withdraw", "");
	view_text(v, "when", r->given + 1 >= r->needed ? "you approve" : "another lead has approved too");
	if (may) {
		offer(req, v, "approve", WIRE_REQUEST_APPROVE, r->id);
		offer(req, v, "refuse", WIRE_REQUEST_REFUSE, r->id);
	}
	if (movable && (own || req_has_role(req, ROLE_ADMIN)))
		offer(req, v, "withdraw", WIRE_REQUEST_WITHDRAW, r->id);
	if (!waiting)
		explain_state(v, r);
	else if (may && cut)
		why_not(v, "odd", "file-warning", "Not all of the SQL is shown",
		    "This page has a limit. Before you approve, compare the files of your checkout with the "
		    "SHA-256 "
		    "of each migration: these are the bytes that run.");
	else if (may)
		view_text(v, "why_not", "");
	else if (r->expires_at <= req->now_us)
		why_not(v, "calm", "clock", "Its time is over",
		    "Ask again: the new request shows the SQL of today.");
	else if (own)
		why_not(v, "calm", "users-round", "This is your own request",
		    "Nobody approves a request of their own: another person who is a lead reads it.");
	else if (!req_has_role(req, ROLE_LEAD))
		why_not(v, "calm", "users-round", "A lead decides",
		    "You may read everything here; approving takes the role lead.");
	else
		why_not(v, "calm", "check", "You have decided", "It waits for another lead.");
}
