#include "base/ban.h"
#include "runner/plan_repair.h"
#include "base/io.h"
#include "store/failure.h"
#include "store/run.h"

#define DROP "DROP INDEX CONCURRENTLY "

/* The end of an identifier as the server quotes it; NULL when it is none. */
static const char *
ident(const char *s)
{
	if (*s != '"') {
		const char *from = s;

		while (*s == '_' || (*s >= 'a' && *s <= 'z') || (s > from && *s >= '0' && *s <= '9') ||
		    (s > from && *s == '$'))
			s++;
		return s > from ? s : NULL;
	}
	for (s++; *s != '\0'; s++) {
		if (*s != '"')
			continue;
		if (s[1] != '"')
			return s + 1;
		s++;
	}
	return NULL;
}

/* schema.name, and nothing else: it becomes part of a statement. */
static bool
qualified(const char *s)
{
	const char *end = ident(s);

	if (end == NULL || *end != '.')
		return false;
	end = ident(end + 1);
	return end != NULL && *end == '\0';
}

enum gh_code
plan_repair_find(struct store *st, struct gh_arena *a, const char *target, const char *goal,
    const char **ret_index, struct gh_err *err)
{
	const char *slash = strchr(goal, '/');
	struct store_run_facts facts;
	struct store_run run;
	int64_t id, position;
	size_t i;

	if (slash == NULL || !gh_parse_i64(gh_strndup(a, goal, (size_t)(slash - goal)), 1, INT64_MAX, &id) ||
	    !gh_parse_i64(slash + 1, 0, INT64_MAX, &position))
		return gh_fail(err, GH_BAD_INPUT, "say which fact of which run: RUN/NUMBER");
	GH_TRY(store_run_get(st, a, id, &run, err));
	if (strcmp(run.target, target) != 0)
		return gh_fail(
		    err, GH_CONFLICT, "run %" PRId64 " was on %s, not on %s", id, run.target, target);
	GH_TRY(store_run_fact_list(st, a, id, &facts, err));
	for (i = 0; i < facts.n; i++) {
		const struct store_run_fact *f = &facts.rows[i];

		if (f->position != position)
			continue;
		if (strcmp(f->kind, "index") != 0 || f->good || !qualified(f->object))
			return gh_fail(err, GH_CONFLICT, "%s %s was not found invalid by run %" PRId64,
			    f->kind, f->object, id);
		*ret_index = f->object;
		return GH_OK;
	}
	return gh_fail(err, GH_NOT_FOUND, "run %" PRId64 " has no fact %" PRId64, id, position);
}

enum gh_code
plan_repair_fill(
    struct plan_built *b, const char *index, struct store_plan_migration_new *row, struct gh_err *err)
{
	struct plan_migration *m = gh_alloc(&b->arena, sizeof(*m));
	struct plan_statement *s = gh_alloc(&b->arena, sizeof(*s));
	char digest[GH_SHA256_HEX_LEN];

	if (!qualified(index))
		return gh_fail(err, GH_BAD_INPUT, "%s is no name of an index", index);
	*m = (struct plan_migration){ .key = gh_printf(&b->arena, PLAN_REPAIR_KEY "%s", index),
		.version = "",
		.name = gh_printf(&b->arena, "drop the invalid index %s", index),
		.file = "",
		.checksum = "" };
	m->run.sql = gh_printf(&b->arena, DROP "%s", index);
	m->run.sql_len = strlen(m->run.sql);
	m->run.n_statements = 1;
	m->run.statements = s;
	*s = (struct plan_statement){ .length = (int64_t)m->run.sql_len,
		.line = 1,
		.kind = "DROP INDEX",
		.object = "",
		.object_kind = "" };
	gh_sha256_hex(m->run.sql, m->run.sql_len, digest);
	*row = (struct store_plan_migration_new){ .key = m->key,
		.version = "",
		.name = m->name,
		.description = "",
		.author = "",
		.digest = gh_strdup(&b->arena, digest) };
	b->plan.act = PLAN_REPAIR;
	b->plan.after = "";
	b->plan.n_migrations = 1;
	b->plan.migrations = m;
	b->goal = m->name;
	return GH_OK;
}

const char *
plan_repair_index(const struct plan *p)
{
	return p->migrations[0].key + strlen(PLAN_REPAIR_KEY);
}

enum gh_code
plan_mark_check(const struct plan_built *b, struct gh_err *err)
{
	const struct plan_migration *m = &b->plan.migrations[0];
	size_t i;

	for (i = 0; i < m->run.n_statements; i++) {
		if (m->run.statements[i].object[0] != '\0')
			return GH_OK;
	}
	return gh_fail(err, GH_CONFLICT,
	    "%s creates nothing that could be looked for, so nothing proves that it is applied: record it "
	    "with its "
	    "own tool, or let it run",
	    plan_called(m->key, m->version));
}
