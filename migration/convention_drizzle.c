#include "base/ban.h"
#include "base/sum.h"
#include "migration/convention.h"
#include "migration/directory.h"
#include "migration/found.h"
#include "migration/name.h"
#include "migration/status.h"

#include <jansson.h>

/*
 * meta/_journal.json lists TAG.sql files (drizzle-orm: src/migrator.ts, src/pg-core/dialect.ts).  What runs
 * is decided by one number alone: `when` of the journal against the greatest created_at of the table.
 */

#define JOURNAL    "meta/_journal.json"
#define BREAKPOINT "--> statement-breakpoint"

/* ---- the journal ---- */

static void
pieces_add(struct gh_arena *a, struct convention_side *s)
{
	size_t from = 0;

	for (;;) {
		const char *next = strstr(s->sql + from, BREAKPOINT);
		size_t to = next == NULL ? s->len : (size_t)(next - s->sql);

		found_piece(a, s, from, to - from);
		if (next == NULL)
			return;
		from = to + strlen(BREAKPOINT);
	}
}

static void
file_take(struct convention_folder *f, struct convention_file *e, struct convention_migration *m)
{
	const struct convention_text *text;
	char hex[GH_SUM_HEX_MAX];

	if (e == NULL) {
		m->problem = gh_printf(f->arena,
		    "%s.sql: listed in " JOURNAL ", but there is no such file: drizzle runs nothing",
		    m->file);
		return;
	}
	m->file = e->shown;
	found_as(e, CONVENTION_UP, "", m->key);
	if (!found_side(f, e, CONVENTION_WRAPPED, &m->up)) {
		m->problem = gh_printf(f->arena, "%s: cannot be read", m->file);
		return;
	}
	text = f->read(f, e);
	gh_sum_hex(GH_SUM_SHA256, text->raw, text->raw_len, hex);
	m->checksum = gh_strdup(f->arena, hex);
	m->up.may_be_empty = true;
	pieces_add(f->arena, &m->up);
}

/* False when the entry is not as drizzle writes it. */
static bool
entry_take(struct convention_folder *f, const json_t *entry, struct convention_found *ret)
{
	const char *tag = json_string_value(json_object_get(entry, "tag"));
	const json_t *when = json_object_get(entry, "when");
	struct convention_migration *m;
	size_t digits;

	if (tag == NULL || !json_is_integer(when) || json_integer_value(when) < 0)
		return false;
	digits = strspn(tag, "0123456789");
	m = found_add(f, ret);
	m->key = gh_printf(f->arena, "%" JSON_INTEGER_FORMAT, json_integer_value(when));
	m->version = digits > 0 ? gh_strndup(f->arena, tag, digits) : gh_strdup(f->arena, tag);
	m->name = digits > 0 && tag[digits] == '_' ? gh_strdup(f->arena, tag + digits + 1) : "";
	m->file = name_printable(tag, f->arena);
	file_take(f, convention_path(f, gh_printf(f->arena, "%s.sql", tag)), m);
	return true;
}

static void
journal_take(
    struct convention_folder *f, const char *shown, const json_t *journal, struct convention_found *ret)
{
	const char *dialect = json_string_value(json_object_get(journal, "dialect"));
	const json_t *entries = json_object_get(journal, "entries"), *entry;
	json_int_t greatest = -1, when;
	size_t i;

	if (!json_is_array(entries)) {
		found_problem(f->arena, ret, "%s: has no list \"entries\"", shown);
		return;
	}
	if (dialect != NULL && strcmp(dialect, "postgresql") != 0 && strcmp(dialect, "pg") != 0)
		found_problem(f->arena, ret, "%s: the dialect is \"%s\", not \"postgresql\"", shown,
		    name_printable(dialect, f->arena));
	json_array_foreach(entries, i, entry)
	{
		if (!entry_take(f, entry, ret)) {
			found_problem(f->arena, ret, "%s: entry %zu has no \"tag\" and whole number \"when\"",
			    shown, i);
			continue;
		}
		when = json_integer_value(json_object_get(entry, "when"));
		if (when <= greatest)
			found_note(f->arena, ret,
			    "%s: its \"when\" is not later than that of an entry before it: drizzle skips it "
			    "silently and for ever wherever that one is applied",
			    ret->migrations[ret->n - 1].file);
		else
			greatest = when;
	}
}

static void
journal_read(struct convention_folder *f, struct convention_file *e, struct convention_found *ret)
{
	const struct convention_text *text = f->read(f, e);
	json_error_t error;
	json_t *journal;

	found_as(e, CONVENTION_INDEX, "", "");
	if (text == NULL) {
		found_problem(f->arena, ret, "%s: cannot be read: drizzle runs nothing without it", e->shown);
		return;
	}
	if (text->problem[0] != '\0') {
		found_problem(f->arena, ret, "%s", text->problem);
		return;
	}
	journal = json_loadb(text->raw, text->raw_len, 0, &error);
	if (journal == NULL) {
		found_problem(f->arena, ret, "%s:%d:%d: is not JSON: %s", e->shown, error.line, error.column,
		    name_printable(error.text, f->arena));
		return;
	}
	journal_take(f, e->shown, journal, ret);
	json_decref(journal);
}

/* ---- the folder ---- */

/* drizzle-kit 1.0 has no journal: TS_name/migration.sql with snapshot.json. */
static size_t
snapshots(const struct convention_folder *f)
{
	struct directory *list;
	size_t i, n = directory_list(f, &list), ret = 0;

	for (i = 0; i < n; i++)
		ret += convention_path(f, gh_printf(f->arena, "%s/migration.sql", list[i].name)) != NULL &&
		    convention_path(f, gh_printf(f->arena, "%s/snapshot.json", list[i].name)) != NULL;
	return ret;
}

