#include "base/ban.h"
#include "migration/lint_habit.h"

static bool
is_plain(const char *name)
{
	const char *p;

	for (p = name; *p != '\0'; p++) {
		if (!((*p >= 'a' && *p <= 'z') || *p == '_' ||
			(p > name && ((*p >= '0' && *p <= '9') || *p == '$'))))
			return false;
	}
	return true;
}

struct count {
	const struct lint_at *at;
	const char *first;
	size_t n;
};

static void
look_at(struct count *c, const struct lint_at *at, const char *name)
{
	if (!lint_has(name) || is_plain(name))
		return;
	if (c->n++ == 0) {
		c->at = at;
		c->first = name;
	}
}

static void
file(struct lint *l)
{
	struct count c = { 0 };
	struct lint_column column;
	size_t i, k;

	for (i = 0; i < l->n && !l->text->down; i++) {
		const struct lint_at *at = &l->all[i];

		if (at->node == NULL || at->inside == LINT_ROUTINE)
			continue;
		if (at->node->node_case == PG_QUERY__NODE__NODE_CREATE_STMT)
			look_at(&c, at, at->node->create_stmt->relation->relname);
		if (at->node->node_case == PG_QUERY__NODE__NODE_INDEX_STMT)
			look_at(&c, at, at->node->index_stmt->idxname);
		if (at->node->node_case == PG_QUERY__NODE__NODE_VIEW_STMT)
			look_at(&c, at, at->node->view_stmt->view->relname);
		for (k = 0; lint_next_column(at, &k, &column);)
			look_at(&c, at, column.how == LINT_COLUMN_RETYPED ? "" : column.name);
	}
	if (c.n > 0)
		lint_say(l, c.at,
		    (struct lint_said){
			.message = c.n == 1
			    ? gh_printf(l->arena, "every query must write \"%s\" in double quotes", c.first)
			    : gh_printf(l->arena,
				  "every query must write \"%s\" and %zu other name%s of this file in double "
				  "quotes",
				  c.first, c.n - 1, c.n == 2 ? "" : "s"),
		    });
}

const struct lint_rule lint_object_name = {
	.about = { .id = "object-name",
	    .title = "Name that must be quoted",
	    .cost = "Every query must write it in double quotes, for ever; without them it is another name, "
		    "in lower case.",
	    .quiet = "Said once a file, where the first such name stands.",
	    .safe = "Lower case with underscores.",
	    .level = LINT_NOTICE,
	    .scale = LINT_FLAT },
	.file = file,
};
