#include "base/ban.h"
#include "migration/convention.h"
#include "migration/create.h"
#include "migration/found.h"
#include "migration/lines.h"
#include "migration/name.h"
#include "migration/version.h"

/*
 * sql-migrate: any .sql file with -- +migrate Up and -- +migrate Down; the key is the whole file name
 * (sql-migrate: sqlparse/sqlparse.go, migrate.go).
 */

#define COMMAND "-- +migrate "

struct split {
	struct convention_folder *f;
	struct lines_sql up, down;
	struct convention_side *up_side, *down_side;
	struct lines_sql *to;
	bool block;
	bool up_alone, down_alone; /* notransaction */
	int64_t line;
	const char *problem;
};

static void
end(struct split *s)
{
	if (s->to != NULL)
		lines_end(s->to, s->f->arena, s->to == &s->up ? s->up_side : s->down_side);
}

/* The word at *p and what follows it. */
static struct line
word_next(const char **p, const char *eol)
{
	struct line ret;

	while (*p < eol && isspace((unsigned char)**p))
		(*p)++;
	for (ret.at = *p; *p < eol && !isspace((unsigned char)**p); (*p)++)
		continue;
	ret.len = (size_t)(*p - ret.at);
	return ret;
}

static bool
is_word(const struct line *w, const char *word)
{
	return w->len == strlen(word) && memcmp(w->at, word, w->len) == 0;
}

static void
turn(struct split *s, bool up, const char *options, const char *eol)
{
	struct line option;

	if (s->to != NULL && lines_unfinished(s->to)) {
		s->problem = "the statement above has no end: a semicolon is missing";
		return;
	}
	s->to = up ? &s->up : &s->down;
	s->to->present = true;
	for (option = word_next(&options, eol); option.len > 0; option = word_next(&options, eol)) {
		if (is_word(&option, "notransaction"))
			*(up ? &s->up_alone : &s->down_alone) = true;
	}
}

static void
command(struct split *s, const struct line *l)
{
	const char *p = l->at + strlen(COMMAND), *eol = l->at + l->len;
	struct line word = word_next(&p, eol);

	if (word.len == 0) {
		s->problem = "-- +migrate without a command";
	} else if (is_word(&word, "Up") || is_word(&word, "Down")) {
		turn(s, is_word(&word, "Up"), p, eol);
	} else if (is_word(&word, "StatementBegin") && s->to != NULL) {
		s->block = true;
	} else if (is_word(&word, "StatementEnd") && s->block) {
		s->block = false;
		end(s);
	}
}

/* Lines that begin with "-- " are dropped wherever they are, also within a body; other comments stay. */
static void
line_read(struct split *s, const struct line *l)
{
	if (line_begins(l, "-- ")) {
		if (line_begins(l, COMMAND))
			command(s, l);
		return;
	}
	if (s->to == NULL || (!s->to->open && line_blank(l)))
		return;
	lines_put(s->to, s->line, l->at, l->len);
	if (!s->block && line_ends_statement(l))
		end(s);
}

static void
side_finish(struct split *s, struct lines_sql *sql, bool alone, const struct convention_file *e,
    const struct convention_text *text, struct convention_side *side)
{
	lines_side(sql, s->f->arena, e, text, side);
	side->mode = alone ? CONVENTION_EACH : CONVENTION_WRAPPED;
	side->row_outside = alone;
	side->may_be_empty = true;
}

static void
split(struct convention_folder *f, const struct convention_file *e, const struct convention_text *text,
    struct convention_migration *m)
{
	struct split s = { .f = f, .up_side = &m->up, .down_side = &m->down };
	struct lines lines = lines_of(text);
	struct line l;

	while (s.problem == NULL && lines_next(&lines, &l)) {
		s.line = lines.number;
		line_read(&s, &l);
	}
	if (s.problem == NULL && s.to == NULL)
		s.problem = "neither -- +migrate Up nor -- +migrate Down";
	else if (s.problem == NULL && s.block)
		s.problem = "-- +migrate StatementBegin without -- +migrate StatementEnd";
	else if (s.problem == NULL && lines_unfinished(s.to))
		s.problem = "the last statement has no end: a semicolon is missing";
	/* Without a section it still applies and takes back: by nothing. */
	s.up.present = s.down.present = true;
	side_finish(&s, &s.up, s.up_alone, e, text, &m->up);
	side_finish(&s, &s.down, s.down_alone, e, text, &m->down);
	if (s.problem != NULL)
		m->problem = gh_printf(f->arena, "%s:%" PRId64 ":1: %s", e->shown, s.line, s.problem);
	lines_sql_done(&s.up);
	lines_sql_done(&s.down);
}

