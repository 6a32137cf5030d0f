#include "base/ban.h"
#include "migration/query.h"
#include "migration/found.h"
#include "migration/name.h"

#define BENEATH (sizeof(QUERY_FOLDER))

/* The folder without its queries: what the convention reads through. */
struct shown {
	struct convention_folder *whole;
	struct convention_file **of; /* the entries that are shown, as the whole folder has them */
	const struct convention_file *files;
};

static bool
is_query(const struct convention_file *e)
{
	return strncmp(e->path, QUERY_FOLDER, BENEATH - 1) == 0 &&
	    (e->path[BENEATH - 1] == '\0' || e->path[BENEATH - 1] == '/');
}

static const struct convention_text *
shown_text(struct convention_folder *f, struct convention_file *file)
{
	const struct shown *s = f->io;
	struct convention_file *e = s->of[file - s->files];
	enum convention_as as = e->as;
	const char *reason = e->reason;
	const struct convention_text *ret = s->whole->read(s->whole, e);

	/* Only a refusal is news; what the convention has said of it stays its own. */
	if (ret == NULL && !file->folder && file->odd[0] == '\0') {
		file->as = e->as;
		file->reason = e->reason;
	}
	e->as = as;
	e->reason = reason;
	return ret;
}

static void
read_without(const struct convention *c, struct convention_folder *f, struct convention_found *ret)
{
	struct convention_folder without = *f;
	struct shown s = { .whole = f };
	size_t i, n = 0;

	/* NOLINTNEXTLINE(bugprone-sizeof-expression): pointers */
	s.of = gh_alloc_n(f->arena, f->n, sizeof(*s.of));
	without.files = gh_alloc_n(f->arena, f->n, sizeof(*without.files));
	for (i = 0; i < f->n; i++) {
		if (is_query(&f->files[i]))
			continue;
		s.of[n] = &f->files[i];
		without.files[n++] = f->files[i];
	}
	s.files = without.files;
	without.n = n;
	without.io = &s;
	without.read = shown_text;
	c->read(&without, ret);
	for (i = 0; i < n; i++)
		*s.of[i] = without.files[i];
}

/* Why it is none; NULL it is one. */
static const char *
not_taken(const struct convention_file *e)
{
	if (e->folder)
		return "a folder";
	if (e->path[BENEATH - 1] == '\0')
		return "a file where a folder belongs: " QUERY_FOLDER "/NAME.sql is asked after a run";
	if (strchr(e->path + BENEATH, '/') != NULL)
		return "too deep: only " QUERY_FOLDER "/NAME.sql is asked after a run";
	if (!name_ends(e->path, ".sql"))
		return "no .sql file: only " QUERY_FOLDER "/NAME.sql is asked after a run";
	return NULL;
}

static bool
is_blank(const char *s)
{
	return s[strspn(s, " \t\r\n;")] == '\0';
}

static void
take(struct convention_folder *f, struct convention_file *e, struct convention_found *ret)
{
	const struct convention_text *text = e->odd[0] != '\0' ? NULL : f->read(f, e);
	struct convention_query *q;

	if (e->odd[0] != '\0') {
		found_as(e, CONVENTION_REFUSED, gh_printf(f->arena, "not read: %s", e->odd), "");
		return;
	}
	if (ret->n_queries == QUERY_MAX) {
		found_as(e, CONVENTION_REFUSED, "there are too many of them", "");
		return;
	}
	q = &ret->queries[ret->n_queries++];
	*q = (struct convention_query){ .file = e->shown, .sql = "", .problem = "" };
	if (text == NULL) {
		q->problem = gh_printf(f->arena, "%s: %s", e->shown, e->reason);
		return;
	}
	found_as(e, CONVENTION_VERIFY, "", "");
	q->sql = text->sql;
	q->len = text->len;
	q->problem = text->problem;
	if (q->problem[0] == '\0' && is_blank(text->sql))
		q->problem = gh_printf(f->arena, "%s: has no query in it", e->shown);
}

void
query_read(const struct convention *c, struct convention_folder *f, struct convention_found *ret)
{
	size_t i, n = 0;

	for (i = 0; i < f->n; i++)
		n += is_query(&f->files[i]);
	if (n == 0 || c->verify_folder) {
		c->read(f, ret);
		return;
	}
	read_without(c, f, ret);
	ret->queries = gh_alloc_n(f->arena, QUERY_MAX, sizeof(*ret->queries));
	for (i = 0; i < f->n; i++) {
		struct convention_file *e = &f->files[i];
		const char *why;

		if (!is_query(e))
			continue;
		why = not_taken(e);
		if (why == NULL)
			take(f, e, ret);
		else
			found_as(e, CONVENTION_IGNORED, why, "");
	}
}
