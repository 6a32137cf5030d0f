#include "base/ban.h"
#include "migration/convention.h"
#include "migration/create.h"
#include "migration/directory.h"
#include "migration/found.h"
#include "migration/version.h"

/*
 * 2025-11-23-101500_add_photos/up.sql and down.sql (diesel:
 * diesel_migrations/migrations_internals/src/lib.rs, diesel_migrations/src/file_based_migrations.rs).  The
 * version is the folder's name up to the first underscore without dashes, and is compared as text.
 */

/* One line of metadata.toml: what it says, or that nobody can parse it. */
enum metadata { METADATA_NOTHING, METADATA_TRUE, METADATA_FALSE, METADATA_TABLE, METADATA_BROKEN };

static const char *
blanks(const char *p, const char *end)
{
	while (p < end && (*p == ' ' || *p == '\t' || *p == '\r'))
		p++;
	return p;
}

static enum metadata
value_read(const char *p, const char *end, const char *key, size_t key_len)
{
	static const char name[] = "run_in_transaction";
	bool ours = key_len == sizeof(name) - 1 && memcmp(key, name, key_len) == 0, yes;
	size_t len;

	if (p == end || *p == '#')
		return METADATA_BROKEN;
	if (!ours)
		return METADATA_NOTHING;
	yes = end - p >= 4 && memcmp(p, "true", 4) == 0;
	len = yes ? 4 : 5;
	if (!yes && (end - p < 5 || memcmp(p, "false", 5) != 0))
		return METADATA_BROKEN;
	p = blanks(p + len, end);
	if (p < end && *p != '#')
		return METADATA_BROKEN;
	return yes ? METADATA_TRUE : METADATA_FALSE;
}

static enum metadata
line_read(const char *p, const char *end)
{
	const char *key;
	size_t len;
	bool quoted;

	p = blanks(p, end);
	if (p == end || *p == '#')
		return METADATA_NOTHING;
	if (*p == '[')
		return memchr(p, ']', (size_t)(end - p)) == NULL ? METADATA_BROKEN : METADATA_TABLE;
	quoted = *p == '"';
	p += quoted;
	key = p;
	while (p < end && (isalnum((unsigned char)*p) || *p == '_' || *p == '-' || *p == '.'))
		p++;
	len = (size_t)(p - key);
	if (quoted && (p == end || *p++ != '"'))
		return METADATA_BROKEN;
	p = blanks(p, end);
	if (len == 0 || p == end || *p != '=')
		return METADATA_BROKEN;
	return value_read(blanks(p + 1, end), end, key, len);
}

/*
 * diesel: file_based_migrations.rs, TomlMetadata.  No file, or one that cannot be parsed: a transaction.  A
 * file without the key: none, because a missing bool is false to serde.
 */
static bool
in_transaction(struct convention_folder *f, const char *folder, struct convention_found *found)
{
	struct convention_file *e = convention_path(f, gh_printf(f->arena, "%s/metadata.toml", folder));
	const struct convention_text *text = e == NULL ? NULL : f->read(f, e);
	const char *p, *end, *eol;
	enum metadata last = METADATA_NOTHING, one;

	if (text == NULL)
		return true;
	found_as(e, CONVENTION_INDEX, "", "");
	if (text->problem[0] != '\0')
		return true;
	for (p = text->sql, end = p + text->len; p < end; p = eol + 1) {
		eol = memchr(p, '\n', (size_t)(end - p));
		if (eol == NULL)
			eol = end;
		one = line_read(p, eol);
		if (one == METADATA_BROKEN) {
			found_note(f->arena, found,
			    "%s cannot be parsed: diesel then uses a transaction, whatever the file means",
			    e->shown);
			return true;
		}
		if (last == METADATA_NOTHING && one != METADATA_NOTHING)
			last = one;
		if (eol == end)
			break;
	}
	if (last != METADATA_TRUE && last != METADATA_FALSE)
		found_note(f->arena, found,
		    "%s does not say run_in_transaction: diesel takes that for false and runs without a "
		    "transaction",
		    e->shown);
	return last == METADATA_TRUE;
}

static void
transaction_set(struct convention_side *s, bool wrapped)
{
	s->mode = wrapped ? CONVENTION_WRAPPED : CONVENTION_IMPLICIT;
	s->row_outside = !wrapped;
	s->may_be_empty = true;
}

static int
by_version(const void *a, const void *b)
{
	const struct convention_migration *x = a, *y = b;
	int order = strcmp(x->key, y->key);

	return order != 0 ? order : strcmp(x->file, y->file);
}

