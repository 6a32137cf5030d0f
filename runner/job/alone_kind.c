#include "base/ban.h"
#include "runner/job/run.h"
#include "migration/scan.h"

/* What the text of a statement outside any transaction tells of how it is to be handled. */

static bool
begins_with_one_of(const char *kind, const char *const *words, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (strncmp(kind, words[i], strlen(words[i])) == 0)
			return true;
	}
	return false;
}

bool
alone_concurrently(const struct step *s, const struct plan_statement *st)
{
	static const char *const kinds[] = { "CREATE INDEX", "CREATE UNIQUE INDEX", "DROP INDEX", "REINDEX",
		"ALTER TABLE" };

	/* Also in these the word may be in a comment or a name. */
	return begins_with_one_of(st->kind, kinds, sizeof(kinds) / sizeof(kinds[0])) &&
	    scan_has_word(s->sql->sql + st->offset, (size_t)st->length, "concurrently");
}

bool
alone_slow(const struct step *s, const struct plan_statement *st)
{
	static const char *const kinds[] = { "VACUUM", "REINDEX", "CREATE DATABASE", "DROP DATABASE",
		"CREATE SUBSCRIPTION", "DROP SUBSCRIPTION" };

	return alone_concurrently(s, st) ||
	    begins_with_one_of(st->kind, kinds, sizeof(kinds) / sizeof(kinds[0]));
}

bool
alone_once(const struct plan_statement *st)
{
	static const char *const kinds[] = { "CALL", "DO", "ALTER TABLE" };

	return begins_with_one_of(st->kind, kinds, sizeof(kinds) / sizeof(kinds[0]));
}

bool
alone_delicate(const struct step *s, const struct plan_statement *st)
{
	return alone_concurrently(s, st) || alone_once(st);
}

bool
alone_catalog_only(const struct plan_statement *st)
{
	static const char *const kinds[] = { "CREATE INDEX", "CREATE UNIQUE INDEX", "DROP INDEX", "REINDEX",
		"CREATE DATABASE", "DROP DATABASE" };

	return begins_with_one_of(st->kind, kinds, sizeof(kinds) / sizeof(kinds[0]));
}
