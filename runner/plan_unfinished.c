#include "base/ban.h"
#include "runner/plan_unfinished.h"
#include "wire/journal.h"

static bool
picked(const struct plan_pick *p, const struct store_migration *m)
{
	size_t i;

	for (i = 0; i < p->n; i++) {
		if (strcmp(p->rows[i]->key, m->key) == 0)
			return true;
	}
	return false;
}

/* Behind the word: "620 rows in 3 batches, ..."; NULL: it is not on its way in that direction. */
static const char *
how_far(const struct store_migration *m, const char *word)
{
	size_t len = strlen(word);

	return strncmp(m->standing_text, word, len) == 0 ? m->standing_text + len : NULL;
}

/* Those of one direction: each is in the plan, when that goes their way, or in its way. */
static enum gh_code
look(struct gh_arena *a, const struct store_migrations *list, const char *word, bool same,
    struct plan_pick *p, struct gh_err *err)
{
	size_t i;

	for (i = 0; i < list->n; i++) {
		const struct store_migration *m = &list->rows[i];
		const char *far = how_far(m, word);

		if (far == NULL)
			continue;
		if (!same || !picked(p, m))
			return gh_fail(err, GH_CONFLICT,
			    "%s is %s%s. Finish it first, or give it up by removing its row from "
			    "gatehouse_batch on "
			    "the target",
			    m->key, word, far);
		p->goal = gh_printf(a, "%s (%s goes on: %s)", p->goal, m->key, far);
	}
	return GH_OK;
}

enum gh_code
plan_unfinished(struct gh_arena *a, const struct store_migrations *todo,
    const struct store_migrations *applied, bool down, struct plan_pick *p, struct gh_err *err)
{
	GH_TRY(look(a, todo, WIRE_UNFINISHED, !down, p, err));
	return look(a, applied, WIRE_HALF_BACK, down, p, err);
}
