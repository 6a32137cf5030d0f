#include "base/ban.h"
#include "tests/support/job_rig.h"

/* True when it cannot run in a transaction. */
static bool
statement(struct rig *r, struct plan_statement *st, const char *text)
{
	bool alone = strstr(text, "CONCURRENTLY") != NULL || strstr(text, "ADD VALUE") != NULL;
	char name[64];

	st->kind = strncmp(text, "CREATE TABLE", 12) == 0 ? "CREATE TABLE" : "STATEMENT";
	if (strncmp(text, "ALTER TABLE", 11) == 0)
		st->kind = "ALTER TABLE";
	st->object = st->object_kind = "";
	if (strncmp(text, "DROP", 4) == 0)
		st->kind = alone ? "DROP INDEX" : "DROP";
	if (strstr(text, "INDEX CONCURRENTLY") != NULL && st->kind[0] == 'S')
		st->kind = "CREATE INDEX";
	if (sscanf(text, "CREATE TABLE %63[a-z0-9_]", name) == 1)
		st->object_kind = "table";
	else if (sscanf(text, "CREATE %*[UNIQE ]INDEX CONCURRENTLY %63[a-z0-9_]", name) == 1 ||
	    sscanf(text, "CREATE INDEX CONCURRENTLY %63[a-z0-9_]", name) == 1)
		st->object_kind = "index";
	else
		return alone;
	st->object = gh_printf(&r->arena, "public.%s", name);
	return alone;
}

void
rig_split(struct rig *r, const char *sql, struct plan_sql *ret)
{
	const char *at = sql, *end;
	int64_t line = 1;
	size_t i;

	*ret = (struct plan_sql){ .sql = sql, .sql_len = strlen(sql), .row_inside = true };
	ret->statements = gh_alloc_n(&r->arena, 64, sizeof(*ret->statements));
	while (*at != '\0') {
		struct plan_statement *st = &ret->statements[ret->n_statements++];
		const char *p;

		end = strstr(at, ";\n");
		end = end == NULL ? at + strlen(at) : end + 1;
		*st = (struct plan_statement){ .offset = at - sql, .length = end - at, .line = line };
		if (statement(r, st, gh_strndup(&r->arena, at, (size_t)(end - at))))
			ret->row_inside = false;
		if (*end == '\n')
			end++;
		for (p = at; p < end; p++)
			line += *p == '\n';
		at = end;
	}
	for (i = 0; i < ret->n_statements; i++)
		ret->statements[i].group = ret->row_inside ? 1 : 0;
}

void
rig_groups(struct plan_sql *sql, const char *groups)
{
	size_t i;

	sql->row_inside = false;
	for (i = 0; i < sql->n_statements; i++)
		sql->statements[i].group = groups[i] - '0';
}

struct plan_migration *
rig_add(struct rig *r, const char *key, const char *up, const char *down)
{
	struct plan_migration *m = &r->migrations[r->plan.n_migrations++];

	*m = (struct plan_migration){ .key = key,
		.version = gh_strndup(&r->arena, key, strspn(key, "0123456789")),
		.name = key,
		.file = gh_printf(&r->arena, "%s.sql", key),
		.checksum = "",
		.has_back = down != NULL };
	rig_split(r, up, &m->run);
	if (down != NULL)
		rig_split(r, down, &m->back);
	return m;
}
