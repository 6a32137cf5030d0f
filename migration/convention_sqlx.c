#include "base/ban.h"
#include "base/io.h"
#include "base/sum.h"
#include "migration/convention.h"
#include "migration/create.h"
#include "migration/found.h"
#include "migration/name.h"
#include "migration/version.h"

/*
 * 20250410000000_add_photos.sql, or the pair 20250410000000_add_photos.up.sql and .down.sql (sqlx:
 * sqlx-core/src/migrate/source.rs, migration_type.rs).  The checksum is over the raw bytes: a changed comment
 * or line end is another migration to sqlx.
 */

struct sqlx_name {
	const char *version, *key, *description;
	bool up, down; /* neither: a simple one */
};

/* What sqlx ignores and what it stops at is not the same; false when the file is not taken. */
static bool
name_read(struct convention_folder *f, struct convention_file *e, struct sqlx_name *ret)
{
	struct gh_arena *a = f->arena;
	const char *stem = name_start_flat(e, a), *line;
	int64_t number;

	if (stem == NULL)
		return false;
	line = strchr(stem, '_');
	if (line == NULL) {
		found_as(e, CONVENTION_IGNORED,
		    "no underscore: sqlx passes over it; name it VERSION_description.sql", "");
		return false;
	}
	ret->version = gh_strndup(a, stem, (size_t)(line - stem));
	if (!gh_parse_i64(ret->version, INT64_MIN, INT64_MAX, &number)) {
		found_as(e, CONVENTION_REFUSED,
		    gh_printf(a,
			"\"%s\" before the first underscore is not a 64-bit number: sqlx stops at it",
			ret->version),
		    "");
		return false;
	}
	ret->up = name_ends(line, ".up");
	ret->down = name_ends(line, ".down");
	ret->description = gh_strndup(a, line + 1,
	    strlen(line + 1) -
		(ret->up            ? strlen(".up")
			: ret->down ? strlen(".down")
				    : 0));
	ret->key = gh_printf(a, "%" PRId64, number);
	found_as(e, ret->down ? CONVENTION_DOWN : CONVENTION_UP, "", ret->key);
	return true;
}

/* sqlx: sqlx-core/src/migrate/source.rs, no_tx; only the very first bytes count. */
static bool
no_transaction(const struct convention_text *text)
{
	static const char mark[] = "-- no-transaction";

	return text->raw_len >= sizeof(mark) - 1 && memcmp(text->raw, mark, sizeof(mark) - 1) == 0;
}

static bool
side_read(struct convention_folder *f, struct convention_file *e, struct convention_found *found,
    struct convention_side *ret)
{
	const struct convention_text *text;

	if (!found_side(f, e, CONVENTION_WRAPPED, ret))
		return false;
	ret->may_be_empty = true;
	text = f->read(f, e);
	if (no_transaction(text)) {
		ret->mode = CONVENTION_IMPLICIT;
		ret->row_outside = true;
	} else if (found_has_line(text, "-- no-transaction")) {
		/* Written in the belief that it counts. */
		found_note(f->arena, found,
		    "%s runs in a transaction: \"-- no-transaction\" counts for sqlx only as the very first "
		    "bytes of the file",
		    e->shown);
	}
	return true;
}

static void
up_add(struct convention_folder *f, struct convention_file *e, const struct sqlx_name *n,
    struct convention_found *ret)
{
	struct convention_migration *m;
	struct convention_side up;
	const struct convention_text *text;
	char hex[GH_SUM_HEX_MAX], *description = gh_strdup(f->arena, n->description), *p;

	if (!side_read(f, e, ret, &up))
		return;
	text = f->read(f, e);
	gh_sum_hex(GH_SUM_SHA384, text->raw, text->raw_len, hex);
	m = found_add(f, ret);
	m->key = n->key;
	m->version = n->version;
	m->name = n->description;
	m->file = e->shown;
	m->checksum = gh_strdup(f->arena, hex);
	m->up = up;
	for (p = description; *p != '\0'; p++) {
		if (*p == '_')
			*p = ' ';
	}
	found_fact(f->arena, m, "description", description);
}

static int
by_number(const void *a, const void *b)
{
	const struct convention_migration *x = a, *y = b;
	int64_t i = strtoll(x->key, NULL, 10), j = strtoll(y->key, NULL, 10);

	return i != j ? (i < j ? -1 : 1) : strcmp(x->file, y->file);
}

static int
number_of(const void *key, const void *b)
{
	const struct convention_migration *m = b;
	int64_t i = strtoll(key, NULL, 10), j = strtoll(m->key, NULL, 10);

	return i != j ? (i < j ? -1 : 1) : 0;
}

/* A way back belongs to the .up.sql of its number; that of a simple file is never run. */
static void
down_add(struct convention_folder *f, struct convention_file *e, const struct sqlx_name *n,
    struct convention_found *ret)
{
	struct convention_migration *m = ret->n == 0
	    ? NULL
	    : bsearch(n->key, ret->migrations, ret->n, sizeof(*ret->migrations), number_of);

	if (m == NULL)
		found_as(e, CONVENTION_REFUSED,
		    gh_printf(f->arena, "a way back without its up: there is no %s_%s.up.sql", n->version,
			n->description),
		    "");
	else if (m->down.present)
		found_as(e, CONVENTION_REFUSED,
		    gh_printf(f->arena, "a second way back of version %s", n->version), m->key);
	else if (!name_ends(m->file, ".up.sql"))
		found_as(e, CONVENTION_REFUSED,
		    gh_printf(f->arena, "%s would have to end in .up.sql to have a way back", m->file),
		    m->key);
	else
		(void)side_read(f, e, ret, &m->down);
}

