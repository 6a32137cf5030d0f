#include "base/ban.h"
#include "migration/convention.h"
#include "base/io.h"
#include "migration/found.h"
#include "migration/name.h"
#include "migration/query.h"

#define ENTRY(name) &convention_##name,
const struct convention *const convention_all[] = { CONVENTION_LIST(ENTRY) NULL };
#undef ENTRY

const struct convention *
convention_find(const char *name)
{
	size_t i;

	for (i = 0; convention_all[i] != NULL; i++) {
		if (strcmp(convention_all[i]->name, name) == 0)
			return convention_all[i];
	}
	return NULL;
}

struct convention_file *
convention_path(const struct convention_folder *f, const char *path)
{
	size_t lo = 0, hi = f->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		int order = strcmp(f->files[mid].path, path);

		if (order == 0)
			return &f->files[mid];
		if (order < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return NULL;
}

bool
convention_beside(const struct convention_folder *f, const char *name)
{
	size_t i;

	for (i = 0; i < f->n_beside; i++) {
		if (strcmp(f->beside[i], name) == 0)
			return true;
	}
	return false;
}

const char *
convention_option_find(const struct convention_folder *f, const char *name)
{
	size_t i;

	for (i = 0; i < f->n_options; i++) {
		if (strcmp(f->options[i].name, name) == 0)
			return f->options[i].value;
	}
	return NULL;
}

/* A name that is no text, in any part of the path: keys are made of names, and keys are text. */
static void
name_check(struct convention_file *e)
{
	const char *p;

	for (p = e->path; *p != '\0' && (unsigned char)*p >= 0x20 && *p != 0x7f; p++)
		continue;
	if (e->odd[0] != '\0')
		return;
	if (*p != '\0')
		e->odd = "the name holds a control character";
	else if (!gh_utf8_valid(e->path, strlen(e->path), NULL))
		e->odd = "the name is not UTF-8";
}

static void
file_check(struct convention_folder *f, struct convention_file *e)
{
	if (e->reason == NULL)
		e->reason = "";
	if (e->key == NULL)
		e->key = "";
	if (e->as == 0) {
		e->as = CONVENTION_IGNORED;
		e->reason = e->odd[0] != '\0' ? e->odd
		    : e->folder               ? "a folder"
					      : "not of the form that this convention reads";
	} else if (e->odd[0] != '\0' && e->as != CONVENTION_IGNORED &&
	    (e->as != CONVENTION_REFUSED || e->reason[0] == '\0')) {
		e->as = CONVENTION_REFUSED;
		e->reason = gh_printf(f->arena, "not read: %s", e->odd);
	}
}

static int
by_key(const void *a, const void *b)
{
	const struct convention_migration *const *x = a, *const *y = b;

	return strcmp((*x)->key, (*y)->key);
}

/* Which of two with one key is meant cannot be told. */
static void
keys_check(struct convention_folder *f, struct convention_found *found)
{
	struct convention_migration **by;
	size_t i;

	if (found->n < 2)
		return;
	/* NOLINTNEXTLINE(bugprone-sizeof-expression): pointers */
	by = gh_alloc_n(f->arena, found->n, sizeof(*by));
	for (i = 0; i < found->n; i++)
		by[i] = &found->migrations[i];
	/* NOLINTNEXTLINE(bugprone-sizeof-expression): pointers */
	qsort(by, found->n, sizeof(*by), by_key);
	for (i = 1; i < found->n; i++) {
		if (strcmp(by[i]->key, by[i - 1]->key) != 0)
			continue;
		if (by[i]->problem[0] == '\0')
			by[i]->problem =
			    gh_printf(f->arena, "%s: %s is also that of %s: give one of them another",
				by[i]->file, by[i]->key, by[i - 1]->file);
		if (by[i - 1]->problem[0] == '\0')
			by[i - 1]->problem =
			    gh_printf(f->arena, "%s: %s is also that of %s: give one of them another",
				by[i - 1]->file, by[i]->key, by[i]->file);
	}
}

static const char *
or_empty(const char *text)
{
	return text == NULL ? "" : text;
}

#define HEAD 2048 /* bytes of a file that may hold its comment on top */

/* In whole characters. */
static const char *
head_of(struct convention_folder *f, const char *shown)
{
	struct convention_file *e = convention_path(f, shown);
	const struct convention_text *t = e == NULL ? NULL : f->read(f, e);

	if (t == NULL || t->len <= HEAD)
		return t == NULL ? NULL : t->sql;
	return gh_strndup(f->arena, t->sql, gh_utf8_cut(t->sql, t->len, HEAD));
}

static void
side_check(struct convention_folder *f, struct convention_side *s, const char *file)
{
	s->file = s->file == NULL || *s->file == '\0' ? file : s->file;
	s->head = s->present ? head_of(f, s->file) : NULL;
	s->sql = or_empty(s->sql);
	s->problem = or_empty(s->problem);
	if (s->first_line == 0)
		s->first_line = 1;
}

/* What is stored and bound must be text; what is not comes from a file that cannot run anyway. */
static void
values_check(struct convention_folder *f, struct convention_migration *m)
{
	struct convention_fact *facts;
	const char **texts[] = { &m->checksum, &m->name, &m->version };
	bool bad = false;
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (gh_utf8_valid(*texts[i], strlen(*texts[i]), NULL))
			continue;
		*texts[i] = "";
		bad = true;
	}
	if (m->n_facts > 0) {
		m->facts = facts = gh_memdup(f->arena, m->facts, m->n_facts * sizeof(*facts));
		for (i = 0; i < m->n_facts; i++) {
			if (facts[i].value == NULL ||
			    gh_utf8_valid(facts[i].value, strlen(facts[i].value), NULL))
				continue;
			facts[i].value = "";
			bad = true;
		}
	}
	if (bad && m->problem[0] == '\0')
		m->problem = gh_printf(f->arena, "%s: what its tool records of it is not UTF-8", m->file);
}

