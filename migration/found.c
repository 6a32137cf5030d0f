#include "base/ban.h"
#include "migration/found.h"

const char found_schema[] = "DO 'BEGIN CREATE SCHEMA {schema}; EXCEPTION "
			    "WHEN duplicate_schema OR insufficient_privilege THEN NULL; END'";

/*
 * Room for one more behind n: arrays grow when n is a power of two, so that nothing has to remember how much
 * room there is.
 */
static void *
grown(struct gh_arena *a, const void *old, size_t n, size_t size)
{
	void *ret;

	if (n > 0 && (n & (n - 1)) != 0)
		return NULL;
	ret = gh_alloc_n(a, n == 0 ? 1 : n * 2, size);
	if (n > 0)
		memcpy(ret, old, n * size);
	return ret;
}

struct convention_migration *
found_add(struct convention_folder *f, struct convention_found *found)
{
	struct convention_migration *more = grown(f->arena, found->migrations, found->n, sizeof(*more));

	if (more != NULL)
		found->migrations = more;
	more = &found->migrations[found->n++];
	*more = (struct convention_migration){ .key = "" };
	return more;
}

void
found_note(struct gh_arena *a, struct convention_found *found, const char *fmt, ...)
{
	/* NOLINTNEXTLINE(bugprone-sizeof-expression): pointers */
	const char **more = grown(a, found->notes, found->n_notes, sizeof(*more));
	va_list ap;

	if (more == NULL)
		memcpy(&more, &found->notes, sizeof(more)); /* ours to change */
	va_start(ap, fmt);
	more[found->n_notes++] = gh_vprintf(a, fmt, ap);
	va_end(ap);
	found->notes = more;
}

void
found_problem(struct gh_arena *a, struct convention_found *found, const char *fmt, ...)
{
	va_list ap;

	if (found->problem[0] != '\0')
		return;
	va_start(ap, fmt);
	found->problem = gh_vprintf(a, fmt, ap);
	va_end(ap);
}

void
found_fact(struct gh_arena *a, struct convention_migration *m, const char *name, const char *value)
{
	struct convention_fact *more = grown(a, m->facts, m->n_facts, sizeof(*more));

	if (more == NULL) {
		/* NOLINTNEXTLINE(bugprone-sizeof-expression): a pointer */
		memcpy(&more, &m->facts, sizeof(more)); /* ours to change */
	}
	more[m->n_facts++] = (struct convention_fact){ .name = name, .value = value };
	m->facts = more;
}

void
found_piece(struct gh_arena *a, struct convention_side *s, size_t offset, size_t len)
{
	struct convention_piece *more = grown(a, s->pieces, s->n_pieces, sizeof(*more));

	if (more == NULL) {
		/* NOLINTNEXTLINE(bugprone-sizeof-expression): a pointer */
		memcpy(&more, &s->pieces, sizeof(more)); /* ours to change */
	}
	more[s->n_pieces++] = (struct convention_piece){ .offset = offset, .len = len };
	s->pieces = more;
}

void
found_as(struct convention_file *e, enum convention_as as, const char *reason, const char *key)
{
	e->as = as;
	e->reason = reason;
	e->key = key;
}

int64_t
found_line(const char *text, size_t at)
{
	int64_t ret = 1;
	size_t i;

	for (i = 0; i < at; i++)
		ret += text[i] == '\n';
	return ret;
}

void
found_part(struct convention_folder *f, const struct convention_file *e, const struct convention_text *text,
    size_t from, size_t to, struct convention_side *ret)
{
	*ret = (struct convention_side){ .present = true, .file = e->shown, .problem = text->problem };
	/* A whole file is not copied. */
	ret->sql = to == text->len ? text->sql + from : gh_strndup(f->arena, text->sql + from, to - from);
	ret->len = to - from;
	ret->first_line = found_line(text->sql, from);
	if (text->bom && ret->problem[0] == '\0')
		ret->problem = gh_printf(f->arena,
		    "%s:1:1: begins with a byte order mark (BOM): save it as UTF-8 without one", e->shown);
}

bool
found_side(struct convention_folder *f, struct convention_file *e, enum convention_mode mode,
    struct convention_side *ret)
{
	const struct convention_text *text = f->read(f, e);

	*ret = (struct convention_side){ .present = false };
	if (text == NULL)
		return false;
	found_part(f, e, text, 0, text->len, ret);
	ret->mode = mode;
	return true;
}

void
found_side_problem(struct gh_arena *a, struct convention_side *s, const char *shown, const char *text,
    size_t at, const char *fmt, ...)
{
	va_list ap;
	const char *why;

	if (s->problem != NULL && s->problem[0] != '\0')
		return;
	va_start(ap, fmt);
	why = gh_vprintf(a, fmt, ap);
	va_end(ap);
	s->problem = gh_printf(a, "%s:%" PRId64 ":1: %s", shown, found_line(text, at), why);
}

bool
found_has_line(const struct convention_text *text, const char *mark)
{
	const char *p = text->sql, *end = p + text->len;
	size_t len = strlen(mark);

	while (p < end) {
		const char *eol = memchr(p, '\n', (size_t)(end - p));

		while (p < end && (*p == ' ' || *p == '\t'))
			p++;
		if ((size_t)(end - p) >= len && strncasecmp(p, mark, len) == 0)
			return true;
		if (eol == NULL)
			break;
		p = eol + 1;
	}
	return false;
}
