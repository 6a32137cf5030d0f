#include "base/ban.h"
#include "migration/lint_rule.h"

static const struct sql_touch *
strong(const struct lint *l, const struct lint_at *at)
{
	size_t i;

	for (i = 0; i < at->n_touches; i++) {
		if (at->touches[i].lock >= SQL_SHARE && !lint_is_new_name(l, at->i, at->touches[i].object))
			return &at->touches[i];
	}
	return NULL;
}

/* Once a file: the first statement is enough. */
static void
file(struct lint *l)
{
	size_t i;

	if (l->text->lock_timeout_ms > 0)
		return;
	for (i = 0; i < l->n; i++) {
		const struct lint_at *at = &l->all[i];
		const struct sql_touch *t = at->inside == LINT_ROUTINE ? NULL : strong(l, at);

		if (t == NULL || lint_lock_timeout(l, at) > 0)
			continue;
		lint_say(l, at,
		    (struct lint_said){
			.table = t->object,
			.message = gh_printf(l->arena,
			    "without lock_timeout everybody waits who comes to %s after this statement",
			    t->object),
			.rewrite = "-- before this statement\nSET lock_timeout = '2s';",
		    });
		return;
	}
}

const struct lint_rule lint_no_lock_timeout = {
	.about = { .id = "no-lock-timeout",
	    .title = "Strong lock without lock_timeout",
	    .cost = "A statement that waits for its lock makes everybody wait who comes "
		    "after it: one slow query stops the table.",
	    .quiet = "Quiet when the run brings a lock_timeout, when the file sets one, and "
		     "for tables that the same file creates.",
	    .safe = "SET lock_timeout = '2s' before the statement, and try again when it "
		    "passes.",
	    .level = LINT_NOTICE,
	    .scale = LINT_TRAFFIC },
	.file = file,
};
