#include "base/ban.h"
#include "migration/lint_rule.h"

static void
statement(struct lint *l, const struct lint_at *at)
{
	const PgQuery__RangeVar *r = lint_altered(l, at);
	const PgQuery__AlterTableCmd *c;
	size_t k;

	for (k = 0; r != NULL && (c = lint_command(at, k)) != NULL; k++) {
		const PgQuery__Constraint *added = lint_added_constraint(c);

		if (added == NULL || added->contype != PG_QUERY__CONSTR_TYPE__CONSTR_EXCLUSION)
			continue;
		lint_say(l, at,
		    (struct lint_said){
			.table = lint_name(l, r),
			.message = gh_printf(l->arena,
			    "nobody can read or write %s while the index of its exclusion constraint is "
			    "built, "
			    "which cannot be done CONCURRENTLY",
			    lint_name(l, r)),
		    });
	}
}

const struct lint_rule lint_add_exclusion = {
	.about = { .id = "add-exclusion",
	    .title = "Exclusion constraint added",
	    .cost = "Its index is built under an ACCESS EXCLUSIVE lock, and PostgreSQL has "
		    "no way to build it beforehand: nobody reads or writes the table until "
		    "then.",
	    .quiet = "Quiet when the same file creates the table, and when the table is "
		     "empty or small.",
	    .safe = "Add it while the table is small, or make a new table with the "
		    "constraint and move the rows over in batches.",
	    .level = LINT_WARNING,
	    .scale = LINT_SIZE },
	.statement = statement,
};