static void
read_folder(struct convention_folder *f, struct convention_found *ret)
{
	struct sqlx_name *names = gh_alloc_n(f->arena, f->n + 1, sizeof(*names));
	size_t i;

	for (i = 0; i < f->n; i++) {
		struct convention_file *e = &f->files[i];

		if (name_read(f, e, &names[i]) && !names[i].down)
			up_add(f, e, &names[i], ret);
		else if (e->as == CONVENTION_REFUSED && !e->folder && strchr(e->path, '_') != NULL)
			found_problem(f->arena, ret, "%s: %s", e->shown, e->reason);
	}
	if (ret->n > 1)
		qsort(ret->migrations, ret->n, sizeof(*ret->migrations), by_number);
	for (i = 0; i < f->n; i++) {
		if (f->files[i].as == CONVENTION_DOWN && names[i].down)
			down_add(f, &f->files[i], &names[i], ret);
	}
	version_gaps(f->arena, ret);
}

static void
fit(const struct convention_folder *f, struct convention_fit *ret)
{
	struct convention_folder scratch = *f;
	size_t i, pairs = 0, simple = 0;

	for (i = 0; i < f->n; i++) {
		struct convention_file e = f->files[i];
		struct sqlx_name n = { .key = "" };

		if (e.odd[0] != '\0' || !name_read(&scratch, &e, &n))
			continue;
		pairs += n.up;
		simple += !n.up && !n.down;
	}
	if (pairs + simple == 0)
		return;
	ret->strength = pairs > 0 ? 2 : 1;
	ret->why = pairs > 0
	    ? gh_printf(f->arena, "%zu pairs of .up.sql and .down.sql, %zu files VERSION_description.sql",
		  pairs, simple)
	    : gh_printf(f->arena, "%zu files VERSION_description.sql", simple);
}

static size_t
locks(const struct convention_lock_of *of, int64_t ret[CONVENTION_LOCKS])
{
	/* sqlx: sqlx-postgres/src/migrate.rs, generate_lock_id */
	ret[0] = INT64_C(0x3d32ad9e) * (int64_t)gh_crc32(0, of->database, strlen(of->database));
	return 1;
}

static void
create(const struct convention_found *found, struct gh_arena *a, struct convention_create *c)
{
	const char *key = gh_printf(a, "%s_%s", version_stamp(found, c->now, a), c->slug);
	size_t i;
	bool simple = found->n > 0;

	for (i = 0; i < found->n; i++)
		simple = simple && !name_ends(found->migrations[i].file, ".up.sql");
	if (simple) {
		create_put(c, gh_printf(a, "%s.sql", key), create_header(c, key, a));
		return;
	}
	create_put(c, gh_printf(a, "%s.up.sql", key), create_header(c, key, a));
	create_put(c, gh_printf(a, "%s.down.sql", key), create_header(c, gh_printf(a, "%s (down)", key), a));
}

const struct convention convention_sqlx = {
	.name = "sqlx",
	.title = "sqlx",
	.description = "VERSION_description.sql, or the pair .up.sql and .down.sql; public._sqlx_migrations "
		       "holds the number and a SHA-384 of the file's bytes",
	.rule = "Older files that were never applied are applied silently; an applied one that was changed by a "
		"single byte, or whose file is gone, blocks everything; undo passes over files without "
		".down.sql.",
	.fit = fit,
	.read = read_folder,
	.tracking = &(const struct convention_tracking){
		.schema = "public",
		.table = "_sqlx_migrations",
		.tables = { {
			.columns = {
				{ "version", "bigint", "t" },
				{ "description", "text", "t" },
				{ "installed_on", "timestamp with time zone", "t" },
				{ "success", "boolean", "t" },
				{ "checksum", "bytea", "t" },
				{ "execution_time", "bigint", "t" },
			},
			.n_columns = 6,
		} },
		.n_tables = 1,
		.create = FOUND_SQL("CREATE TABLE IF NOT EXISTS {schema}.{table} ("
				    "version BIGINT PRIMARY KEY, "
				    "description TEXT NOT NULL, "
				    "installed_on TIMESTAMPTZ NOT NULL DEFAULT now(), "
				    "success BOOLEAN NOT NULL, "
				    "checksum BYTEA NOT NULL, "
				    "execution_time BIGINT NOT NULL)"),
		.select = "SELECT version::text, " FOUND_MICROSECONDS("installed_on") ", "
			  "CASE WHEN success THEN 'applied' ELSE 'dirty' END, encode(checksum, 'hex'), '', "
			  "description FROM {schema}.{table} ORDER BY version",
		.up.row = FOUND_SQL(
		    "INSERT INTO {schema}.{table} (version, description, success, checksum, execution_time) "
		    "VALUES (CAST(:key AS bigint), :description, true, decode(:checksum, 'hex'), "
		    "CAST(:elapsed_ns AS bigint))"),
		.down.row = FOUND_SQL("DELETE FROM {schema}.{table} WHERE version = CAST(:key AS bigint)"),
	},
	.n_tracking = 1,
	.older = CONVENTION_OLDER_RUNS,
	.missing_blocks = true,
	.changed_blocks = true,
	.failed_blocks = true,
	.locks = locks,
	.create = create,
	.opt_out = "put the statement alone into its file and begin that with -- no-transaction",
	.command_status = "sqlx migrate info",
	.command_failed = "DELETE FROM _sqlx_migrations WHERE version = VERSION AND NOT success, after looking at "
			  "what the file has left behind",
};
