#include "base/ban.h"
#include "base/hash.h"
#include "base/text.h"
#include "migration/convention.h"
#include "migration/create.h"
#include "migration/found.h"
#include "migration/name.h"
#include "migration/supabase_split.h"
#include "migration/version.h"

/*
 * supabase/migrations/20251123101500_add_photos.sql (supabase/cli: apps/cli-go/pkg/migration/list.go,
 * file.go, history.go, apply.go).  There is no way back and no checksum, but each row holds the statements
 * that ran.
 */

#define INIT_BEFORE "20211209000000"

/* The only file that is skipped by its name, and only in the first place of the folder. */
static bool
is_old_init(const char *name)
{
	const char *p = strstr(name, "_init.sql");
	size_t digits = 0;

	if (p == NULL)
		return false;
	while (p > name + digits && isdigit((unsigned char)p[-1 - (ptrdiff_t)digits]))
		digits++;
	return digits >= 14 && strncmp(p - 14, INIT_BEFORE, 14) < 0;
}

/* ^([0-9]+)_(.*)\.sql$; the stem, NULL when it is not taken. */
static const char *
classify(const struct convention_folder *f, struct convention_file *e, bool first)
{
	const char *stem;
	size_t digits;

	if (first && !e->folder && is_old_init(e->path)) {
		found_as(e, CONVENTION_IGNORED,
		    "the first file, named init, older than December 2021: Supabase skips it; to apply it, "
		    "give it "
		    "another name",
		    "");
		return NULL;
	}
	stem = name_start_flat(e, f->arena);
	if (stem == NULL)
		return NULL;
	digits = strspn(stem, "0123456789");
	if (digits > 0 && stem[digits] == '_')
		return stem;
	found_as(e, CONVENTION_REFUSED,
	    digits == 0 ? "the number is missing: Supabase skips it; name it YYYYMMDDHHMMSS_name.sql"
			: "an underscore is missing after the number: Supabase skips it",
	    "");
	return NULL;
}

/* {"...","..."}: an array as text. */
static void
array_put(struct gh_text *t, const char *s, size_t len)
{
	size_t i;

	gh_text_putc(t, t->len == 1 ? '"' : ',');
	if (t->len > 2)
		gh_text_putc(t, '"');
	for (i = 0; i < len; i++) {
		if (s[i] == '"' || s[i] == '\\')
			gh_text_putc(t, '\\');
		gh_text_putc(t, s[i]);
	}
	gh_text_putc(t, '"');
}

/* The statements as the row stores them, and a digest over them that the select below makes of the row. */
static void
statements(struct convention_folder *f, struct convention_migration *m)
{
	GH_TEXT array = { 0 };
	GH_TEXT whole = { 0 };
	char hex[GH_SHA256_HEX_LEN];
	size_t i;

	gh_text_putc(&array, '{');
	for (i = 0; i < m->up.n_pieces; i++) {
		const struct convention_piece *p = &m->up.pieces[i];

		array_put(&array, m->up.sql + p->offset, p->len);
		gh_text_putf(&whole, "%zu:", p->len);
		gh_text_put_n(&whole, m->up.sql + p->offset, p->len);
	}
	gh_text_putc(&array, '}');
	gh_sha256_hex(gh_text_str(&whole), whole.len, hex);
	m->checksum = gh_strdup(f->arena, hex);
	found_fact(f->arena, m, "statements",
	    m->up.n_pieces == 0 ? NULL : gh_strndup(f->arena, gh_text_str(&array), array.len));
}

static void
take(struct convention_folder *f, struct convention_file *e, const char *stem, struct convention_found *ret)
{
	size_t digits = strspn(stem, "0123456789");
	struct convention_migration *m;
	struct convention_side up;

	found_as(e, CONVENTION_UP, "", gh_strndup(f->arena, stem, digits));
	if (!found_side(f, e, CONVENTION_PIPELINE, &up))
		return;
	m = found_add(f, ret);
	m->key = m->version = e->key;
	m->name = stem + digits + 1;
	m->file = e->shown;
	m->up = up;
	m->up.may_be_empty = true;
	supabase_split(f->arena, &m->up);
	statements(f, m);
}

static void
read_folder(struct convention_folder *f, struct convention_found *ret)
{
	static const enum convention_older all = CONVENTION_OLDER_RUNS;
	const char *include_all = convention_option_find(f, "include-all");
	size_t i;

	for (i = 0; i < f->n; i++) {
		const char *stem = classify(f, &f->files[i], i == 0);

		if (stem != NULL)
			take(f, &f->files[i], stem, ret);
	}
	if (include_all != NULL && strcmp(include_all, "true") == 0)
		ret->older = &all;
}

