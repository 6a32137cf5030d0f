#include "base/ban.h"
#include "migration/convention.h"
#include "migration/create.h"
#include "migration/found.h"
#include "migration/name.h"
#include "migration/pair.h"
#include "migration/version.h"

/*
 * 006_add_user_photos.sql, with its way back in 006_add_user_photos_down.sql.  The number has three digits or
 * more, the name is lower-case letters, digits and underscores.  The tracking table holds the file name
 * without .sql.
 */

#define PATTERN "three or more digits, an underscore, a lower-case name, .sql"

static bool
refused(struct convention_file *e, const char *reason)
{
	found_as(e, CONVENTION_REFUSED, reason, "");
	return false;
}

/* The name that would do: digits padded, everything that is not allowed an underscore. */
static const char *
corrected(const char *stem, size_t digits, struct gh_arena *a)
{
	char *rest = gh_strdup(a, stem + digits), *out = rest;
	const char *in;

	for (in = rest; *in != '\0'; in++) {
		unsigned char c = (unsigned char)*in;

		if (isalnum(c) && c < 0x80)
			*out++ = (char)tolower(c);
		else if (out > rest && out[-1] != '_')
			*out++ = '_';
	}
	while (out > rest && out[-1] == '_')
		out--;
	*out = '\0';
	if (*rest == '\0')
		return NULL;
	if (digits == 0)
		return gh_printf(a, "NNN_%s.sql", rest);
	return gh_printf(
	    a, "%.*s%.*s_%s.sql", digits < 3 ? (int)(3 - digits) : 0, "00", (int)digits, stem, rest);
}

static const char *
why_refused(const char *stem, size_t digits, struct gh_arena *a)
{
	const char *better = corrected(stem, digits, a), *rest = stem + digits;

	if (digits > NAME_DIGITS_MAX)
		return gh_printf(a, "the number has more than %d digits", NAME_DIGITS_MAX);
	if (better == NULL)
		return "the name is missing: " PATTERN;
	if (digits == 0)
		return gh_printf(
		    a, "the number is missing: name it %s, with the next free number for NNN", better);
	if (digits < 3)
		return gh_printf(a, "the number is not padded to three digits: name it %s", better);
	if (strchr(rest, '-') != NULL)
		return gh_printf(a, "use an underscore, not a dash: name it %s", better);
	if (*rest != '_')
		return gh_printf(a, "an underscore is missing after the number: name it %s", better);
	return gh_printf(a, "only lower-case letters, digits and underscores: name it %s", better);
}

static bool
classify(struct convention_folder *f, struct convention_file *e, struct pair_name *ret)
{
	static const char *const other_downs[] = { ".down", ".undo", ".rollback", ".revert", "_undo",
		"_rollback", "_revert" };
	const char *stem = name_start_flat(e, f->arena);
	size_t digits, i, len;

	if (stem == NULL)
		return false;
	digits = strspn(stem, "0123456789");
	for (i = 0; i < sizeof(other_downs) / sizeof(other_downs[0]); i++) {
		if (name_ends(stem, other_downs[i]))
			return refused(e,
			    gh_printf(f->arena,
				"looks like a way back (\"%s\"): those are named as their up, ending in "
				"_down.sql",
				other_downs[i]));
	}
	len = strlen(stem);
	if (digits < 3 || digits > NAME_DIGITS_MAX || stem[digits] != '_' ||
	    len == digits + 1 + strspn(stem + digits + 1, "_") ||
	    stem[digits + 1 + strspn(stem + digits + 1, "abcdefghijklmnopqrstuvwxyz0123456789_")] != '\0')
		return refused(e, why_refused(stem, digits, f->arena));
	ret->down = name_ends(stem, "_down");
	if (ret->down)
		len -= strlen("_down");
	if (len <= digits)
		return refused(e, "the name is missing: a way back is named as its up, ending in _down.sql");
	ret->version = gh_strndup(f->arena, stem, digits);
	ret->name = gh_strndup(f->arena, stem + digits + 1, len - digits - 1);
	ret->key = gh_strndup(f->arena, stem, len);
	return true;
}

