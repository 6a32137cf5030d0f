#include "base/ban.h"
#include "migration/convention.h"
#include "migration/found.h"
#include "migration/golang.h"
#include "migration/name.h"
#include "migration/version.h"

/* morph: golang-migrate's file names, a row a migration, and a first line that asks for no transaction. */

#define NO_TRANSACTION "-- morph:nontransactional"

static bool
classify(struct convention_folder *f, struct convention_file *e, struct pair_name *ret)
{
	return golang_classify(f, e, UINT32_MAX, ret);
}

/* Only the very first bytes count: a blank line or a comment above, and the file runs in a transaction. */
static void
side_finish(struct convention_folder *f, struct convention_found *found, struct convention_side *s)
{
	if (!s->present)
		return;
	s->may_be_empty = true;
	if (strncmp(s->sql, NO_TRANSACTION, strlen(NO_TRANSACTION)) == 0) {
		s->mode = CONVENTION_IMPLICIT;
		s->row_outside = true;
	} else if (strstr(s->sql, "morph:nontransactional") != NULL) {
		found_note(f->arena, found,
		    "%s runs in a transaction: morph:nontransactional only counts as the very first bytes of "
		    "the "
		    "file, \"" NO_TRANSACTION "\"",
		    s->file);
	}
}

/* morph: morph.go, sortMigrations: file names as bytes, so that 10_x comes before 9_x. */
static int
by_file(const void *a, const void *b)
{
	const struct convention_migration *x = a, *y = b;

	return strcmp(x->file, y->file);
}

static void
read_folder(struct convention_folder *f, struct convention_found *ret)
{
	struct pair_list list;
	size_t i;

	pair_collect(f, classify, &list);
	pair_migrations(f, &list, CONVENTION_WRAPPED, ret);
	golang_duplicates(f, ret, "morph");
	golang_endings(f, ret, "morph");
	if (ret->n > 1)
		qsort(ret->migrations, ret->n, sizeof(*ret->migrations), by_file);
	for (i = 0; i < ret->n; i++) {
		side_finish(f, ret, &ret->migrations[i].up);
		side_finish(f, ret, &ret->migrations[i].down);
	}
	version_gaps(f->arena, ret);
}

static void
fit(const struct convention_folder *f, struct convention_fit *ret)
{
	struct convention_folder scratch = *f;
	size_t ups, downs, i;

	golang_count(f, &ups, &downs);
	if (ups + downs == 0)
		return;
	ret->strength = 1;
	ret->why = gh_printf(f->arena, "%zu files .up.sql and %zu .down.sql", ups, downs);
	for (i = 0; i < f->n; i++) {
		const struct convention_text *text;

		if (f->files[i].odd[0] != '\0' || f->files[i].folder || !name_ends(f->files[i].path, ".sql"))
			continue;
		text = f->read(&scratch, &f->files[i]);
		if (text == NULL || strstr(text->sql, "morph:nontransactional") == NULL)
			continue;
		ret->strength = 3;
		ret->why = gh_printf(f->arena, "%s holds \"" NO_TRANSACTION "\"", f->files[i].shown);
		return;
	}
}

static void
create(const struct convention_found *found, struct gh_arena *a, struct convention_create *c)
{
	golang_create(found, a, c, 6, "");
}

const struct convention convention_morph = {
	.name = "morph",
	.title = "morph",
	.description =
	    "NUMBER_name.up.sql and NUMBER_name.down.sql; public.db_migrations holds a row with version and "
	    "name for each",
	.rule = "morph applies whatever is not in its table, in the order of file names, older or not; an "
		"applied one "
		"without its file and a changed file are not noticed.",
	.fit = fit,
	.read = read_folder,
	.tracking =
	    &(const struct convention_tracking){
		.schema = "public",
		.table = "db_migrations",
		.tables = { {
		    .columns = { { "version", "bigint", "t" }, { "name", "character varying", "t" } },
		    .n_columns = 2,
		} },
		.n_tables = 1,
		.create = FOUND_SQL("CREATE TABLE IF NOT EXISTS {schema}.{table} "
				    "(version bigint not null primary key, name varchar not null)"),
		.select = "SELECT version::text, 0::bigint, 'applied', '', '', name "
			  "FROM {schema}.{table} ORDER BY version",
		.up.row = FOUND_SQL(
		    "INSERT INTO {schema}.{table} (version, name) VALUES (CAST(:key AS bigint), :name)"),
		.down.row = FOUND_SQL(
		    "DELETE FROM {schema}.{table} WHERE version = CAST(:key AS bigint) AND name = :name"),
	    },
	.n_tracking = 1,
	.opt_out = "write \"" NO_TRANSACTION "\" as the very first bytes of the file",
	.older = CONVENTION_OLDER_RUNS,
	.create = create,
	.command_status = "SELECT * FROM db_migrations ORDER BY version",
};
