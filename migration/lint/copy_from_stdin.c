#include "base/ban.h"
#include "migration/lint_habit.h"

static void
say(struct lint *l, int64_t where)
{
	lint_say(l, NULL,
	    (struct lint_said){
		.message = "COPY ... FROM stdin waits for rows that nobody sends: write them as INSERT",
		.at = where,
	    });
}

static void
statement(struct lint *l, const struct lint_at *at)
{
	if (at->node->node_case == PG_QUERY__NODE__NODE_COPY_STMT && at->node->copy_stmt->is_from &&
	    !at->node->copy_stmt->is_program && !lint_has(at->node->copy_stmt->filename))
		say(l, at->offset);
}

/* The rows behind it are what the parser fell over. */
static void
broken(struct lint *l)
{
	bool in_copy = false, from = false;
	int64_t begin = 0;
	size_t i;

	for (i = 0; i < l->n_tokens && (in_copy || l->tokens[i].start <= l->error_at); i++) {
		if (lint_token_is(l, i, ";")) {
			in_copy = false;
		} else if (lint_token_is(l, i, "copy")) {
			in_copy = true;
			begin = l->tokens[i].start;
		} else if (in_copy && from && lint_token_is(l, i, "stdin")) {
			say(l, begin);
			return;
		}
		from = lint_token_is(l, i, "from");
	}
}

const struct lint_rule lint_copy_from_stdin = {
	.about = { .id = "copy-from-stdin",
	    .title = "COPY ... FROM stdin in a migration",
	    .cost = "Its rows come from the client, and no migration tool sends them: the server takes what "
		    "follows for SQL and refuses it.",
	    .quiet = "Quiet for COPY from a file of the server and for COPY TO.",
	    .safe = "INSERT with several rows a statement.",
	    .level = LINT_ERROR,
	    .scale = LINT_FLAT },
	.statement = statement,
	.broken = broken,
};
