#include "base/ban.h"
#include "migration/lint_habit.h"
#include "migration/lint_back.h"

static void
file(struct lint *l)
{
	const struct lint_back *back = lint_back(l);
	size_t i;
	bool makes = false;

	for (i = 0; i < l->script->n; i++)
		makes = makes || *l->script->statements[i].object != '\0' || l->script->statements[i].alone;
	if (back != NULL && back->n_effects == 0 && makes)
		lint_say(l, NULL,
		    (struct lint_said){
			.message = "the down of this migration does nothing: it would be recorded as taken "
				   "back while all of it is there",
		    });
}

const struct lint_rule lint_down_does_nothing = {
	.about = { .id = "down-does-nothing",
	    .title = "Way back that does nothing",
	    .cost = "The tool records the migration as taken back while everything is still there, and the "
		    "next up fails on it.",
	    .quiet = "Quiet when the up itself changes nothing, or only data.",
	    .safe = "Undo what the up does, or leave the down out, so that nobody trusts it.",
	    .level = LINT_WARNING,
	    .scale = LINT_FLAT },
	.file = file,
};
