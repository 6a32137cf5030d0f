#include "base/ban.h"
#include "migration/convention.h"
#include "migration/create.h"
#include "migration/found.h"
#include "migration/marker.h"
#include "migration/name.h"
#include "migration/version.h"

/*
 * 20251123101500_add_user_photos.sql with the sections "-- Up Migration" and "-- Down Migration", as
 * node-pg-migrate reads them.  Its rules are followed to the letter, because the tool and Gatehouse may run
 * the same folder; where they would run what nobody meant, the file is refused.
 */

#define STAMP 14 /* YYYYMMDDHHMMSS */

static int
number(const char *digits, size_t n)
{
	int v = 0;

	for (; n > 0; n--)
		v = v * 10 + (*digits++ - '0');
	return v;
}

static bool
is_date_time(const char *d)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	int year = number(d, 4), month = number(d + 4, 2), day = number(d + 6, 2), last;

	if (year < 1970 || month < 1 || month > 12)
		return false;
	last = days[month - 1];
	if (month == 2 && ((year % 4 == 0 && year % 100 != 0) || year % 400 == 0))
		last = 29;
	return day >= 1 && day <= last && number(d + 8, 2) < 24 && number(d + 10, 2) < 60 &&
	    number(d + 12, 2) < 60;
}

static const char *
why_refused(const char *stem, size_t digits, struct gh_arena *a)
{
	if (digits == 0)
		return gh_printf(a, "the date and time are missing: name it YYYYMMDDHHMMSS_%s.sql", stem);
	if (digits != STAMP)
		return gh_printf(a, "%zu digits where 14 belong: YYYYMMDDHHMMSS_name.sql", digits);
	if (!is_date_time(stem))
		return gh_printf(a, "%.*s is not a date and time (YYYYMMDDHHMMSS)", STAMP, stem);
	if (stem[STAMP] != '_')
		return gh_printf(a, "an underscore is missing after the number: name it %.*s_%s.sql", STAMP,
		    stem, stem[STAMP] == '\0' ? "name" : stem + STAMP + (stem[STAMP] == '-' ? 1 : 0));
	if (stem[STAMP + 1] == '\0')
		return "the name is missing: YYYYMMDDHHMMSS_name.sql";
	return "only letters, digits, underscores and dashes in the name";
}

/* The file name without .sql; NULL when it is not taken. */
static const char *
classify(struct convention_file *e, struct gh_arena *a)
{
	const char *stem = name_start_flat(e, a), *p;
	size_t digits;
	bool good;

	if (stem == NULL)
		return NULL;
	digits = strspn(stem, "0123456789");
	good = digits == STAMP && is_date_time(stem) && stem[STAMP] == '_' && stem[STAMP + 1] != '\0';
	for (p = stem; good && *p != '\0'; p++)
		good = (unsigned char)*p < 0x80 && (isalnum((unsigned char)*p) || *p == '_' || *p == '-');
	if (good) {
		found_as(e, CONVENTION_BOTH, "", stem);
		return stem;
	}
	found_as(e, CONVENTION_REFUSED, why_refused(stem, digits, a), "");
	return NULL;
}

/* The two sections; why nothing can be taken, NULL when it can. */
static const char *
split(struct convention_folder *f, const struct convention_file *e, const struct convention_text *text,
    struct convention_migration *m)
{
	size_t len = text->len, up = marker_find(text->sql, len, "up"),
	       down = marker_find(text->sql, len, "down");

	if (up == len && down < len)
		return "a Down Migration marker without an Up Migration marker: the whole file, the way back "
		       "included, would run as the up";
	if (up == len) {
		found_part(f, e, text, 0, len, &m->up);
		return NULL;
	}
	if (!marker_only_comments(text->sql, text->sql + (up < down ? up : down)))
		return "SQL above the first section marker belongs to no section and would never run";
	found_part(f, e, text, up, down < up ? len : down, &m->up);
	if (down < len)
		found_part(f, e, text, down, up < down ? len : up, &m->down);
	return NULL;
}

