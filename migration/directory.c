#include "base/ban.h"
#include "migration/directory.h"
#include "migration/found.h"
#include "migration/name.h"

static bool
beneath(const struct convention_file *e, const char *folder, size_t len)
{
	return strncmp(e->path, folder, len) == 0 && e->path[len] == '/';
}

/* Byte order puts "a-b" between "a" and "a/x", so what is in a folder is counted by looking for it. */
static void
entries(const struct convention_folder *f, size_t first, struct directory *d)
{
	size_t len = strlen(d->name), i;

	for (i = first + 1; i < f->n && strncmp(f->files[i].path, d->name, len) == 0; i++)
		d->files += beneath(&f->files[i], d->name, len);
}

size_t
directory_list(const struct convention_folder *f, struct directory **ret)
{
	struct directory *list = gh_alloc_n(f->arena, f->n + 1, sizeof(*list));
	size_t n = 0, i;

	for (i = 0; i < f->n; i++) {
		struct convention_file *e = &f->files[i];
		struct directory *d = &list[n];

		if (!e->folder || e->odd[0] != '\0' || !name_flat(e))
			continue;
		*d = (struct directory){ .name = e->path, .entry = e, .hidden = *e->path == '.' };
		entries(f, i, d);
		if (!d->hidden) {
			d->up = convention_path(f, gh_printf(f->arena, "%s/up.sql", d->name));
			d->down = convention_path(f, gh_printf(f->arena, "%s/down.sql", d->name));
		}
		n++;
	}
	*ret = list;
	return n;
}

const char *
directory_version(const char *name, struct gh_arena *a)
{
	size_t len = strcspn(name, "_"), i;
	char *ret = gh_strndup(a, name, len), *out = ret;

	for (i = 0; i < len; i++) {
		if (name[i] != '-')
			*out++ = name[i];
	}
	*out = '\0';
	return ret;
}

static void
side_read(struct convention_folder *f, struct convention_file *e, const char *tool, const char *key,
    struct convention_side *ret)
{
	if (e == NULL || !found_side(f, e, CONVENTION_WRAPPED, ret))
		return;
	e->key = key;
	if (ret->len == 0)
		found_side_problem(
		    f->arena, ret, e->shown, "", 0, "an empty file: %s refuses to run it", tool);
}

void
directory_sides(
    struct convention_folder *f, const struct directory *d, struct convention_migration *m, const char *tool)
{
	const char *line = strchr(d->name, '_');

	m->key = d->key;
	m->version = d->key;
	m->name = line == NULL ? "" : line + 1;
	m->file = d->up != NULL ? d->up->shown : d->entry->shown;
	found_as(d->entry, CONVENTION_IGNORED, "the folder of a migration", d->key);
	if (d->up != NULL)
		found_as(d->up, CONVENTION_UP, "", d->key);
	if (d->down != NULL)
		found_as(d->down, CONVENTION_DOWN, "", d->key);
	side_read(f, d->up, tool, d->key, &m->up);
	side_read(f, d->down, tool, d->key, &m->down);
}

void
directory_refuse(struct convention_folder *f, const struct directory *d, const char *reason)
{
	size_t len = strlen(d->name), i;

	found_as(d->entry, CONVENTION_REFUSED, reason, "");
	for (i = (size_t)(d->entry - f->files) + 1; i < f->n && strncmp(f->files[i].path, d->name, len) == 0;
	     i++) {
		if (beneath(&f->files[i], d->name, len) && !f->files[i].folder)
			found_as(&f->files[i], CONVENTION_REFUSED, reason, "");
	}
}
