#include "base/ban.h"
#include "migration/foreign.h"
#include "migration/name.h"
#include "migration/status.h"

#define CONFIGURE "in the project's section of gatehouse.conf"

static const char *
title(const struct convention *c)
{
	return c->title == NULL ? c->name : c->title;
}

static int
strongest(const void *a, const void *b)
{
	const struct convention_candidate *x = a, *y = b;

	if (x->fit.strength != y->fit.strength)
		return x->fit.strength > y->fit.strength ? -1 : 1;
	return strcmp(x->c->name, y->c->name);
}

/* The files are equal, the tools around them are not: {a, b, what lies beside when it is a}. */
static const struct {
	const char *a, *b, *beside;
} neighbours[] = {
	{ "sqlx", "golang-migrate", "Cargo.toml" },
	{ "golang-migrate", "sqlx", "go.mod" },
	{ "diesel", "hasura", "Cargo.toml" },
	{ "diesel", "hasura", "diesel.toml" },
	{ "hasura", "diesel", "hasura.yaml" },
};

/* The one of two equals for whose tool a file beside the folder speaks; NULL when none or both. */
static const struct convention_candidate *
by_neighbour(const struct convention_folder *f, const struct convention_candidate *x,
    const struct convention_candidate *y, const char **ret_beside)
{
	const struct convention_candidate *ret = NULL;
	size_t i;

	for (i = 0; i < sizeof(neighbours) / sizeof(neighbours[0]); i++) {
		const struct convention_candidate *it = NULL;

		if (!convention_beside(f, neighbours[i].beside))
			continue;
		if (strcmp(x->c->name, neighbours[i].a) == 0 && strcmp(y->c->name, neighbours[i].b) == 0)
			it = x;
		else if (strcmp(y->c->name, neighbours[i].a) == 0 && strcmp(x->c->name, neighbours[i].b) == 0)
			it = y;
		if (it == NULL)
			continue;
		if (ret != NULL && ret != it)
			return NULL;
		ret = it;
		*ret_beside = neighbours[i].beside;
	}
	return ret;
}

static void
choose(struct convention_detected *d, const struct convention_candidate *it, struct gh_arena *a)
{
	d->c = it->c;
	d->why = gh_printf(
	    a, "%s: %s%s%s", title(it->c), it->fit.why, it->table ? ", and " : "", it->table ? it->has : "");
}

/* Names that many tools read in their own way are no reason to run anything. */
static void
choose_weak(struct convention_detected *d, struct gh_arena *a)
{
	const struct convention_fit *fit = &d->candidates[0].fit;
	GH_TEXT names = { 0 };
	size_t i;

	d->c = NULL;
	if (d->n == 1) {
		d->why = gh_printf(a,
		    "nothing in the folder tells which tool it is for (%s): if that is %s, write convention "
		    "= \"%s\" " CONFIGURE,
		    fit->why, title(d->candidates[0].c), d->candidates[0].c->name);
		return;
	}
	for (i = 0; i < d->n; i++)
		gh_text_putf(&names, "%s%s",
		    i == 0              ? ""
			: i + 1 == d->n ? " or "
					: ", ",
		    d->candidates[i].c->name);
	d->why = gh_printf(a,
	    "nothing in the folder tells which tool it is for (%s): write convention = \"NAME\" " CONFIGURE
	    ", where NAME is %s",
	    fit->why, gh_text_str(&names));
}

/* All that are as strong as the first, as a sentence. */
static void
choose_none(struct convention_detected *d, bool tables, struct gh_arena *a)
{
	GH_TEXT fit = { 0 };
	GH_TEXT write = { 0 };
	size_t i, n = 0;
	int strength = 0;

	for (i = 0; i < d->n; i++) {
		const struct convention_candidate *it = &d->candidates[i];

		if (tables && !it->table)
			continue;
		if (n > 0 && it->fit.strength < strength)
			break;
		strength = it->fit.strength;
		gh_text_putf(&fit, "%s%s (%s%s%s)", n == 0 ? "" : " and ", title(it->c), it->fit.why,
		    it->table ? "; " : "", it->table ? it->has : "");
		gh_text_putf(&write, "%sconvention = \"%s\"", n == 0 ? "" : " or ", it->c->name);
		n++;
	}
	d->c = NULL;
	d->why = gh_printf(a, "%s fit equally: write %s " CONFIGURE, gh_text_str(&fit), gh_text_str(&write));
}

/* A plan of Sqitch's under another name; NULL none. */
static const struct convention_file *
plan_without_conf(const struct convention_folder *f)
{
	struct convention_folder scratch = *f;
	size_t i;

	for (i = 0; i < f->n; i++) {
		struct convention_file *e = &f->files[i];
		const struct convention_text *text;

		if (e->folder || e->odd[0] != '\0' || strchr(e->path, '/') != NULL ||
		    !name_ends(e->path, ".plan"))
			continue;
		text = f->read(&scratch, e);
		if (text != NULL && strstr(text->sql, "%project=") != NULL)
			return e;
	}
	return NULL;
}

