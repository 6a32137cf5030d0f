#include "base/ban.h"
#include "migration/convention.h"
#include "migration/create.h"
#include "migration/found.h"
#include "migration/lines.h"
#include "migration/name.h"
#include "migration/version.h"

/*
 * dbmate: 20240101120000_name.sql with the blocks -- migrate:up and -- migrate:down, both required, up first.
 * The version is the digits as text, and the order is that of file names as bytes.
 */

static const enum convention_older strict = CONVENTION_OLDER_BLOCKS;

/* The digits that a name begins with; NULL when it is not taken.  dbmate: pkg/dbmate/db.go */
static const char *
classify(struct convention_file *e, struct gh_arena *a)
{
	const char *stem = name_start_flat(e, a);

	if (stem == NULL)
		return NULL;
	if (*stem >= '0' && *stem <= '9')
		return version_digits(stem, a);
	found_as(e, CONVENTION_IGNORED, "dbmate passes over it: the name does not begin with a digit", "");
	return NULL;
}

/* Go's \s */
static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
}

/*
 * dbmate: pkg/dbmate/migration.go, (?m)^--\s*migrate:WORD(\s*$|\s+\S+): the word ends with the line or is
 * followed by a blank.  s begins a line.
 */
static bool
marker_at(const char *s, const char *end, const char *word)
{
	size_t len = strlen(word);

	if (end - s < 2 || s[0] != '-' || s[1] != '-')
		return false;
	for (s += 2; s < end && is_space(*s); s++)
		continue;
	if ((size_t)(end - s) < len || memcmp(s, word, len) != 0)
		return false;
	s += len;
	return s == end || is_space(*s);
}

/* The first marker at or behind `from`; the text's length when there is none. */
static size_t
marker_find(const struct convention_text *t, size_t from, const char *word)
{
	const char *p = t->sql + from, *end = t->sql + t->len;

	/* Within a line nothing begins. */
	if (from > 0 && p[-1] != '\n') {
		p = memchr(p, '\n', (size_t)(end - p));
		p = p == NULL ? end : p + 1;
	}
	while (p < end) {
		const char *eol;

		if (marker_at(p, end, word))
			return (size_t)(p - t->sql);
		eol = memchr(p, '\n', (size_t)(end - p));
		p = eol == NULL ? end : eol + 1;
	}
	return t->len;
}

/* Options stand on the marker's line: words of the form key:value. */
static bool
wants_no_transaction(const char *p, const char *end)
{
	const char *eol = memchr(p, '\n', (size_t)(end - p));
	bool ret = false;

	if (eol == NULL)
		eol = end;
	while (p < eol) {
		const char *word;

		while (p < eol && is_space(*p))
			p++;
		for (word = p; p < eol && !is_space(*p); p++)
			continue;
		if (p - word < 12 || strncmp(word, "transaction:", 12) != 0 ||
		    memchr(word + 12, ':', (size_t)(p - word) - 12) != NULL)
			continue;
		/* The last one counts. */
		ret = p - word == 17 && strncmp(word + 12, "false", 5) == 0;
	}
	return ret;
}

/* The first line above the marker that is neither blank nor a comment; the marker when there is none. */
static size_t
statement_above(const struct convention_text *t, size_t marker)
{
	struct lines l = { .p = t->sql, .end = t->sql + marker };
	struct line line;

	while (lines_next(&l, &line)) {
		if (!line_blank(&line) && !line_comment(&line))
			return (size_t)(line.at - t->sql);
	}
	return marker;
}

/* Where dbmate gives up, and why; NULL when it does not. */
static const char *
wrong(const struct convention_text *t, size_t up, size_t down, size_t *ret_at)
{
	size_t again;

	*ret_at = 0;
	if (up == t->len)
		return t->bom
		    ? "no -- migrate:up: the byte order mark (BOM) hides it, save the file without one"
		    : "no -- migrate:up at the beginning of a line";
	if (down == t->len)
		return "no -- migrate:down at the beginning of a line: dbmate wants both blocks, one may be "
		       "empty";
	*ret_at = down;
	if (down < up)
		return "-- migrate:down stands above -- migrate:up";
	*ret_at = statement_above(t, up);
	if (*ret_at < up)
		return "SQL above -- migrate:up";
	if (t->bom)
		return "begins with a byte order mark (BOM): save it as UTF-8 without one";
	again = marker_find(t, down + 1, "migrate:up");
	*ret_at = again;
	if (again < t->len)
		return "a second -- migrate:up: dbmate would apply and record the first pair and fail on the "
		       "second, "
		       "whose version is recorded already";
	return NULL;
}

static void
side_finish(struct convention_side *s)
{
	bool none = wants_no_transaction(s->sql, s->sql + s->len);

	s->mode = none ? CONVENTION_IMPLICIT : CONVENTION_WRAPPED;
	s->row_outside = none;
	s->may_be_empty = true;
}

static void
take(
    struct convention_folder *f, struct convention_file *e, const char *version, struct convention_found *ret)
{
	const struct convention_text *t = e->odd[0] != '\0' ? NULL : f->read(f, e);
	struct convention_migration *m;
	const char *why;
	size_t up, down, at;

