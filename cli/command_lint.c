#include "base/ban.h"
#include "cli/lint.h"

/*
 * Offline: no runner is asked.  Exit code 0: nothing at or above --fail-on (error); 1: something; 2: the call
 * was wrong.
 */

#define ARENA_LIMIT ((size_t)3 << 30)

static enum gh_code
level_of(const char *word, enum lint_level *ret, struct gh_err *err)
{
	enum lint_level level;

	for (level = LINT_NOTICE; level <= LINT_ERROR; level++) {
		if (strcmp(word, cli_lint_level(level)) == 0) {
			*ret = level;
			return GH_OK;
		}
	}
	return gh_fail(err, GH_BAD_INPUT, "--fail-on takes notice, warning or error, not \"%s\"", word);
}

typedef void (*print_fn)(const struct cli_lint *l, struct gh_text *out);

static enum gh_code
format_of(const struct cli *c, print_fn *ret, struct gh_err *err)
{
	static const struct {
		const char *name;
		print_fn print;
	} formats[] = { { "text", cli_lint_text }, { "json", cli_lint_json }, { "sarif", cli_lint_sarif } };
	const char *name = c->format != NULL ? c->format : c->json ? "json" : "text";
	size_t i;

	for (i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		if (strcmp(name, formats[i].name) == 0) {
			*ret = formats[i].print;
			return GH_OK;
		}
	}
	return gh_fail(err, GH_BAD_INPUT, "--format takes text, json or sarif, not \"%s\"", name);
}

static int
compare(int64_t x, int64_t y)
{
	return x < y ? -1 : x > y;
}

/* Files as they were gathered, then their places. */
static int
by_place(const void *a, const void *b)
{
	const struct cli_lint_finding *x = a, *y = b;
	int order = compare((int64_t)x->file, (int64_t)y->file);

	if (order == 0)
		order = compare(x->is.line, y->is.line);
	if (order == 0)
		order = compare(x->is.column, y->is.column);
	if (order == 0)
		order = strcmp(x->is.rule, y->is.rule);
	return order != 0 ? order : strcmp(x->is.message, y->is.message);
}

static enum gh_code
print(const struct cli_lint *l, print_fn to, struct gh_err *err)
{
	GH_TEXT out = { .limit = (size_t)1 << 30 };

	to(l, &out);
	if (out.full)
		return gh_fail(
		    err, GH_INTERNAL, "more findings than can be printed: lint fewer files at once");
	if (fwrite(gh_text_str(&out), 1, out.len, stdout) != out.len)
		return gh_fail_errno(err, GH_UNAVAILABLE, "cannot write to standard output");
	return GH_OK;
}

static enum gh_code
lint(struct cli *c, enum cli_exit *ret, struct gh_err *err)
{
	__attribute__((cleanup(cli_lint_done))) struct cli_lint l = { .arena = c->arena };
	enum lint_level level = LINT_ERROR;
	print_fn to = cli_lint_text;
	int i;

	if (c->n_args == 0)
		return gh_fail(err, GH_BAD_INPUT, "lint which files or folders?");
	if (c->fail_on != NULL)
		GH_TRY(level_of(c->fail_on, &level, err));
	GH_TRY(format_of(c, &to, err));
	c->arena->limit = ARENA_LIMIT;
	for (i = 0; i < c->n_args; i++)
		GH_TRY(cli_lint_gather(&l, c->args[i], c->convention, err));
	GH_TRY(cli_lint_run(&l, err));
	if (l.n_findings > 0)
		qsort(l.findings, l.n_findings, sizeof(*l.findings), by_place);
	GH_TRY(print(&l, to, err));
	*ret = CLI_OK;
	for (; level <= LINT_ERROR; level++) {
		if (l.counts[level] > 0)
			*ret = CLI_FAILED;
	}
	return GH_OK;
}

const struct cli_command cli_command_lint = {
	.name = "lint",
	.usage = "PATH... [--format text|json|sarif] [--convention NAME] [--fail-on notice|warning|error]",
	.help = "What is known to hurt in migrations, without runner and database",
	.run = lint,
};
