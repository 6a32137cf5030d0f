#include "base/ban.h"
#include "migration/convention.h"
#include "migration/create.h"
#include "migration/found.h"
#include "migration/name.h"
#include "migration/status.h"
#include "migration/version.h"

/*
 * tern: 001_name.sql, the way back below a line, numbers from 1 without gaps, and one number in the database
 * (tern: migrate/migrate.go).
 */

#define SEPARATOR  "---- create above / drop below ----"
#define DISABLE_TX "---- tern: disable-tx ----"

static const char *
classify(struct convention_file *e, struct gh_arena *a)
{
	const char *stem, *digits;

	if (!name_flat(e) && name_ends(e->path, ".sql")) {
		found_as(e, CONVENTION_INDEX, "", "");
		e->reason = "a template that migrations may take in";
		return NULL;
	}
	stem = name_start_flat(e, a);
	if (stem == NULL)
		return NULL;
	digits = version_digits(stem, a);
	if (*digits != '\0' && stem[strlen(digits)] == '_' && stem[strlen(digits) + 1] != '\0')
		return digits;
	found_as(e, CONVENTION_IGNORED, "tern passes over it: not of the form NUMBER_name.sql", "");
	return NULL;
}

/* A line that is exactly this; with a carriage return it is not. */
static const char *
line_find(const char *text, const char *line)
{
	size_t len = strlen(line);
	const char *p;

	for (p = strstr(text, line); p != NULL; p = strstr(p + 1, line)) {
		if ((p == text || p[-1] == '\n') && (p[len] == '\0' || p[len] == '\n'))
			return p;
	}
	return NULL;
}

static void
wrong(struct convention_folder *f, struct convention_side *s, const char *at, const char *why)
{
	s->problem = gh_printf(f->arena, "%s:%" PRId64 ":1: %s", s->file,
	    s->first_line - 1 + found_line(s->sql, (size_t)(at - s->sql)), why);
}

/*
 * {{ .name }} from the project's options; every other template action is tern's affair.  Line numbers stay.
 */
static void
expand(struct convention_folder *f, struct convention_side *s)
{
	const char *p = s->sql, *open;
	GH_TEXT out = { 0 };

	for (open = strstr(p, "{{"); open != NULL; open = strstr(p, "{{")) {
		const char *at = open + 2, *name, *value;
		size_t len;

		gh_text_put_n(&out, p, (size_t)(open - p));
		at += strspn(at, " \t");
		name = at + (*at == '.');
		len = strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789");
		at = name + len + strspn(name + len, " \t");
		if (name == at || name[-1] != '.' || len == 0 || strncmp(at, "}}", 2) != 0) {
			wrong(f, s, open,
			    "a template of tern: only {{.name}} is filled in here, run the file with tern");
			break;
		}
		value = convention_option_find(f, gh_strndup(f->arena, name, len));
		if (value == NULL || strpbrk(value, "\r\n") != NULL) {
			wrong(f, s, open,
			    gh_printf(f->arena,
				"{{.%.*s}} comes from tern's data: give the project an option %.*s of one "
				"line",
				(int)len, name, (int)len, name));
			break;
		}
		gh_text_put(&out, value);
		p = at + 2;
	}
	if (p == s->sql || open != NULL)
		return;
	gh_text_put(&out, p);
	s->sql = gh_strndup(f->arena, gh_text_str(&out), out.len);
	s->len = out.len;
}

static void
side_finish(struct convention_folder *f, struct convention_found *found, struct convention_side *s)
{
	s->mode = line_find(s->sql, DISABLE_TX) != NULL ? CONVENTION_EACH : CONVENTION_WRAPPED;
	s->row_outside = s->mode == CONVENTION_EACH;
	if (s->mode == CONVENTION_WRAPPED && strstr(s->sql, "tern: disable-tx") != NULL)
		found_note(f->arena, found,
		    "%s runs in a transaction: tern wants \"" DISABLE_TX
		    "\" as a whole line, without blanks or a "
		    "carriage return",
		    s->file);
	if (s->problem[0] == '\0')
		expand(f, s);
}

/* Whether some line is neither blank nor a comment: what tern wants of an up. */
static bool
has_sql(const struct convention_side *s)
{
	const char *p = s->sql;

	while (*p != '\0') {
		p += strspn(p, " \t\r\f\v\n");
		if (*p != '\0' && strncmp(p, "--", 2) != 0)
			return true;
		p += strcspn(p, "\n");
	}
	return false;
}

static void
take(struct convention_folder *f, struct convention_file *e, const char *digits, struct convention_found *ret)
{
	const struct convention_text *t = f->read(f, e);
	struct convention_migration *m;
	const char *down;
	size_t cut;

	if (t == NULL)
		return;
	m = found_add(f, ret);
	m->key = version_trimmed(digits);
	m->version = digits;
	m->file = e->shown;
	m->name = gh_strndup(f->arena, e->path + strlen(digits) + 1, strlen(e->path) - strlen(digits) - 5);
	down = strstr(t->sql, SEPARATOR);
	cut = down == NULL ? t->len : (size_t)(down - t->sql);
	found_part(f, e, t, 0, cut, &m->up);
	side_finish(f, ret, &m->up);
	if (!has_sql(&m->up))
		found_problem(
		    f->arena, ret, "tern reads nothing of this folder: %s has no SQL to apply", e->shown);
	if (down == NULL)
		return;
	found_part(f, e, t, cut + strlen(SEPARATOR), t->len, &m->down);
	m->down.may_be_empty = true;
	side_finish(f, ret, &m->down);
	if (m->down.sql[strspn(m->down.sql, " \t\r\n\f\v")] == '\0')
		m->down = (struct convention_side){ .present = false };
}

