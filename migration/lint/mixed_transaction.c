#include "base/ban.h"
#include "migration/lint_habit.h"

static void
file(struct lint *l)
{
	const struct lint_at *alone = NULL, *other = NULL;
	size_t i;

	for (i = 0; i < l->n; i++) {
		const struct lint_at *at = &l->all[i];

		if (at->inside != LINT_TOP || strcmp(at->sql->kind, "SET") == 0 ||
		    strcmp(at->sql->kind, "RESET") == 0)
			continue;
		if (at->sql->alone && alone == NULL)
			alone = at;
		if (!at->sql->alone && other == NULL)
			other = at;
	}
	if (alone != NULL && other != NULL)
		lint_say(l, alone,
		    (struct lint_said){
			.message = gh_printf(l->arena,
			    "because of this %s the %s in line %" PRId64
			    " is not taken back when something fails: give it a file of its own",
			    alone->sql->kind, other->sql->kind, other->sql->line),
		    });
}

const struct lint_rule lint_mixed_transaction = {
	.about = { .id = "mixed-transaction",
	    .title = "Statements with and without a transaction in one file",
	    .cost = "The whole file runs without one: when a statement fails, those before it stay, and "
		    "nothing takes them back.",
	    .quiet = "Quiet for files whose statements all can run in a transaction, and for files of one "
		     "statement.",
	    .safe = "Two files: first what can be taken back, then the statement that must run by itself.",
	    .level = LINT_WARNING,
	    .scale = LINT_FLAT },
	.file = file,
};
