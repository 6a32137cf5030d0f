#include "base/ban.h"
#include "migration/lint_habit.h"

static void
statement(struct lint *l, const struct lint_at *at)
{
	const PgQuery__DropStmt *s = lint_drop(at, PG_QUERY__OBJECT_TYPE__OBJECT_SCHEMA);
	size_t i;

	for (i = 0; s != NULL && i < s->n_objects && !l->text->down; i++) {
		const char *schema = lint_dropped(l, s, i);

		if (*schema == '\0' || lint_made_here(l, at, schema))
			continue;
		lint_say(l, at,
		    (struct lint_said){
			.message = gh_printf(l->arena, "dropping schema %s%s", schema,
			    s->behavior == PG_QUERY__DROP_BEHAVIOR__DROP_CASCADE
				? " deletes every table, view and function in it"
				: ": what still names it fails"),
			.rewrite = gh_printf(l->arena,
			    "-- after its objects were dropped by name: fails while something is left in "
			    "it\nDROP SCHEMA %s RESTRICT;",
			    schema),
		    });
	}
}

const struct lint_rule lint_drop_schema = {
	.about = { .id = "drop-schema",
	    .title = "Schema dropped",
	    .cost =
		"Everything in the schema goes with it, or the statement fails because something is left.",
	    .quiet = "Quiet in the way back and for what the same file has made.",
	    .safe = "Drop what is in it by name in migrations of their own; then the empty schema, without "
		    "CASCADE.",
	    .level = LINT_ERROR,
	    .scale = LINT_FLAT },
	.statement = statement,
};
