#include "base/ban.h"
#include "runner/job/failure.h"
#include "migration/object.h"
#include "migration/sql_shape_child.h"
#include "runner/job/recorded.h"
#include "runner/job/sql.gen.h"
#include "runner/job/verify.h"

/* What is true in the catalog now: each object that a migration of the failed run makes or changes, and its
 * tracking row. */

#define FACTS_MAX      200
#define STATEMENTS_MAX 100 /* of a migration */

struct seen {
	const char *kind, *object; /* as people read it */
	bool there, invalid;
	const char *text; /* what it is: "5 columns, about 120 rows"; "" nothing to say */
};

static void
say(struct failure *f, const struct seen *s, bool good, const char *sentence)
{
	struct wire_out o;

	say_start(f->x.pg->job, WIRE_J_FACT, &o);
	say_put(&o, s->kind);
	say_put(&o, s->object);
	wire_put_u8(&o, good);
	say_put(&o, sentence);
	say_end(f->x.pg->job, &o);
	f->n_facts++;
}

/* The fact's sentence, and whether it is as it should be. */
static void
say_object(struct failure *f, size_t i, const struct seen *s)
{
	const struct plan_migration *m = &f->x.plan->migrations[i];
	const char *name = plan_called(m->key, m->version), *is = s->text[0] == '\0' ? "" : ": ";
	struct gh_arena *a = f->x.pg->job->arena;

	if (s->there && s->invalid) {
		f->invalid[f->n_invalid++] = (struct failure_index){ s->object, (int64_t)f->n_facts };
		say(f, s, false,
		    gh_printf(a,
			"There but invalid: no query uses it, and IF NOT EXISTS would skip it. Drop it "
			"before the next try."));
		return;
	}
	switch (f->state[i]) {
	case FAILURE_IN:
		say(f, s, s->there,
		    s->there ? gh_printf(a, "There, as %s makes it%s%s.", name, is, s->text)
			     : gh_printf(a, "Not there, although %s is applied.", name));
		return;
	case FAILURE_HALF:
		say(f, s, !s->there,
		    s->there ? gh_printf(
				   a, "There%s%s, although %s is not recorded as applied.", is, s->text, name)
			     : "Not there.");
		return;
	case FAILURE_TAKEN_BACK:
		say(f, s, !s->there,
		    s->there
			? gh_printf(a, "Still there%s%s, although the down SQL of %s ran.", is, s->text, name)
			: gh_printf(a, "Not there: %s was taken back.", name));
		return;
	case FAILURE_ROLLED_BACK:
		say(f, s, true,
		    s->there ? gh_printf(a, "There%s%s, but not by this run: %s was rolled back.", is,
				   s->text, name)
			     : gh_printf(a, "Not there: %s was rolled back.", name));
		return;
	case FAILURE_NOT_RUN:
		break;
	}
}

/* A table's columns and rows, an index's health. */
static enum gh_code
details(struct failure *f, const struct plan_statement *st, struct seen *s, struct gh_err *err)
{
	const char *const params[] = { st->object };
	struct explain_row row;

	if (strcmp(s->kind, "table") == 0) {
		GH_TRY(explain_row(&f->x, SQL_FACT_TABLE, params, 1, &row, err));
		if (row.n > 0)
			s->text = row.cells[0];
	} else if (strcmp(s->kind, "index") == 0) {
		GH_TRY(explain_row(&f->x, SQL_FACT_INDEX, params, 1, &row, err));
		s->invalid = row.n > 0 && row.cells[0][0] != 't';
		s->object = row.n > 0 ? row.cells[1] : s->object;
		s->text = s->invalid ? "invalid" : "valid";
	}
	return GH_OK;
}

/* *ret false: nothing to look for. */
static enum gh_code
object_see(struct failure *f, const struct plan_statement *st, struct seen *s, bool *ret, struct gh_err *err)
{
	const char *probe =
	    st->object == NULL || st->object[0] == '\0' ? NULL : object_probe(st->object_kind);
	const char *const params[] = { st->object };
	struct explain_row row;

	*ret = probe != NULL;
	if (probe == NULL)
		return GH_OK;
	*s = (struct seen){ .kind = st->object_kind, .object = st->object, .text = "" };
	GH_TRY(explain_row(&f->x, probe, params, 1, &row, err));
	s->there = row.n > 0;
	return s->there ? details(f, st, s, err) : GH_OK;
}

static enum gh_code
item_see(struct failure *f, const struct sql_shape_item *item, struct seen *s, struct gh_err *err)
{
	const char *const params[] = { item->table, item->name };
	bool column = strcmp(item->kind, "column") == 0;
	struct explain_row row;

	*s = (struct seen){ .kind = item->kind,
		.object = gh_printf(f->x.pg->job->arena, "%s.%s", item->table, item->name),
		.text = "" };
	GH_TRY(explain_row(&f->x, column ? SQL_FACT_COLUMN : SQL_FACT_CONSTRAINT, params, 2, &row, err));
	s->there = row.n > 0;
	if (s->there)
		s->text = row.cells[0];
	return GH_OK;
}