static int
by_number(const void *a, const void *b)
{
	const struct convention_migration *x = a, *y = b;
	int order = version_compare(x->key, y->key);

	return order != 0 ? order : strcmp(x->file, y->file);
}

/* 1, 2, 3 and so on: anything else, and tern reads nothing. */
static void
check(struct convention_folder *f, struct convention_found *found)
{
	size_t i;

	for (i = 0; i < found->n; i++) {
		const struct convention_migration *m = &found->migrations[i];
		uint64_t number;

		if (!version_number(m->key, INT32_MAX, &number) || number == 0)
			found_problem(f->arena, found,
			    "tern reads nothing of this folder: %s has no number from 1 to %d", m->file,
			    INT32_MAX);
		else if (number < i + 1)
			found_problem(f->arena, found,
			    "tern reads nothing of this folder: %s and %s have the same number", m[-1].file,
			    m->file);
		else if (number > i + 1)
			found_problem(f->arena, found,
			    "tern reads nothing of this folder: number %zu is missing before %s", i + 1,
			    m->file);
	}
}

static void
read_folder(struct convention_folder *f, struct convention_found *ret)
{
	size_t i;

	for (i = 0; i < f->n; i++) {
		struct convention_file *e = &f->files[i];
		const char *digits = classify(e, f->arena);

		if (digits == NULL)
			continue;
		found_as(e, CONVENTION_BOTH, "", version_trimmed(digits));
		if (e->odd[0] == '\0')
			take(f, e, digits, ret);
	}
	if (ret->n > 1)
		qsort(ret->migrations, ret->n, sizeof(*ret->migrations), by_number);
	check(f, ret);
}

static void
fit(const struct convention_folder *f, struct convention_fit *ret)
{
	struct convention_folder scratch = *f;
	struct convention_file *conf = convention_path(f, "tern.conf");
	size_t i, n = 0, marked = 0;

	for (i = 0; i < f->n; i++) {
		struct convention_file e = f->files[i];
		const struct convention_text *t;

		if (e.odd[0] != '\0' || classify(&e, f->arena) == NULL)
			continue;
		n++;
		t = f->read(&scratch, &f->files[i]);
		marked += t != NULL && strstr(t->sql, SEPARATOR) != NULL;
	}
	if (n == 0 || (marked == 0 && conf == NULL))
		return;
	ret->strength = conf != NULL ? 4 : 3;
	ret->why = gh_printf(f->arena, "%s%zu of %zu files NUMBER_name.sql hold \"" SEPARATOR "\"",
	    conf != NULL ? "tern.conf, and " : "", marked, n);
}

static void
create(const struct convention_found *found, struct gh_arena *a, struct convention_create *c)
{
	const char *key = gh_printf(a, "%s_%s", version_next(found, 3, a), c->slug);

	if (strstr(c->description, "----") != NULL || strstr(c->description, "{{") != NULL) {
		c->refused = "tern reads ---- and {{ wherever they stand: describe it without";
		return;
	}
	create_put(c, gh_printf(a, "%s.sql", key),
	    gh_printf(a, "%s\n\n" SEPARATOR "\n\n", create_header(c, key, a)));
}

/* tern: migrate/migrate.go, lockNum */
static size_t
locks(const struct convention_lock_of *of, int64_t ret[CONVENTION_LOCKS])
{
	(void)of;
	ret[0] = INT64_C(9628173550095224);
	return 1;
}

static void
status(const struct convention_found *found, const struct convention_row *rows, size_t n_rows,
    struct gh_arena *a, struct convention_status *list)
{
	size_t i;

	(void)rows, (void)n_rows;
	for (i = 0; i < list->n; i++) {
		if (list->rows[i].standing == CONVENTION_MISSING)
			list->rows[i].text = gh_printf(a,
			    "the table says version %s, and the folder ends with %zu: tern says \"outside "
			    "the valid "
			    "versions\" and runs nothing",
			    list->rows[i].key, found->n);
	}
}

const struct convention convention_tern = {
	.name = "tern",
	.title = "tern",
	.description =
	    "NUMBER_name.sql without gaps, the way back below \"" SEPARATOR "\"; public.schema_version holds "
	    "one number",
	.rule = "tern goes up from the one number in its table; a number that is missing or there twice, and "
		"a table "
		"that says more than the folder has, stop it; a changed file is not noticed.",
	.fit = fit,
	.read = read_folder,
	.tracking =
	    &(const struct convention_tracking){
		.schema = "public",
		.table = "schema_version",
		.tables = { { .columns = { { "version", "integer", "t" } }, .n_columns = 1 } },
		.n_tables = 1,
		.create = FOUND_SQL("CREATE TABLE IF NOT EXISTS {schema}.{table} (version int4 not null)",
		    "INSERT INTO {schema}.{table} (version) SELECT 0 "
		    "WHERE 0 = (SELECT count(*) FROM {schema}.{table})"),
		.select = "SELECT version::text, 0::bigint, 'applied', '', '', '' FROM {schema}.{table} "
			  "WHERE version <> 0 LIMIT 1",
		.up.row = FOUND_SQL("UPDATE {schema}.{table} SET version = CAST(:key AS integer)"),
		.down.row = FOUND_SQL("UPDATE {schema}.{table} SET version = CAST(:key AS integer) - 1"),
	    },
	.n_tracking = 1,
	.one_row = true,
	.opt_out = "write the line \"" DISABLE_TX "\"",
	.older = CONVENTION_OLDER_SKIPPED,
	.missing_blocks = true,
	.status = status,
	.locks = locks,
	.create = create,
	.command_status = "tern status",
	.options = FOUND_OPTIONS({ "NAME", "the value of {{.NAME}}" }),
};
