#include "base/ban.h"
#include "tests/fuzz/fuzz.h"
#include "base/io.h"
#include "migration/sql.h"

#define DEEPEST 4096 /* bytes: what cannot exhaust the stack; more is the child's business */

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sql_place place = { .file = "f.sql", .first_line = 1 };
	GH_ARENA a = { .limit = SQL_ARENA_LIMIT };
	struct sql_script s;
	int64_t from = 0;
	size_t i;

	if (size > DEEPEST || !gh_utf8_valid((const char *)data, size, NULL))
		return 0;
	sql_read(gh_strndup(&a, (const char *)data, size), size, place, &a, &s);
	if (*s.problem != '\0' && s.n != 0)
		gh_bug("a script with a problem has statements");
	for (i = 0; i < s.n; i++) {
		const struct sql_statement *t = &s.statements[i];

		if (t->offset < from || t->length < 1 || t->length > (int64_t)size - t->offset || t->line < 1)
			gh_bug("a statement lies outside of its text");
		if ((t->alone && s.transactional) || *t->kind == '\0' ||
		    (*t->object == '\0') != (*t->object_kind == '\0'))
			gh_bug("a statement contradicts itself");
		from = t->offset + t->length;
	}
	return 0;
}
