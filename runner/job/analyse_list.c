#include "base/ban.h"
#include "runner/job/analyse.h"
#include "base/io.h"
#include "migration/name.h"

#define GAP_DIGITS 6 /* longer numbers are dates, which have gaps by nature */

static bool
is_up(const struct analyse_entry *e)
{
	return e->file.as == CONVENTION_UP || e->file.as == CONVENTION_BOTH;
}

static bool
is_taken(const struct analyse_entry *e)
{
	return is_up(e) || e->file.as == CONVENTION_DOWN;
}

static int
in_order(const void *x, const void *y)
{
	const struct analyse_entry *a = x, *b = y;
	int order;

	if (is_taken(a) != is_taken(b))
		return is_taken(a) ? -1 : 1;
	if (!is_taken(a))
		return strcmp(a->name, b->name);
	order = convention_compare(a->file.version, a->file.key, b->file.version, b->file.key);
	if (order != 0)
		return order;
	return (int)is_up(b) - (int)is_up(a);
}

/* Two ups with one number: which of them the number means cannot be told. */
static void
find_duplicates(struct analyse_list *l, struct gh_arena *a)
{
	struct analyse_entry *last = NULL;
	size_t i;

	for (i = 0; i < l->n; i++) {
		struct analyse_entry *e = &l->entries[i];

		if (!is_up(e))
			continue;
		if (last != NULL && convention_compare(last->file.version, "", e->file.version, "") == 0) {
			e->problem =
			    gh_printf(a, "%s: version %s is also that of %s: give one of them another",
				e->shown, e->file.version, last->shown);
			if (*last->problem == '\0')
				last->problem = gh_printf(a,
				    "%s: version %s is also that of %s: give one of them another",
				    last->shown, last->file.version, e->shown);
		}
		last = e;
	}
}

static void
find_lone_downs(struct analyse_list *l, struct gh_arena *a)
{
	const char *up = "";
	size_t i;

	for (i = 0; i < l->n; i++) {
		struct analyse_entry *e = &l->entries[i];

		if (is_up(e))
			up = e->file.key;
		if (e->file.as != CONVENTION_DOWN || strcmp(up, e->file.key) == 0)
			continue;
		e->file.as = CONVENTION_REFUSED;
		e->file.reason =
		    gh_printf(a, "a way back without its up: %s.sql is missing or refused", e->file.key);
	}
}

static void
look_at(
    const struct gh_folder_entry *f, const struct convention *c, struct gh_arena *a, struct analyse_entry *e)
{
	*e = (struct analyse_entry){ .name = f->name, .shown = name_printable(f->name, a), .problem = "" };
	c->classify(f->name, a, &e->file);
	if (S_ISDIR(f->st.st_mode) && e->file.as != CONVENTION_REFUSED) {
		e->file = (struct convention_file){ .version = "", .name = "", .key = "" };
		e->file.as = CONVENTION_IGNORED;
		e->file.reason = "a folder: only files of this folder itself are read";
	}
}

void
analyse_list_make(
    const struct gh_folder *f, const struct convention *c, struct gh_arena *a, struct analyse_list *ret)
{
	size_t i;

	ret->n = f->n;
	ret->entries = gh_alloc_n(a, f->n, sizeof(*ret->entries));
	for (i = 0; i < f->n; i++) {
		struct gh_err why = { 0 };
		struct analyse_entry *e = &ret->entries[i];

		look_at(&f->entries[i], c, a, e);
		if (!is_taken(e) || gh_folder_plain(&f->entries[i].st, &why) == GH_OK)
			continue;
		e->file.as = CONVENTION_REFUSED;
		e->file.reason = gh_strdup(a, why.msg);
	}
	if (ret->n > 0) {
		qsort(ret->entries, ret->n, sizeof(*ret->entries), in_order);
		find_lone_downs(ret, a);
		qsort(ret->entries, ret->n, sizeof(*ret->entries), in_order);
	}
	find_duplicates(ret, a);
}

int64_t
analyse_list_gap(const struct analyse_entry *a, const struct analyse_entry *b)
{
	int64_t from, to;

	if (strlen(b->file.version) > GAP_DIGITS || !gh_parse_i64(a->file.version, 0, INT64_MAX, &from) ||
	    !gh_parse_i64(b->file.version, 0, INT64_MAX, &to))
		return 0;
	return to - from > 1 ? to - from - 1 : 0;
}
