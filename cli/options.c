#include "base/ban.h"
#include "cli/options.h"
#include "base/io.h"

#include <getopt.h>

enum { OPT_TEXT, OPT_NUMBER, OPT_FLAG };

struct option_row {
	const char *name;
	int kind;
	size_t at; /* offset in struct cli */
};

static const struct option_row rows[] = {
	{ "socket", OPT_TEXT, offsetof(struct cli, socket) },
	{ "json", OPT_FLAG, offsetof(struct cli, json) },
	{ "wait", OPT_FLAG, offsetof(struct cli, wait) },
	{ "yes", OPT_FLAG, offsetof(struct cli, yes) },
	{ "target", OPT_TEXT, offsetof(struct cli, target) },
	{ "env", OPT_TEXT, offsetof(struct cli, environment) },
	{ "to", OPT_TEXT, offsetof(struct cli, to) },
	{ "only", OPT_TEXT, offsetof(struct cli, only) },
	{ "down", OPT_NUMBER, offsetof(struct cli, down) },
	{ "down-to", OPT_TEXT, offsetof(struct cli, down_to) },
	{ "files", OPT_FLAG, offsetof(struct cli, files) },
	{ "dry-run", OPT_FLAG, offsetof(struct cli, dry_run) },
	{ "level", OPT_TEXT, offsetof(struct cli, level) },
	{ "key", OPT_TEXT, offsetof(struct cli, key) },
	{ "side", OPT_TEXT, offsetof(struct cli, side) },
	{ "uncounted", OPT_FLAG, offsetof(struct cli, uncounted) },
	{ "steps", OPT_NUMBER, offsetof(struct cli, steps) },
	{ "reason", OPT_TEXT, offsetof(struct cli, reason) },
	{ "comment", OPT_TEXT, offsetof(struct cli, comment) },
	{ "digest", OPT_TEXT, offsetof(struct cli, digest) },
	{ "roles", OPT_TEXT, offsetof(struct cli, roles) },
	{ "state", OPT_TEXT, offsetof(struct cli, state) },
	{ "channel", OPT_TEXT, offsetof(struct cli, channel) },
	{ "actor", OPT_TEXT, offsetof(struct cli, actor) },
	{ "op", OPT_TEXT, offsetof(struct cli, op) },
	{ "subject", OPT_TEXT, offsetof(struct cli, subject) },
	{ "cursor", OPT_TEXT, offsetof(struct cli, cursor) },
	{ "format", OPT_TEXT, offsetof(struct cli, format) },
	{ "convention", OPT_TEXT, offsetof(struct cli, convention) },
	{ "folder", OPT_TEXT, offsetof(struct cli, folder) },
	{ "fail-on", OPT_TEXT, offsetof(struct cli, fail_on) },
	{ "size", OPT_TEXT, offsetof(struct cli, size) },
	{ "pause", OPT_TEXT, offsetof(struct cli, pause) },
	{ "until", OPT_TEXT, offsetof(struct cli, until) },
	{ "limit", OPT_NUMBER, offsetof(struct cli, limit) },
};
#define N_ROWS (sizeof(rows) / sizeof(rows[0]))

static enum gh_code
value_set(struct cli *c, const struct option_row *row, char *value, struct gh_err *err)
{
	char *at = (char *)c + row->at;

	switch (row->kind) {
	case OPT_FLAG:
		*(bool *)(void *)at = true;
		break;
	case OPT_TEXT:
		*(const char **)(void *)at = value;
		break;
	default:
		if (!gh_parse_i64(value, 1, 1000, (int64_t *)(void *)at))
			return gh_fail(err, GH_BAD_INPUT, "--%s takes a number from 1 to 1000, not \"%s\"",
			    row->name, value);
	}
	return GH_OK;
}

enum gh_code
cli_options(struct cli *c, int argc, char **argv, enum cli_ask *ret_ask, struct gh_err *err)
{
	struct option longs[N_ROWS + 3] = { 0 };
	int got, help = (int)N_ROWS, version = help + 1;
	size_t i;

	for (i = 0; i < N_ROWS; i++) {
		longs[i].name = rows[i].name;
		longs[i].has_arg = rows[i].kind == OPT_FLAG ? no_argument : required_argument;
		longs[i].val = (int)i;
	}
	longs[help] = (struct option){ .name = "help", .val = help };
	longs[version] = (struct option){ .name = "version", .val = version };
	*ret_ask = CLI_ASK_NOTHING;
	opterr = 0;
	optind = 0;
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): one thread */
	while ((got = getopt_long(argc, argv, ":h", longs, NULL)) != -1) {
		if (got == ':')
			return gh_fail(err, GH_BAD_INPUT, "%s needs a value", argv[optind - 1]);
		if (got == '?')
			return gh_fail(err, GH_BAD_INPUT, "unknown option %s (gatehouse --help lists them)",
			    argv[optind - 1]);
		if (got == 'h' || got == help)
			*ret_ask = CLI_ASK_HELP;
		else if (got == version)
			*ret_ask = CLI_ASK_VERSION;
		else
			GH_TRY(value_set(c, &rows[got], optarg, err));
	}
	c->n_args = argc - optind;
	c->args = argv + optind;
	return GH_OK;
}
