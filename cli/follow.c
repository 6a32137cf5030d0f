#include "base/ban.h"
#include "cli/cli.h"

#include <poll.h>

#define POLL_MS 300

static enum gh_code
read_part(
    struct cli *c, enum wire_op op, int64_t id, bool with_part, struct wire_table *ret, struct gh_err *err)
{
	GH_TEXT fields = { 0 };
	struct wire_out out = { .text = &fields };

	wire_put_i64(&out, id);
	if (with_part) {
		wire_put_u8(&out, 0);
		wire_put_i64(&out, 0);
	}
	GH_TRY(cli_read(c, op, &fields, ret, err));
	if (ret->n_rows != 1)
		return gh_fail(err, GH_INTERNAL, "the runner answered %zu rows, not one", ret->n_rows);
	return GH_OK;
}

void
cli_progress(const char *text, char *last, size_t size)
{
	bool tty = isatty(STDERR_FILENO) != 0;

	if (!tty && strcmp(text, last) == 0)
		return;
	(void)snprintf(last, size, "%s", text);
	(void)fprintf(stderr, tty ? "\r\033[K%s" : "%s\n", text);
	(void)fflush(stderr);
}

enum gh_code
cli_follow(struct cli *c, int64_t run, enum cli_exit *ret, struct gh_err *err)
{
	char last[512] = "";

	for (;;) {
		GH_ARENA round = { 0 };
		struct cli here = *c;
		const struct wire_cell *state = NULL, *text = NULL;
		struct wire_table t;

		here.arena = &round;
		GH_TRY(read_part(&here, WIRE_READ_RUN, run, true, &t, err));
		GH_TRY(cli_cell(&t, 0, "state", &state, err));
		GH_TRY(cli_cell(&t, 0, "sentence", &text, err));
		*ret = cli_exit_of_state(state->text);
		cli_progress(gh_printf(&round, "run %" PRId64 ": %s: %s", run, state->text, text->text), last,
		    sizeof(last));
		if (*ret != CLI_WAITING) {
			GH_TEXT out = { 0 };

			if (isatty(STDERR_FILENO) != 0)
				(void)fputc('\n', stderr);
			cli_print(&here, &t, &out);
			(void)fputs(gh_text_str(&out), stdout);
			return GH_OK;
		}
		(void)poll(NULL, 0, POLL_MS);
	}
}

/* A request that waits for people: until it has a run, or an end. */
static enum gh_code
wait_for_approval(struct cli *c, int64_t request, int64_t *ret_run, struct gh_err *err)
{
	char last[512] = "";

	for (;;) {
		GH_ARENA round = { 0 };
		struct cli here = *c;
		const struct wire_cell *state = NULL, *run = NULL;
		struct wire_table t;

		here.arena = &round;
		GH_TRY(read_part(&here, WIRE_READ_REQUEST, request, false, &t, err));
		GH_TRY(cli_cell(&t, 0, "state", &state, err));
		GH_TRY(cli_cell(&t, 0, "run", &run, err));
		*ret_run = run->kind == 'i' ? run->number : 0;
		if (*ret_run > 0)
			return GH_OK;
		if (strcmp(state->text, "waiting") != 0 && strcmp(state->text, "approved") != 0)
			return gh_fail(
			    err, GH_CONFLICT, "request %" PRId64 " was not run: %s", request, state->text);
		cli_progress(
		    gh_printf(&round, "request %" PRId64 ": %s", request, state->text), last, sizeof(last));
		(void)poll(NULL, 0, POLL_MS);
	}
}

enum gh_code
cli_after_request(struct cli *c, int64_t request, int64_t run, enum cli_exit *ret, struct gh_err *err)
{
	if (c->wait && run == 0)
		GH_TRY(wait_for_approval(c, request, &run, err));
	if (c->wait)
		return cli_follow(c, run, ret, err);
	*ret = CLI_WAITING;
	if (c->json)
		(void)printf("{\"request\": %" PRId64 ", \"run\": %" PRId64 "}\n", request, run);
	else if (run == 0)
		(void)printf("request %" PRId64 " waits for approval: gatehouse approve %" PRId64 "\n",
		    request, request);
	else
		(void)printf("run %" PRId64 " is queued: gatehouse run %" PRId64 " --wait\n", run, run);
	return GH_OK;
}
