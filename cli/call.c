#include "base/ban.h"
#include "cli/cli.h"
#include "base/io.h"

enum gh_code
cli_call(
    struct cli *c, enum wire_op op, const struct gh_text *fields, struct wire_reply *ret, struct gh_err *err)
{
	return wire_call(c->socket, op, NULL, fields, ret, err);
}

enum gh_code
cli_read(
    struct cli *c, enum wire_op op, const struct gh_text *fields, struct wire_table *ret, struct gh_err *err)
{
	WIRE_REPLY reply = { 0 };

	GH_TRY(cli_call(c, op, fields, &reply, err));
	return wire_table_read(&reply.fields, c->arena, ret, err);
}

void
cli_put_head(struct cli *c, struct wire_out *out)
{
	unsigned char random[16];
	char key[2 * sizeof(random) + 1];

	(void)c;
	gh_random(random, sizeof(random));
	gh_hex(random, sizeof(random), key);
	wire_put_text(out, key);
	wire_put_text(out, "");
}

enum gh_code
cli_cell(const struct wire_table *t, size_t row, const char *column, const struct wire_cell **ret,
    struct gh_err *err)
{
	static const struct wire_cell nothing = { .kind = 'n', .text = "" };
	size_t i;

	*ret = &nothing;
	for (i = 0; i < t->n_columns && row < t->n_rows; i++) {
		if (strcmp(t->columns[i], column) == 0) {
			*ret = &t->cells[row * t->n_columns + i];
			return GH_OK;
		}
	}
	return gh_fail(
	    err, GH_INTERNAL, "the runner's answer has no \"%s\": is it of another version?", column);
}

enum gh_code
cli_target(struct cli *c, const char **ret, struct gh_err *err)
{
	GH_TEXT fields = { 0 };
	struct wire_out out = { .text = &fields };
	const struct wire_cell *cell = NULL;
	struct wire_table t;

	if (c->target != NULL) {
		*ret = c->target;
		return GH_OK;
	}
	wire_put_text(&out, "");
	wire_put_text(&out, c->environment);
	GH_TRY(cli_read(c, WIRE_READ_STATUS, &fields, &t, err));
	if (t.n_rows == 0 && c->environment != NULL)
		return gh_fail(err, GH_BAD_INPUT, "no target is in environment \"%s\"", c->environment);
	if (t.n_rows == 0)
		return gh_fail(err, GH_BAD_INPUT, "no target is configured");
	if (t.n_rows > 1)
		return gh_fail(err, GH_BAD_INPUT,
		    "which target? There are %zu: say --target NAME (gatehouse status lists them)", t.n_rows);
	GH_TRY(cli_cell(&t, 0, "target", &cell, err));
	*ret = cell->text;
	return GH_OK;
}

enum gh_code
cli_id(struct cli *c, const char *what, int64_t *ret, struct gh_err *err)
{
	if (c->n_args != 1 || !gh_parse_i64(c->args[0], 1, INT64_MAX, ret))
		return gh_fail(err, GH_BAD_INPUT, "give the number of one %s", what);
	return GH_OK;
}

enum cli_exit
cli_exit_of_code(enum gh_code code)
{
	switch (code) {
	case GH_OK:
		return CLI_OK;
	case GH_BAD_INPUT:
		return CLI_USAGE;
	case GH_UNAUTHENTICATED:
	case GH_FORBIDDEN:
	case GH_NOT_FOUND:
	case GH_CONFLICT:
		return CLI_REFUSED;
	case GH_UNAVAILABLE:
	case GH_INTERNAL:
		return CLI_FAILED;
	}
	return CLI_FAILED;
}

enum cli_exit
cli_exit_of_state(const char *run_state)
{
	if (strcmp(run_state, "succeeded") == 0)
		return CLI_OK;
	if (strcmp(run_state, "failed-clean") == 0)
		return CLI_FAILED;
	if (strcmp(run_state, "queued") == 0 || strcmp(run_state, "running") == 0)
		return CLI_WAITING;
	return CLI_PERSON;
}
