#include "base/ban.h"
#include "migration/lint_habit.h"
#include "migration/lint_loss.h"

static void
statement(struct lint *l, const struct lint_at *at)
{
	struct lint_loss loss;
	size_t k = 0;

	if (l->text->down || !l->text->has_down || l->text->verify || at->inside == LINT_ROUTINE)
		return;
	while (lint_next_loss(l, at, &k, &loss)) {
		if (lint_is_kept(l, at, loss.table))
			continue;
		lint_say(l, at,
		    (struct lint_said){
			.table = loss.table,
			.message =
			    gh_printf(l->arena, "the down cannot bring %s of %s back", loss.what, loss.table),
			.rewrite = lint_keep(l, &loss),
		    });
	}
}

const struct lint_rule lint_down_cannot_restore = {
	.about = { .id = "down-cannot-restore",
	    .title = "Way back that cannot bring the rows back",
	    .cost = "The down makes the table or column again, but empty: who runs it believes that all is "
		    "as before.",
	    .quiet = "Quiet when the same file keeps a copy of the rows first.",
	    .safe = "Keep what is destroyed in a table of its own, from which the down fills it again.",
	    .level = LINT_WARNING,
	    .scale = LINT_SIZE },
	.statement = statement,
};
