#include "base/ban.h"
#include "cli/cli.h"

#include <poll.h>

enum { REHEARSAL = 0, MIGRATIONS, STEPS, LOSSES };

#define EVERY_MS 500

static enum gh_code
part(struct cli *c, int64_t request, uint8_t what, struct wire_table *ret, struct gh_err *err)
{
	GH_TEXT ask = { 0 };
	struct wire_out out = { .text = &ask };

	wire_put_i64(&out, request);
	wire_put_u8(&out, what);
	wire_put_i64(&out, c->cursor == NULL ? 0 : strtoll(c->cursor, NULL, 10));
	return cli_read(c, WIRE_READ_REHEARSAL, &ask, ret, err);
}

static enum gh_code
add(struct cli *c, int64_t request, int64_t *ret, struct gh_err *err)
{
	GH_TEXT fields = { 0 };
	struct wire_out out = { .text = &fields };
	WIRE_REPLY reply = { 0 };

	cli_put_head(c, &out);
	wire_put_i64(&out, request);
	GH_TRY(cli_call(c, WIRE_REHEARSAL_ADD, &fields, &reply, err));
	*ret = wire_i64(&reply.fields);
	return wire_end(&reply.fields, err);
}

static bool
is_over(const char *state)
{
	return strcmp(state, "done") == 0 || strcmp(state, "failed") == 0;
}

/* Until the newest rehearsal of the plan has ended. */
static enum gh_code
wait_for(struct cli *c, int64_t request, struct wire_table *ret, struct gh_err *err)
{
	for (;;) {
		const struct wire_cell *state = NULL;

		GH_TRY(part(c, request, REHEARSAL, ret, err));
		if (ret->n_rows == 0)
			return gh_fail(err, GH_INTERNAL, "the rehearsal is gone");
		GH_TRY(cli_cell(ret, 0, "state", &state, err));
		if (is_over(state->text))
			return GH_OK;
		(void)poll(NULL, 0, EVERY_MS);
	}
}

static void
print(struct cli *c, const struct wire_table *t)
{
	GH_TEXT out = { 0 };

	cli_print(c, t, &out);
	(void)fputs(gh_text_str(&out), stdout);
}

/* How it went decides the exit code: a pipeline may depend on it. */
static enum gh_code
result(struct cli *c, int64_t request, const struct wire_table *t, enum cli_exit *ret, struct gh_err *err)
{
	static const struct {
		uint8_t what;
		const char *name;
	} parts[] = { { MIGRATIONS, "migrations" }, { STEPS, "statements" }, { LOSSES, "destroys" } };
	const struct wire_cell *state = NULL, *good = NULL;
	size_t i;

	GH_TRY(cli_cell(t, 0, "state", &state, err));
	GH_TRY(cli_cell(t, 0, "good", &good, err));
	*ret = strcmp(state->text, "done") != 0 || strcmp(good->text, "yes") != 0 ? CLI_FAILED : CLI_OK;
	if (c->json)
		(void)fputs("{\"rehearsal\":", stdout);
	print(c, t);
	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		struct wire_table more;

		GH_TRY(part(c, request, parts[i].what, &more, err));
		if (c->json)
			(void)printf(",\"%s\":", parts[i].name);
		else if (more.n_rows > 0)
			(void)printf("\n%s\n", parts[i].name);
		if (c->json || more.n_rows > 0)
			print(c, &more);
	}
	if (c->json)
		(void)fputs("}\n", stdout);
	return GH_OK;
}

static enum gh_code
rehearse(struct cli *c, enum cli_exit *ret, struct gh_err *err)
{
	int64_t request = 0, rehearsal = 0;
	struct wire_table t;

	GH_TRY(cli_id(c, "request", &request, err));
	GH_TRY(add(c, request, &rehearsal, err));
	if (!c->wait) {
		(void)printf("rehearsal %" PRId64 " of request %" PRId64 " is queued\n", rehearsal, request);
		*ret = CLI_WAITING;
		return GH_OK;
	}
	GH_TRY(wait_for(c, request, &t, err));
	return result(c, request, &t, ret, err);
}

const struct cli_command cli_command_rehearse = {
	.name = "rehearse",
	.usage = "REQUEST [--wait]",
	.help = "carry a request's plan out on a copy of its target: up, down and up again",
	.run = rehearse,
};
