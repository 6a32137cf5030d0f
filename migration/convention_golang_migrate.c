#include "base/ban.h"
#include "migration/convention.h"
#include "base/sum.h"
#include "migration/found.h"
#include "migration/golang.h"
#include "migration/scan.h"
#include "migration/status.h"
#include "migration/version.h"

/*
 * golang-migrate: 0012_add_photos.up.sql and 0012_add_photos.down.sql, and one row that says the version and
 * whether it is dirty, written before and after each file, outside its transaction.
 */

#define SALT UINT32_C(1486364155) /* golang-migrate: database/util.go */

static bool
classify(struct convention_folder *f, struct convention_file *e, struct pair_name *ret)
{
	return golang_classify(f, e, UINT64_MAX, ret);
}

/*
 * What the tool does with x-multi-statement=true: it cuts behind every semicolon, also in quotes, bodies and
 * comments (golang-migrate: database/multistmt/parse.go).  Blank pieces are not sent.
 */
static void
cut(struct gh_arena *a, struct convention_side *s)
{
	size_t from = 0, at;

	for (at = 0; at < s->len; at++) {
		size_t len = at + 1 - from, blank;

		if (s->sql[at] != ';' && at + 1 < s->len)
			continue;
		for (blank = 0; blank < len && isspace((unsigned char)s->sql[from + blank]); blank++)
			continue;
		if (blank < len)
			found_piece(a, s, from, len);
		from = at + 1;
	}
}

/* The row is never in the file's transaction; a file that is not there is one without statements. */
static void
side_finish(struct gh_arena *a, const struct convention_migration *m, bool multi, struct convention_side *s)
{
	if (!s->present)
		*s = (struct convention_side){
			.present = true, .file = m->file, .sql = "", .mode = CONVENTION_IMPLICIT
		};
	else if (multi)
		cut(a, s);
	s->row_outside = true;
	s->may_be_empty = true;
}

static void
migration_finish(struct convention_folder *f, struct convention_found *found, size_t i, bool multi)
{
	struct convention_migration *m = &found->migrations[i];
	uint64_t number;

	if (!m->up.present)
		found_note(f->arena, found,
		    "%s has no up: golang-migrate applies version %s by doing nothing", m->file, m->version);
	if (!m->down.present)
		found_note(f->arena, found, "%s has no down: golang-migrate takes it back by doing nothing",
		    m->file);
	side_finish(f->arena, m, multi, &m->up);
	side_finish(f->arena, m, multi, &m->down);
	if (!version_number(m->version, INT64_MAX, &number) && m->problem == NULL)
		m->problem = gh_printf(f->arena,
		    "%s: version %s is greater than the bigint of its table holds", m->file, m->version);
	found_fact(f->arena, m, "previous", i == 0 ? NULL : found->migrations[i - 1].key);
}

static void
read_folder(struct convention_folder *f, struct convention_found *ret)
{
	const char *option = convention_option_find(f, "x-multi-statement");
	bool multi = option != NULL && strcmp(option, "true") == 0;
	struct pair_list list;
	size_t i;

	pair_collect(f, classify, &list);
	pair_migrations(f, &list, CONVENTION_IMPLICIT, ret);
	golang_duplicates(f, ret, "golang-migrate");
	golang_endings(f, ret, "golang-migrate");
	for (i = 0; i < ret->n; i++)
		migration_finish(f, ret, i, multi);
	if (multi)
		found_note(f->arena, ret,
		    "x-multi-statement=true: each file is cut behind every semicolon, also within quotes, "
		    "bodies "
		    "and comments, and each piece is sent by itself");
	version_gaps(f->arena, ret);
}

static void
fit(const struct convention_folder *f, struct convention_fit *ret)
{
	size_t ups, downs;

	golang_count(f, &ups, &downs);
	if (ups + downs == 0)
		return;
	ret->strength = 2;
	if (ups == downs)
		ret->why = gh_printf(f->arena, "%zu pairs of .up.sql and .down.sql", ups);
	else
		ret->why = gh_printf(f->arena, "%zu files .up.sql and %zu .down.sql", ups, downs);
}

/* golang-migrate: database/util.go, GenerateAdvisoryLockId */
static int64_t
lock_of(const struct convention_lock_of *of, const char *slash)
{
	uint32_t sum = gh_crc32(0, of->schema, strlen(of->schema) + 1);

	sum = gh_crc32(sum, of->table, strlen(of->table) + 1);
	sum = gh_crc32(sum, slash, strlen(slash));
	sum = gh_crc32(sum, of->database, strlen(of->database));
	return (int64_t)(uint32_t)(sum * SALT);
}

/* The command gives the database with the slash of its URL, programs mostly without. */
static size_t
locks(const struct convention_lock_of *of, int64_t ret[CONVENTION_LOCKS])
{
	ret[0] = lock_of(of, "/");
	ret[1] = lock_of(of, "");
	return 2;
}

