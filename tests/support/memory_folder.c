#include "base/ban.h"
#include "tests/support/memory_folder.h"
#include "base/io.h"
#include "base/text.h"
#include "migration/name.h"

#include <setjmp.h>
#include <cmocka.h>

struct kept {
	const char *path, *bytes;
	size_t len;
	struct convention_text *text;
	struct kept *next;
};

static int
by_path(const void *a, const void *b)
{
	const struct convention_file *x = a, *y = b;

	return strcmp(x->path, y->path);
}

static struct convention_text *
text_of(struct gh_arena *a, const char *shown, const char *bytes, size_t len)
{
	struct convention_text *t = gh_alloc(a, sizeof(*t));
	size_t at = 0;

	*t =
	    (struct convention_text){ .raw = bytes, .raw_len = len, .sql = bytes, .len = len, .problem = "" };
	if (len >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0) {
		t->bom = true;
		t->sql += 3;
		t->len -= 3;
	}
	if (!gh_utf8_valid(t->sql, t->len, &at)) {
		char *safe = gh_strndup(a, t->sql, t->len);
		size_t i;

		t->problem = gh_printf(
		    a, "%s:1:%zu: byte 0x%02x is not UTF-8", shown, at + 1, (unsigned char)t->sql[at]);
		for (i = 0; i < t->len; i++) {
			if ((unsigned char)safe[i] >= 0x80 || safe[i] == '\0')
				safe[i] = '?';
		}
		t->sql = safe;
	}
	return t;
}

static const struct convention_text *
text_read(struct convention_folder *f, struct convention_file *file)
{
	struct kept *k;

	if (file->folder || file->odd[0] != '\0')
		return NULL;
	for (k = f->io; k != NULL && strcmp(k->path, file->path) != 0; k = k->next)
		continue;
	assert_non_null(k);
	if (k->text == NULL)
		k->text = text_of(f->arena, file->shown, k->bytes, k->len);
	return k->text;
}

static struct convention_file *
entry(struct memory_folder *m, const char *path)
{
	struct convention_folder *f = &m->folder;
	struct convention_file *e;

	f->arena = &m->arena;
	f->read = text_read;
	if (f->schema == NULL)
		f->schema = f->table = f->root = "";
	if (f->n == m->room) {
		struct convention_file *more;

		m->room = m->room * 2 + 16;
		more = gh_alloc_n(&m->arena, m->room, sizeof(*more));
		if (f->n > 0)
			memcpy(more, f->files, f->n * sizeof(*more));
		f->files = more;
	}
	e = convention_path(f, path);
	if (e != NULL)
		return e;
	e = &f->files[f->n++];
	*e = (struct convention_file){
		.path = gh_strdup(&m->arena, path), .odd = "", .reason = "", .key = ""
	};
	e->shown = name_printable(e->path, &m->arena);
	qsort(f->files, f->n, sizeof(*f->files), by_path);
	return convention_path(f, path);
}

void
memory_dir(struct memory_folder *m, const char *path)
{
	entry(m, path)->folder = true;
}

static void
parents(struct memory_folder *m, const char *path)
{
	const char *slash;

	for (slash = strchr(path, '/'); slash != NULL; slash = strchr(slash + 1, '/'))
		memory_dir(m, gh_strndup(&m->arena, path, (size_t)(slash - path)));
}

void
memory_put_n(struct memory_folder *m, const char *path, const void *bytes, size_t len)
{
	struct kept *k = gh_alloc(&m->arena, sizeof(*k));
	struct convention_file *e;

	parents(m, path);
	e = entry(m, path);
	e->size = (int64_t)len;
	*k = (struct kept){
		.path = e->path, .bytes = gh_strndup(&m->arena, "", 0), .len = len, .next = m->folder.io
	};
	if (len > 0) {
		char *copy = gh_alloc(&m->arena, len + 1);

		memcpy(copy, bytes, len);
		k->bytes = copy;
	}
	m->folder.io = k;
}

void
memory_put(struct memory_folder *m, const char *path, const char *text)
{
	memory_put_n(m, path, text, strlen(text));
}

void
memory_odd(struct memory_folder *m, const char *path, const char *odd)
{
	parents(m, path);
	entry(m, path)->odd = odd;
}

void
memory_option(struct memory_folder *m, const char *name, const char *value)
{
	struct convention_option *more =
	    gh_alloc_n(&m->arena, m->folder.n_options + 1, sizeof(struct convention_option));

	if (m->folder.n_options > 0)
		memcpy(more, m->folder.options, m->folder.n_options * sizeof(*more));
	more[m->folder.n_options++] = (struct convention_option){ name, value };
	m->folder.options = more;
}

/* What a convention has said before does not count. */
static void
forget(struct memory_folder *m)
{
	size_t i;

	m->folder.arena = &m->arena;
	m->folder.read = text_read;
	if (m->folder.schema == NULL)
		m->folder.schema = m->folder.table = m->folder.root = "";
	for (i = 0; i < m->folder.n; i++) {
		m->folder.files[i].as = 0;
		m->folder.files[i].reason = m->folder.files[i].key = "";
	}
}

void
memory_read(struct memory_folder *m, const struct convention *c)
{
	forget(m);
	convention_read(c, &m->folder, &m->found);
}

int
memory_fit(struct memory_folder *m, const struct convention *c, const char **ret_why)
{
	struct convention_fit fit = { .why = "" };

	forget(m);
	c->fit(&m->folder, &fit);
	if (ret_why != NULL)
		*ret_why = fit.why;
	return fit.strength;
}

void
memory_done(struct memory_folder *m)
{
	gh_arena_done(&m->arena);
}

const struct convention_file *
memory_file(struct memory_folder *m, const char *path)
{
	const struct convention_file *e = convention_path(&m->folder, path);

	assert_non_null(e);
	return e;
}

const struct convention_migration *
memory_get(struct memory_folder *m, const char *key)
{
	size_t i;

	for (i = 0; i < m->found.n; i++) {
		if (strcmp(m->found.migrations[i].key, key) == 0)
			return &m->found.migrations[i];
	}
	fail_msg("no migration has the key %s", key);
	return NULL;
}

const char *
memory_fact(const struct convention_migration *m, const char *name)
{
	size_t i;

	for (i = 0; i < m->n_facts; i++) {
		if (strcmp(m->facts[i].name, name) == 0)
			return m->facts[i].value == NULL ? "(null)" : m->facts[i].value;
	}
	return "(none)";
}

const char *
memory_keys(struct memory_folder *m)
{
	GH_TEXT t = { 0 };
	size_t i;

	for (i = 0; i < m->found.n; i++)
		gh_text_putf(&t, "%s%s", i == 0 ? "" : " ", m->found.migrations[i].key);
	return gh_strdup(&m->arena, gh_text_str(&t));
}
