#include "base/ban.h"
#include "runner/dispatch.h"
#include "store/person_write.h"

/* A key belongs to who used it: nobody can take another's. */
static const char *
own_key(struct cmd_ctx *c, const char *key)
{
	return gh_printf(c->arena, "%" PRId64 ":%s", c->actor.person, key);
}

enum gh_code
answer_find(
    struct cmd_ctx *c, const struct cmd *row, const char *key, struct store_answer **ret, struct gh_err *err)
{
	size_t len = strlen(key);

	*ret = NULL;
	if (len == 0 && c->actor.way == CMD_CLI)
		return GH_OK;
	if (len == 0 || len > CMD_KEY_MAX ||
	    strspn(key, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") != len)
		return gh_fail(err, GH_BAD_INPUT,
		    "the key of the form must be 1 to %d letters, digits and dashes", CMD_KEY_MAX);
	GH_TRY(store_answer_find(c->store, c->arena, own_key(c, key), ret, err));
	if (*ret != NULL && strcmp((*ret)->op, wire_op_name(row->op)) != 0)
		return gh_fail(
		    err, GH_CONFLICT, "this form was used for something else already: load the page again");
	return GH_OK;
}

enum gh_code
answer_keep(struct cmd_ctx *c, const struct cmd *row, const char *key, const struct gh_text *reply,
    struct gh_err *err)
{
	struct store_answer answer = { .actor = c->actor.name,
		.op = wire_op_name(row->op),
		.code = GH_OK,
		.reply = gh_text_str(reply),
		.reply_len = reply->len,
		.created_at = c->now };

	if (key[0] == '\0')
		return GH_OK;
	return store_answer_add(c->store, own_key(c, key), &answer, err);
}
