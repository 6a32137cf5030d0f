/*
 * Prints the rules of lint, from the structs that the program itself uses.
 *
 *   print-lint FILE           the Markdown file with its part about the rules made anew
 *   print-lint --check FILE   whether it is so already; exit code 1 when not
 *   print-lint --json         for other programs
 *   print-lint --rows         initialisers of rows, for the web tier's page
 */
#include "base/ban.h"
#include "base/io.h"
#include "migration/lint.h"

#define MARK  "<!-- What follows is printed by tools/print-lint. -->\n"
#define LIMIT ((size_t)4 << 20)

static const char *
level_of(const struct lint_about *r)
{
	static const char *const words[] = {
		[LINT_NOTICE] = "notice", [LINT_WARNING] = "warning", [LINT_ERROR] = "error"
	};

	return words[r->level];
}

static const char *
scale_of(const struct lint_about *r)
{
	static const char *const words[] = { [LINT_FLAT] = "",
		[LINT_SIZE] =
		    "With a target at hand it counts for more on large tables, for nothing on new ones.",
		[LINT_TRAFFIC] =
		    "With a target at hand it counts for more on busy tables, for nothing on new ones.",
		[LINT_FANOUT] =
		    "With a target at hand it counts for more the more tables refer to the table." };

	return words[r->scale];
}

static int
by_id(const void *a, const void *b)
{
	const struct lint_about *const *x = a, *const *y = b;

	return strcmp((*x)->id, (*y)->id);
}

static const struct lint_about **
sorted(struct gh_arena *a, size_t *ret_n)
{
	const struct lint_about **list;
	size_t i, n = 0;

	while (lint_about(n) != NULL)
		n++;
	/* NOLINTNEXTLINE(bugprone-sizeof-expression): pointers */
	list = gh_alloc_n(a, n, sizeof(*list));
	for (i = 0; i < n; i++)
		list[i] = lint_about(i);
	/* NOLINTNEXTLINE(bugprone-sizeof-expression): pointers */
	qsort(list, n, sizeof(*list), by_id);
	*ret_n = n;
	return list;
}

static void
put_markdown(struct gh_text *out, const struct lint_about *const *list, size_t n)
{
	size_t i;

	gh_text_putf(out, MARK "\n## The %zu rules\n\n| rule | level | is about |\n|---|---|---|\n", n);
	for (i = 0; i < n; i++)
		gh_text_putf(out, "| [%s](#%s) | %s | %s |\n", list[i]->id, list[i]->id, level_of(list[i]),
		    list[i]->title);
	for (i = 0; i < n; i++) {
		gh_text_putf(out, "\n## %s\n\n%s (%s). %s\n\n", list[i]->id, list[i]->title,
		    level_of(list[i]), list[i]->cost);
		gh_text_putf(out, "- Safe: %s\n- %s\n", list[i]->safe, list[i]->quiet);
		if (*scale_of(list[i]) != '\0')
			gh_text_putf(out, "- %s\n", scale_of(list[i]));
	}
}

/* As members of JSON objects, or as members of C's initialisers, whose strings are written alike. */
static void
put_rows(struct gh_text *out, const struct lint_about *const *list, size_t n, bool json)
{
	static const char *const keys[] = { "id", "title", "level", "cost", "quiet", "safe", "scale" };
	size_t i, k;

	for (i = 0; i < n; i++) {
		const char *const values[] = { list[i]->id, list[i]->title, level_of(list[i]), list[i]->cost,
			list[i]->quiet, list[i]->safe, scale_of(list[i]) };

		gh_text_put(out, i == 0 ? "  {" : ",\n  {");
		for (k = 0; k < sizeof(keys) / sizeof(keys[0]); k++) {
			gh_text_put(out, k > 0 ? ", " : "");
			if (json)
				gh_text_putf(out, "\"%s\": ", keys[k]);
			gh_text_put_json(out, values[k]);
		}
		gh_text_putc(out, '}');
	}
}

static void
put_json(struct gh_text *out, const struct lint_about *const *list, size_t n)
{
	gh_text_put(out, "{\"rules\": [\n");
	put_rows(out, list, n, true);
	gh_text_put(out, "\n]}\n");
}

/* What stands before the rules is written by hand. */
static enum gh_code
make(const char *path, const struct lint_about *const *list, size_t n, struct gh_text *was,
    struct gh_text *ret, struct gh_err *err)
{
	const char *mark;

	GH_TRY(gh_file_read(path, LIMIT, was, err));
	mark = strstr(gh_text_str(was), MARK);
	if (mark == NULL)
		return gh_fail(err, GH_BAD_INPUT, "%s has no line %s", path, MARK);
	gh_text_put_n(ret, was->data, (size_t)(mark - was->data));
	put_markdown(ret, list, n);
	return GH_OK;
}

int
main(int argc, char **argv)
{
	GH_ARENA a = { 0 };
	GH_TEXT was = { 0 };
	GH_TEXT out = { 0 };
	struct gh_err err = { 0 };
	bool json = argc == 2 && strcmp(argv[1], "--json") == 0;
	bool rows = argc == 2 && strcmp(argv[1], "--rows") == 0;
	bool check = argc == 3 && strcmp(argv[1], "--check") == 0;
	const struct lint_about **list;
	size_t n;

	if (argc != 2 && !check) {
		(void)fprintf(stderr, "usage: print-lint [--check] FILE | --json | --rows\n");
		return 2;
	}
	list = sorted(&a, &n);
	if (json) {
		put_json(&out, list, n);
	} else if (rows) {
		put_rows(&out, list, n, false);
		gh_text_putc(&out, '\n');
	} else if (make(argv[argc - 1], list, n, &was, &out, &err) != GH_OK) {
		(void)fprintf(stderr, "print-lint: %s\n", err.msg);
		return 2;
	}
	if (check && strcmp(gh_text_str(&was), gh_text_str(&out)) != 0) {
		(void)fprintf(stderr,
		    "%s is not what the rules say: print it anew with tools/print-lint %s\n", argv[2],
		    argv[2]);
		return 1;
	}
	if (!check)
		(void)fputs(gh_text_str(&out), stdout);
	return 0;
}
