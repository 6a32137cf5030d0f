#include "base/ban.h"
#include "migration/lint_habit.h"

static void
statement(struct lint *l, const struct lint_at *at)
{
	struct lint_column c;
	size_t k = 0;

	while (lint_next_column(at, &k, &c)) {
		const char *table, *name;

		if (l->text->down || !(lint_is(c.type, "timestamp")))
			continue;
		table = lint_name(l, c.table);
		name = lint_ident(l, c.name);
		lint_say_column(l, at, &c,
		    gh_printf(l->arena, "%s.%s keeps what a clock showed, not when that was", table, name),
		    lint_column_as(l, &c, "timestamptz", ""));
	}
}

const struct lint_rule lint_timestamp_without_zone = {
	.about = { .id = "timestamp-without-zone",
	    .title = "timestamp without time zone",
	    .cost = "It keeps what a clock showed and not when that was: what it means depends on the "
		    "setting of each session.",
	    .quiet = "Quiet for timestamptz and date.",
	    .safe = "timestamptz, which keeps the moment.",
	    .level = LINT_NOTICE,
	    .scale = LINT_FLAT },
	.statement = statement,
};
