#include "base/ban.h"
#include "migration/lint_habit.h"
#include "migration/lint_loss.h"

static void
statement(struct lint *l, const struct lint_at *at)
{
	struct lint_loss loss;
	size_t k = 0;

	if (l->text->down || l->text->verify || at->inside == LINT_ROUTINE)
		return;
	while (lint_next_loss(l, at, &k, &loss)) {
		if (lint_is_kept(l, at, loss.table))
			continue;
		lint_say(l, at,
		    (struct lint_said){
			.table = loss.table,
			.message = gh_printf(l->arena, "this destroys %s of %s, and the file keeps no copy",
			    loss.what, loss.table),
			.rewrite = lint_keep(l, &loss),
		    });
	}
}

const struct lint_rule lint_destructive_without_backup = {
	.about = { .id = "destructive-without-backup",
	    .title = "Data destroyed without a copy",
	    .cost = "When it turns out that somebody needed it, the whole database must be restored from a "
		    "backup for it.",
	    .quiet = "Quiet in the way back, and when the same file copies the rows first (CREATE TABLE ... "
		     "AS SELECT, INSERT ... SELECT).",
	    .safe = "Copy the rows, count the copy, then destroy; drop the copy in a later migration.",
	    .level = LINT_NOTICE,
	    .scale = LINT_SIZE },
	.statement = statement,
};
