#include "base/ban.h"
#include "runner/plan_query.h"
#include "store/migration.h"
#include "store/query.h"

enum gh_code
plan_query_fill(
    struct store *st, int64_t project_id, struct gh_arena *a, struct plan *ret, struct gh_err *err)
{
	struct store_queries list = { 0 };
	size_t i;

	if (ret->down)
		return GH_OK;
	GH_TRY(store_query_list(st, a, project_id, &list, err));
	ret->queries = gh_alloc_n(a, list.n, sizeof(*ret->queries));
	for (i = 0; i < list.n; i++) {
		GH_TEXT sql = { .limit = PLAN_LIMIT };

		if (list.rows[i].problem[0] != '\0')
			return gh_fail(err, GH_CONFLICT,
			    "nothing can be verified after the run: %s. Put that file right, or take it away",
			    list.rows[i].problem);
		if (a->used > PLAN_LIMIT)
			return gh_fail(
			    err, GH_BAD_INPUT, "the plan is larger than %zu MiB", PLAN_LIMIT >> 20);
		GH_TRY(store_content_read(st, list.rows[i].digest, &sql, err));
		ret->queries[ret->n_queries++] = (struct plan_query){ .name = list.rows[i].file,
			.sql = gh_strndup(a, gh_text_str(&sql), sql.len) };
	}
	return GH_OK;
}
