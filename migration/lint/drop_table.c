#include "base/ban.h"
#include "migration/lint_habit.h"

static void
statement(struct lint *l, const struct lint_at *at)
{
	const PgQuery__DropStmt *s = lint_drop(at, PG_QUERY__OBJECT_TYPE__OBJECT_TABLE);
	size_t i;

	for (i = 0; s != NULL && i < s->n_objects && !l->text->down; i++) {
		const char *table = lint_dropped(l, s, i);
		const char *later = lint_suffixed(l, table, "_dropped");

		if (*table == '\0' || lint_is_new_name(l, at->i, table))
			continue;
		lint_say(l, at,
		    (struct lint_said){
			.table = table,
			.message = gh_printf(l->arena,
			    "dropping %s deletes its rows for good; code that still uses it fails", table),
			.rewrite = gh_printf(l->arena,
			    "-- 1. release code that does not use the table, then let what still needs it "
			    "fail while it can be given back\n"
			    "ALTER TABLE %s RENAME TO %s;\n"
			    "-- 2. in a later migration, after a backup\n"
			    "DROP TABLE %s;",
			    table, lint_last_part(later), later),
		    });
	}
}

const struct lint_rule lint_drop_table = {
	.about = { .id = "drop-table",
	    .title = "Table dropped",
	    .cost =
		"The rows are gone for good, and code of the release before that still uses the table fails.",
	    .quiet = "Quiet in the way back and for what the same file has made.",
	    .safe = "Release code that does not use the table, rename it, wait, and drop it in a later "
		    "migration after a backup.",
	    .level = LINT_ERROR,
	    .scale = LINT_SIZE },
	.statement = statement,
};