static void
take(struct convention_folder *f, struct convention_file *e, const char *stem, struct convention_found *ret)
{
	const struct convention_text *text = e->odd[0] != '\0' ? NULL : f->read(f, e);
	struct convention_migration *m, *last;
	const char *why;

	if (text == NULL)
		return;
	m = found_add(f, ret);
	last = ret->n > 1 ? m - 1 : NULL;
	m->key = stem;
	m->version = gh_strndup(f->arena, stem, STAMP);
	m->name = stem + STAMP + 1;
	m->file = e->shown;
	why = split(f, e, text, m);
	if (why != NULL) {
		found_as(e, CONVENTION_REFUSED, why, "");
		ret->n--;
	} else if (last != NULL && strcmp(last->version, m->version) == 0) {
		m->problem =
		    gh_printf(f->arena, "%s: version %s is also that of %s: give one of them another",
			m->file, m->version, last->file);
		if (last->problem == NULL)
			last->problem =
			    gh_printf(f->arena, "%s: version %s is also that of %s: give one of them another",
				last->file, last->version, m->file);
	}
}

/* Fourteen digits each: the order of paths is that of the numbers. */
static void
read_folder(struct convention_folder *f, struct convention_found *ret)
{
	size_t i;

	for (i = 0; i < f->n; i++) {
		const char *stem = classify(&f->files[i], f->arena);

		if (stem != NULL)
			take(f, &f->files[i], stem, ret);
	}
}

static void
fit(const struct convention_folder *f, struct convention_fit *ret)
{
	struct convention_folder scratch = *f;
	size_t i, names = 0, marked = 0;

	for (i = 0; i < f->n; i++) {
		struct convention_file e = f->files[i];
		const struct convention_text *text;

		if (e.odd[0] != '\0' || classify(&e, f->arena) == NULL)
			continue;
		names++;
		text = f->read(&scratch, &f->files[i]);
		marked += text != NULL && marker_find(text->sql, text->len, "up") < text->len;
	}
	if (names == 0)
		return;
	ret->strength = marked > 0 ? 3 : 1;
	ret->why = gh_printf(f->arena,
	    "%zu files YYYYMMDDHHMMSS_name.sql, %zu of them with \"-- Up Migration\"", names, marked);
}

static void
create(const struct convention_found *found, struct gh_arena *a, struct convention_create *c)
{
	const char *key = gh_printf(a, "%s_%s", version_stamp(found, c->now, a), c->slug);

	create_put(c, gh_printf(a, "%s.sql", key),
	    gh_printf(a, "%s\n-- Up Migration\n\n\n-- Down Migration\n\n", create_header(c, key, a)));
}

/* node-pg-migrate: src/runner.ts, PG_MIGRATE_LOCK_ID */
static size_t
locks(const struct convention_lock_of *of, int64_t ret[CONVENTION_LOCKS])
{
	(void)of;
	ret[0] = INT64_C(7241865325823964);
	return 1;
}

const struct convention convention_sections = {
	.name = "sections",
	.title = "dates with sections",
	.description = "YYYYMMDDHHMMSS_name.sql with the sections -- Up Migration and -- Down Migration; "
		       "public.pgmigrations holds file names without .sql",
	.rule = "A file that is older than an applied one and was never applied blocks every up, and so does an "
		"applied one without its file; the table keeps no checksums.",
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
		.create = FOUND_SQL("CREATE TABLE {schema}.{table} (id serial PRIMARY KEY, "
				    "name varchar(255) NOT NULL, run_on timestamp NOT NULL)"),
		.select = "SELECT name::text, " FOUND_MICROSECONDS("run_on") ", 'applied', '', '', '' "
			  "FROM {schema}.{table} ORDER BY id",
		.up.row = FOUND_SQL(
		    "INSERT INTO {schema}.{table} (name, run_on) VALUES (:key, current_timestamp)"),
		.down.row = FOUND_SQL("DELETE FROM {schema}.{table} WHERE name = :key"),
	},
	.n_tracking = 1,
	.older = CONVENTION_OLDER_BLOCKS,
	.missing_blocks = true,
	.locks = locks,
	.create = create,
	.command_status = "SELECT * FROM pgmigrations ORDER BY id",
};
