#include "base/ban.h"
#include "migration/convention.h"
#include "migration/create.h"
#include "migration/found.h"
#include "migration/goose.h"
#include "migration/name.h"
#include "migration/version.h"

/* goose: 00012_name.sql with the annotations -- +goose Up and -- +goose Down; programs in Go between them. */

static const enum convention_older allowed = CONVENTION_OLDER_RUNS;

static const char *
decided(struct convention_file *e, enum convention_as as, const char *reason)
{
	found_as(e, as, reason, "");
	return NULL;
}

/* The number of a name, without leading zeros; NULL when it is not taken.  goose: migration.go,
 * NumericComponent */
static const char *
classify(struct convention_file *e, struct gh_arena *a)
{
	const char *file = name_base(e->path), *digits;
	bool go = name_ends(file, ".go");
	uint64_t number;

	if (!go && name_start_flat(e, a) == NULL)
		return NULL;
	if (go && (!name_flat(e) || e->folder || name_ends(file, "_test.go") || *file < '0' || *file > '9'))
		return decided(e, CONVENTION_IGNORED, "a Go file that is no step");
	digits = version_digits(file, a);
	if (!version_number(digits, INT64_MAX, &number) || number < 1 || file[strlen(digits)] != '_')
		return decided(e, CONVENTION_REFUSED,
		    "not of the form NUMBER_name.sql with a number from 1: goose's command refuses the whole "
		    "folder "
		    "for it, goose as a library passes over it");
	return version_trimmed(digits);
}

static void
take(struct convention_folder *f, struct convention_file *e, const char *key, struct convention_found *ret)
{
	const char *file = name_base(e->path), *name = strchr(file, '_') + 1, *dot = strrchr(file, '.');
	const struct convention_text *text;
	struct convention_migration *m;
	struct goose_file split;

	m = found_add(f, ret);
	m->key = key;
	m->version = version_digits(file, f->arena);
	m->name = gh_strndup(f->arena, name, dot < name ? 0 : (size_t)(dot - name));
	m->file = e->shown;
	m->code = strcmp(dot, ".go") == 0;
	if (m->code) {
		found_as(
		    e, CONVENTION_CODE, "a step in Go: only the team's own goose program can run it", key);
		return;
	}
	text = f->read(f, e);
	if (text == NULL) {
		ret->n--;
		return;
	}
	goose_split(f, e, text, &split);
	m->up = split.up;
	m->down = split.down;
	if (split.no_down && (m->up.problem == NULL || m->up.problem[0] == '\0'))
		found_note(f->arena, ret,
		    "%s has no +goose Down: goose takes it back by running nothing and deleting its row",
		    e->shown);
}

static int
by_number(const void *a, const void *b)
{
	const struct convention_migration *x = a, *y = b;
	int order = version_compare(x->key, y->key);

	return order != 0 ? order : strcmp(x->file, y->file);
}

static void
read_folder(struct convention_folder *f, struct convention_found *ret)
{
	const char *option = convention_option_find(f, "allow-missing");
	size_t i;

	for (i = 0; i < f->n; i++) {
		struct convention_file *e = &f->files[i];
		const char *key = classify(e, f->arena);

		if (key == NULL)
			continue;
		found_as(e, CONVENTION_BOTH, "", key);
		if (e->odd[0] == '\0')
			take(f, e, key, ret);
	}
	if (ret->n > 1)
		qsort(ret->migrations, ret->n, sizeof(*ret->migrations), by_number);
	for (i = 1; i < ret->n; i++) {
		if (strcmp(ret->migrations[i].key, ret->migrations[i - 1].key) == 0)
			found_problem(f->arena, ret,
			    "goose refuses this folder: %s and %s have the same number",
			    ret->migrations[i - 1].file, ret->migrations[i].file);
	}
	if (option != NULL && strcmp(option, "true") == 0)
		ret->older = &allowed;
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

		if (e.odd[0] != '\0' || classify(&e, f->arena) == NULL || !name_ends(e.path, ".sql"))
			continue;
		n++;
		t = f->read(&scratch, &f->files[i]);
		marked += t != NULL && (found_has_line(t, "-- +goose") || found_has_line(t, "--+goose"));
	}
	if (marked == 0)
		return;
	ret->strength = 3;
	ret->why =
	    gh_printf(f->arena, "%zu of %zu files NUMBER_name.sql hold -- +goose annotations", marked, n);
}

