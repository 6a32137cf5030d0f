#include "base/ban.h"
#include "migration/pair.h"
#include "migration/found.h"
#include "migration/version.h"

static int
in_order(const void *x, const void *y)
{
	const struct pair_name *a = x, *b = y;
	int order = version_compare(a->version, b->version);

	if (order == 0)
		order = strcmp(a->key, b->key);
	if (order == 0)
		order = (int)a->down - (int)b->down;
	return order != 0 ? order : strcmp(a->e->path, b->e->path);
}

void
pair_collect(struct convention_folder *f, pair_classify classify, struct pair_list *ret)
{
	size_t i;

	*ret = (struct pair_list){ .n = 0 };
	ret->names = gh_alloc_n(f->arena, f->n, sizeof(*ret->names));
	for (i = 0; i < f->n; i++) {
		struct convention_file *e = &f->files[i];
		struct pair_name *to = &ret->names[ret->n];

		*to = (struct pair_name){ .e = e, .version = "", .name = "", .key = "" };
		if (!classify(f, e, to))
			continue;
		found_as(e, to->down ? CONVENTION_DOWN : CONVENTION_UP, "", to->key);
		ret->n += e->odd[0] == '\0';
	}
	if (ret->n > 1)
		qsort(ret->names, ret->n, sizeof(*ret->names), in_order);
}

static void
side_take(struct convention_folder *f, const struct pair_name *name, enum convention_mode mode,
    struct convention_migration *m)
{
	struct convention_side *side = name->down ? &m->down : &m->up;

	if (!side->present) {
		(void)found_side(f, name->e, mode, side);
		return;
	}
	if (m->problem == NULL)
		m->problem =
		    gh_printf(f->arena, "%s: version %s is also that of %s: give one of them another",
			name->e->shown, name->version, side->file);
}

void
pair_migrations(struct convention_folder *f, const struct pair_list *list, enum convention_mode mode,
    struct convention_found *found)
{
	struct convention_migration *m = NULL;
	size_t i;

	for (i = 0; i < list->n; i++) {
		const struct pair_name *name = &list->names[i];

		if (m == NULL || strcmp(m->key, name->key) != 0) {
			m = found_add(f, found);
			m->key = name->key;
			m->version = name->version;
			m->name = name->name;
			m->file = name->e->shown;
		}
		side_take(f, name, mode, m);
	}
}