static void
take(struct convention_folder *f, const struct directory *d, struct convention_found *ret)
{
	struct convention_migration *m = found_add(f, ret);
	bool wrapped;

	directory_sides(f, d, m, "diesel");
	wrapped = in_transaction(f, d->name, ret);
	transaction_set(&m->up, wrapped);
	transaction_set(&m->down, wrapped);
}

static void
read_folder(struct convention_folder *f, struct convention_found *ret)
{
	struct directory *list;
	size_t i, n = directory_list(f, &list);

	for (i = 0; i < n; i++) {
		struct directory *d = &list[i];
		const char *key = directory_version(d->name, f->arena);

		if (d->up == NULL && d->hidden)
			continue;
		if (d->up == NULL && d->files == 0) {
			found_as(d->entry, CONVENTION_IGNORED, "an empty folder: diesel passes over it", "");
			continue;
		}
		if (d->up == NULL) {
			directory_refuse(f, d, "a folder without up.sql: diesel stops at it");
			found_problem(f->arena, ret, "%s: a folder without up.sql: diesel stops at it",
			    d->entry->shown);
			continue;
		}
		d->key = key;
		take(f, d, ret);
	}
	if (ret->n > 1)
		qsort(ret->migrations, ret->n, sizeof(*ret->migrations), by_version);
}

static void
fit(const struct convention_folder *f, struct convention_fit *ret)
{
	struct directory *list;
	size_t i, n = directory_list(f, &list), ups = 0, downs = 0, marks = 0;

	for (i = 0; i < n; i++) {
		ups += list[i].up != NULL;
		downs += list[i].up != NULL && list[i].down != NULL;
		marks += strcmp(list[i].name, "00000000000000_diesel_initial_setup") == 0 ||
		    convention_path(f, gh_printf(f->arena, "%s/metadata.toml", list[i].name)) != NULL;
	}
	if (ups == 0)
		return;
	ret->strength = marks > 0 ? 3 : 2;
	ret->why = marks > 0
	    ? gh_printf(f->arena,
		  "%zu folders with up.sql, %zu of them with down.sql, and diesel's own setup or "
		  "metadata.toml",
		  ups, downs)
	    : gh_printf(f->arena, "%zu folders with up.sql, %zu of them with down.sql", ups, downs);
}

static void
create(const struct convention_found *found, struct gh_arena *a, struct convention_create *c)
{
	const char *stamp = version_stamp(found, c->now, a), *folder;

	/* As `diesel migration generate` names it. */
	folder = strlen(stamp) == 14
	    ? gh_printf(a, "%.4s-%.2s-%.2s-%s_%s", stamp, stamp + 4, stamp + 6, stamp + 8, c->slug)
	    : gh_printf(a, "%s_%s", stamp, c->slug);
	create_put(c, gh_printf(a, "%s/up.sql", folder), create_header(c, folder, a));
	create_put(
	    c, gh_printf(a, "%s/down.sql", folder), create_header(c, gh_printf(a, "%s (down)", folder), a));
}

const struct convention convention_diesel = {
	.name = "diesel",
	.title = "diesel",
	.description = "VERSION_name/up.sql and down.sql, metadata.toml for the transaction; "
		       "public.__diesel_schema_migrations holds the version without dashes",
	.rule = "Versions are compared as text; older folders that were never applied are applied whenever they "
		"appear; nothing is said about changed or missing ones; revert takes the highest version.",
	.fit = fit,
	.read = read_folder,
	.tracking = &(const struct convention_tracking){
		.schema = "public",
		.table = "__diesel_schema_migrations",
		.tables = { {
			.columns = {
				{ "version", "character varying(50)", "t" },
				{ "run_on", "timestamp without time zone", "t" },
			},
			.n_columns = 2,
		} },
		.n_tables = 1,
		/* diesel: diesel/src/migration/setup_migration_table.sql */
		.create = FOUND_SQL("CREATE TABLE IF NOT EXISTS {schema}.{table} ("
				    "version VARCHAR(50) PRIMARY KEY NOT NULL, "
				    "run_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP)"),
		.select = "SELECT version::text, " FOUND_MICROSECONDS("run_on") ", 'applied', '', '', '' "
			  "FROM {schema}.{table} ORDER BY version COLLATE \"C\"",
		.up.row = FOUND_SQL("INSERT INTO {schema}.{table} (version) VALUES (:key)"),
		.down.row = FOUND_SQL("DELETE FROM {schema}.{table} WHERE version = :key"),
	},
	.n_tracking = 1,
	.older = CONVENTION_OLDER_RUNS,
	.create = create,
	.opt_out = "put the statement alone into its file, beside a metadata.toml with run_in_transaction = false",
	.command_status = "diesel migration list",
};
