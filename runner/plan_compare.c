#include "base/ban.h"
#include "runner/plan_compare.h"
#include "base/duration.h"
#include "base/io.h"

static bool
sql_same(const struct plan_sql *a, const struct plan_sql *b)
{
	return a->sql_len == b->sql_len && (a->sql_len == 0 || memcmp(a->sql, b->sql, a->sql_len) == 0);
}

/* The same bytes read in another way: the program was upgraded. */
static bool
reading_same(const struct plan_sql *a, const struct plan_sql *b)
{
	size_t i;

	if (a->row_inside != b->row_inside || a->n_statements != b->n_statements)
		return false;
	for (i = 0; i < a->n_statements; i++) {
		const struct plan_statement *x = &a->statements[i], *y = &b->statements[i];

		if (x->offset != y->offset || x->length != y->length || x->line != y->line ||
		    x->group != y->group || strcmp(x->kind, y->kind) != 0 ||
		    strcmp(x->object, y->object) != 0 || strcmp(x->object_kind, y->object_kind) != 0)
			return false;
	}
	return true;
}

static bool
facts_same(const struct plan_migration *a, const struct plan_migration *b)
{
	size_t i;

	if (a->n_facts != b->n_facts)
		return false;
	for (i = 0; i < a->n_facts; i++) {
		const struct plan_fact *x = &a->facts[i], *y = &b->facts[i];

		if (strcmp(x->name, y->name) != 0 || (x->value == NULL) != (y->value == NULL) ||
		    (x->value != NULL && strcmp(x->value, y->value) != 0))
			return false;
	}
	return true;
}

static const struct plan_migration *
find(const struct plan *p, const char *key)
{
	size_t i;

	for (i = 0; i < p->n_migrations; i++) {
		if (strcmp(p->migrations[i].key, key) == 0)
			return &p->migrations[i];
	}
	return NULL;
}

/* The database and the way it is worked with. */
static const char *
compare_target(const struct plan *was, const struct plan *is, struct gh_arena *a)
{
	if (strcmp(was->system_id, is->system_id) != 0 || was->database_oid != is->database_oid ||
	    strcmp(was->database, is->database) != 0)
		return gh_printf(a,
		    "the connection of %s leads to another database now: it was %s (oid %" PRId64
		    ", system %s), it is %s "
		    "(oid %" PRId64 ", system %s)",
		    was->target, was->database, was->database_oid, was->system_id, is->database,
		    is->database_oid, is->system_id);
	if (strcmp(was->convention, is->convention) != 0)
		return gh_printf(
		    a, "the project's convention was %s and is %s", was->convention, is->convention);
	if (was->one_transaction != is->one_transaction)
		return is->one_transaction ? "all of it runs in one transaction now"
					   : "each migration runs in a transaction of its own now";
	if (strcmp(was->tracking, is->tracking) != 0)
		return gh_printf(a, "the tracking table was %s and is %s", was->tracking, is->tracking);
	return NULL;
}

static bool
is_flag(const char *line)
{
	static const char *const flags[] = { "backup ", "rollback_on_failure ", "promote ", "rehearse " };
	size_t i;

	for (i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		if (strncmp(line, flags[i], strlen(flags[i])) == 0)
			return true;
	}
	return false;
}

/* What stands behind the name in a line of a policy, as people write it. */
static const char *
policy_value(const char *line, bool ms, struct gh_arena *a)
{
	const char *space = strchr(line, ' '), *value = space == NULL ? "" : space + 1;
	char text[GH_DURATION_LEN];
	int64_t v = 0;

	if (value[0] == '\0')
		return "not set";
	if (is_flag(line))
		return value[0] == '1' ? "on" : "off";
	if (ms && gh_parse_i64(value, 0, INT64_MAX, &v))
		return gh_strdup(a, gh_duration_text(v, text));
	return value;
}

/* The first line in which two policies differ: the single values stand in the same lines of both. */
static const char *
policy_line(const char *was, const char *is, const char *target, struct gh_arena *a)
{
	size_t len = strcspn(was, " "), name = len;
	bool ms = len > 3 && strncmp(was + len - 3, "_ms", 3) == 0;

	if (len == 0 || strcspn(is, " ") != len || strncmp(was, is, len) != 0 ||
	    strncmp(was, "arg ", 4) == 0 || strncmp(was, "hook ", 5) == 0)
		return gh_printf(
		    a, "the policy of %s changed: its windows, expected tables or hooks are others", target);
	if (ms)
		name -= 3;
	return gh_printf(a, "the policy of %s changed: %.*s was %s and is %s", target, (int)name, was,
	    policy_value(was, ms, a), policy_value(is, ms, a));
}

