#include "base/ban.h"
#include "migration/lint_habit.h"

/* The text between two tokens, the second left out. */
static const char *
between(const struct lint *l, size_t from, size_t to)
{
	int32_t start = l->tokens[from].start;

	return from >= to
	    ? ""
	    : gh_strndup(l->arena, l->text->sql + start, (size_t)(l->tokens[to - 1].end - start));
}

/* First token of that word at depth 0, `end` when there is none. */
static size_t
find(const struct lint *l, size_t from, size_t end, const char *word)
{
	int depth = 0;
	size_t i;

	for (i = from; i < end; i++) {
		if (lint_token_is(l, i, "("))
			depth++;
		else if (lint_token_is(l, i, ")"))
			depth--;
		else if (depth == 0 && lint_token_is(l, i, word))
			return i;
	}
	return end;
}

static const char *
rewrite(struct lint *l, size_t begin, size_t end)
{
	bool update = lint_token_is(l, begin, "update");
	size_t behind = update ? find(l, begin, end, "set") : find(l, begin, end, "where");
	size_t where = find(l, begin, end, "where"), table = begin + (update ? 1 : 2),
	       limit = find(l, begin, end, "limit");
	size_t order = find(l, begin, limit, "order");
	const char *name;

	if (order < where)
		where = order;
	if (limit < where)
		where = limit;
	if (behind > where)
		behind = where;
	if (table >= behind || limit >= end)
		return "";
	name = between(l, table, behind);
	return gh_printf(l->arena,
	    "-- in a file of its own: until it changes no row, each time in a transaction of its own\n"
	    "-- gatehouse:batch repeat\n%s\n"
	    " WHERE ctid IN (SELECT ctid FROM %s %s);",
	    between(l, begin, where), name, between(l, where, end));
}

static void
broken(struct lint *l)
{
	size_t at = lint_token_at(l, l->error_at), begin, end;

	if (at == l->n_tokens || (!lint_token_is(l, at, "limit") && !lint_token_is(l, at, "order")))
		return;
	begin = lint_statement_begin(l, at);
	for (end = at; end < l->n_tokens && !lint_token_is(l, end, ";"); end++)
		continue;
	if (!lint_token_is(l, begin, "update") && !lint_token_is(l, begin, "delete"))
		return;
	lint_say(l, NULL,
	    (struct lint_said){
		.message = gh_printf(l->arena, "PostgreSQL has no %s ... %s: choose the rows in a subquery",
		    lint_token_is(l, begin, "update") ? "UPDATE" : "DELETE",
		    lint_token_is(l, at, "limit") ? "LIMIT" : "ORDER BY"),
		.rewrite = rewrite(l, begin, end),
		.at = l->error_at,
	    });
}

const struct lint_rule lint_update_limit = {
	.about = { .id = "update-limit",
	    .title = "UPDATE or DELETE with LIMIT",
	    .cost = "PostgreSQL has no such form: the file is refused with a syntax error.",
	    .quiet = "Quiet for LIMIT in a subquery.",
	    .safe = "Choose the rows in a subquery by ctid or primary key, and repeat.",
	    .level = LINT_ERROR,
	    .scale = LINT_FLAT },
	.broken = broken,
};
