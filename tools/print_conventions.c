/*
 * Prints what the conventions of migration folders say of themselves: into docs/conventions.md from each
 * <!-- NAME --> to <!-- end -->, and their options into man/gatehouse.conf.5.
 *
 *   print-conventions FILE           the file with these parts made anew
 *   print-conventions --check FILE   whether they are so already; exit code 1 when not
 */
#include "base/ban.h"
#include "base/io.h"
#include "migration/convention.h"

#define END   "<!-- end -->\n"
#define MAN   ".\\\" What follows is printed by tools/print-conventions.\n"
#define MEND  ".\\\" What is above was printed.\n"
#define LIMIT ((size_t)4 << 20)

/* Within a cell of a table. */
static void
put_cell(struct gh_text *out, const char *s)
{
	for (; *s != '\0'; s++) {
		if (*s == '|' || *s == '<' || *s == '*')
			gh_text_putc(out, '\\');
		if (*s == '\n')
			gh_text_putc(out, ' ');
		else
			gh_text_putc(out, *s);
	}
}

static void
put_row(struct gh_text *out, const char *what, const char *says)
{
	if (says == NULL || *says == '\0')
		return;
	gh_text_putf(out, "| %s | ", what);
	put_cell(out, says);
	gh_text_put(out, " |\n");
}

/* The newest shape, with the types that create makes. */
static void
put_table(struct gh_text *out, const struct convention *c)
{
	const struct convention_tracking *t = &c->tracking[0];
	const struct convention_table *first = &t->tables[0];
	size_t i;

	gh_text_putf(out, "| table | `%s%s%s` (", t->schema, *t->schema == '\0' ? "" : ".", t->table);
	for (i = 0; i < first->n_columns; i++) {
		const char *type = first->columns[i].type;

		gh_text_putf(out, "%s%s %.*s", i == 0 ? "" : ", ", first->columns[i].name,
		    (int)strcspn(type, "|"), type);
	}
	gh_text_putc(out, ')');
	for (i = 1; i < t->n_tables; i++)
		gh_text_putf(out, "%s%s", i == 1 ? " and " : ", ", t->tables[i].name);
	if (c->n_tracking > 1)
		gh_text_putf(out, "; %zu shapes of it are known", c->n_tracking);
	gh_text_put(out, " |\n");
}

static const char *
older(const struct convention *c)
{
	static const char *const words[] = { [CONVENTION_OLDER_RUNS] = "runs with the next up",
		[CONVENTION_OLDER_BLOCKS] = "stops everything",
		[CONVENTION_OLDER_SKIPPED] = "is never applied" };

	return words[c->older];
}

static void
put_stops(struct gh_text *out, const struct convention *c)
{
	const bool yes[] = { c->missing_blocks, c->changed_blocks, c->failed_blocks };
	static const char *const words[] = { "an applied one without its file", "a changed one",
		"a failed one" };
	size_t i, n = 0;

	for (i = 0; i < sizeof(yes) / sizeof(yes[0]); i++) {
		if (yes[i])
			gh_text_putf(
			    out, "%s%s", n++ == 0 ? "| what else stops everything | " : "; ", words[i]);
	}
	gh_text_put(out, n == 0 ? "" : " |\n");
}

static void
put_options(struct gh_text *out, const struct convention *c)
{
	const struct convention_option_about *o;

	for (o = c->options; o != NULL && o->name != NULL; o++) {
		gh_text_putf(out, "| option `%s` | ", o->name);
		put_cell(out, o->what);
		gh_text_put(out, " |\n");
	}
}

static void
put_convention(struct gh_text *out, const struct convention *c)
{
	gh_text_putf(out, "\n| `convention = \"%s\"` | ", c->name);
	put_cell(out, c->description);
	gh_text_put(out, " |\n|---|---|\n");
	put_table(out, c);
	put_row(out, "its tool's rule", c->rule);
	put_row(out, "an older file that was never applied", older(c));
	put_stops(out, c);
	put_row(out, "a run is", c->one_transaction ? "one transaction over all that is pending" : "");
	put_row(out, "without a transaction", c->opt_out);
	put_row(out, "first run on a database that is not empty", c->not_empty);
	put_options(out, c);
	put_row(out, "the tool's own status", c->command_status);
	put_row(out, "a failed state there", c->command_failed);
	gh_text_putc(out, '\n');
}

static enum gh_code
make_man(const char *path, const char *was, struct gh_text *ret, struct gh_err *err)
{
	const struct convention_option_about *o;
	const char *from = strstr(was, MAN), *to = strstr(was, MEND);
	size_t i;

	if (from == NULL || to == NULL || to < from)
		return gh_fail(err, GH_BAD_INPUT, "%s has no lines %s and %s", path, MAN, MEND);
	gh_text_put_n(ret, was, (size_t)(from - was));
	gh_text_put(ret, MAN);
	for (i = 0; convention_all[i] != NULL; i++) {
		for (o = convention_all[i]->options; o != NULL && o->name != NULL; o++)
			gh_text_putf(
			    ret, ".It Cm %s No : Li %s\n%s.\n", convention_all[i]->name, o->name, o->what);
	}
	gh_text_put(ret, to);
	return GH_OK;
}

/* What stands outside of the marks is written by hand. */
static enum gh_code
make(const char *path, struct gh_text *was, struct gh_text *ret, struct gh_err *err)
{
	const char *from, *at;
	size_t i;

	GH_TRY(gh_file_read(path, LIMIT, was, err));
	from = gh_text_str(was);
	if (strstr(from, MAN) != NULL)
		return make_man(path, from, ret, err);
	for (i = 0; convention_all[i] != NULL; i++) {
		char mark[64];

		(void)snprintf(mark, sizeof(mark), "<!-- %s -->\n", convention_all[i]->name);
		at = strstr(from, mark);
		if (at == NULL)
			return gh_fail(err, GH_BAD_INPUT, "%s has no %.*s in its place", path,
			    (int)strlen(mark) - 1, mark);
		at += strlen(mark);
		gh_text_put_n(ret, from, (size_t)(at - from));
		put_convention(ret, convention_all[i]);
		from = strstr(at, END);
		if (from == NULL)
			return gh_fail(err, GH_BAD_INPUT, "%s: %s has no end", path, convention_all[i]->name);
	}
	gh_text_put(ret, from);
	return GH_OK;
}

int
main(int argc, char **argv)
{
	GH_TEXT was = { 0 };
	GH_TEXT out = { 0 };
	struct gh_err err = { 0 };
	bool check = argc == 3 && strcmp(argv[1], "--check") == 0;

	if (argc != 2 && !check) {
		(void)fprintf(stderr, "usage: print-conventions [--check] FILE\n");
		return 2;
	}
	if (make(argv[argc - 1], &was, &out, &err) != GH_OK) {
		(void)fprintf(stderr, "print-conventions: %s\n", err.msg);
		return 2;
	}
	if (!check) {
		(void)fputs(gh_text_str(&out), stdout);
		return 0;
	}
	if (strcmp(gh_text_str(&was), gh_text_str(&out)) == 0)
		return 0;
	(void)fprintf(stderr,
	    "%s is not what the conventions say: print it anew with tools/print-conventions %s\n", argv[2],
	    argv[2]);
	return 1;
}
