#include "base/ban.h"
#include "tests/fuzz/fuzz.h"
#include "base/io.h"
#include "migration/sql.h"

#define DEEPEST 4096 /* bytes: what cannot exhaust the stack; more is the child's business */

/* The first byte says how the tool sends it. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sql_text t = { .file = "f.sql", .first_line = 1 };
	GH_ARENA a = { .limit = SQL_ARENA_LIMIT };
	struct sql_script s;
	int64_t from = 0;
	size_t i;

	if (size == 0 || size > DEEPEST || !gh_utf8_valid((const char *)data, size, NULL))
		return 0;
	t.mode = (enum convention_mode)(data[0] % (CONVENTION_PIPELINE + 1));
	t.down = (data[0] & 0x40) != 0;
	t.len = size - 1;
	t.sql = gh_strndup(&a, (const char *)data + 1, t.len);
	if (!gh_utf8_valid(t.sql, t.len, NULL))
		return 0;
	/* Rules that compare both ways, and those that read the comment on top. */
	t.has_down = (data[0] & 0x20) != 0;
	t.back = t.head = t.sql;
	sql_read(&t, &a, &s);
	if (*s.problem != '\0' && s.n != 0)
		gh_bug("a script with a problem has statements");
	for (i = 0; i < s.n; i++) {
		const struct sql_statement *q = &s.statements[i];

		if (q->offset < from || q->length < 1 || q->length > (int64_t)t.len - q->offset ||
		    q->line < 1)
			gh_bug("a statement lies outside of its text");
		if ((q->alone && q->group != 0) || (s.transactional && q->group != 1) || *q->kind == '\0' ||
		    (*q->object == '\0') != (*q->object_kind == '\0'))
			gh_bug("a statement contradicts itself");
		from = q->offset + q->length;
	}
	for (i = 0; i < s.findings.n; i++) {
		const struct lint_finding *f = &s.findings.items[i];

		if (f->offset < 0 || f->length < 0 || f->offset + f->length > (int64_t)t.len ||
		    f->statement < -1 || f->statement >= (int64_t)s.n || f->line < 1 || f->column < 1)
			gh_bug("%s: a finding lies outside of its text", f->rule);
	}
	return 0;
}
