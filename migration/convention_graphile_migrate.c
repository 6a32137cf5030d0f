#include "base/ban.h"
#include "migration/convention.h"
#include "migration/found.h"
#include "migration/graphile_header.h"
#include "migration/name.h"

#include <ctype.h>

/*
 * committed/000001-slug.sql of graphile-migrate: a header with the sum of the file and that of the one before
 * it, an empty line, the body.  graphile-migrate: src/migration.ts, src/hash.ts, src/header.ts,
 * src/current.ts.
 */

struct committed {
	struct convention_file *file;
	const struct convention_text *text;
	const char *key, *number, *slug;
	struct graphile_header head;
};

/* ^([0-9]+)(-[-_a-zA-Z0-9]*)?\.sql$ */
static bool
name_fits(const char *base, size_t *ret_digits)
{
	size_t len;

	*ret_digits = strspn(base, "0123456789");
	if (*ret_digits == 0 || !name_ends(base, ".sql"))
		return false;
	len = strlen(base) - strlen(".sql");
	if (*ret_digits == len)
		return true;
	return base[*ret_digits] == '-' &&
	    strspn(base + *ret_digits, "-_0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") +
		*ret_digits >=
	    len;
}

/* The part of the path beneath committed/, or of a folder that is itself that one; NULL: elsewhere. */
static const char *
committed_name(const struct convention_folder *f, const struct convention_file *e)
{
	static const char folder[] = "committed";
	const char *base = e->path;

	if (convention_path(f, folder) != NULL) {
		if (strncmp(base, "committed/", sizeof(folder)) != 0)
			return NULL;
		base += sizeof(folder);
	}
	return strchr(base, '/') == NULL ? base : NULL;
}

static bool
is_current(const char *path)
{
	return strcmp(path, "current.sql") == 0 || strcmp(path, "current") == 0 ||
	    strncmp(path, "current/", strlen("current/")) == 0;
}

static void
graphile_fit(const struct convention_folder *f, struct convention_fit *ret)
{
	struct convention_folder scratch = *f;
	size_t i, n = 0, digits;

	for (i = 0; i < f->n; i++) {
		const char *base = committed_name(f, &f->files[i]);
		const struct convention_text *text;
		struct graphile_header h;

		if (base == NULL || f->files[i].folder || !name_fits(base, &digits))
			continue;
		text = f->read(&scratch, &f->files[i]);
		if (text == NULL)
			continue;
		graphile_header_read(f->arena, f->files[i].shown, text, &h);
		n += h.any && h.hash != NULL;
	}
	if (n > 0)
		*ret = (struct convention_fit){ 3,
			gh_printf(f->arena, "%zu committed %s with \"--! Hash:\" in the header", n,
			    n == 1 ? "file" : "files") };
	else if (convention_path(f, "committed") != NULL && convention_path(f, "current.sql") != NULL)
		*ret = (struct convention_fit){ 2, "the folder committed and current.sql" };
}

/* What :NAME stands for; NULL: it is no placeholder. */
static const char *
placeholder(const struct convention_folder *f, const char *word, size_t len, bool *ret_ours)
{
	const char *name = gh_strndup(f->arena, word, len), *value = convention_option_find(f, name);

	if (value == NULL)
		value = convention_option_find(f, name + 1);
	*ret_ours = strcmp(name, ":DATABASE_NAME") == 0 || strcmp(name, ":DATABASE_OWNER") == 0;
	return value;
}

/*
 * Replaces placeholders as the tool does: a colon and the whole word behind it, wherever it stands.  Which
 * database a target has is not known when the folder is read, so :DATABASE_NAME and :DATABASE_OWNER have to
 * be configured where they are used.
 */
static const char *
replaced(struct convention_folder *f, const char *file, const char *body, size_t len, int64_t line,
    const char **ret_problem)
{
	const char *p = body, *end = body + len;
	GH_TEXT out = { 0 };

	while (p < end) {
		const char *colon = memchr(p, ':', (size_t)(end - p)), *stop, *value;
		bool ours;

		if (colon == NULL)
			break;
		for (stop = colon + 1; stop < end && (isalnum((unsigned char)*stop) || *stop == '_'); stop++)
			continue;
		gh_text_put_n(&out, p, (size_t)(colon - p));
		value = stop == colon + 1 ? NULL : placeholder(f, colon, (size_t)(stop - colon), &ours);
		if (value != NULL) {
			gh_text_put(&out, value);
		} else {
			gh_text_put_n(&out, colon, (size_t)(stop - colon));
			if (stop > colon + 1 && ours && *ret_problem[0] == '\0')
				*ret_problem = gh_printf(f->arena,
				    "%s:%" PRId64
				    ":1: %.*s is not configured: write the option %.*s for this project",
				    file, line + found_line(body, (size_t)(colon - body)) - 1,
				    (int)(stop - colon), colon, (int)(stop - colon - 1), colon + 1);
		}
		p = stop;
	}
	gh_text_put_n(&out, p, (size_t)(end - p));
	return gh_strndup(f->arena, gh_text_str(&out), out.len);
}