/* What a statement adds to a table that was there. */
static enum gh_code
items(struct failure *f, size_t i, const char *sql, bool *all, bool *some, struct gh_err *err)
{
	struct sql_shape shape;
	struct seen s;
	size_t k;

	sql_shape_child_read(sql, f->x.pg->job->arena, &shape);
	for (k = 0; k < shape.n_items && f->n_facts < FACTS_MAX; k++) {
		GH_TRY(item_see(f, &shape.items[k], &s, err));
		*all = *all && s.there;
		*some = true;
		say_object(f, i, &s);
	}
	return GH_OK;
}

static enum gh_code
migration(struct failure *f, size_t i, struct gh_err *err)
{
	const struct plan_sql *sql = &f->x.plan->migrations[i].run;
	bool all = true, some = false, is;
	struct seen s;
	size_t k;

	for (k = 0; k < sql->n_statements && k < STATEMENTS_MAX && f->n_facts < FACTS_MAX; k++) {
		const struct plan_statement *st = &sql->statements[k];

		GH_TRY(object_see(f, st, &s, &is, err));
		if (is) {
			all = all && s.there && !s.invalid;
			some = true;
			say_object(f, i, &s);
		} else if (f->parse && strncmp(st->kind, "ALTER TABLE", 11) == 0) {
			GH_TRY(items(f, i,
			    gh_strndup(f->x.pg->job->arena, sql->sql + st->offset, (size_t)st->length), &all,
			    &some, err));
		}
	}
	if (i == failure_at(f))
		f->all_there = all && some && k == sql->n_statements;
	return GH_OK;
}

/* What the statements have left besides: the plan does not name every index. */
static enum gh_code
leftovers(struct failure *f, struct gh_err *err)
{
	struct gh_arena *a = f->x.pg->job->arena;
	/* NOLINTNEXTLINE(bugprone-sizeof-expression): pointers */
	const char **known = gh_alloc_n(a, f->before.n + f->n_invalid, sizeof(*known)), *params[1];
	PG_RESULT res = NULL;
	size_t n = 0, i;
	int row;

	if (!f->before_known)
		return GH_OK;
	for (i = 0; i < f->before.n; i++)
		known[n++] = f->before.at[i];
	for (i = 0; i < f->n_invalid; i++)
		known[n++] = f->invalid[i].name;
	params[0] = verify_array(known, n, a);
	GH_TRY(explain_query(&f->x, SQL_FACT_INVALID, params, 1, &res, err));
	for (row = 0; row < PQntuples(res) && f->n_invalid < FACTS_MAX; row++) {
		const struct seen s = { .kind = "index",
			.object = gh_strdup(a, PQgetvalue(res, row, 0)),
			.there = true,
			.invalid = true,
			.text = "" };

		say_object(f, 0, &s);
	}
	return GH_OK;
}

/* What the tool's table says of each. */
static enum gh_code
rows(struct failure *f, struct gh_err *err)
{
	const struct plan *p = f->x.plan;
	struct gh_arena *a = f->x.pg->job->arena;
	struct tracking t;
	const struct recorded now = { .c = f->x.convention, .plan = p, .t = &t };
	size_t i;

	if (p->act == PLAN_REPAIR)
		return GH_OK;
	GH_TRY(tracking_read_plan(f->x.pg, f->x.convention, p, &t, err));
	for (i = 0; (t.known || !t.exists) && i < p->n_migrations && f->n_facts < FACTS_MAX; i++) {
		const struct plan_migration *m = &p->migrations[i];
		const struct convention_row *failed = recorded_failed(&now, i);
		bool in = recorded_in(&now, i), want = (f->state[i] == FAILURE_IN) != p->down;
		struct seen s = { .kind = "row", .object = m->key };

		if (f->state[i] == FAILURE_NOT_RUN)
			continue;
		if (i == failure_at(f))
			f->recorded = in || failed != NULL;
		if (failed != NULL)
			say(f, &s, false, gh_printf(a, "%s calls it %s.", t.qualified, failed->state));
		else
			say(f, &s, in == want,
			    gh_printf(
				a, "%s in %s.", in ? "Recorded as applied" : "Not recorded", t.qualified));
	}
	return GH_OK;
}

size_t
failure_at(const struct failure *f)
{
	size_t i;

	for (i = f->x.plan->n_migrations; i > 0; i--) {
		if (f->state[i - 1] == FAILURE_HALF || f->state[i - 1] == FAILURE_ROLLED_BACK)
			return i - 1;
	}
	return f->x.plan->n_migrations;
}

void
facts_say(struct failure *f)
{
	const struct plan *p = f->x.plan;
	struct gh_err err = { 0 };
	enum gh_code code = GH_OK;
	size_t i;

	f->invalid = gh_alloc_n(f->x.pg->job->arena, FACTS_MAX, sizeof(*f->invalid));
	/* The one that failed first: it is what people look for. */
	if (failure_at(f) < p->n_migrations)
		code = migration(f, failure_at(f), &err);
	for (i = 0; code == GH_OK && i < p->n_migrations; i++) {
		if (i != failure_at(f) && f->state[i] != FAILURE_NOT_RUN)
			code = migration(f, i, &err);
	}
	if (code == GH_OK)
		code = leftovers(f, &err);
	if (code == GH_OK)
		code = rows(f, &err);
	if (code != GH_OK)
		say_log(f->x.pg->job, "what is true now could not be looked at to the end: %s", err.msg);
}
