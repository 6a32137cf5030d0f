#include "base/ban.h"
#include "runner/job/rehearse.h"
#include "runner/job/sql.gen.h"

/* What tables hold: a number of rows and a sum over their contents, whatever the order of rows and columns.
 */

#define BYTES_MAX (INT64_C(1) << 30) /* of a copy that is read again after each migration */

enum gh_code
rehearse_rows(struct rehearse *h, struct rehearse_tables *ret, struct gh_err *err)
{
	const char *const params[] = { h->schema, h->names };
	struct gh_arena *a = h->job->arena;
	PG_RESULT list = NULL;
	int i;

	*ret = (struct rehearse_tables){ .known = h->bytes < BYTES_MAX };
	if (!ret->known)
		return GH_OK;
	GH_TRY(pg_query(&h->admin, SQL_REHEARSE_HASHES, params, 2, &list, err));
	ret->at = gh_alloc_n(a, (size_t)PQntuples(list), sizeof(*ret->at));
	for (i = 0; i < PQntuples(list); i++) {
		PG_RESULT row = NULL;

		GH_TRY(pg_query(&h->admin, PQgetvalue(list, i, 1), NULL, 0, &row, err));
		ret->at[ret->n++] = (struct rehearse_table){ .name = gh_strdup(a, PQgetvalue(list, i, 0)),
			.rows = strtoll(PQgetvalue(row, 0, 0), NULL, 10),
			.sum = gh_strdup(a, PQgetvalue(row, 0, 1)) };
	}
	return GH_OK;
}

const struct rehearse_table *
rehearse_rows_find(const struct rehearse_tables *t, const char *name)
{
	size_t i;

	for (i = 0; i < t->n; i++) {
		if (strcmp(t->at[i].name, name) == 0)
			return &t->at[i];
	}
	return NULL;
}

const char *
rehearse_rows_differ(const struct rehearse_tables *before, const struct rehearse_tables *after)
{
	size_t i;

	if (!before->known || !after->known)
		return NULL;
	for (i = 0; i < before->n; i++) {
		const struct rehearse_table *was = &before->at[i], *is = rehearse_rows_find(after, was->name);

		/* An empty table has nothing to lose. */
		if (was->rows > 0 && is == NULL)
			return was->name;
		if (is != NULL && (is->rows != was->rows || strcmp(is->sum, was->sum) != 0))
			return was->name;
	}
	return NULL;
}

const char *
rehearse_rows_fewer(const struct rehearse_tables *before, const struct rehearse_tables *after)
{
	size_t i;

	for (i = 0; before->known && after->known && i < before->n; i++) {
		const struct rehearse_table *is = rehearse_rows_find(after, before->at[i].name);

		if (is != NULL && is->rows < before->at[i].rows)
			return is->name;
	}
	return NULL;
}
