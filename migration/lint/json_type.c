#include "base/ban.h"
#include "migration/lint_habit.h"

static void
statement(struct lint *l, const struct lint_at *at)
{
	struct lint_column c;
	size_t k = 0;

	while (lint_next_column(at, &k, &c)) {
		const char *table, *name;

		if (l->text->down || !(lint_is(c.type, "json")))
			continue;
		table = lint_name(l, c.table);
		name = lint_ident(l, c.name);
		lint_say_column(l, at, &c,
		    gh_printf(l->arena, "%s.%s has no equality operator: SELECT DISTINCT over it fails",
			table, name),
		    lint_column_as(l, &c, "jsonb", ""));
	}
}

const struct lint_rule lint_json_type = {
	.about = { .id = "json-type",
	    .title = "json instead of jsonb",
	    .cost = "json has no equality: DISTINCT, GROUP BY and UNION over the table fail, and each use "
		    "parses the text again.",
	    .quiet = "Quiet for jsonb.",
	    .safe = "jsonb, unless the very text must be kept.",
	    .level = LINT_WARNING,
	    .scale = LINT_FLAT },
	.statement = statement,
};