static void
create(const struct convention_found *found, struct gh_arena *a, struct convention_create *c)
{
	const char *key = gh_printf(a, "%s_%s",
	    found->n == 0 || version_dated(found) ? version_stamp(found, c->now, a)
						  : version_next(found, 5, a),
	    c->slug);

	if (strstr(c->description, "+goose") != NULL) {
		c->refused =
		    "goose would take a comment with \"+goose\" for an annotation: describe it without";
		return;
	}
	create_put(c, gh_printf(a, "%s.sql", key),
	    gh_printf(a, "%s\n-- +goose Up\n\n\n-- +goose Down\n\n", create_header(c, key, a)));
}

/* goose: lock/session_locker_options.go, DefaultLockID: of programs that ask for it; the command takes none.
 */
static size_t
locks(const struct convention_lock_of *of, int64_t ret[CONVENTION_LOCKS])
{
	(void)of;
	ret[0] = INT64_C(4097083626);
	return 1;
}

const struct convention convention_goose = {
	.name = "goose",
	.title = "goose",
	.description = "NUMBER_name.sql with -- +goose Up and -- +goose Down, steps in Go between them; "
		       "public.goose_db_version holds a row for each",
	.rule =
	    "goose refuses to go up while a file that is older than the newest applied one was never applied "
	    "(unless allow-missing is set); an applied one without its file and a changed file are not "
	    "noticed.",
	.fit = fit,
	.read = read_folder,
	.tracking =
	    &(const struct convention_tracking){
		.schema = "public",
		.table = "goose_db_version",
		.tables = { {
		    .columns = { { "id", "integer", "t" }, { "version_id", "bigint", "t" },
			{ "is_applied", "boolean", "t" }, { "tstamp", "timestamp without time zone", NULL } },
		    .n_columns = 4,
		} },
		.n_tables = 1,
		.create = FOUND_SQL("CREATE TABLE {schema}.{table} ("
				    "id integer PRIMARY KEY GENERATED BY DEFAULT AS IDENTITY, "
				    "version_id bigint NOT NULL, is_applied boolean NOT NULL, "
				    "tstamp timestamp NOT NULL DEFAULT now())",
		    "INSERT INTO {schema}.{table} (version_id, is_applied) VALUES (0, true)"),
		/* The newest row of a version decides: older goose kept rows of what it had taken back. */
		.select = "SELECT version_id::text, " FOUND_MICROSECONDS(
		    "tstamp") ", "
			      "CASE WHEN is_applied THEN 'applied' ELSE 'gone' END, '', '', '' "
			      "FROM (SELECT DISTINCT ON (version_id) * FROM {schema}.{table} "
			      "WHERE version_id <> 0 ORDER BY version_id, id DESC) newest ORDER BY id",
		.up.row = FOUND_SQL("INSERT INTO {schema}.{table} (version_id, is_applied) "
				    "VALUES (CAST(:key AS bigint), true)"),
		.down.row = FOUND_SQL("DELETE FROM {schema}.{table} WHERE version_id = CAST(:key AS bigint)"),
	    },
	.n_tracking = 1,
	.opt_out = "write \"-- +goose NO TRANSACTION\" above -- +goose Up",
	.older = CONVENTION_OLDER_BLOCKS,
	.locks = locks,
	.create = create,
	.command_status = "goose postgres URL status",
	.options = FOUND_OPTIONS(
	    { "allow-missing", "true: an older file that was never applied runs (-allow-missing)" },
	    { "NAME", "the value of ${NAME} between -- +goose ENVSUB ON and OFF" }),
};
