#include "base/ban.h"
#include "tests/support/lint_rig.h"

#include <setjmp.h>
#include <cmocka.h>

#define START                                                                                                \
	{                                                                                                    \
		.file = "f.sql", .first_line = 1, .has_down = true                                           \
	}

struct sql_text lint_rig_text = START;
struct sql_script lint_rig_script;
static struct gh_arena arena;

int
lint_rig_teardown(void **state)
{
	(void)state;
	lint_rig_text = (struct sql_text)START;
	arena.limit = 0;
	gh_arena_done(&arena);
	return 0;
}

/* A rewrite has several steps, each of which may want a file of its own. */
static void
check_rewrite(const struct lint_finding *f)
{
	struct sql_text t = {
		.file = f->rule, .first_line = 1, .mode = CONVENTION_EACH, .may_be_empty = true
	};
	struct sql_script s;

	if (*f->rewrite == '\0')
		return;
	t.sql = f->rewrite;
	t.len = strlen(t.sql);
	sql_read(&t, &arena, &s);
	if (*s.problem != '\0')
		fail_msg("%s: %s\n%s", f->rule, s.problem, f->rewrite);
}

static void
read_sql(const char *sql)
{
	size_t i;

	arena.limit = SQL_ARENA_LIMIT;
	lint_rig_text.sql = sql;
	lint_rig_text.len = strlen(sql);
	sql_read(&lint_rig_text, &arena, &lint_rig_script);
	for (i = 0; i < lint_rig_script.findings.n; i++) {
		const struct lint_finding *f = &lint_rig_script.findings.items[i];

		assert_non_null(lint_about_find(f->rule));
		assert_true(f->level >= LINT_NOTICE && f->level <= LINT_ERROR);
		assert_true(*f->message != '\0' && f->table != NULL && f->line >= 1 && f->column >= 1);
		assert_true(f->offset >= 0 && f->offset + f->length <= (int64_t)lint_rig_text.len);
		check_rewrite(f);
	}
}

const struct lint_finding *
lint_rig_fires_n(const char *rule, const char *sql, size_t n)
{
	const struct lint_finding *first = NULL;
	size_t i, got = 0;

	read_sql(sql);
	for (i = 0; i < lint_rig_script.findings.n; i++) {
		const struct lint_finding *f = &lint_rig_script.findings.items[i];

		if (strcmp(f->rule, rule) != 0)
			continue;
		got++;
		if (first == NULL)
			first = f;
	}
	if (got != n)
		fail_msg("%s: %zu findings instead of %zu in: %s (%s)", rule, got, n, sql,
		    lint_rig_script.problem);
	return first;
}

const struct lint_finding *
lint_rig_fires(const char *rule, const char *sql, const char *words)
{
	const struct lint_finding *f = lint_rig_fires_n(rule, sql, 1);

	if (strstr(f->message, words) == NULL)
		fail_msg("%s: \"%s\" does not say \"%s\"", rule, f->message, words);
	return f;
}

void
lint_rig_quiet(const char *rule, const char *sql)
{
	assert_non_null(lint_about_find(rule));
	(void)lint_rig_fires_n(rule, sql, 0);
}

void
lint_rig_rewrites(const char *rule, const char *sql, const char *rewrite)
{
	const struct lint_finding *f = lint_rig_fires_n(rule, sql, 1);

	if (strcmp(f->rewrite, rewrite) != 0)
		fail_msg("%s: rewrite is\n%s\nnot\n%s", rule, f->rewrite, rewrite);
}
