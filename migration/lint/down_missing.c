#include "base/ban.h"
#include "migration/lint_habit.h"
#include "base/text.h"

/* What the down would be, the last statement first; indexes go with their tables. */
static const char *
undo(struct lint *l)
{
	static const char *const known[] = { "table", "view", "index", "type", "sequence", "schema",
		"materialized view" };
	GH_TEXT ret = { 0 };
	struct sql_object made;
	size_t i, k;

	for (i = l->n; i > 0; i--) {
		const struct lint_at *at = &l->all[i - 1];

		if (at->node == NULL || at->inside != LINT_TOP || *at->sql->object == '\0')
			continue;
		sql_object(at->node, l->arena, &made);
		if (strcmp(made.kind, "index") == 0 && lint_is_new_name(l, at->i, made.on))
			continue;
		for (k = 0; k < sizeof(known) / sizeof(known[0]); k++) {
			if (strcmp(made.kind, known[k]) == 0)
				gh_text_putf(&ret, "DROP %s %s;\n", made.kind,
				    made.qualified ? made.name : lint_last_part(made.name));
		}
	}
	return gh_strdup(l->arena, gh_text_str(&ret));
}

static void
file(struct lint *l)
{
	if (l->text->down || l->text->verify || l->text->has_down || l->text->one_way || l->script->n == 0)
		return;
	lint_say(
	    l, NULL, (struct lint_said){ .message = "this migration has no way back", .rewrite = undo(l) });
}

const struct lint_rule lint_down_missing = {
	.about = { .id = "down-missing",
	    .title = "No way back",
	    .cost =
		"When the release must be taken back, somebody writes the SQL for it in a hurry, untested.",
	    .quiet = "Quiet where the convention knows no way back, and for files without statements.",
	    .safe = "A down that undoes the up, or one that says why nothing can.",
	    .level = LINT_NOTICE,
	    .scale = LINT_FLAT },
	.file = file,
};