/* A way back needs its up; two ups with one number: which of them is meant cannot be told. */
static void
check(struct convention_folder *f, struct convention_found *found)
{
	struct convention_migration *last = NULL;
	size_t i, n = 0;

	for (i = 0; i < found->n; i++) {
		struct convention_migration *m = &found->migrations[i];

		if (!m->up.present)
			continue;
		if (last != NULL && version_compare(last->version, m->version) == 0) {
			m->problem =
			    gh_printf(f->arena, "%s: version %s is also that of %s: give one of them another",
				m->file, m->version, last->file);
			if (last->problem == NULL)
				last->problem = gh_printf(f->arena,
				    "%s: version %s is also that of %s: give one of them another", last->file,
				    last->version, m->file);
		}
		found->migrations[n] = *m;
		last = &found->migrations[n++];
	}
	found->n = n;
}

static void
read_folder(struct convention_folder *f, struct convention_found *ret)
{
	struct pair_list list;
	size_t i;

	pair_collect(f, classify, &list);
	for (i = 0; i < list.n; i++) {
		const struct pair_name *name = &list.names[i];

		if (name->down && (i == 0 || strcmp(list.names[i - 1].key, name->key) != 0))
			(void)refused(name->e,
			    gh_printf(f->arena, "a way back without its up: %s.sql is missing or refused",
				name->key));
	}
	pair_migrations(f, &list, CONVENTION_AUTO, ret);
	check(f, ret);
	version_gaps(f->arena, ret);
}

/* Dates are what other tools number by; a way back is what only this one names so. */
static void
fit(const struct convention_folder *f, struct convention_fit *ret)
{
	struct convention_folder scratch = *f;
	size_t i, ups = 0, downs = 0, dates = 0;

	for (i = 0; i < f->n; i++) {
		struct convention_file e = f->files[i];
		struct pair_name name = { .version = "" };

		if (e.odd[0] != '\0' || !classify(&scratch, &e, &name))
			continue;
		ups += !name.down;
		downs += name.down;
		dates += strlen(name.version) >= 12;
	}
	if (ups == 0)
		return;
	ret->strength = downs > 0 || dates == 0 ? 2 : 1;
	ret->why = gh_printf(f->arena, "%zu files NNN_name.sql, %zu of them with a _down.sql", ups, downs);
}

static void
create(const struct convention_found *found, struct gh_arena *a, struct convention_create *c)
{
	const char *key = gh_printf(a, "%s_%s",
	    version_dated(found) ? version_stamp(found, c->now, a) : version_next(found, 3, a), c->slug);

	create_put(c, gh_printf(a, "%s.sql", key), gh_printf(a, "%s\n", create_header(c, key, a)));
	create_put(c, gh_printf(a, "%s_down.sql", key),
	    gh_printf(a, "%s\n", create_header(c, gh_printf(a, "%s (down)", key), a)));
}

const struct convention convention_numbered = {
	.name = "numbered",
	.title = "plain numbers",
	.description = "NNN_name.sql, with NNN_name_down.sql for the way back; public.schema_migrations holds "
		       "file names without .sql",
	.rule = "A file that is older than an applied one and was never applied runs with the next up; an applied "
		"one without its file blocks nothing; the table keeps no checksums, so Gatehouse compares with the "
		"text that it has seen applied.",
	.fit = fit,
	.read = read_folder,
	.tracking = &(const struct convention_tracking){
		.schema = "public",
		.table = "schema_migrations",
		.tables = { {
			.columns = {
				{ "version", "character varying(255)|character varying|text", "t" },
				{ "applied_at", "timestamp without time zone|timestamp with time zone", NULL },
			},
			.n_columns = 2,
		} },
		.n_tables = 1,
		.create = FOUND_SQL("CREATE TABLE {schema}.{table} (version varchar(255) PRIMARY KEY, "
				   "applied_at timestamp DEFAULT current_timestamp)"),
		.select = "SELECT version::text, " FOUND_MICROSECONDS("applied_at") ", 'applied', '', '', '' "
			  "FROM {schema}.{table} ORDER BY version COLLATE \"C\"",
		.up.row = FOUND_SQL("INSERT INTO {schema}.{table} (version, applied_at) "
				   "VALUES (:key, current_timestamp)"),
		.down.row = FOUND_SQL("DELETE FROM {schema}.{table} WHERE version = :key"),
	},
	.n_tracking = 1,
	.create = create,
	.command_status = "SELECT * FROM schema_migrations ORDER BY version",
};
