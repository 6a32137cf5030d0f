#include "base/ban.h"
#include "migration/lint_habit.h"

static void
statement(struct lint *l, const struct lint_at *at)
{
	struct lint_column c;
	size_t k = 0;

	while (lint_next_column(at, &k, &c)) {
		const char *table, *name;

		if (l->text->down || !(lint_is(c.type, "varchar") && c.def->type_name->n_typmods > 0))
			continue;
		table = lint_name(l, c.table);
		name = lint_ident(l, c.name);
		lint_say_column(l, at, &c,
		    gh_printf(l->arena,
			"%s.%s refuses longer values; making the limit smaller later reads all rows under a "
			"lock",
			table, name),
		    lint_column_as(l, &c, "text", ""));
	}
}

const struct lint_rule lint_varchar_limit = {
	.about = { .id = "varchar-limit",
	    .title = "varchar(n) where text would do",
	    .cost = "A longer limit is free later, a shorter one rewrites or checks the table; the limit "
		    "makes nothing smaller or faster.",
	    .quiet = "Quiet without a limit.",
	    .safe = "text; where the length is a rule, a CHECK that can be changed with NOT VALID.",
	    .level = LINT_NOTICE,
	    .scale = LINT_FLAT },
	.statement = statement,
};
