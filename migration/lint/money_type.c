#include "base/ban.h"
#include "migration/lint_habit.h"

static void
statement(struct lint *l, const struct lint_at *at)
{
	struct lint_column c;
	size_t k = 0;

	while (lint_next_column(at, &k, &c)) {
		const char *table, *name;

		if (l->text->down || !(lint_is(c.type, "money")))
			continue;
		table = lint_name(l, c.table);
		name = lint_ident(l, c.name);
		lint_say_column(l, at, &c,
		    gh_printf(l->arena, "amounts in %s.%s depend on the setting lc_monetary", table, name),
		    lint_column_as(l, &c, "numeric(12, 2)", ""));
	}
}

const struct lint_rule lint_money_type = {
	.about = { .id = "money-type",
	    .title = "money",
	    .cost = "How many digits it has after the point depends on lc_monetary: the same rows mean other "
		    "amounts on another server.",
	    .quiet = "Quiet for numeric.",
	    .safe = "numeric(12,2), and the currency in a column of its own.",
	    .level = LINT_WARNING,
	    .scale = LINT_FLAT },
	.statement = statement,
};
