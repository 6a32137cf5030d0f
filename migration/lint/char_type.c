#include "base/ban.h"
#include "migration/lint_habit.h"

static void
statement(struct lint *l, const struct lint_at *at)
{
	struct lint_column c;
	size_t k = 0;

	while (lint_next_column(at, &k, &c)) {
		const char *table, *name;

		if (l->text->down || !(lint_is(c.type, "bpchar")))
			continue;
		table = lint_name(l, c.table);
		name = lint_ident(l, c.name);
		lint_say_column(l, at, &c,
		    gh_printf(l->arena, "values of %s.%s are padded with blanks", table, name),
		    lint_column_as(l, &c, "text", ""));
	}
}

const struct lint_rule lint_char_type = {
	.about = { .id = "char-type",
	    .title = "char(n)",
	    .cost = "Values are padded with blanks to their full length, which comparisons then ignore or "
		    "not, depending on the operator.",
	    .quiet = "Quiet for the internal type \"char\".",
	    .safe = "text, with a CHECK when the length matters.",
	    .level = LINT_WARNING,
	    .scale = LINT_FLAT },
	.statement = statement,
};
