#include "base/ban.h"
#include "migration/convention.h"
#include "base/sum.h"
#include "base/text.h"
#include "migration/atlas_scan.h"
#include "migration/atlas_status.h"
#include "migration/atlas_sum.h"
#include "migration/found.h"
#include "migration/name.h"

/*
 * Atlas's versioned folders: VERSION_name.sql, atlas.sum, one table.  Atlas: sql/migrate/migrate.go, dir.go,
 * cmd/atlas/internal/cmdapi/migrate.go, cmd/atlas/internal/migrate/ent/schema/revision.go.
 */

#define SUM_FILE "atlas.sum"

#define FORMAT "golang-migrate"

/*
 * Whose folder it is when the files are another tool's; NULL Atlas's own.  Atlas keeps its sums in those, too
 * (cmd/atlas/internal/cmdapi: ?format=).
 */
static const struct convention *
other_format(const struct convention_folder *f)
{
	static const struct convention *const others[] = { &convention_golang_migrate, &convention_goose,
		&convention_dbmate, &convention_flyway, &convention_liquibase };
	size_t i;

	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		struct convention_fit fit = { .why = "" };

		others[i]->fit(f, &fit);
		if (fit.strength >= 2)
			return others[i];
	}
	return NULL;
}

static void
atlas_fit(const struct convention_folder *f, struct convention_fit *ret)
{
	const struct convention *other;

	if (convention_path(f, SUM_FILE) == NULL)
		return;
	other = other_format(f);
	if (other == NULL)
		*ret = (struct convention_fit){ 4, "the sum file atlas.sum" };
	else /* Atlas mostly writes those and lets the other tool apply them */
		*ret = (struct convention_fit){ 1,
			gh_printf(f->arena, "the sum file atlas.sum over files of %s", other->title) };
}

/* ---- one file ---- */

/* Why the mode that the header asks for cannot be had; "" it can. */
static const char *
mode_read(struct convention_folder *f, const struct convention_file *e, const struct convention_text *t,
    enum convention_mode *ret)
{
	const char *global = convention_option_find(f, "tx-mode"), *mode;
	size_t n;

	mode = atlas_directive(f->arena, t->sql, t->len, "txmode", &n);
	if (global == NULL)
		global = "file";
	if (n > 1)
		return gh_printf(f->arena, "%s:1:1: atlas:txmode is there %zu times", e->shown, n);
	if (n == 0)
		mode = global;
	*ret = strcmp(mode, "none") == 0 ? CONVENTION_EACH : CONVENTION_WRAPPED;
	if (strcmp(mode, "none") != 0 && strcmp(mode, "file") != 0)
		return gh_printf(
		    f->arena, "%s:1:1: atlas:txmode %s is neither none nor file", e->shown, mode);
	return "";
}

/* What Atlas keeps of a file's statements: how many, and a running sum over them. */
static void
statements(struct convention_folder *f, struct convention_migration *m)
{
	struct atlas_statements list;
	unsigned char sum[GH_SUM_MAX];
	GH_TEXT json = { 0 };
	GH_SUM s = { 0 };
	size_t i;

	atlas_scan(f->arena, m->up.sql, m->up.len, &list);
	if (list.problem[0] != '\0')
		found_side_problem(f->arena, &m->up, m->up.file, m->up.sql, list.at, "%s", list.problem);
	gh_sum_start(&s, GH_SUM_SHA256);
	gh_text_putc(&json, '[');
	for (i = 0; i < list.n; i++) {
		const struct atlas_statement *st = &list.items[i];

		gh_sum_add(&s, m->up.sql + st->offset, st->len);
		gh_text_putf(
		    &json, "%s\"h1:%s\"", i == 0 ? "" : ",", gh_base64(f->arena, sum, gh_sum_now(&s, sum)));
		if (!st->empty)
			found_piece(f->arena, &m->up, st->offset, st->len);
	}
	gh_text_putc(&json, ']');
	found_fact(f->arena, m, "total", gh_printf(f->arena, "%zu", list.n));
	found_fact(f->arena, m, "partial_hashes", gh_strndup(f->arena, gh_text_str(&json), json.len));
}

