#include "base/ban.h"
#include "migration/lint_rule.h"

static void
file(struct lint *l)
{
	size_t i;

	for (i = 0; i < l->n_odd; i++) {
		bool begin = strcmp(l->odd[i].kind, "COMMIT") != 0;

		lint_say(l, NULL,
		    (struct lint_said){
			.message = gh_printf(l->arena, "this %s does nothing: %s", l->odd[i].kind,
			    begin ? "a transaction is open already" : "no transaction is open"),
			.at = l->odd[i].offset,
		    });
	}
}

const struct lint_rule lint_transaction_nesting = {
	.about = { .id = "transaction-nesting",
	    .title = "BEGIN within a transaction, or COMMIT without one",
	    .cost = "PostgreSQL only warns and does nothing: what looks like a transaction "
		    "of its own is none.",
	    .quiet = "Quiet when every BEGIN has its COMMIT and none stands within another.",
	    .safe = "Leave out the inner pair, or use SAVEPOINT.",
	    .level = LINT_WARNING,
	    .scale = LINT_FLAT },
	.file = file,
};