static const char *
dirty_text(struct gh_arena *a, const struct convention_found *found, const struct convention_status_row *r)
{
	const struct convention_migration *m = r->migration, *next = NULL;
	size_t i;
	bool own;

	for (i = 0; i < found->n && m != NULL; i++) {
		if (&found->migrations[i] == m && i + 1 < found->n)
			next = &found->migrations[i + 1];
	}
	if (m == NULL && strcmp(r->key, "-1") == 0)
		return "dirty: the down of the first migration has failed; after setting right what it left, "
		       "migrate "
		       "force with the first version counts it as applied, drop the row and nothing is";
	if (m == NULL)
		return gh_printf(a, "dirty at version %s, which is not in the folder", r->key);
	own = m->up.n_pieces > 1 || scan_has_word(m->up.sql, m->up.len, "commit") ||
	    (next != NULL && scan_has_word(next->down.sql, next->down.len, "commit"));
	return gh_printf(a,
	    "dirty: the up of %s%s%s has begun and its end was not recorded. %s When that is settled, "
	    "migrate force %s "
	    "counts it as applied, migrate force with the version before as not applied",
	    m->version, next != NULL ? ", or the down of " : "", next != NULL ? next->version : "",
	    own ? "It has a COMMIT of its own or is sent in pieces, so a part of it may be in the database: "
		  "look for "
		  "what it creates."
		: "Its file is one implicit transaction without COMMIT, so unless it was a single statement "
		  "that runs "
		  "outside of one, all of it is in the database or nothing.",
	    m->key);
}

static void
status(const struct convention_found *found, const struct convention_row *rows, size_t n_rows,
    struct gh_arena *a, struct convention_status *list)
{
	size_t i;

	(void)rows, (void)n_rows;
	for (i = 0; i < list->n; i++) {
		struct convention_status_row *r = &list->rows[i];

		if (r->standing == CONVENTION_FAILED) {
			r->text = dirty_text(a, found, r);
		} else if (r->standing == CONVENTION_MISSING) {
			r->text = gh_printf(a,
			    "the table's version %s has no file: migrate says \"no migration found for "
			    "version %s\" "
			    "and runs nothing",
			    r->key, r->key);
		}
	}
}

static void
create(const struct convention_found *found, struct gh_arena *a, struct convention_create *c)
{
	golang_create(found, a, c, 0, "");
}

const struct convention convention_golang_migrate = {
	.name = "golang-migrate",
	.title = "golang-migrate",
	.description = "NUMBER_name.up.sql and NUMBER_name.down.sql; public.schema_migrations holds one row with the "
		       "version and whether it is dirty",
	.rule = "golang-migrate goes up from the one version in its table: a file that is older and was never applied "
		"is never applied and never mentioned; a version without its file stops it, and so does a dirty one; a "
		"changed file is not noticed.",
	.fit = fit,
	.read = read_folder,
	.tracking = &(const struct convention_tracking){
		.schema = "public",
		.table = "schema_migrations",
		.tables = { {
			.columns = { { "version", "bigint", "t" }, { "dirty", "boolean", "t" } },
			.n_columns = 2,
		} },
		.n_tables = 1,
		.create = FOUND_SQL("CREATE TABLE IF NOT EXISTS {schema}.{table} "
				    "(version bigint not null primary key, dirty boolean not null)"),
		.select = "SELECT version::text, 0::bigint, CASE WHEN dirty THEN 'dirty' ELSE 'applied' END, '', '', '' "
			  "FROM {schema}.{table} LIMIT 1",
		.up = {
			.before = FOUND_SQL("TRUNCATE {schema}.{table}",
			    "INSERT INTO {schema}.{table} (version, dirty) VALUES (CAST(:key AS bigint), true)"),
			.row = FOUND_SQL("TRUNCATE {schema}.{table}",
			    "INSERT INTO {schema}.{table} (version, dirty) VALUES (CAST(:key AS bigint), false)"),
		},
		.down = {
			.before = FOUND_SQL("TRUNCATE {schema}.{table}",
			    "INSERT INTO {schema}.{table} (version, dirty) "
			    "VALUES (coalesce(CAST(:previous AS bigint), -1), true)"),
			.row = FOUND_SQL("TRUNCATE {schema}.{table}",
			    "INSERT INTO {schema}.{table} (version, dirty) "
			    "SELECT CAST(:previous AS bigint), false WHERE CAST(:previous AS bigint) IS NOT NULL"),
		},
	},
	.n_tracking = 1,
	.one_row = true,
	.opt_out = "put the statement alone into its file",
	.older = CONVENTION_OLDER_SKIPPED,
	.missing_blocks = true,
	.failed_blocks = true,
	.status = status,
	.locks = locks,
	.create = create,
	.command_status = "migrate -path . -database URL version",
	.command_failed = "migrate -path . -database URL force VERSION",
	.options = FOUND_OPTIONS(
		{ "x-multi-statement", "true: each file is cut behind every semicolon, as with that parameter of the tool's URL" }),
};