static const char *
line_of(const char *text, struct gh_arena *a)
{
	return gh_strndup(a, text, strcspn(text, "\n"));
}

static const char *
compare_policy(const struct plan *was, const struct plan *is, struct gh_arena *a)
{
	GH_TEXT x = { 0 };
	GH_TEXT y = { 0 };
	const char *p, *q;

	if (policy_write(&was->policy, &x, NULL) != GH_OK || policy_write(&is->policy, &y, NULL) != GH_OK)
		return gh_printf(a, "the policy of %s changed", was->target);
	p = gh_text_str(&x);
	q = gh_text_str(&y);
	while (*p != '\0' || *q != '\0') {
		const char *one = line_of(p, a), *other = line_of(q, a);

		if (strcmp(one, other) != 0)
			return policy_line(one, other, was->target, a);
		p += strlen(one) + (p[strlen(one)] == '\n');
		q += strlen(other) + (q[strlen(other)] == '\n');
	}
	return NULL;
}

static const char *
compare_queries(const struct plan *was, const struct plan *is, struct gh_arena *a)
{
	size_t i;

	for (i = 0; i < was->n_queries && i < is->n_queries; i++) {
		if (strcmp(was->queries[i].name, is->queries[i].name) != 0)
			break;
		if (strcmp(was->queries[i].sql, is->queries[i].sql) != 0)
			return gh_printf(
			    a, "the query %s that verifies the run changed since", was->queries[i].name);
	}
	if (i < was->n_queries || i < is->n_queries)
		return "there are other queries that verify the run now";
	return NULL;
}

static const char *
compare_migration(const struct plan *plan, const struct plan_migration *was, const struct plan_migration *is,
    struct gh_arena *a)
{
	if (!sql_same(&was->run, &is->run))
		return gh_printf(a, "the %s SQL of %s changed since", plan->down ? "down" : "up", was->key);
	if (was->has_back != is->has_back)
		return gh_printf(
		    a, is->has_back ? "%s has a down SQL now" : "%s has lost its down SQL", was->key);
	if (was->has_back && !sql_same(&was->back, &is->back))
		return gh_printf(a, "the down SQL of %s changed since", was->key);
	if (!reading_same(&was->run, &is->run) || (was->has_back && !reading_same(&was->back, &is->back)))
		return gh_printf(
		    a, "this version of Gatehouse reads the statements of %s in another way", was->key);
	if (was->has_verify != is->has_verify || (was->has_verify && !sql_same(&was->verify, &is->verify)))
		return gh_printf(a, "what verifies %s changed since", was->key);
	if (strcmp(was->checksum, is->checksum) != 0)
		return gh_printf(a, "%s has another checksum now", was->key);
	if (strcmp(was->file, is->file) != 0 || !facts_same(was, is) || was->repeatable != is->repeatable)
		return gh_printf(a, "what its tool records of %s changed since", was->key);
	if (strcmp(was->name, is->name) != 0 || strcmp(was->version, is->version) != 0)
		return gh_printf(a, "%s has another name now", was->key);
	return NULL;
}

static const char *
compare_migrations(const struct plan *was, const struct plan *is, struct gh_arena *a)
{
	const char *text;
	size_t i;

	for (i = 0; i < was->n_migrations; i++) {
		const struct plan_migration *other = find(is, was->migrations[i].key);

		if (other == NULL)
			return gh_printf(a, "%s is no longer %s", was->migrations[i].key,
			    was->down ? "among the newest that are applied" : "pending");
		text = compare_migration(was, &was->migrations[i], other, a);
		if (text != NULL)
			return text;
	}
	for (i = 0; i < is->n_migrations; i++) {
		if (find(was, is->migrations[i].key) == NULL)
			return gh_printf(a,
			    was->down ? "%s was applied meanwhile" : "%s is pending too, since then",
			    is->migrations[i].key);
	}
	for (i = 0; i < was->n_migrations; i++) {
		if (strcmp(was->migrations[i].key, is->migrations[i].key) != 0)
			return "the order of the migrations changed";
	}
	return NULL;
}

const char *
plan_compare(const struct plan *was, const struct plan *is, struct gh_arena *a)
{
	const char *text = compare_target(was, is, a);

	if (text == NULL)
		text = compare_migrations(was, is, a);
	if (text == NULL && strcmp(was->after, is->after) != 0)
		text = gh_printf(a, "the newest migration on %s was %s and is %s", was->target,
		    was->after[0] == '\0' ? "none" : was->after, is->after[0] == '\0' ? "none" : is->after);
	if (text == NULL)
		text = compare_queries(was, is, a);
	if (text == NULL)
		text = compare_policy(was, is, a);
	return text;
}
