#include "base/ban.h"
#include "runner/job/folder.h"
#include "runner/job/say.h"

enum gh_code
folder_open(struct job *j, struct reading *ret, struct gh_err *err)
{
	const struct wire_spec *s = &j->spec;
	struct convention_option *options;
	size_t i;

	GH_TRY(reading_open(ret, s->folder, j->arena, err));
	options = gh_alloc_n(j->arena, s->n_options, sizeof(*options));
	for (i = 0; i < s->n_options; i++)
		options[i] = (struct convention_option){ s->options[i].name, s->options[i].value };
	ret->folder.n_options = s->n_options;
	ret->folder.options = options;
	ret->folder.schema = s->schema == NULL ? "" : s->schema;
	ret->folder.table = s->table == NULL ? "" : s->table;
	return GH_OK;
}

enum gh_code
folder_detect(struct job *j, const struct reading *r, struct convention_detected *ret, struct gh_err *err)
{
	struct convention_fit fit = { .why = "" };
	const struct convention *c;

	if (j->spec.convention[0] == '\0') {
		convention_detect(&r->folder, ret);
		return GH_OK;
	}
	c = convention_find(j->spec.convention);
	if (c == NULL)
		return gh_fail(err, GH_BAD_INPUT, "no convention is called \"%s\"", j->spec.convention);
	if (c->fit != NULL)
		c->fit(&r->folder, &fit);
	*ret = (struct convention_detected){ .c = c };
	ret->why = gh_printf(j->arena, "%s: as configured; %s", c->title == NULL ? c->name : c->title,
	    fit.strength == 0 ? "no file is of its form" : fit.why);
	return GH_OK;
}

void
folder_say_detected(struct job *j, const struct convention_detected *d)
{
	struct wire_out o;

	say_start(j, WIRE_J_DETECTED, &o);
	say_put(&o, d->c == NULL ? "" : d->c->name);
	say_put(&o, d->why);
	say_end(j, &o);
}

const char *
folder_too_many(const struct convention_found *found, struct gh_arena *a)
{
	if (found->n <= FOLDER_MIGRATIONS)
		return "";
	return gh_printf(a,
	    "the folder has %zu migrations, more than %d are not read: replace those that every database has "
	    "by one",
	    found->n, FOLDER_MIGRATIONS);
}

struct convention_file *
folder_find(struct reading *r, const char *shown)
{
	struct convention_file *e = convention_path(&r->folder, shown);
	size_t i;

	for (i = 0; i < r->folder.n && e == NULL; i++) {
		if (strcmp(r->folder.files[i].shown, shown) == 0)
			e = &r->folder.files[i];
	}
	return e;
}