static void
migration_check(struct convention_folder *f, struct convention_migration *m)
{
	m->version = or_empty(m->version);
	m->name = or_empty(m->name);
	m->file = or_empty(m->file);
	m->checksum = or_empty(m->checksum);
	m->problem = or_empty(m->problem);
	if (m->key == NULL || m->key[0] == '\0') {
		m->key = m->file;
		m->problem = gh_printf(f->arena, "%s: has no version: its name begins with one", m->file);
	}
	values_check(f, m);
	side_check(f, &m->up, m->file);
	side_check(f, &m->down, m->file);
	side_check(f, &m->verify, m->file);
}

bool
convention_one_way(const struct convention *c)
{
	return c->n_tracking > 0 && c->tracking[0].down.row == NULL && c->tracking[0].down.before == NULL;
}

bool
convention_option_known(const struct convention *c, const char *name)
{
	const struct convention_option_about *o;

	for (o = c->options; o != NULL && o->name != NULL; o++) {
		size_t len = strlen(o->name);

		if (strcmp(o->name, name) == 0)
			return true;
		if (len >= 4 && strcmp(o->name + len - 4, "NAME") == 0 &&
		    strncmp(o->name, name, len - 4) == 0)
			return true;
	}
	return false;
}

/* One that nothing reads may be a slip of the pen. */
static void
options_check(const struct convention *c, const struct convention_folder *f, struct convention_found *found)
{
	size_t i;

	for (i = 0; i < f->n_options; i++) {
		if (!convention_option_known(c, f->options[i].name))
			found_note(f->arena, found, "%s knows no option \"%s\": it is passed over", c->name,
			    name_printable(f->options[i].name, f->arena));
	}
}

void
convention_read(const struct convention *c, struct convention_folder *f, struct convention_found *ret)
{
	size_t i;

	*ret = (struct convention_found){ .problem = "", .n_options = f->n_options, .options = f->options };
	/* Looking for the convention has left its marks. */
	for (i = 0; i < f->n; i++) {
		f->files[i].as = 0;
		f->files[i].reason = f->files[i].key = "";
		name_check(&f->files[i]);
	}
	query_read(c, f, ret);
	ret->problem = or_empty(ret->problem);
	for (i = 0; i < f->n; i++)
		file_check(f, &f->files[i]);
	for (i = 0; i < ret->n; i++)
		migration_check(f, &ret->migrations[i]);
	keys_check(f, ret);
	options_check(c, f, ret);
}

/* True when type is one of the alternatives. */
static bool
type_known(const char *alternatives, const char *type)
{
	size_t len = strlen(type);
	const char *at = alternatives;

	for (;;) {
		size_t one = strcspn(at, "|");

		if (one == len && memcmp(at, type, len) == 0)
			return true;
		if (at[one] == '\0')
			return false;
		at += one + 1;
	}
}

bool
convention_table_known(const struct convention_table *t, const char *qualified,
    const struct convention_column *columns, size_t n, struct gh_arena *a, const char **ret_why)
{
	size_t i;

	*ret_why = "";
	for (i = 0; i < n && i < t->n_columns; i++) {
		const struct convention_column *want = &t->columns[i], *have = &columns[i];

		if (strcmp(want->name, have->name) != 0) {
			*ret_why = gh_printf(
			    a, "column %zu of %s is %s, not %s", i + 1, qualified, have->name, want->name);
			return false;
		}
		if (!type_known(want->type, have->type)) {
			*ret_why = gh_printf(a, "column %s of %s is %s, not %.*s", want->name, qualified,
			    have->type, (int)strcspn(want->type, "|"), want->type);
			return false;
		}
		if (want->not_null != NULL && strcmp(want->not_null, have->not_null) != 0) {
			*ret_why = gh_printf(a, "column %s of %s %s empty", want->name, qualified,
			    *want->not_null == 't' ? "may be" : "may not be");
			return false;
		}
	}
	if (n != t->n_columns) {
		*ret_why = gh_printf(a, "%s has %zu columns, not %zu", qualified, n, t->n_columns);
		return false;
	}
	return true;
}
