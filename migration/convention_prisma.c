#include "base/ban.h"
#include "base/sum.h"
#include "base/text.h"
#include "migration/convention.h"
#include "migration/create.h"
#include "migration/directory.h"
#include "migration/found.h"
#include "migration/version.h"

/*
 * 20251123101500_add_photos/migration.sql and migration_lock.toml (prisma-engines:
 * schema-engine/connectors/schema-connector/src/migrations_directory.rs, checksum.rs).  There is no way back.
 */

#define LOCK_FILE "migration_lock.toml"

/* The value of provider = "..."; NULL when there is none. */
static const char *
provider(const struct convention_text *text, struct gh_arena *a)
{
	const char *p = text->sql, *eol;

	for (; p != NULL && *p != '\0'; p = eol == NULL ? NULL : eol + 1) {
		eol = strchr(p, '\n');
		p += strspn(p, " \t");
		if (strncmp(p, "provider", 8) != 0)
			continue;
		p += 8 + strspn(p + 8, " \t");
		if (*p++ != '=')
			continue;
		p += strspn(p, " \t");
		if (*p == '"')
			return gh_strndup(a, p + 1, strcspn(p + 1, "\"\n"));
	}
	return NULL;
}

static void
lock_read(struct convention_folder *f, struct convention_found *ret)
{
	struct convention_file *e = convention_path(f, LOCK_FILE);
	const struct convention_text *text = e == NULL ? NULL : f->read(f, e);
	const char *is;

	if (e == NULL) {
		found_note(f->arena, ret,
		    "there is no " LOCK_FILE ": Prisma writes one that names the provider, commit it");
		return;
	}
	found_as(e, CONVENTION_INDEX, "", "");
	if (text == NULL)
		return;
	is = provider(text, f->arena);
	if (is == NULL || (strcmp(is, "postgresql") != 0 && strcmp(is, "postgres") != 0))
		found_problem(f->arena, ret,
		    "%s names the provider \"%s\", not \"postgresql\": Prisma refuses the folder for a "
		    "PostgreSQL database",
		    e->shown, is == NULL ? "" : is);
}

static const char *
sum(struct gh_arena *a, const char *s, size_t len)
{
	char hex[GH_SUM_HEX_MAX];

	gh_sum_hex(GH_SUM_SHA256, s, len, hex);
	return gh_strdup(a, hex);
}

/* The checksum that the same text has with the other line ends. */
static const char *
sum_with(struct gh_arena *a, const char *s, size_t len, bool crlf)
{
	GH_TEXT t = { 0 };
	size_t i;

	for (i = 0; i < len; i++) {
		if (s[i] == '\r' && i + 1 < len && s[i + 1] == '\n')
			continue;
		if (s[i] == '\n' && crlf)
			gh_text_putc(&t, '\r');
		gh_text_putc(&t, s[i]);
	}
	return sum(a, gh_text_str(&t), t.len);
}

static void
take(
    struct convention_folder *f, struct directory *d, struct convention_file *e, struct convention_found *ret)
{
	const struct convention_text *text;
	struct convention_migration *m;
	struct convention_side up;
	size_t digits = strspn(d->name, "0123456789");

	found_as(d->entry, CONVENTION_IGNORED, "the folder of a migration", d->name);
	found_as(e, CONVENTION_UP, "", d->name);
	if (!found_side(f, e, CONVENTION_IMPLICIT, &up))
		return;
	text = f->read(f, e);
	up.row_outside = true;
	up.may_be_empty = true;
	m = found_add(f, ret);
	m->key = d->name;
	m->version = digits > 0 ? gh_strndup(f->arena, d->name, digits) : d->name;
	m->name = digits > 0 && d->name[digits] == '_' ? d->name + digits + 1 : "";
	m->file = e->shown;
	m->up = up;
	m->checksum = sum(f->arena, text->raw, text->raw_len);
	found_fact(f->arena, m, "checksum_lf", sum_with(f->arena, text->raw, text->raw_len, false));
	found_fact(f->arena, m, "checksum_crlf", sum_with(f->arena, text->raw, text->raw_len, true));
	if (strlen(d->name) > 255)
		m->problem = gh_printf(f->arena, "%s: the name is longer than 255 bytes", m->file);
}

