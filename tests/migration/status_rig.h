/*
 * A folder and a tracking table made by hand, and what a status says of them as text; for tests of
 * migration/status.  Included by each of them.
 */
#ifndef TESTS_MIGRATION_STATUS_RIG_H
#define TESTS_MIGRATION_STATUS_RIG_H

#include "migration/status.h"
#include "base/text.h"

#include <setjmp.h>
#include <cmocka.h>

/* What a status says as text: a line a row, then newest and blocked. */
static struct gh_arena arena;
static struct convention_migration files[16];
static struct convention_found found;
static struct convention_row rows[16];
static size_t n_rows;

static int
setup(void **state)
{
	(void)state;
	found = (struct convention_found){ .migrations = files, .problem = "" };
	n_rows = 0;
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	gh_arena_done(&arena);
	return 0;
}

static struct convention_migration *
file(const char *version, const char *checksum)
{
	struct convention_migration *m = &files[found.n++];

	*m = (struct convention_migration){ .key = version,
		.version = version,
		.file = gh_printf(&arena, "%s.sql", version),
		.checksum = checksum,
		.problem = "" };
	return m;
}

static struct convention_row *
row(const char *key, const char *state, const char *checksum)
{
	struct convention_row *r = &rows[n_rows++];

	*r = (struct convention_row){ .key = key,
		.state = state,
		.checksum = checksum,
		.by = "",
		.detail = "",
		.applied_at = (int64_t)n_rows };
	return r;
}

static void
dump(const struct convention_status *s, struct gh_text *t)
{
	static const char *const standings[] = { "?", "applied", "pending", "edited", "missing", "older",
		"failed", "baseline" };
	static const char *const decisions[] = { "?", "nothing", "runs", "never", "blocks" };
	size_t i;

	for (i = 0; i < s->n; i++) {
		const struct convention_status_row *r = &s->rows[i];

		gh_text_putf(t, "%s %s %s", r->key, standings[r->standing], decisions[r->decision]);
		if (r->applied_at != 0)
			gh_text_putf(t, " @%d", (int)r->applied_at);
		if (r->migration == NULL)
			gh_text_putf(t, " after [%s]", r->after);
		gh_text_putf(t, "%s%s\n", *r->text == '\0' ? "" : ": ", r->text);
	}
	gh_text_putf(t, "newest [%s] blocked [%s]\n", s->newest, s->blocked);
}

static void
says(const struct convention *c, const char *wanted)
{
	struct convention_status s;
	GH_TEXT t = { 0 };

	convention_status(c, &found, rows, n_rows, &arena, &s);
	dump(&s, &t);
	assert_string_equal(gh_text_str(&t), wanted);
}

static const struct convention easy = { .name = "easy", .title = "Easy" };
static const struct convention strict = { .name = "strict",
	.title = "Strict",
	.older = CONVENTION_OLDER_BLOCKS,
	.missing_blocks = true,
	.changed_blocks = true,
	.failed_blocks = true,
	.command_failed = "strict repair" };

static const struct convention one = {
	.name = "one", .title = "One", .one_row = true, .missing_blocks = true, .failed_blocks = true
};

#endif