/* The names say little, the place says all. */
static bool
is_at_home(const struct convention_folder *f)
{
	static const char home[] = "supabase/migrations";
	size_t len = f->root == NULL ? 0 : strlen(f->root);

	while (len > 0 && f->root[len - 1] == '/')
		len--;
	return len >= sizeof(home) - 1 &&
	    strncmp(f->root + len - (sizeof(home) - 1), home, sizeof(home) - 1) == 0;
}

static void
fit(const struct convention_folder *f, struct convention_fit *ret)
{
	size_t i, dated = 0, names = 0;

	for (i = 0; i < f->n; i++) {
		struct convention_file e = f->files[i];
		const char *stem = e.odd[0] != '\0' ? NULL : classify(f, &e, i == 0);

		names += stem != NULL;
		dated += stem != NULL && strspn(stem, "0123456789") == 14;
	}
	if (names == 0)
		return;
	ret->strength = is_at_home(f) ? 4 : 1;
	ret->why =
	    gh_printf(f->arena, "%zu files of digits, an underscore and a name, %zu of them with a date%s",
		names, dated, is_at_home(f) ? ", in supabase/migrations" : "");
}

static void
create(const struct convention_found *found, struct gh_arena *a, struct convention_create *c)
{
	const char *key = gh_printf(a, "%s_%s", version_stamp(found, c->now, a), c->slug);

	create_put(c, gh_printf(a, "%s.sql", key), create_header(c, key, a));
}

#define KEY                                                                                                  \
	{                                                                                                    \
		"version", "text", "t"                                                                       \
	}
#define STATEMENTS                                                                                           \
	{                                                                                                    \
		"statements", "text[]", "f"                                                                  \
	}
#define NAME                                                                                                 \
	{                                                                                                    \
		"name", "text", "f"                                                                          \
	}
#define SELECT(checksum)                                                                                     \
	"SELECT version, 0::bigint, 'applied', " checksum ", '', '' "                                        \
	"FROM {schema}.{table} ORDER BY version COLLATE \"C\""
/* What `statements` above makes of the file. */
#define DIGEST                                                                                               \
	"CASE WHEN statements IS NULL THEN '' ELSE encode(sha256(coalesce((SELECT "                          \
	"string_agg(convert_to(octet_length(convert_to(s, 'UTF8')) || ':' || s, 'UTF8'), ''::bytea "         \
	"ORDER BY n) FROM unnest(statements) WITH ORDINALITY u(s, n)), ''::bytea)), 'hex') END"

const struct convention convention_supabase = {
	.name = "supabase",
	.title = "Supabase",
	.description = "YYYYMMDDHHMMSS_name.sql; supabase_migrations.schema_migrations holds the number, the "
		       "name and the statements that ran",
	.rule = "A file that is older than the latest applied one blocks everything unless include-all is "
		"configured, and so does an applied one whose file is gone; there is no way back.",
	.fit = fit,
	.read = read_folder,
	.tracking =
	    (const struct convention_tracking[]){
		{
		    .schema = "supabase_migrations",
		    .table = "schema_migrations",
		    .tables = { { .columns = { KEY, STATEMENTS, NAME }, .n_columns = 3 } },
		    .n_tables = 1,
		    .create = FOUND_SQL("CREATE SCHEMA IF NOT EXISTS {schema}",
			"CREATE TABLE IF NOT EXISTS {schema}.{table} (version text NOT NULL PRIMARY KEY)",
			"ALTER TABLE {schema}.{table} ADD COLUMN IF NOT EXISTS statements text[]",
			"ALTER TABLE {schema}.{table} ADD COLUMN IF NOT EXISTS name text"),
		    .select = SELECT(DIGEST),
		    .up.row = FOUND_SQL("INSERT INTO {schema}.{table} (version, name, statements) "
					"VALUES (:key, :name, CAST(:statements AS text[]))"),
		},
		{
		    .schema = "supabase_migrations",
		    .table = "schema_migrations",
		    .tables = { { .columns = { KEY, STATEMENTS }, .n_columns = 2 } },
		    .n_tables = 1,
		    .select = SELECT(DIGEST),
		    .up.row = FOUND_SQL("INSERT INTO {schema}.{table} (version, statements) "
					"VALUES (:key, CAST(:statements AS text[]))"),
		},
		{
		    .schema = "supabase_migrations",
		    .table = "schema_migrations",
		    .tables = { { .columns = { KEY }, .n_columns = 1 } },
		    .n_tables = 1,
		    .select = SELECT("''"),
		    .up.row = FOUND_SQL("INSERT INTO {schema}.{table} (version) VALUES (:key)"),
		},
	    },
	.n_tracking = 3,
	.older = CONVENTION_OLDER_BLOCKS,
	.missing_blocks = true,
	.create = create,
	.opt_out = "make it the first statement of its file and the only one of its kind",
	.command_status = "supabase migration list",
	.options = FOUND_OPTIONS(
	    { "include-all", "true: an older file that was never applied runs (--include-all)" }),
};