static void
leftovers(struct convention_folder *f)
{
	size_t i;

	for (i = 0; i < f->n; i++) {
		struct convention_file *e = &f->files[i];

		if (e->as != 0 || e->folder || e->odd[0] != '\0')
			continue;
		if (strncmp(e->path, "meta/", 5) == 0 && name_ends(e->path, ".json"))
			found_as(e, CONVENTION_INDEX, "", "");
		else if (name_flat(e) && name_ends(e->path, ".sql"))
			found_as(e, CONVENTION_IGNORED,
			    "not listed in " JOURNAL ": drizzle never runs it, and never says so", "");
	}
}

static void
read_folder(struct convention_folder *f, struct convention_found *ret)
{
	struct convention_file *e = convention_path(f, JOURNAL);

	if (e != NULL)
		journal_read(f, e, ret);
	else if (snapshots(f) > 0)
		found_problem(f->arena, ret,
		    "folders with migration.sql and snapshot.json are of drizzle-kit 1.0, which is not "
		    "released: "
		    "Gatehouse reads folders with " JOURNAL " (drizzle-kit up to 0.31)");
	else
		found_problem(f->arena, ret, "there is no " JOURNAL ": drizzle runs nothing without it");
	leftovers(f);
}

static void
fit(const struct convention_folder *f, struct convention_fit *ret)
{
	size_t n;

	if (convention_path(f, JOURNAL) != NULL) {
		ret->strength = 4;
		ret->why = JOURNAL;
		return;
	}
	n = snapshots(f);
	if (n == 0)
		return;
	ret->strength = 3;
	ret->why =
	    gh_printf(f->arena, "%zu folders with migration.sql and snapshot.json (drizzle-kit 1.0)", n);
}

/* ---- what runs ---- */

/* `when` against the greatest created_at, whatever rows there are (drizzle-orm: src/pg-core/dialect.ts). */
static void
status(const struct convention_found *found, const struct convention_row *rows, size_t n_rows,
    struct gh_arena *a, struct convention_status *list)
{
	int64_t greatest = -1, when;
	size_t i;

	(void)found;
	for (i = 0; i < n_rows; i++) {
		when = strtoll(rows[i].key, NULL, 10);
		greatest = when > greatest ? when : greatest;
	}
	for (i = 0; i < list->n; i++) {
		struct convention_status_row *r = &list->rows[i];

		if (r->migration == NULL ||
		    (r->standing != CONVENTION_PENDING && r->standing != CONVENTION_OUT_OF_ORDER))
			continue;
		when = strtoll(r->key, NULL, 10);
		r->standing = when > greatest ? CONVENTION_PENDING : CONVENTION_OUT_OF_ORDER;
		r->decision = when > greatest ? CONVENTION_RUNS : CONVENTION_NEVER;
		r->text = when > greatest
		    ? ""
		    : gh_printf(a,
			  "its \"when\" %" PRId64 " in the journal is not later than %" PRId64
			  ", the latest one applied: drizzle skips it silently and for ever; generate it "
			  "anew",
			  when, greatest);
	}
}

static void
create(const struct convention_found *found, struct gh_arena *a, struct convention_create *c)
{
	(void)found;
	c->refused = gh_printf(a,
	    "drizzle-kit also writes the journal and a snapshot of the schema: run \"npx drizzle-kit "
	    "generate "
	    "--custom --name=%s\"",
	    c->slug);
}

const struct convention convention_drizzle = {
	.name = "drizzle",
	.title = "Drizzle",
	.description = "TAG.sql files in the order of meta/_journal.json; drizzle.__drizzle_migrations holds a "
		       "SHA-256 and the journal's time of each",
	.rule = "All that is pending runs in one transaction.  Pending is what the journal dates later than the "
		"latest applied one: older ones are skipped silently and for ever; changed and missing files are "
		"never noticed; there is no way back.",
	.fit = fit,
	.read = read_folder,
	.tracking = &(const struct convention_tracking){
		.schema = "drizzle",
		.table = "__drizzle_migrations",
		.tables = { {
			.columns = {
				{ "id", "integer", "t" },
				{ "hash", "text", "t" },
				{ "created_at", "bigint", "f" },
			},
			.n_columns = 3,
		} },
		.n_tables = 1,
		.create = FOUND_SQL("CREATE SCHEMA IF NOT EXISTS {schema}",
		    "CREATE TABLE IF NOT EXISTS {schema}.{table} "
		    "(id SERIAL PRIMARY KEY, hash text NOT NULL, created_at bigint)"),
		.select = "SELECT coalesce(created_at::text, ''), 0::bigint, 'applied', hash, '', '' "
			  "FROM {schema}.{table} ORDER BY created_at NULLS FIRST, id",
		.up.row = FOUND_SQL("INSERT INTO {schema}.{table} (hash, created_at) "
				    "VALUES (:checksum, CAST(:key AS bigint))"),
	},
	.n_tracking = 1,
	.one_transaction = true,
	.older = CONVENTION_OLDER_SKIPPED,
	.status = status,
	.create = create,
	.opt_out = "drizzle has no way to run it: run it by hand, and write IF NOT EXISTS here",
	.command_status = "SELECT * FROM drizzle.__drizzle_migrations ORDER BY created_at",
};
