#include "base/ban.h"
#include "migration/golang.h"
#include "base/io.h"
#include "migration/found.h"
#include "migration/name.h"
#include "migration/version.h"

static bool
decided(struct convention_file *e, enum convention_as as, const char *reason)
{
	found_as(e, as, reason, "");
	return false;
}

/* The last ".up." or ".down." of a name, because what stands before it may hold one, too. */
static const char *
direction(const char *name, bool *ret_down)
{
	const char *ret = NULL, *p;

	for (p = strchr(name, '.'); p != NULL; p = strchr(p + 1, '.')) {
		bool down = strncmp(p, ".down.", 6) == 0;

		if (!down && strncmp(p, ".up.", 4) != 0)
			continue;
		ret = p;
		*ret_down = down;
	}
	return ret;
}

bool
golang_classify(struct convention_folder *f, struct convention_file *e, uint64_t max, struct pair_name *ret)
{
	const char *file = name_base(e->path), *p, *at;
	size_t digits = strspn(file, "0123456789");
	uint64_t number;

	if (!name_flat(e))
		return decided(
		    e, CONVENTION_IGNORED, "in a folder: only files of the migrations' own folder are read");
	for (p = file; *p != '\0' && (unsigned char)*p >= 0x20 && *p != 0x7f; p++)
		continue;
	if (*p != '\0' || !gh_utf8_valid(file, strlen(file), NULL))
		return decided(e, CONVENTION_REFUSED, "the name holds a control character or is not UTF-8");
	if (e->folder || digits == 0 || file[digits] != '_')
		return decided(
		    e, CONVENTION_IGNORED, "not of the form NUMBER_name.up.sql or NUMBER_name.down.sql");
	at = direction(file + digits + 1, &ret->down);
	if (at == NULL)
		return decided(
		    e, CONVENTION_IGNORED, "neither .up. nor .down. in the name: write NUMBER_name.up.sql");
	ret->version = version_digits(file, f->arena);
	if (!version_number(ret->version, max, &number))
		return decided(e, CONVENTION_REFUSED,
		    gh_printf(f->arena,
			"the number is greater than %" PRIu64 ": the tool passes over the file", max));
	ret->key = version_trimmed(ret->version);
	ret->name = gh_strndup(f->arena, file + digits + 1, (size_t)(at - file) - digits - 1);
	return true;
}

void
golang_count(const struct convention_folder *f, size_t *ret_ups, size_t *ret_downs)
{
	struct convention_folder scratch = *f;
	size_t i;

	*ret_ups = *ret_downs = 0;
	for (i = 0; i < f->n; i++) {
		struct convention_file e = f->files[i];
		struct pair_name name = { .version = "" };

		if (e.odd[0] != '\0' || !golang_classify(&scratch, &e, UINT64_MAX, &name) ||
		    !name_ends(e.path, ".sql"))
			continue;
		*ret_ups += !name.down;
		*ret_downs += name.down;
	}
}

void
golang_duplicates(struct convention_folder *f, struct convention_found *found, const char *tool)
{
	size_t i;

	for (i = 0; i < found->n; i++) {
		const struct convention_migration *m = &found->migrations[i];

		if (m->problem != NULL && m->problem[0] != '\0')
			found_problem(
			    f->arena, found, "%s reads nothing of this folder: %s", tool, m->problem);
	}
}

void
golang_endings(struct convention_folder *f, struct convention_found *found, const char *tool)
{
	size_t i;

	for (i = 0; i < f->n; i++) {
		const struct convention_file *e = &f->files[i];

		if ((e->as == CONVENTION_UP || e->as == CONVENTION_DOWN) && !name_ends(e->path, ".sql"))
			found_note(f->arena, found,
			    "%s is a migration for %s, which does not look at what stands behind .up. or "
			    ".down.",
			    e->shown, tool);
	}
}

void
golang_create(const struct convention_found *found, struct gh_arena *a, struct convention_create *c,
    int digits, const char *top)
{
	bool dated = found->n == 0 ? digits == 0 : version_dated(found);
	const char *key = gh_printf(
	    a, "%s_%s", dated ? version_stamp(found, c->now, a) : version_next(found, digits, a), c->slug);

	create_put(c, gh_printf(a, "%s.up.sql", key), gh_printf(a, "%s%s\n", top, create_header(c, key, a)));
	create_put(c, gh_printf(a, "%s.down.sql", key),
	    gh_printf(a, "%s%s\n", top, create_header(c, gh_printf(a, "%s (down)", key), a)));
}
