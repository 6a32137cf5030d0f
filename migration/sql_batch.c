#include "base/ban.h"
#include "migration/batch.h"
#include "migration/sql_reading.h"

/* A text with a header of batches: what the parser sees of it, and what it may hold. */

/* A header above the section that it is meant for would be overlooked, and the statement run as it is. */
static void
look_above(struct sql_reading *r)
{
	const struct sql_text *t = r->text;
	struct batch above;

	if (t->head == NULL || t->down || t->verify || t->first_line <= 1)
		return;
	batch_read(t->head, strlen(t->head), r->arena, &above);
	if (above.form != BATCH_NONE && sql_line(t->head, above.at, 1) < t->first_line)
		sql_reading_problem(r, 0,
		    "the gatehouse:batch header stands above the section of its statement: put it into the "
		    "section");
}

void
sql_batch_begin(struct sql_reading *r)
{
	const struct sql_text *t = r->text;
	struct batch *b;
	struct sql_text *mended;

	if (!batch_is(t->sql, t->len)) {
		look_above(r);
		return;
	}
	b = gh_alloc(r->arena, sizeof(*b));
	mended = gh_alloc(r->arena, sizeof(*mended));
	batch_read(t->sql, t->len, r->arena, b);
	if (b->problem[0] != '\0')
		sql_reading_problem(r, b->problem_at, b->problem);
	*mended = *t;
	mended->sql = batch_mend(t->sql, t->len, r->arena);
	r->text = mended;
	r->batch = b;
}

static bool
changes_rows(const char *kind)
{
	static const char *const kinds[] = { "UPDATE", "DELETE", "INSERT", "MERGE" };
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (strcmp(kind, kinds[i]) == 0)
			return true;
	}
	return false;
}

static void
check(struct sql_reading *r)
{
	struct sql_script *s = r->script;
	size_t i;

	for (i = 0; i < s->n; i++) {
		if (r->seen[i].transaction || r->seen[i].savepoint)
			sql_reading_problem(r, (size_t)s->statements[i].offset,
			    gh_printf(r->arena,
				"%s in a batched migration: leave it out, each batch is a transaction of its "
				"own",
				s->statements[i].kind));
	}
	if (s->n == 0)
		sql_reading_problem(r, r->batch->at, "the header of batches has no statement");
	if (s->n > 1)
		sql_reading_problem(r, (size_t)s->statements[1].offset,
		    "a batched migration is one statement: put the others into files of their own");
	if (s->n == 1 && !changes_rows(s->statements[0].kind))
		sql_reading_problem(r, (size_t)s->statements[0].offset,
		    gh_printf(r->arena, "%s cannot run in batches: only INSERT, UPDATE, DELETE and MERGE can",
			s->statements[0].kind));
}

void
sql_batch_group(struct sql_reading *r)
{
	struct sql_script *s = r->script;

	if (*s->problem == '\0')
		check(r);
	if (*s->problem != '\0')
		return;
	s->statements[0].group = 0;
	s->transactional = s->row_inside = s->stripped = false;
	sql_reading_note(r, r->batch->at,
	    r->batch->form == BATCH_REPEAT && !batch_uses(r->text->sql, r->text->len, ":size")
		? "in batches, which only Gatehouse does: another tool would run the statement once and "
		  "record it"
		: "in batches, which only Gatehouse does: another tool would send the words with a colon to "
		  "the "
		  "server, which refuses them");
}
