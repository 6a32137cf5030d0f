#include "base/ban.h"
#include "base/io.h"
#include "runner/read.h"
#include "store/project.h"

bool
read_full(const struct cmd_ctx *c)
{
	return c->reply->text->len > READ_FULL;
}

const char *
read_cursor(struct cmd_ctx *c, int64_t at)
{
	return at == 0 ? "" : gh_printf(c->arena, "%" PRId64, at);
}

const char *
read_text(struct cmd_ctx *c, const char *s)
{
	size_t len = gh_utf8_cut(s, strlen(s), READ_TEXT_MAX);

	return s[len] == '\0' ? s : gh_printf(c->arena, "%.*s ...", (int)len, s);
}

void
read_id(struct wire_table_out *t, int64_t id)
{
	if (id == 0)
		wire_table_text(t, NULL);
	else
		wire_table_int(t, id);
}

void
read_number(struct wire_table_out *t, int64_t n)
{
	if (n < 0)
		wire_table_text(t, NULL);
	else
		wire_table_int(t, n);
}

void
read_took(struct wire_table_out *t, int64_t began_at, int64_t ended_at)
{
	wire_table_span(t, began_at == 0 || ended_at == 0 ? -1 : ended_at - began_at);
}

enum gh_code
read_target(struct cmd_ctx *c, const char *name, int64_t *ret, struct gh_err *err)
{
	struct store_target target;

	*ret = 0;
	if (name[0] == '\0')
		return GH_OK;
	GH_TRY(store_target_get(c->store, c->arena, name, &target, err));
	*ret = target.id;
	return GH_OK;
}
