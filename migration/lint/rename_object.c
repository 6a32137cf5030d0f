#include "base/ban.h"
#include "migration/lint_habit.h"

#pragma GCC diagnostic ignored "-Wswitch-enum"

#define OBJECT(name) PG_QUERY__OBJECT_TYPE__OBJECT_##name

/* 0: not of this rule. */
static enum lint_level
level_of(const PgQuery__RenameStmt *s)
{
	switch (s->rename_type) {
	case OBJECT(SCHEMA):
		return LINT_ERROR;
	case OBJECT(TYPE):
	case OBJECT(DOMAIN):
	case OBJECT(FUNCTION):
	case OBJECT(PROCEDURE):
	case OBJECT(VIEW):
	case OBJECT(MATVIEW):
	case OBJECT(ATTRIBUTE):
		return LINT_WARNING;
	case OBJECT(INDEX):
	case OBJECT(SEQUENCE):
	case OBJECT(TABCONSTRAINT):
		return LINT_NOTICE;
	default:
		return 0;
	}
}

static void
say(struct lint *l, const struct lint_at *at, enum lint_level level, const char *what, const char *old)
{
	lint_say(l, at,
	    (struct lint_said){
		.level = level,
		.message = gh_printf(l->arena,
		    "what still uses the %s %s by its old name fails from this moment on", what, old),
	    });
}

static void
statement(struct lint *l, const struct lint_at *at)
{
	const PgQuery__RenameStmt *s = at->node->rename_stmt;
	enum lint_level level;

	if (l->text->down)
		return;
	if (at->node->node_case == PG_QUERY__NODE__NODE_ALTER_ENUM_STMT &&
	    lint_has(at->node->alter_enum_stmt->old_val)) {
		say(l, at, LINT_WARNING, "enum value",
		    gh_printf(l->arena, "'%s'", at->node->alter_enum_stmt->old_val));
		return;
	}
	if (at->node->node_case != PG_QUERY__NODE__NODE_RENAME_STMT || (level = level_of(s)) == 0 ||
	    lint_is_new(l, at, s->relation))
		return;
	if (s->object != NULL && lint_made_here(l, at, lint_name_of(l, s->object)))
		return;
	if (s->relation != NULL)
		say(l, at, level, lint_kind_word(l, s->rename_type),
		    lint_has(s->subname) ? lint_ident(l, s->subname) : lint_name(l, s->relation));
	else
		say(l, at, level, lint_kind_word(l, s->rename_type),
		    s->object != NULL ? lint_name_of(l, s->object) : lint_ident(l, s->subname));
}

const struct lint_rule lint_rename_object = {
	.about = { .id = "rename-object",
	    .title = "Schema, type, function, view, index or enum value renamed",
	    .cost = "What still uses the old name fails from the moment of the rename.",
	    .quiet = "Quiet in the way back and for what the same file has made. Of indexes, constraints and "
		     "sequences only a notice: no query names them, but ON CONFLICT and nextval do.",
	    .safe = "Make it anew under the other name beside the old one, move the code over, drop the old "
		    "one later.",
	    .level = LINT_WARNING,
	    .scale = LINT_FLAT },
	.statement = statement,
};
