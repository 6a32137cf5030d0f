#include "base/ban.h"
#include "cli/lint.h"
#include "migration/sql_child.h"

/* All sides through the parser, in a child that may die of what it reads: what is found belongs to its file.
 */

/* A rule has said it already, at the same place and better. */
static bool
is_known(const struct cli_lint *l, size_t from, const struct cli_lint_finding *problem)
{
	size_t i;

	for (i = from; i < l->n_findings; i++) {
		const struct lint_finding *f = &l->findings[i].is;

		if (f->level == LINT_ERROR && f->line == problem->is.line && f->column == problem->is.column)
			return true;
	}
	return false;
}

static const char *
kept(struct cli_lint *l, const char *text)
{
	return text == NULL ? NULL : gh_strdup(l->arena, text);
}

/* The script's texts go with its arena. */
static void
take_finding(struct cli_lint *l, const struct cli_lint_side *s, const struct lint_finding *found)
{
	struct cli_lint_finding f = { .file = s->file, .side = s->name, .is = *found };

	f.is.rule = kept(l, found->rule);
	f.is.table = kept(l, found->table);
	f.is.message = kept(l, found->message);
	f.is.rewrite = kept(l, found->rewrite);
	f.is.ignored = kept(l, found->ignored);
	cli_lint_finding_add(l, &f);
}

static void
take(struct cli_lint *l, const struct cli_lint_side *s, const struct sql_script *script)
{
	struct cli_lint_finding f = { .file = s->file, .side = s->name };
	size_t i, from = l->n_findings;

	for (i = 0; i < script->findings.n; i++)
		take_finding(l, s, &script->findings.items[i]);
	if (*script->problem != '\0') {
		cli_lint_problem_read(l, &f, "cannot-run", kept(l, script->problem));
		if (!is_known(l, from, &f))
			cli_lint_finding_add(l, &f);
	}
	if (script->not_analysed) {
		f.is = (struct lint_finding){ .rule = "not-analysed",
			.level = LINT_NOTICE,
			.line = s->sql.first_line,
			.column = 1,
			.table = "",
			.rewrite = "",
			.message = *script->note != '\0'
			    ? kept(l, script->note)
			    : "newer syntax than the parser's: no rule has looked at it" };
		cli_lint_finding_add(l, &f);
	}
}

enum gh_code
cli_lint_run(struct cli_lint *l, struct gh_err *err)
{
	SQL_CHILD child = { 0 };
	size_t i;

	for (i = 0; i < l->n_sides; i++) {
		const struct cli_lint_side *s = &l->sides[i];
		GH_ARENA a = { .limit = SQL_ARENA_LIMIT };
		struct sql_script script;

		if (*s->problem != '\0')
			continue;
		GH_TRY(sql_child_read(&child, &s->sql, &a, &script, err));
		take(l, s, &script);
	}
	return GH_OK;
}