/* /^--!\s*no-transaction\b/ on the first line */
static bool
no_transaction(const char *sql)
{
	static const char word[] = "no-transaction";

	if (strncmp(sql, "--!", 3) != 0)
		return false;
	for (sql += 3; *sql == ' ' || (*sql >= '\t' && *sql <= '\r' && *sql != '\n'); sql++)
		continue;
	return strncmp(sql, word, strlen(word)) == 0 && !isalnum((unsigned char)sql[strlen(word)]) &&
	    sql[strlen(word)] != '_';
}

static void
side_read(struct convention_folder *f, struct committed *c, struct convention_migration *m)
{
	const char *p = c->head.body, *end = c->text->raw + c->text->raw_len, *sum, *previous, *problem = "";

	graphile_trim(&p, &end);
	previous = strcmp(c->head.previous, "-") == 0 ? "" : c->head.previous;
	sum = graphile_sum(f->arena, previous, p, (size_t)(end - p));
	m->checksum = c->head.allow_invalid ? c->head.hash : sum;
	if (strcmp(sum, c->head.hash) != 0 && !c->head.allow_invalid)
		m->problem = gh_printf(f->arena,
		    "%s:1:1: the header says Hash: %s, but the content sums to %s: it was edited after it "
		    "was committed",
		    c->file->shown, c->head.hash, sum);
	else if (strcmp(sum, c->head.hash) == 0 && c->head.allow_invalid)
		m->problem = gh_printf(f->arena,
		    "%s:1:1: AllowInvalidHash is in the header, but the sum is right: graphile-migrate "
		    "refuses that, remove the line",
		    c->file->shown);
	m->up = (struct convention_side){ .present = true, .file = c->file->shown, .may_be_empty = true };
	m->up.first_line = found_line(c->text->raw, (size_t)(p - c->text->raw));
	m->up.sql = replaced(f, c->file->shown, p, (size_t)(end - p), m->up.first_line, &problem);
	m->up.len = strlen(m->up.sql);
	m->up.problem = problem;
	m->up.mode = no_transaction(m->up.sql) ? CONVENTION_IMPLICIT : CONVENTION_WRAPPED;
	m->up.row_outside = m->up.mode == CONVENTION_IMPLICIT;
	found_fact(f->arena, m, "hash", c->head.hash);
	found_fact(f->arena, m, "previous", previous[0] == '\0' ? NULL : previous);
}

/* The chain of sums from file to file. */
static void
chain_check(struct convention_folder *f, struct convention_found *ret, const struct committed *before,
    const struct committed *c)
{
	if (c->head.problem[0] != '\0') {
		found_problem(f->arena, ret, "%s", c->head.problem);
	} else if (before == NULL) {
		if (strcmp(c->head.previous, "-") != 0)
			found_problem(f->arena, ret,
			    "%s:1:1: the first file names a previous one (%s): the one before it is missing",
			    c->file->shown, c->head.previous);
	} else if (before->head.hash != NULL && strcmp(c->head.previous, before->head.hash) != 0) {
		found_problem(f->arena, ret,
		    "%s:1:1: the chain is broken: Previous is %s, but %s has Hash %s; a file between them is "
		    "missing, or two branches were committed side by side",
		    c->file->shown, c->head.previous, before->file->shown, before->head.hash);
	}
}

static int
by_number(const void *a, const void *b)
{
	const struct committed *x = a, *y = b;
	int order = strcmp(x->key, y->key);

	return order != 0 ? order : strcmp(x->file->path, y->file->path);
}

/* Says what each entry is; the committed ones into list. */
static size_t
sort_out(struct convention_folder *f, struct committed *list)
{
	size_t i, n = 0, digits;

	for (i = 0; i < f->n; i++) {
		struct convention_file *e = &f->files[i];
		const char *base = committed_name(f, e);
		const struct convention_text *text;

		if (base == NULL || strcmp(e->path, "committed") == 0) {
			found_as(e, CONVENTION_IGNORED,
			    is_current(e->path) ? "not committed yet: graphile-migrate runs it again at each "
						  "change; commit it first"
				: e->folder     ? "a folder: only committed is read"
						: "not in committed: only what was committed runs",
			    "");
			continue;
		}
		if (e->folder || e->odd[0] != '\0')
			continue;
		if (!name_fits(base, &digits)) {
			found_as(e, CONVENTION_IGNORED,
			    name_ends(base, ".sql") ? "not of the form 000001-name.sql (letters, digits, - "
						      "and _): graphile-migrate passes over it"
						    : "not an .sql file",
			    "");
			continue;
		}
		text = f->read(f, e);
		if (text == NULL)
			continue;
		list[n].file = e;
		list[n].text = text;
		list[n].number = gh_strndup(f->arena, base, digits);
		list[n].key = gh_printf(f->arena, "%s.sql", list[n].number);
		list[n].slug = gh_strndup(f->arena, base + digits, strlen(base) - digits - strlen(".sql"));
		graphile_header_read(f->arena, e->shown, text, &list[n].head);
		found_as(e, CONVENTION_UP, "", list[n].key);
		n++;
	}
	qsort(list, n, sizeof(*list), by_number);
	return n;
}

