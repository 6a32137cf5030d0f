#include "base/ban.h"
#include "migration/lint_habit.h"

static bool
is_amount(const char *name)
{
	static const char *const words[] = { "price", "amount", "cost", "total", "balance", "fee", "tax" };
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		size_t len = strlen(words[i]), have = strlen(name);

		if (have >= len && strcasecmp(name + have - len, words[i]) == 0)
			return true;
	}
	return false;
}

static void
statement(struct lint *l, const struct lint_at *at)
{
	struct lint_column c;
	size_t k = 0;

	while (lint_next_column(at, &k, &c)) {
		const char *table, *name;

		if (l->text->down ||
		    !((lint_is(c.type, "float4") || lint_is(c.type, "float8")) && is_amount(c.name)))
			continue;
		table = lint_name(l, c.table);
		name = lint_ident(l, c.name);
		lint_say_column(l, at, &c,
		    gh_printf(l->arena, "sums over %s.%s will be off: binary fractions cannot hold 0.10",
			table, name),
		    lint_column_as(l, &c, "numeric(12, 2)", ""));
	}
}

const struct lint_rule lint_float_amount = {
	.about = { .id = "float-amount",
	    .title = "Amounts as floating point",
	    .cost = "Binary fractions cannot hold 0.10: sums are off by some cents, and the error grows with "
		    "the number of rows.",
	    .quiet = "Only columns whose name says money: price, amount, cost, total, balance, fee, tax.",
	    .safe = "numeric(12,2).",
	    .level = LINT_NOTICE,
	    .scale = LINT_FLAT },
	.statement = statement,
};
