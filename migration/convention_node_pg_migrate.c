#include "base/ban.h"
#include "migration/convention.h"
#include "migration/create.h"
#include "migration/found.h"
#include "migration/marker.h"
#include "migration/name.h"
#include "migration/status.h"
#include "migration/version.h"

/*
 * Files of any name that begins with digits; the key is the name without its extension (node-pg-migrate:
 * src/migration.ts, src/runner.ts, src/sqlMigration.ts, src/utils/fileNameUtils.ts).  JavaScript and
 * TypeScript files are steps of their own between the SQL ones.
 */

/* ---- names ---- */

static bool
is_code(const char *name)
{
	static const char *const ends[] = { ".js", ".ts", ".cjs", ".mjs", ".cts", ".mts" };
	size_t i;

	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		if (name_ends(name, ends[i]))
			return true;
	}
	return false;
}

/* Days since 1970-01-01 of a date of the proleptic Gregorian calendar. */
static int64_t
days_of(int64_t y, int64_t m, int64_t d)
{
	int64_t era, yoe, doy;

	y -= m <= 2;
	era = y / 400;
	yoe = y - era * 400;
	doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
	return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

static int64_t
part(const char *digits, size_t n)
{
	int64_t v = 0;

	for (; n > 0; n--)
		v = v * 10 + (*digits++ - '0');
	return v;
}

/* 17 digits are a date and time in UTC, as milliseconds; all others are the number that they are. */
static const char *
number_of(const char *stem, struct gh_arena *a)
{
	const char *digits = version_digits(stem, a);

	if (strlen(digits) != 17)
		return digits;
	return gh_printf(a, "%" PRId64,
	    ((days_of(part(digits, 4), part(digits + 4, 2), part(digits + 6, 2)) * 24 + part(digits + 8, 2)) *
		    60 +
		part(digits + 10, 2)) *
		    60000 +
		part(digits + 12, 5));
}

static bool
is_punctuation(char c)
{
	return (unsigned char)c < 0x80 && !isalnum((unsigned char)c);
}

/* Two runs of digits as numbers; both pointers behind them. */
static int
digits_compare(const char **a, const char **b)
{
	size_t x, y;
	int order;

	*a += strspn(*a, "0");
	*b += strspn(*b, "0");
	x = strspn(*a, "0123456789");
	y = strspn(*b, "0123456789");
	order = x != y ? (x < y ? -1 : 1) : strncmp(*a, *b, x);
	*a += x;
	*b += y;
	return order;
}

static const char *
past_punctuation(const char *s)
{
	while (*s != '\0' && is_punctuation(*s))
		s++;
	return s;
}

/*
 * String.localeCompare(..., {numeric: true, ignorePunctuation: true}) for ASCII: punctuation does not count,
 * digits are numbers, letters are compared without their case first, then lower before upper.
 */
static int
locale_compare(const char *a, const char *b)
{
	int by_case = 0, order = 0;

	while (order == 0) {
		a = past_punctuation(a);
		b = past_punctuation(b);
		if (*a == '\0' || *b == '\0')
			break;
		if (isdigit((unsigned char)*a) && isdigit((unsigned char)*b)) {
			order = digits_compare(&a, &b);
			continue;
		}
		order = tolower((unsigned char)*a) - tolower((unsigned char)*b);
		if (by_case == 0 && *a != *b)
			by_case = islower((unsigned char)*a) ? -1 : 1;
		a++;
		b++;
	}
	if (order == 0)
		order = (*a != '\0') - (*b != '\0');
	return order != 0 ? order : by_case;
}

/* version is the number while reading: two names with one number are ordered by their text. */
static int
by_name(const void *a, const void *b)
{
	const struct convention_migration *x = a, *y = b;
	int order = version_compare(x->version, y->version);

	if (order == 0)
		order = locale_compare(x->file, y->file);
	return order != 0 ? order : strcmp(x->file, y->file);
}

/* ---- files ---- */

/* node-pg-migrate: src/sqlMigration.ts, getActions. */
static void
sides(struct convention_folder *f, struct convention_file *e, const struct convention_text *text,
    struct convention_migration *m)
{
	size_t len = text->len, up = marker_find(text->sql, len, "up"),
	       down = marker_find(text->sql, len, "down");

	found_part(f, e, text, up == len ? 0 : up, up == len || down < up ? len : down, &m->up);
	if (down < len)
		found_part(f, e, text, down, up < down ? len : up == len ? len : up, &m->down);
	m->up.mode = m->down.mode = CONVENTION_WRAPPED;
	m->up.may_be_empty = m->down.may_be_empty = true;
	if (up == len && down < len)
		m->problem = gh_printf(f->arena,
		    "%s: a Down Migration marker without an Up Migration marker: the whole file, the way "
		    "back "
		    "included, would run as the up",
		    m->file);
	else if (up < len && !marker_only_comments(text->sql, text->sql + (up < down ? up : down)))
		m->problem = gh_printf(f->arena,
		    "%s: SQL above the first section marker belongs to no section and would never run",
		    m->file);
}

static void
take(struct convention_folder *f, struct convention_file *e, struct convention_found *ret)
{
	const char *base = e->path, *dot = strrchr(base, '.');
	const struct convention_text *text = NULL;
	bool code = is_code(base);
	struct convention_migration *m;

	e->key = gh_strndup(f->arena, base, dot == NULL ? strlen(base) : (size_t)(dot - base));
	found_as(e, code ? CONVENTION_CODE : CONVENTION_BOTH,
	    code ? "a step in JavaScript or TypeScript: node-pg-migrate runs it, Gatehouse cannot" : "",
	    e->key);
	if (!code && (text = f->read(f, e)) == NULL)
		return;
	m = found_add(f, ret);
	m->key = e->key;
	m->version = number_of(base, f->arena);
	m->name = e->key + strspn(e->key, "0123456789");
	m->name += strspn(m->name, "_-");
	m->file = e->shown;
	m->code = code;
	if (!code)
		sides(f, e, text, m);
}

/* Whether the tool would load the file; it takes all that do not begin with a dot. */
static bool
classify(struct convention_folder *f, struct convention_file *e, struct convention_found *ret)
{
	const char *stem;

	if (e->folder || e->odd[0] != '\0' || !name_flat(e) || *e->path == '.') {
		(void)name_start_flat(e, f->arena);
		return false;
	}
	if (!is_code(e->path)) {
		stem = name_start_flat(e, f->arena);
		if (stem == NULL) {
			found_note(f->arena, ret,
			    "%s: node-pg-migrate loads every file of its folder and stops at this one, "
			    "unless its "
			    "ignore-pattern leaves it out",
			    e->shown);
			return false;
		}
	}
	if (!isdigit((unsigned char)*e->path)) {
		found_as(e, CONVENTION_REFUSED,
		    "the number is missing: node-pg-migrate cannot tell its place and stops", "");
		found_problem(f->arena, ret, "%s: %s", e->shown, e->reason);
		return false;
	}
	return true;
}

static void
read_folder(struct convention_folder *f, struct convention_found *ret)
{
	static const enum convention_older runs = CONVENTION_OLDER_RUNS;
	const char *check = convention_option_find(f, "check-order");
	size_t i;

	for (i = 0; i < f->n; i++) {
		if (classify(f, &f->files[i], ret))
			take(f, &f->files[i], ret);
	}
	if (ret->n > 1)
		qsort(ret->migrations, ret->n, sizeof(*ret->migrations), by_name);
	for (i = 1; i < ret->n; i++) {
		if (version_compare(ret->migrations[i - 1].version, ret->migrations[i].version) == 0)
			found_note(f->arena, ret,
			    "%s and %s have one number: the rest of their names is their order",
			    ret->migrations[i - 1].file, ret->migrations[i].file);
	}
	for (i = 0; i < ret->n; i++)
		ret->migrations[i].version = version_digits(ret->migrations[i].key, f->arena);
	if (check != NULL && strcmp(check, "false") == 0)
		ret->older = &runs;
}

static void
fit(const struct convention_folder *f, struct convention_fit *ret)
{
	struct convention_folder scratch = *f;
	size_t i, sql = 0, code = 0, marked = 0, stamped = 0;

	for (i = 0; i < f->n; i++) {
		const struct convention_file *e = &f->files[i];
		const struct convention_text *text;

		if (e->folder || e->odd[0] != '\0' || !name_flat(e) || !isdigit((unsigned char)*e->path))
			continue;
		code += is_code(e->path);
		if (!name_ends(e->path, ".sql"))
			continue;
		sql++;
		stamped += strspn(e->path, "0123456789") == 14;
		text = f->read(&scratch, &f->files[i]);
		marked += text != NULL && marker_find(text->sql, text->len, "up") < text->len;
	}
	if (sql == 0)
		return;
	/* Dates of 14 digits alone are `sections`, which reads them in the same way; steps in JavaScript are
	 * only ever of this tool. */
	ret->strength = marked == 0 ? 1 : stamped == sql ? (code > 0 ? 4 : 2) : 3;
	ret->why = gh_printf(f->arena,
	    "%zu .sql files that begin with digits, %zu of them with \"-- Up Migration\"%s", sql, marked,
	    code > 0 ? ", and files of JavaScript or TypeScript" : "");
}

/* ---- what runs ---- */

/*
 * checkOrder: the applied ones, in the order in which they ran, must be the first of the folder
 * (node-pg-migrate: src/runner.ts).
 */
static void
status(const struct convention_found *found, const struct convention_row *rows, size_t n_rows,
    struct gh_arena *a, struct convention_status *list)
{
	size_t i, n = n_rows < found->n ? n_rows : found->n;

	if (found->older != NULL) {
		for (i = 0; i < list->n; i++) {
			if (list->rows[i].standing == CONVENTION_MISSING)
				list->rows[i].decision = CONVENTION_NOTHING;
		}
		return;
	}
	for (i = 0; i < n && list->blocked[0] == '\0' && found->problem[0] == '\0'; i++) {
		if (strcmp(rows[i].key, found->migrations[i].key) != 0)
			list->blocked = gh_printf(a,
			    "Not run migration %s is preceding already run migration %s: node-pg-migrate "
			    "runs "
			    "nothing while the applied ones, in the order in which they ran, are not the "
			    "first "
			    "of the folder",
			    found->migrations[i].key, rows[i].key);
	}
	/* A deleted file behind the others disturbs nobody. */
	for (i = 0; i < list->n; i++) {
		if (list->rows[i].standing == CONVENTION_MISSING)
			list->rows[i].decision = CONVENTION_NOTHING;
	}
}

static size_t
locks(const struct convention_lock_of *of, int64_t ret[CONVENTION_LOCKS])
{
	(void)of;
	ret[0] = INT64_C(7241865325823964); /* node-pg-migrate: src/runner.ts, PG_MIGRATE_LOCK_ID */
	return 1;
}

static void
create(const struct convention_found *found, struct gh_arena *a, struct convention_create *c)
{
	const char *last = found->n == 0 ? "" : found->migrations[found->n - 1].version, *number, *key;
	size_t i;

	number = gh_printf(a, "%" PRId64, c->now / 1000);
	if (strlen(last) == 14)
		number = version_stamp(found, c->now, a);
	else if (strlen(last) == 17)
		number = gh_printf(a, "%s%03d", version_stamp(found, c->now, a), (int)(c->now / 1000 % 1000));
	else if (last[0] != '\0' && version_compare(number, last) <= 0)
		number = version_next(found, (int)strlen(last), a);
	/* The tool's own separator, unless the folder has another. */
	key = gh_printf(a, "%s_%s", number, c->slug);
	for (i = 0; i < found->n; i++) {
		if (found->migrations[i].key[strlen(found->migrations[i].version)] == '-')
			key = gh_printf(a, "%s-%s", number, c->slug);
	}
	create_put(c, gh_printf(a, "%s.sql", key),
	    gh_printf(a, "%s\n-- Up Migration\n\n\n-- Down Migration\n\n", create_header(c, key, a)));
}

const struct convention convention_node_pg_migrate = {
	.name = "node-pg-migrate",
	.title = "node-pg-migrate",
	.description = "NUMBER_name.sql with the sections -- Up Migration and -- Down Migration; "
		       "public.pgmigrations holds file names without their extension",
	.rule = "All that is pending runs in one transaction.  The applied ones must be the first of the folder, "
		"in the order in which they ran: anything that comes before one blocks everything; the table "
		"keeps no checksums; without a Down Migration marker there is no way back.",
	.fit = fit,
	.read = read_folder,
	.tracking = &(const struct convention_tracking){
		.schema = "public",
		.table = "pgmigrations",
		.tables = { {
			.columns = {
				{ "id", "integer", "t" },
				{ "name", "character varying(255)", "t" },
				{ "run_on", "timestamp without time zone", "t" },
			},
			.n_columns = 3,
		} },
		.n_tables = 1,
		.create = FOUND_SQL("CREATE TABLE {schema}.{table} ( id SERIAL PRIMARY KEY, "
				    "name varchar(255) NOT NULL, run_on timestamp NOT NULL)"),
		.select = "SELECT name::text, " FOUND_MICROSECONDS("run_on") ", 'applied', '', '', '' "
			  "FROM {schema}.{table} ORDER BY run_on, id",
		.up.row = FOUND_SQL("INSERT INTO {schema}.{table} (name, run_on) VALUES (:key, NOW())"),
		.down.row = FOUND_SQL("DELETE FROM {schema}.{table} WHERE name = :key"),
	},
	.n_tracking = 1,
	.one_transaction = true,
	.older = CONVENTION_OLDER_BLOCKS,
	.missing_blocks = true,
	.status = status,
	.locks = locks,
	.create = create,
	.opt_out = "an SQL file has no way to run it with node-pg-migrate: use a JavaScript one with pgm.noTransaction()",
	.command_status = "SELECT * FROM pgmigrations ORDER BY run_on, id",
	.options = FOUND_OPTIONS(
		{ "check-order", "false: a file before an applied one runs (--no-check-order)" }),
};