	found_as(e, CONVENTION_BOTH, "", version);
	if (t == NULL)
		return;
	m = found_add(f, ret);
	m->key = m->version = version;
	m->name = gh_strndup(f->arena, e->path + strlen(version), strlen(e->path + strlen(version)) - 4);
	m->name += *m->name == '_';
	m->file = e->shown;
	up = t->bom && marker_at(t->sql, t->sql + t->len, "migrate:up")
	    ? marker_find(t, 1, "migrate:up") /* only the start of the text is no start of a line */
	    : marker_find(t, 0, "migrate:up");
	down = marker_find(t, 0, "migrate:down");
	why = wrong(t, up, down, &at);
	if (why != NULL) {
		found_part(f, e, t, 0, t->len, &m->up);
		m->up.problem = t->problem;
		found_side_problem(f->arena, &m->up, e->shown, t->sql, at, "%s", why);
		return;
	}
	found_part(f, e, t, up, down, &m->up);
	found_part(f, e, t, down, t->len, &m->down);
	side_finish(&m->up);
	side_finish(&m->down);
}

static void
read_folder(struct convention_folder *f, struct convention_found *ret)
{
	const char *option = convention_option_find(f, "strict");
	size_t i;

	for (i = 0; i < f->n; i++) {
		const char *version = classify(&f->files[i], f->arena);

		if (version != NULL)
			take(f, &f->files[i], version, ret);
		if (ret->n > 1 && version != NULL &&
		    strlen(version) < strlen(ret->migrations[ret->n - 2].version))
			found_note(f->arena, ret,
			    "%s comes behind %s: dbmate goes by file names as text, so give all numbers the "
			    "same "
			    "length",
			    ret->migrations[ret->n - 1].file, ret->migrations[ret->n - 2].file);
	}
	if (option != NULL && strcmp(option, "true") == 0)
		ret->older = &strict;
	version_gaps(f->arena, ret);
}

static void
fit(const struct convention_folder *f, struct convention_fit *ret)
{
	struct convention_folder scratch = *f;
	size_t i, n = 0, marked = 0;

	for (i = 0; i < f->n; i++) {
		struct convention_file e = f->files[i];
		const struct convention_text *t;

		if (e.odd[0] != '\0' || classify(&e, f->arena) == NULL)
			continue;
		n++;
		t = f->read(&scratch, &f->files[i]);
		marked += t != NULL && marker_find(t, 0, "migrate:up") < t->len;
	}
	if (marked == 0)
		return;
	ret->strength = 3;
	ret->why = gh_printf(f->arena, "%zu of %zu files NUMBER_name.sql hold -- migrate:up", marked, n);
}

static void
create(const struct convention_found *found, struct gh_arena *a, struct convention_create *c)
{
	const char *key = gh_printf(a, "%s_%s",
	    found->n == 0 || version_dated(found) ? version_stamp(found, c->now, a)
						  : version_next(found, 3, a),
	    c->slug);

	create_put(c, gh_printf(a, "%s.sql", key),
	    gh_printf(a, "%s\n-- migrate:up\n\n\n-- migrate:down\n\n", create_header(c, key, a)));
}

const struct convention convention_dbmate = {
	.name = "dbmate",
	.title = "dbmate",
	.description =
	    "NUMBER_name.sql with the blocks -- migrate:up and -- migrate:down; public.schema_migrations "
	    "holds the numbers as text",
	.rule = "dbmate applies whatever is not in its table, in the order of file names, older or not (with "
		"--strict "
		"an older one stops it); an applied one without its file and a changed file are not noticed; "
		"going "
		"back takes the last applied file name, not the last run.",
	.fit = fit,
	.read = read_folder,
	.tracking =
	    &(const struct convention_tracking){
		.schema = "public",
		.table = "schema_migrations",
		.tables = { {
		    .columns = { { "version",
			"character varying|character varying(255)|character varying(128)|text", "t" } },
		    .n_columns = 1,
		} },
		.n_tables = 1,
		.not_beside = "ar_internal_metadata", /* Rails has the same table */
		.create = FOUND_SQL(found_schema,
		    "CREATE TABLE IF NOT EXISTS {schema}.{table} (version varchar primary key)"),
		.select = "SELECT version::text, 0::bigint, 'applied', '', '', '' "
			  "FROM {schema}.{table} ORDER BY version COLLATE \"C\"",
		.up.row = FOUND_SQL("INSERT INTO {schema}.{table} (version) VALUES (:key)"),
		.down.row = FOUND_SQL("DELETE FROM {schema}.{table} WHERE version = :key"),
	    },
	.n_tracking = 1,
	.opt_out = "write \"transaction:false\" behind -- migrate:up, with nothing else in the block",
	.older = CONVENTION_OLDER_RUNS,
	.create = create,
	.command_status = "dbmate status",
	.options = FOUND_OPTIONS(
	    { "strict", "true: an older file that was never applied stops everything (--strict)" }),
};