static void
nothing_fits(const struct convention_folder *f, struct convention_detected *d)
{
	const struct convention_file *plan = plan_without_conf(f);
	const struct foreign *t;
	size_t n;

	d->c = NULL;
	t = foreign_files(f, &n);
	if (t != NULL)
		d->why = gh_printf(f->arena,
		    "%s: %zu %s in %s, which Gatehouse does not run, because it runs SQL files only: %s",
		    t->title, n, n == 1 ? "file" : "files", t->language, t->advice);
	else if (plan != NULL)
		d->why = gh_printf(f->arena,
		    "%s is a plan as Sqitch's, but Sqitch looks for sqitch.plan: write sqitch.conf with "
		    "plan_file = %s below "
		    "[core]",
		    plan->shown, plan->shown);
	else if (f->n == 0)
		d->why = "the folder is empty: write convention = \"NAME\" " CONFIGURE
			 ", gatehouse.conf(5) lists the names";
	else
		d->why = "no file is of a form that is known: write convention = \"NAME\" " CONFIGURE
			 ", gatehouse.conf(5) lists the names";
}

/* Atlas keeps its sums over the files of other tools, too: which of the two applies them nobody can see. */
static void
atlas_beside(const struct convention_folder *f, struct convention_detected *d)
{
	if (convention_path(f, "atlas.sum") == NULL || d->c == &convention_atlas)
		return;
	d->why = gh_printf(f->arena,
	    "%s; atlas.sum is there as well: when it is Atlas that applies them, write convention = "
	    "\"atlas\" " CONFIGURE,
	    d->why);
}

static void
detect(const struct convention_folder *f, struct convention_detected *ret)
{
	const struct convention_candidate *one;
	const char *beside = "";
	size_t i, n = 0;

	for (i = 0; convention_all[i] != NULL; i++)
		n++;
	*ret = (struct convention_detected){ .why = "" };
	ret->candidates = gh_alloc_n(f->arena, n, sizeof(*ret->candidates));
	for (i = 0; i < n; i++) {
		struct convention_candidate it = { .c = convention_all[i], .has = "", .other = "" };

		it.fit.why = "";
		if (it.c->fit != NULL)
			it.c->fit(f, &it.fit);
		if (it.fit.strength > 0)
			ret->candidates[ret->n++] = it;
	}
	if (ret->n == 0) {
		nothing_fits(f, ret);
		return;
	}
	qsort(ret->candidates, ret->n, sizeof(*ret->candidates), strongest);
	if (ret->candidates[0].fit.strength == 1) {
		choose_weak(ret, f->arena);
		return;
	}
	if (ret->n == 1 || ret->candidates[0].fit.strength > ret->candidates[1].fit.strength) {
		choose(ret, &ret->candidates[0], f->arena);
		return;
	}
	one = by_neighbour(f, &ret->candidates[0], &ret->candidates[1], &beside);
	if (one == NULL || (ret->n > 2 && ret->candidates[2].fit.strength == one->fit.strength)) {
		choose_none(ret, false, f->arena);
		return;
	}
	choose(ret, one, f->arena);
	ret->why = gh_printf(f->arena, "%s, and %s beside the folder", ret->why, beside);
}

void
convention_detect(const struct convention_folder *f, struct convention_detected *ret)
{
	detect(f, ret);
	atlas_beside(f, ret);
}

void
convention_decide(struct convention_detected *d, struct gh_arena *a)
{
	const struct convention_candidate *first = NULL, *second = NULL;
	size_t i;

	for (i = 0; i < d->n; i++) {
		if (!d->candidates[i].table)
			continue;
		if (first == NULL)
			first = &d->candidates[i];
		else if (second == NULL)
			second = &d->candidates[i];
	}
	if (first == NULL)
		return;
	if (second == NULL || first->fit.strength > second->fit.strength)
		choose(d, first, a);
	else
		choose_none(d, true, a);
}

const char *
convention_table_text(
    const char *qualified, const struct convention_column *columns, size_t n, struct gh_arena *a)
{
	GH_TEXT t = { 0 };
	size_t i;

	gh_text_putf(&t, "%s has (", qualified);
	for (i = 0; i < n; i++)
		gh_text_putf(&t, "%s%s %s", i == 0 ? "" : ", ", columns[i].name, columns[i].type);
	gh_text_putc(&t, ')');
	return gh_strdup(a, gh_text_str(&t));
}

static bool
tracks_in(const struct convention *c, const char *name, const struct convention_column *columns, size_t n,
    struct gh_arena *a)
{
	const char *why;
	size_t t, k;

	for (t = 0; t < c->n_tracking; t++) {
		for (k = 0; k < c->tracking[t].n_tables; k++) {
			const struct convention_table *table = &c->tracking[t].tables[k];
			const char *called = table->name == NULL ? c->tracking[t].table : table->name;

			if (strcmp(called, name) == 0 &&
			    convention_table_known(table, name, columns, n, a, &why))
				return true;
		}
	}
	return false;
}

const char *
convention_table_whose(
    const char *name, const struct convention_column *columns, size_t n, struct gh_arena *a)
{
	const struct foreign *t = foreign_table(name, columns, n);
	size_t i;

	if (t != NULL)
		return t->title;
	for (i = 0; convention_all[i] != NULL; i++) {
		if (tracks_in(convention_all[i], name, columns, n, a))
			return title(convention_all[i]);
	}
	return NULL;
}