static void
read_folder(struct convention_folder *f, struct convention_found *ret)
{
	struct directory *list;
	size_t i, n = directory_list(f, &list);

	lock_read(f, ret);
	for (i = 0; i < n; i++) {
		struct directory *d = &list[i];
		struct convention_file *e =
		    convention_path(f, gh_printf(f->arena, "%s/migration.sql", d->name));

		if (d->hidden)
			continue;
		if (e == NULL) {
			directory_refuse(f, d, "a folder without migration.sql: Prisma stops at it (P3015)");
			found_problem(f->arena, ret,
			    "%s: a folder without migration.sql: Prisma stops at it (P3015)",
			    d->entry->shown);
			continue;
		}
		if (convention_path(f, gh_printf(f->arena, "%s/snapshot.json", d->name)) != NULL) {
			directory_refuse(
			    f, d, "snapshot.json beside it: a migration of drizzle-kit 1.0, not of Prisma");
			continue;
		}
		take(f, d, e, ret);
	}
}

static void
fit(const struct convention_folder *f, struct convention_fit *ret)
{
	struct directory *list;
	size_t i, n = directory_list(f, &list), scripts = 0;
	bool lock = convention_path(f, LOCK_FILE) != NULL;

	for (i = 0; i < n; i++)
		scripts +=
		    convention_path(f, gh_printf(f->arena, "%s/migration.sql", list[i].name)) != NULL &&
		    convention_path(f, gh_printf(f->arena, "%s/snapshot.json", list[i].name)) == NULL;
	if (scripts == 0 && !lock)
		return;
	ret->strength = lock ? 4 : 3;
	ret->why = gh_printf(f->arena, "%zu folders with migration.sql%s", scripts,
	    lock ? " and " LOCK_FILE : ", no snapshot.json in them");
}

/* Old rows hold hex digits without the zero of a byte below 16 (prisma-engines: checksum.rs). */
static bool
sum_is(const char *sum, const char *recorded)
{
	const char *s, *r = recorded;

	if (strcmp(sum, recorded) == 0)
		return true;
	for (s = sum; s[0] != '\0' && s[1] != '\0'; s += 2) {
		if (s[0] != '0' && *r++ != s[0])
			return false;
		if (*r++ != s[1])
			return false;
	}
	return *r == '\0';
}

static enum convention_same
same(const struct convention_migration *m, const char *recorded)
{
	size_t i;

	if (sum_is(m->checksum, recorded))
		return CONVENTION_SAME;
	for (i = 0; i < m->n_facts; i++) {
		if (sum_is(m->facts[i].value, recorded))
			return CONVENTION_SAME;
	}
	return CONVENTION_CHANGED;
}

static size_t
locks(const struct convention_lock_of *of, int64_t ret[CONVENTION_LOCKS])
{
	(void)of;
	ret[0] = 72707369; /* prisma-engines: flavour/postgres, acquire_lock */
	return 1;
}

static void
create(const struct convention_found *found, struct gh_arena *a, struct convention_create *c)
{
	const char *key = gh_printf(a, "%s_%s", version_stamp(found, c->now, a), c->slug);
	size_t i;
	bool first = true;

	create_put(c, gh_printf(a, "%s/migration.sql", key), create_header(c, key, a));
	for (i = 0; i < found->n_notes; i++)
		first = first && strstr(found->notes[i], "there is no " LOCK_FILE) == NULL;
	if (!first)
		create_put(c, LOCK_FILE, "provider = \"postgresql\"\n");
}

