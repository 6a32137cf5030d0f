#include "base/ban.h"
#include "migration/lint_habit.h"

/* The token behind the matching parenthesis; i is at "(". */
static size_t
behind_parenthesis(const struct lint *l, size_t i)
{
	int depth = 0;

	for (; i < l->n_tokens; i++) {
		if (lint_token_is(l, i, "("))
			depth++;
		else if (lint_token_is(l, i, ")") && --depth == 0)
			return i + 1;
	}
	return i;
}

/* Where the condition ends: a comma or a closing parenthesis of what is around it. */
static size_t
condition_end(const struct lint *l, size_t i)
{
	int depth = 0;

	for (; i < l->n_tokens; i++) {
		bool closes = lint_token_is(l, i, ")");

		if (depth == 0 && (closes || lint_token_is(l, i, ",") || lint_token_is(l, i, ";")))
			break;
		depth += lint_token_is(l, i, "(") - closes;
	}
	return i;
}

/* The table of the CREATE TABLE or ALTER TABLE that begins there; "" another statement. */
static const char *
table_of(const struct lint *l, size_t begin)
{
	static const char *const words[] = { "create", "alter", "unlogged", "table", "if", "not", "exists",
		"only" };
	size_t i = begin, k, from;

	for (; i < l->n_tokens; i++) {
		for (k = 0; k < sizeof(words) / sizeof(words[0]) && !lint_token_is(l, i, words[k]); k++)
			continue;
		if (k == sizeof(words) / sizeof(words[0]))
			break;
	}
	for (from = i; i + 2 < l->n_tokens && lint_token_is(l, i + 1, "."); i += 2)
		continue;
	return i >= l->n_tokens ? ""
				: gh_strndup(l->arena, l->text->sql + l->tokens[from].start,
				      (size_t)(l->tokens[i].end - l->tokens[from].start));
}

static void
broken(struct lint *l)
{
	size_t where = lint_token_at(l, l->error_at), begin, unique, end;
	const char *table, *name = "";

	if (where == l->n_tokens || !lint_token_is(l, where, "where"))
		return;
	begin = lint_statement_begin(l, where);
	for (unique = where; unique > begin && !lint_token_is(l, unique, "unique"); unique--)
		continue;
	if (unique == begin || !lint_token_is(l, unique + 1, "(") ||
	    behind_parenthesis(l, unique + 1) != where)
		return;
	table = table_of(l, begin);
	if (unique >= begin + 2 && lint_token_is(l, unique - 2, "constraint"))
		name = gh_strndup(l->arena, l->text->sql + l->tokens[unique - 1].start,
		    (size_t)(l->tokens[unique - 1].end - l->tokens[unique - 1].start));
	end = condition_end(l, where);
	lint_say(l, NULL,
	    (struct lint_said){
		.message = "a UNIQUE constraint cannot have WHERE: make a partial unique index",
		.rewrite = gh_printf(l->arena,
		    "-- leave the constraint out, and behind the statement\nCREATE UNIQUE INDEX %s%sON %s "
		    "%.*s;",
		    name, *name == '\0' ? "" : " ", table,
		    (int)(l->tokens[end - 1].end - l->tokens[unique + 1].start),
		    l->text->sql + l->tokens[unique + 1].start),
		.at = l->error_at,
	    });
}

const struct lint_rule lint_unique_where = {
	.about = { .id = "unique-where",
	    .title = "UNIQUE constraint with WHERE",
	    .cost = "A constraint cannot be partial: the file is refused with a syntax error.",
	    .quiet = "Quiet for a unique index with WHERE, which is what is meant.",
	    .safe = "CREATE UNIQUE INDEX ... WHERE.",
	    .level = LINT_ERROR,
	    .scale = LINT_FLAT },
	.broken = broken,
};