/* sql-migrate: migrate.go, Less: those with a number first, by number, then by name. */
static int
by_id(const void *a, const void *b)
{
	const struct convention_migration *x = a, *y = b;
	bool x_number = *x->version != '\0', y_number = *y->version != '\0';
	int order = 0;

	if (x_number != y_number)
		return x_number ? -1 : 1;
	if (x_number)
		order = version_compare(x->version, y->version);
	return order != 0 ? order : strcmp(x->key, y->key);
}

static void
take(struct convention_folder *f, struct convention_file *e, const char *stem, struct convention_found *ret)
{
	const struct convention_text *text = f->read(f, e);
	struct convention_migration *m;
	const char *rest;
	uint64_t number;

	if (text == NULL)
		return;
	m = found_add(f, ret);
	m->key = name_base(e->path);
	m->version = version_digits(stem, f->arena);
	rest = stem + strlen(m->version);
	m->name = *rest == '_' || *rest == '-' ? rest + 1 : rest;
	m->file = e->shown;
	split(f, e, text, m);
	if (m->problem == NULL && *m->version != '\0' && !version_number(m->version, INT64_MAX, &number))
		m->problem =
		    gh_printf(f->arena, "%s: the number is greater than sql-migrate can read", e->shown);
	if (m->problem != NULL)
		found_problem(f->arena, ret, "sql-migrate reads nothing of this folder: %s", m->problem);
}

static void
read_folder(struct convention_folder *f, struct convention_found *ret)
{
	size_t i;

	for (i = 0; i < f->n; i++) {
		struct convention_file *e = &f->files[i];
		const char *stem = name_start_flat(e, f->arena);

		if (stem == NULL)
			continue;
		found_as(e, CONVENTION_BOTH, "", name_base(e->path));
		if (e->odd[0] == '\0')
			take(f, e, stem, ret);
	}
	if (ret->n > 1)
		qsort(ret->migrations, ret->n, sizeof(*ret->migrations), by_id);
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

		if (e.odd[0] != '\0' || name_start_flat(&e, f->arena) == NULL)
			continue;
		n++;
		t = f->read(&scratch, &f->files[i]);
		marked += t != NULL && found_has_line(t, "-- +migrate");
	}
	if (marked == 0)
		return;
	ret->strength = 3;
	ret->why = gh_printf(f->arena, "%zu of %zu .sql files hold -- +migrate annotations", marked, n);
}

static void
create(const struct convention_found *found, struct gh_arena *a, struct convention_create *c)
{
	bool dated = found->n == 0 || version_dated(found);
	const char *key = dated ? gh_printf(a, "%s-%s", version_stamp(found, c->now, a), c->slug)
				: gh_printf(a, "%s_%s", version_next(found, 3, a), c->slug);

	create_put(c, gh_printf(a, "%s.sql", key),
	    gh_printf(a, "%s\n-- +migrate Up\n\n\n-- +migrate Down\n\n", create_header(c, key, a)));
}

const struct convention convention_sql_migrate = {
	.name = "sql-migrate",
	.title = "sql-migrate",
	.description =
	    ".sql files with -- +migrate Up and -- +migrate Down; public.gorp_migrations holds their names",
	.rule = "sql-migrate applies older files that were never applied before the newer ones; an applied "
		"one without "
		"its file stops it; a changed file is not noticed.",
	.fit = fit,
	.read = read_folder,
	.tracking =
	    &(const struct convention_tracking){
		.schema = "public",
		.table = "gorp_migrations",
		.tables = { {
		    .columns = { { "id", "text", "t" }, { "applied_at", "timestamp with time zone", "f" } },
		    .n_columns = 2,
		} },
		.n_tables = 1,
		.create = FOUND_SQL("CREATE TABLE IF NOT EXISTS {schema}.{table} "
				    "(id text not null primary key, applied_at timestamp with time zone)"),
		.select = "SELECT id, " FOUND_MICROSECONDS(
		    "applied_at") ", 'applied', '', '', '' "
				  "FROM {schema}.{table} ORDER BY applied_at, id COLLATE \"C\"",
		.up.row = FOUND_SQL("INSERT INTO {schema}.{table} (id, applied_at) VALUES (:key, now())"),
		.down.row = FOUND_SQL("DELETE FROM {schema}.{table} WHERE id = :key"),
	    },
	.n_tracking = 1,
	.opt_out = "write \"-- +migrate Up notransaction\"",
	.older = CONVENTION_OLDER_RUNS,
	.missing_blocks = true,
	.create = create,
	.command_status = "sql-migrate status",
};