const struct convention convention_prisma = {
	.name = "prisma",
	.title = "Prisma",
	.description = "NAME/migration.sql and migration_lock.toml; public._prisma_migrations holds the folder's "
		       "name and a SHA-256",
	.rule = "Older folders that were never applied are applied, nothing is said about changed or missing "
		"ones; a failed one blocks everything (P3009) until \"prisma migrate resolve\" or its row's "
		"rolled_back_at says what it is; there is no way back.",
	.fit = fit,
	.read = read_folder,
	.tracking = &(const struct convention_tracking){
		.schema = "public",
		.table = "_prisma_migrations",
		.tables = { {
			.columns = {
				{ "id", "character varying(36)", "t" },
				{ "checksum", "character varying(64)", "t" },
				{ "finished_at", "timestamp with time zone", "f" },
				{ "migration_name", "character varying(255)", "t" },
				{ "logs", "text", "f" },
				{ "rolled_back_at", "timestamp with time zone", "f" },
				{ "started_at", "timestamp with time zone", "t" },
				{ "applied_steps_count", "integer", "t" },
			},
			.n_columns = 8,
		} },
		.n_tables = 1,
		.create = FOUND_SQL("CREATE TABLE {schema}.{table} ("
				    "id VARCHAR(36) PRIMARY KEY NOT NULL, "
				    "checksum VARCHAR(64) NOT NULL, "
				    "finished_at TIMESTAMPTZ, "
				    "migration_name VARCHAR(255) NOT NULL, "
				    "logs TEXT, "
				    "rolled_back_at TIMESTAMPTZ, "
				    "started_at TIMESTAMPTZ NOT NULL DEFAULT now(), "
				    "applied_steps_count INTEGER NOT NULL DEFAULT 0)"),
		/* A name may have several rows: taken back ones first, so that what is true comes last, and a
		 * failed one behind all, because it blocks whatever else there is. */
		.select = "SELECT migration_name::text, "
			  FOUND_MICROSECONDS("coalesce(finished_at, started_at)") ", "
			  "CASE WHEN rolled_back_at IS NOT NULL THEN 'gone' "
			  "WHEN finished_at IS NULL THEN 'failed' ELSE 'applied' END, "
			  "checksum::text, '', "
			  "CASE WHEN rolled_back_at IS NULL AND finished_at IS NULL THEN "
			  "'started, never finished' || coalesce(': ' || left(logs, 500), '') ELSE '' END "
			  "FROM {schema}.{table} ORDER BY rolled_back_at IS NULL, finished_at IS NULL, "
			  "started_at, migration_name COLLATE \"C\", id",
		.up.before = FOUND_SQL(
		    "INSERT INTO {schema}.{table} (id, checksum, migration_name, started_at) VALUES "
		    "(CAST(gen_random_uuid() AS text), :checksum, :key, clock_timestamp())"),
		.up.row = FOUND_SQL(
		    "UPDATE {schema}.{table} SET finished_at = clock_timestamp(), applied_steps_count = 1 "
		    "WHERE migration_name = :key AND finished_at IS NULL AND rolled_back_at IS NULL"),
		.up.failed = FOUND_SQL(
		    "UPDATE {schema}.{table} SET logs = 'Gatehouse, run ' || CAST(:run AS text) || "
		    "': failed, see there' "
		    "WHERE migration_name = :key AND finished_at IS NULL AND rolled_back_at IS NULL"),
		.up.failed_inside = true,
		/* As `prisma migrate resolve --rolled-back` does (prisma-engines:
		 * sql_migration_persistence.rs, mark_migration_rolled_back_by_id). */
		.up.forget = FOUND_SQL(
		    "UPDATE {schema}.{table} SET rolled_back_at = clock_timestamp() "
		    "WHERE migration_name = :key AND finished_at IS NULL AND rolled_back_at IS NULL"),
	},
	.n_tracking = 1,
	.older = CONVENTION_OLDER_RUNS,
	.failed_blocks = true,
	.same = same,
	.locks = locks,
	.create = create,
	.opt_out = "put the statement alone into its migration.sql",
	.not_empty = "prisma migrate resolve --applied NAME records each that is in already (P3005)",
	.command_status = "prisma migrate status",
	.command_failed = "prisma migrate resolve --rolled-back NAME (nothing of it is in the database) or "
			  "--applied NAME (all of it is)",
};