static void
migration(struct convention_folder *f, struct convention_file *e, const struct atlas_sums *sums, bool up,
    struct convention_migration *m)
{
	const char *stem = gh_strndup(f->arena, e->path, strlen(e->path) - strlen(".sql")), *line, *why;
	const struct convention_text *text = f->read(f, e);
	const char *bar = strchr(stem, '_'), *description;
	size_t n;

	m->version = m->key = bar == NULL ? stem : gh_strndup(f->arena, stem, (size_t)(bar - stem));
	description = bar == NULL             ? ""
	    : up && name_ends(bar + 1, ".up") ? gh_strndup(f->arena, bar + 1, strlen(bar + 1) - 3)
					      : bar + 1;
	m->name = bar == NULL ? stem : description;
	m->file = e->shown;
	found_as(e, CONVENTION_UP, "", m->key);
	(void)found_side(f, e, CONVENTION_WRAPPED, &m->up);
	m->up.may_be_empty = true;
	line = atlas_sums_find(sums, e->path);
	m->checksum = line == NULL ? "" : line;
	if (line == NULL)
		m->problem = gh_printf(f->arena,
		    "%s:1:1: atlas:sum ignore leaves it out of atlas.sum, and Atlas runs no file without a "
		    "sum",
		    e->shown);
	why = mode_read(f, e, text, &m->up.mode);
	if (why[0] != '\0' && m->up.problem[0] == '\0')
		m->up.problem = why;
	found_fact(f->arena, m, "description", description);
	(void)atlas_directive(f->arena, text->sql, text->len, "checkpoint", &n);
	found_fact(f->arena, m, "checkpoint", n > 0 ? "1" : "0");
	statements(f, m);
}

static void
sum_file_check(struct convention_folder *f, const struct atlas_sums *sums, struct convention_found *ret)
{
	struct convention_file *e = convention_path(f, SUM_FILE);
	const struct convention_text *text = e == NULL ? NULL : f->read(f, e);

	if (text == NULL) {
		if (ret->n > 0)
			found_problem(
			    f->arena, ret, "atlas.sum is missing: write it with atlas migrate hash");
		return;
	}
	found_as(e, CONVENTION_INDEX, "", "");
	if (text->problem[0] != '\0')
		found_problem(f->arena, ret, "%s", text->problem);
	else
		found_problem(
		    f->arena, ret, "%s", atlas_sums_check(f->arena, text->raw, text->raw_len, sums));
}

/* Directives that Atlas does not see because the empty line behind them ends in CR LF. */
static void
crlf_note(struct convention_folder *f, struct convention_file *e, struct convention_found *ret)
{
	const struct convention_text *text = f->read(f, e);
	const char *at = strstr(text->sql, "atlas:");

	if (at != NULL && text->len > 2 && text->sql[0] == '-' && strstr(at, "\r\n\r\n") != NULL)
		found_note(f->arena, ret,
		    "%s: Atlas looks for an empty line behind the directives and finds CR LF: it passes over "
		    "them",
		    e->shown);
}

/* Whether only ups of golang-migrate are read: sql/sqltool/tool.go, GolangMigrateDir. */
static bool
only_ups(const struct convention_folder *f, struct convention_found *ret)
{
	const char *format = convention_option_find(f, "format");
	const struct convention *other = other_format(f);

	if (format == NULL || *format == '\0')
		format = other == NULL ? "atlas" : other->name;
	if (strcmp(format, FORMAT) != 0 && strcmp(format, "atlas") != 0)
		found_problem(f->arena, ret,
		    "the files are of %s: Atlas reads them with ?format=%s, Gatehouse does not; when %s "
		    "itself "
		    "applies them, write convention = \"%s\"",
		    format, format, format, format);
	return strcmp(format, FORMAT) == 0;
}

