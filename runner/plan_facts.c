#include "base/ban.h"
#include "runner/plan_facts.h"
#include "base/clock.h"
#include "store/standing.h"

/* PostgreSQL's locks by strength: who has to wait. */
static const char *
against(int64_t strength)
{
	switch (strength) {
	case 8:
		return "against reads and writes";
	case 7:
	case 6:
	case 5:
		return "against writes";
	case 4:
		return "against other changes of its schema";
	default:
		return NULL;
	}
}

static const char *
size_text(const struct store_table *t, bool known, struct gh_arena *a)
{
	if (t == NULL)
		return known ? " (new)" : "";
	return gh_printf(a, " (%s, %s)", finding_bytes(t->bytes, a), finding_rows(t->row_count, a));
}

const char *
plan_touch_text(
    const struct store_statement_touch *t, const struct store_table *table, bool known, struct gh_arena *a)
{
	const char *size = size_text(table, known, a), *who = against(t->strength), *how = " for a moment";

	if (t->strength == 0)
		return gh_printf(a, "creates %s", t->object);
	if (t->rewrites)
		how = " while it rewrites it";
	else if (t->writes)
		how = " while it changes rows in it";
	else if (t->scans)
		how = " while it reads all of it";
	if (who != NULL)
		return gh_printf(a, "locks %s%s %s%s", t->object, size, who, how);
	if (t->writes)
		return gh_printf(a, "changes rows in %s%s", t->object, size);
	return t->scans ? gh_printf(a, "reads %s%s", t->object, size) : "";
}

static int
by_name(const void *key, const void *row)
{
	return strcmp(key, ((const struct store_table *)row)->name);
}

/* Names of SQL without a schema are looked for in public. */
static const struct store_table *
table_of(const struct store_tables *tables, const char *name, struct gh_arena *a)
{
	const struct store_table *ret;

	if (tables->n == 0 || name[0] == '\0')
		return NULL;
	ret = bsearch(name, tables->rows, tables->n, sizeof(*tables->rows), by_name);
	if (ret != NULL)
		return ret;
	return bsearch(
	    gh_printf(a, "public.%s", name), tables->rows, tables->n, sizeof(*tables->rows), by_name);
}

/* The worst that is done to each relation, in the order in which they come up. */
static const char *
whole_text(const struct plan_migration_facts *m, bool known, struct gh_arena *a)
{
	struct store_statement_touch *worst = gh_alloc_n(a, m->n_touches, sizeof(*worst));
	const struct store_table **tables =
	    gh_alloc_n(a, m->n_touches, sizeof(*tables)); /* NOLINT(bugprone-sizeof-expression) */
	GH_TEXT ret = { .limit = 4000 };
	size_t n = 0, i, k;

	for (i = 0; i < m->n_touches; i++) {
		const struct store_statement_touch *t = &m->touches[i].touch;

		for (k = 0; k < n && strcmp(worst[k].object, t->object) != 0; k++)
			;
		if (k == n) {
			worst[n] = *t;
			tables[n++] = m->touches[i].table;
			continue;
		}
		/* What it has made itself nobody else sees. */
		if (worst[k].strength == 0)
			continue;
		worst[k].strength = t->strength > worst[k].strength ? t->strength : worst[k].strength;
		worst[k].rewrites = worst[k].rewrites || t->rewrites;
		worst[k].scans = worst[k].scans || t->scans;
		worst[k].writes = worst[k].writes || t->writes;
	}
	for (i = 0; i < n; i++) {
		const char *text = plan_touch_text(&worst[i], tables[i], known, a);

		if (text[0] != '\0')
			gh_text_putf(&ret, "%s%s", ret.len == 0 ? "" : "; ", text);
	}
	return gh_strdup(a, gh_text_str(&ret));
}

/* What all migrations of a plan are looked at with. */
struct known {
	struct store *st;
	struct gh_arena *a;
	const char *side;
	struct store_tables tables;
	bool all; /* a table that is not among them is not there */
};

static enum gh_code
touches_read(const struct known *k, const struct store_migration *m, struct plan_migration_facts *ret,
    struct gh_err *err)
{
	struct store_statement_touches rows;
	size_t i;

	GH_TRY(store_statement_touch_list(k->st, k->a, m->id, k->side, &rows, err));
	ret->n_touches = rows.n;
	ret->touches = gh_alloc_n(k->a, rows.n, sizeof(*ret->touches));
	for (i = 0; i < rows.n; i++) {
		struct plan_touch *t = &ret->touches[i];

		t->touch = rows.rows[i];
		t->table = table_of(&k->tables, t->touch.object, k->a);
		t->text = plan_touch_text(&t->touch, t->table, k->all, k->a);
	}
	return GH_OK;
}

static enum gh_code
found_read(const struct known *k, const struct store_migration *m, struct plan_migration_facts *ret,
    struct gh_err *err)
{
	struct store_findings rows;
	size_t i;

	GH_TRY(store_finding_list(k->st, k->a, m->id, k->side, &rows, err));
	ret->n_found = rows.n;
	ret->found = gh_alloc_n(k->a, rows.n, sizeof(*ret->found));
	for (i = 0; i < rows.n; i++) {
		struct plan_found *f = &ret->found[i];
		const struct store_finding *row = &rows.rows[i];

		f->finding = *row;
		f->level = row->level;
		f->why = "";
		/* Without statistics nobody can say that a table is small, nor without its name. */
		if (k->all && row->object[0] != '\0')
			f->level = finding_level(
			    row->level, row->scale, table_of(&k->tables, row->object, k->a), k->a, &f->why);
	}
	return GH_OK;
}

enum gh_code
plan_facts_read(struct store *st, struct plan_built *b, struct plan_facts *ret, struct gh_err *err)
{
	struct known k = { .st = st, .a = &b->arena, .side = b->plan.down ? "down" : "up" };
	size_t i;

	GH_TRY(store_table_list(st, k.a, b->target.id, &k.tables, err));
	k.all = k.tables.n > 0 || b->target.table_count == 0;
	ret->tables_known = k.all;
	if (b->plan.policy.backup_outside_ms > 0)
		GH_TRY(store_outside_counts(st, k.a, b->target.id, b->plan.policy.backup_outside_ms,
		    gh_clock_now(), &ret->outside, err));
	ret->migrations = gh_alloc_n(k.a, b->plan.n_migrations, sizeof(*ret->migrations));
	for (i = 0; i < b->plan.n_migrations; i++) {
		struct plan_migration_facts *m = &ret->migrations[i];

		GH_TRY(touches_read(&k, b->picked[i], m, err));
		GH_TRY(found_read(&k, b->picked[i], m, err));
		GH_TRY(store_duration_list(
		    st, k.a, b->target.id, b->picked[i]->key, b->plan.down, &m->durations, err));
		m->text = whole_text(m, k.all, k.a);
	}
	return GH_OK;
}
