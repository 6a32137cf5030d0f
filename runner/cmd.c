#include "base/ban.h"
#include "runner/dispatch.h"
#include "base/fault.h"
#include "base/log.h"
#include "runner/work.h"
#include "store/person_write.h"
#include "wire/csrf.h"

/* What comes before the command's own fields. */
struct head {
	const unsigned char *token;
	const char *key, *csrf;
};

/* "incident", "request/12", "person/lead"; in is a copy, so the command reads the field again. */
static enum gh_code
subject_find(struct cmd_ctx *c, const struct cmd *row, struct wire_in in, struct gh_err *err)
{
	const char *name = "";

	c->subject = row->noun;
	if (row->by == CMD_BY_ID)
		c->subject = gh_printf(c->arena, "%s/%" PRId64, row->noun, wire_i64(&in));
	else if (row->by == CMD_BY_NAME)
		name = wire_text(&in, c->arena);
	/* It goes into the ledger even when the act is refused: not too long, then. */
	GH_TRY(cmd_text_check(row->noun, name, 0, 64, err));
	if (row->by == CMD_BY_NAME)
		c->subject = gh_printf(c->arena, "%s/%s", row->noun, name);
	if (in.bad != NULL)
		return gh_fail(err, GH_BAD_INPUT, "the message is malformed: %s", in.bad);
	return GH_OK;
}

static enum gh_code
csrf_check(struct cmd_ctx *c, const struct cmd *row, const struct head *h, struct gh_err *err)
{
	char want[GH_SHA256_HEX_LEN];

	if (c->actor.way == CMD_CLI) {
		if (h->csrf[0] != '\0')
			return gh_fail(err, GH_BAD_INPUT, "a form token has no place on admin.sock");
		return GH_OK;
	}
	wire_csrf(h->token, row->op, c->subject, want);
	if (strlen(h->csrf) != sizeof(want) - 1 || !gh_equal(h->csrf, want, sizeof(want) - 1))
		return gh_fail(err, GH_FORBIDDEN, "this form is not from your session: load the page again");
	return GH_OK;
}

enum gh_code
cmd_role_check(const struct cmd_ctx *c, unsigned needs, const char *what, struct gh_err *err)
{
	if ((c->actor.roles & needs) != 0)
		return GH_OK;
	return gh_fail(err, GH_FORBIDDEN, "%s needs a role that you do not have: %s", what,
	    store_roles_text(needs, c->arena));
}

/* All checks that need not know what the command does. */
static enum gh_code
admit(struct cmd_ctx *c, const struct cmd *row, struct wire_in *in, struct head *h, struct gh_err *err)
{
	GH_TRY(actor_find(c, row, h->token, err));
	if (row->writes && !row->bare) {
		h->key = wire_text(in, c->arena);
		h->csrf = wire_text(in, c->arena);
	}
	if (in->bad != NULL)
		return gh_fail(err, GH_BAD_INPUT, "the message is malformed: %s", in->bad);
	if (row->writes)
		GH_TRY(subject_find(c, row, *in, err));
	if (!row->open)
		GH_TRY(cmd_role_check(c, row->needs, wire_op_name(row->op), err));
	if (row->writes && !row->bare)
		GH_TRY(csrf_check(c, row, h, err));
	return GH_OK;
}

/* Reads the same fields as run. */
static enum gh_code
intend(struct cmd_ctx *c, const struct cmd *row, struct wire_in in, struct gh_err *err)
{
	STORE_TX tx = { 0 };

	if (row->intend == NULL)
		return GH_OK;
	GH_TRY(store_begin(c->store, &tx, err));
	GH_TRY(row->intend(c, &in, err));
	GH_TRY(store_commit(&tx, err));
	(void)gh_fault("runner.cmd.intended");
	return GH_OK;
}