static void
atlas_read(struct convention_folder *f, struct convention_found *ret)
{
	bool ups = only_ups(f, ret);
	/* NOLINTNEXTLINE(bugprone-sizeof-expression): pointers */
	struct convention_file **files = gh_alloc_n(f->arena, f->n + 1, sizeof(*files));
	const char *mode = convention_option_find(f, "tx-mode");
	struct atlas_sums sums;
	size_t i, n = 0;

	for (i = 0; i < f->n; i++) {
		struct convention_file *e = &f->files[i];

		if (!name_flat(e))
			found_as(
			    e, CONVENTION_IGNORED, "in a folder: Atlas reads those of this folder alone", "");
		else if (!e->folder && e->odd[0] == '\0' && !name_ends(e->path, ".sql"))
			found_as(e, CONVENTION_IGNORED, "not an .sql file", "");
		else if (!e->folder && e->odd[0] == '\0' && ups && !name_ends(e->path, ".up.sql"))
			found_as(e, CONVENTION_IGNORED,
			    "not an .up.sql file: of golang-migrate's files Atlas only reads those", "");
		else if (!e->folder && e->odd[0] == '\0' && f->read(f, e) != NULL)
			files[n++] = e;
	}
	atlas_sums_of(f, files, n, &sums);
	for (i = 0; i < n; i++) {
		migration(f, files[i], &sums, ups, found_add(f, ret));
		crlf_note(f, files[i], ret);
	}
	if (mode != NULL && strcmp(mode, "file") != 0 && strcmp(mode, "none") != 0)
		found_problem(f->arena, ret, "tx-mode %s is not done here: file or none", mode);
	sum_file_check(f, &sums, ret);
}

static size_t
atlas_locks(const struct convention_lock_of *of, int64_t ret[CONVENTION_LOCKS])
{
	static const char name[] = "atlas_migrate_execute";
	uint32_t sum = UINT32_C(2166136261);
	const char *p;

	(void)of;
	/* FNV-1, as Go's fnv.New32. */
	for (p = name; *p != '\0'; p++)
		sum = (sum * UINT32_C(16777619)) ^ (unsigned char)*p;
	ret[0] = sum;
	return 1;
}

static void
atlas_create(const struct convention_found *found, struct gh_arena *a, struct convention_create *c)
{
	(void)found;
	c->refused = gh_printf(
	    a, "a new file needs its line in atlas.sum, which Atlas writes: atlas migrate new %s", c->slug);
}

static const char *const create[] = {
	"CREATE SCHEMA IF NOT EXISTS {schema}",
	"CREATE TABLE {schema}.{table} (version character varying NOT NULL, description character varying "
	"NOT NULL,"
	" type bigint NOT NULL DEFAULT 2, applied bigint NOT NULL DEFAULT 0, total bigint NOT NULL DEFAULT 0,"
	" executed_at timestamptz NOT NULL, execution_time bigint NOT NULL, error text, error_stmt text,"
	" hash character varying NOT NULL, partial_hashes jsonb, operator_version character varying NOT NULL,"
	" PRIMARY KEY (version))",
	NULL,
};

#define COLUMNS                                                                                              \
	"(version, description, type, applied, total, executed_at, execution_time, error, error_stmt, hash," \
	" partial_hashes, operator_version)"
/* A row is there already when Atlas has failed at the first statement of the file. */
#define OR_AGAIN                                                                                             \
	" ON CONFLICT (version) DO UPDATE SET type = excluded.type, applied = excluded.applied,"             \
	" total = excluded.total, executed_at = excluded.executed_at,"                                       \
	" execution_time = excluded.execution_time, error = excluded.error,"                                 \
	" error_stmt = excluded.error_stmt, hash = excluded.hash,"                                           \
	" partial_hashes = excluded.partial_hashes, operator_version = excluded.operator_version"