static void
graphile_read(struct convention_folder *f, struct convention_found *ret)
{
	struct committed *list = gh_alloc_n(f->arena, f->n + 1, sizeof(*list));
	size_t i, n = sort_out(f, list);

	for (i = 0; i < n; i++) {
		struct committed *c = &list[i];
		struct convention_migration *m = found_add(f, ret);

		chain_check(f, ret, i == 0 ? NULL : &list[i - 1], c);
		m->key = c->key;
		m->version = c->number;
		m->name = c->head.message != NULL && c->head.message[0] != '\0' ? c->head.message
		    : c->slug[0] == '-'                                         ? c->slug + 1
										: c->number;
		m->file = c->file->shown;
		if (c->head.problem[0] == '\0') {
			side_read(f, c, m);
		} else {
			m->up = (struct convention_side){ .present = true, .problem = c->head.problem };
			found_fact(f->arena, m, "hash", c->head.hash);
			found_fact(f->arena, m, "previous", NULL);
		}
	}
	if (n > 0)
		found_note(f->arena, ret,
		    "Actions of .gmrc (afterReset, beforeAllMigrations, afterAllMigrations) are never run "
		    "here: roles and schemas that the first file needs must be there.");
}

static size_t
graphile_locks(const struct convention_lock_of *of, int64_t ret[CONVENTION_LOCKS])
{
	(void)of;
	ret[0] = INT64_C(4727445306447283);
	return 1;
}

static void
graphile_create(const struct convention_found *found, struct gh_arena *a, struct convention_create *c)
{
	(void)found;
	(void)a;
	c->refused = "committed files carry sums that the tool computes: write current.sql, then "
		     "graphile-migrate commit";
}

static const char *const create[] = {
	"CREATE SCHEMA IF NOT EXISTS {schema}",
	"CREATE TABLE IF NOT EXISTS {schema}.migrations (hash text PRIMARY KEY,"
	" previous_hash text REFERENCES {schema}.migrations, filename text NOT NULL,"
	" date timestamptz NOT NULL DEFAULT now())",
	"CREATE TABLE IF NOT EXISTS {schema}.current (filename text PRIMARY KEY DEFAULT 'current.sql',"
	" content text NOT NULL, date timestamptz NOT NULL DEFAULT now())",
	NULL,
};
static const char *const up_row[] = {
	"INSERT INTO {schema}.{table} (hash, previous_hash, filename) VALUES (:hash, :previous, :key)",
	NULL,
};

static const struct convention_tracking tracking[] = { {
    .schema = "graphile_migrate",
    .table = "migrations",
    .tables = {
	{ NULL,
	    { { "hash", "text", "t" }, { "previous_hash", "text", "f" }, { "filename", "text", "t" },
		{ "date", "timestamp with time zone", "t" } },
	    4 },
	{ "current",
	    { { "filename", "text", "t" }, { "content", "text", "t" },
		{ "date", "timestamp with time zone", "t" } },
	    3 },
    },
    .n_tables = 2,
    .create = create,
    .select = "SELECT filename, (extract(epoch FROM date) * 1000000)::bigint, 'applied', hash, '', ''"
	      " FROM {schema}.{table} ORDER BY filename COLLATE \"C\"",
    .up = { .row = up_row },
} };

const struct convention convention_graphile_migrate = {
	.name = "graphile-migrate",
	.title = "graphile-migrate",
	.description = "committed/000001-name.sql with chained sums in the header; rows in "
		       "graphile_migrate.migrations; no way back",
	.rule = "graphile-migrate runs the files whose number is greater than the last recorded one: an "
		"older file that was never applied is never applied, an edited or missing one is not noticed "
		"once it was applied; the chain of sums has to be whole before anything runs",
	.fit = graphile_fit,
	.read = graphile_read,
	.tracking = tracking,
	.n_tracking = 1,
	.older = CONVENTION_OLDER_SKIPPED,
	.locks = graphile_locks,
	.create = graphile_create,
	.opt_out =
	    "write \"--! no-transaction\" as the first line of the body, and the statement alone below it",
	.command_status = "graphile-migrate status",
	.options = FOUND_OPTIONS({ "NAME",
	    "the value of :NAME; also DATABASE_NAME and DATABASE_OWNER, which a folder alone does not "
	    "tell" }),
};