/* The command and all that is kept of it: nothing, or everything. */
static enum gh_code
act(struct cmd_ctx *c, const struct cmd *row, struct wire_in *in, const char *key, struct gh_err *err)
{
	struct store_answer *kept = NULL;
	STORE_TX secret = { 0 };
	STORE_TX tx = { 0 };
	enum gh_code code;

	if (!row->bare)
		GH_TRY(answer_find(c, row, key, &kept, err));
	if (kept != NULL) {
		gh_text_put_n(c->reply->text, kept->reply, kept->reply_len);
		return GH_OK;
	}
	GH_TRY(intend(c, row, *in, err));
	GH_TRY(store_begin(c->store, &tx, err));
	if (row->secret)
		GH_TRY(store_begin(c->secrets, &secret, err));
	code = row->run(c, in, err);
	if (c->deferred)
		return code;
	if (code != GH_OK && !c->keep)
		return code;
	if (!row->quiet && !c->quiet)
		GH_TRY(entry_add(c, row, code == GH_OK ? "ok" : "refused", code == GH_OK ? c->text : err->msg,
		    code == GH_OK ? err : NULL));
	if (code == GH_OK && !row->bare)
		GH_TRY(answer_keep(c, row, key, c->reply->text, err));
	if (gh_fault("runner.cmd.before-commit"))
		return gh_fail(err, GH_UNAVAILABLE, "the disk is full (injected)");
	/* The secrets first: what is left over there without the store is never looked at. */
	if (row->secret)
		GH_TRY(store_commit(&secret, err));
	(void)gh_fault("runner.cmd.between-commits");
	GH_TRY(store_commit(&tx, code == GH_OK ? err : NULL));
	(void)gh_fault("runner.cmd.after-commit");
	return code;
}

static enum gh_code
serve(struct cmd_ctx *c, const struct cmd *row, struct wire_in *in, struct head *h, struct gh_err *err)
{
	enum gh_code code = admit(c, row, in, h, err);

	if (code == GH_OK)
		code = row->writes ? act(c, row, in, h->key, err) : row->run(c, in, err);
	if (code == GH_OK && c->reply->bad != NULL)
		code = gh_fail(err, GH_INTERNAL, "the reply could not be written: %s", c->reply->bad);
	if (c->deferred || code == GH_OK)
		return code;
	/* With keep, the entry was part of what was kept. */
	if (!c->keep)
		entry_refused(c, row, err);
	return code;
}

enum gh_code
cmd_dispatch(struct runner *r, const struct cmd_frame *f, struct gh_text *reply, bool *ret_deferred,
    struct gh_err *err)
{
	struct wire_in in = { .at = f->data, .end = f->data + f->len };
	struct wire_out out = { .text = reply };
	GH_ARENA arena = { 0 };
	struct cmd_ctx c = { .runner = r,
		.arena = &arena,
		.store = r->store,
		.secrets = r->secrets,
		.config = r->config,
		.now = gh_clock_now(),
		.arrived = f->arrived,
		.reply = &out,
		.subject = "",
		.target = "",
		.text = "",
		.actor = { .way = f->way, .uid = f->uid, .name = "" } };
	struct head h = { .key = "", .csrf = "" };
	const struct cmd *row;
	enum gh_code code;
	unsigned op;

	*ret_deferred = false;
	op = wire_u16(&in);
	if (in.bad != NULL || (size_t)(in.end - in.at) < GH_TOKEN_LEN)
		return gh_fail(err, GH_BAD_INPUT, "the message is cut short");
	h.token = in.at;
	in.at += GH_TOKEN_LEN;
	row = cmd_find(op);
	if (row == NULL)
		return gh_fail(err, GH_BAD_INPUT, "there is no operation %u", op);
	if ((row->ways & (unsigned)f->way) == 0)
		return gh_fail(err, GH_FORBIDDEN, "%s is not for this socket", wire_op_name(op));
	code = serve(&c, row, &in, &h, err);
	if (c.deferred && !f->last) {
		*ret_deferred = true;
		code = GH_OK;
	}
	if (code != GH_OK || c.deferred)
		gh_text_clear(reply);
	if (code == GH_OK && c.kick)
		work_kick(r);
	if (!c.deferred || f->last)
		gh_log_info("command", "op=%s way=%s actor=\"%s\" subject=\"%s\" code=%s", wire_op_name(op),
		    f->way == CMD_WEB ? "web" : "cli", c.actor.name, c.subject, gh_code_name(code));
	return code;
}

enum gh_code
cmd_defer(struct cmd_ctx *c, struct gh_err *err, const char *fmt, ...)
{
	va_list ap;
	const char *text;

	va_start(ap, fmt);
	text = gh_vprintf(c->arena, fmt, ap);
	va_end(ap);
	c->deferred = true;
	return gh_fail(err, GH_UNAVAILABLE, "%s", text);
}