static const char *const up_row[] = {
	"INSERT INTO {schema}.{table} " COLUMNS
	" VALUES (:key, :description, 2, :total::bigint, :total::bigint,"
	" clock_timestamp(), :elapsed_ns::bigint, '', '', :checksum, :partial_hashes::jsonb, "
	"'Gatehouse')" OR_AGAIN,
	NULL,
};
static const char *const up_failed[] = {
	"INSERT INTO {schema}.{table} " COLUMNS
	" VALUES (:key, :description, 2, :done::bigint, :total::bigint,"
	" clock_timestamp(), :elapsed_ns::bigint, :error, '', :checksum,"
	" (SELECT coalesce(jsonb_agg(h.sum ORDER BY h.n), '[]')"
	" FROM jsonb_array_elements(:partial_hashes::jsonb) WITH ORDINALITY AS h (sum, n) WHERE h.n <= "
	":done::bigint),"
	" 'Gatehouse')" OR_AGAIN,
	NULL,
};

#define STRING(name)                                                                                         \
	{                                                                                                    \
		name, "character varying|character varying(255)", "t"                                        \
	}

static const struct convention_tracking tracking[] = { {
    .schema = "atlas_schema_revisions",
    .table = "atlas_schema_revisions",
    .tables = { { NULL,
	{ STRING("version"), STRING("description"), { "type", "bigint", "t" }, { "applied", "bigint", "t" },
	    { "total", "bigint", "t" }, { "executed_at", "timestamp with time zone", "t" },
	    { "execution_time", "bigint", "t" }, { "error", "text", "f" }, { "error_stmt", "text", "f" },
	    STRING("hash"), { "partial_hashes", "jsonb", "f" }, STRING("operator_version") },
	12 } },
    .n_tables = 1,
    .create = create,
    /* Versions that begin with a dot are notes of Atlas's own. */
    .select = "SELECT version, (extract(epoch FROM executed_at) * 1000000)::bigint,"
	      " CASE WHEN applied < total OR coalesce(error, '') <> '' THEN 'failed'"
	      " WHEN type & 1 = 1 AND type & 2 = 0 THEN 'baseline' ELSE 'applied' END,"
	      " hash, operator_version,"
	      " CASE WHEN applied < total OR coalesce(error, '') <> ''"
	      " THEN applied || ' of ' || total || ' statements worked' ||"
	      " CASE WHEN coalesce(error, '') = '' THEN '' ELSE ': ' || error END ELSE '' END"
	      " FROM {schema}.{table} WHERE version NOT LIKE '.%' ORDER BY version COLLATE \"C\"",
    .up = { .row = up_row, .failed = up_failed },
} };

const struct convention convention_atlas = {
	.name = "atlas",
	.title = "Atlas",
	.description = "VERSION_name.sql with the sum file atlas.sum; rows in atlas_schema_revisions; the "
		       "way back is computed by Atlas and not stored",
	.rule = "Atlas runs files in the order of their names: one that is older than the last applied one "
		"stops everything (exec-order linear), an edited one is not noticed once it was applied, and "
		"atlas.sum has to fit the folder before anything runs",
	.fit = atlas_fit,
	.read = atlas_read,
	.tracking = tracking,
	.n_tracking = 1,
	.opt_out = "write \"-- atlas:txmode none\" on the first line and an empty line behind it",
	.older = CONVENTION_OLDER_BLOCKS,
	.status = atlas_status,
	.locks = atlas_locks,
	.create = atlas_create,
	.command_status = "atlas migrate status",
	.command_failed = "correct the file, then atlas migrate apply",
	.options = FOUND_OPTIONS({ "format",
				     "atlas or golang-migrate, as ?format= of its URL; found out by the "
				     "files when it is left out" },
	    { "tx-mode", "file or none (--tx-mode); all is not done here" }),
};
