#include "base/ban.h"
#include "migration/convention.h"
#include "migration/create.h"
#include "migration/flyway_name.h"
#include "migration/flyway_status.h"
#include "migration/flyway_text.h"
#include "migration/found.h"
#include "migration/name.h"
#include "migration/version.h"

/*
 * V1.2__add_photos.sql, U1.2__add_photos.sql for the way back, R__views.sql that runs whenever it changes, in
 * the folder and all beneath it (flyway: ResourceNameParser.java, ChecksumCalculator.java, DbMigrate.java).
 */

/* ---- one file ---- */

/* FILE.sql.conf: two settings for one file. */
static void
conf_read(struct convention_folder *f, const struct convention_file *e, bool *ret_replace,
    enum flyway_transaction *ret)
{
	struct convention_file *conf = convention_path(f, gh_printf(f->arena, "%s.conf", e->path));
	const struct convention_text *text = conf == NULL ? NULL : f->read(f, conf);
	const char *p, *value;

	if (conf == NULL)
		return;
	found_as(conf, CONVENTION_INDEX, "", e->key);
	for (p = text == NULL ? NULL : text->sql; p != NULL; p = strchr(p, '\n')) {
		p += strspn(p, "\r\n \t");
		value = p + strcspn(p, "=\n");
		if (*value != '=')
			continue;
		value++;
		value += strspn(value, " \t");
		if (strncmp(p, "placeholderReplacement", 22) == 0)
			*ret_replace = strncasecmp(value, "true", 4) == 0;
		else if (strncmp(p, "executeInTransaction", 20) == 0)
			*ret =
			    strncasecmp(value, "true", 4) == 0 ? FLYWAY_TRANSACTION : FLYWAY_NO_TRANSACTION;
	}
}

/* The side as it is sent, and the checksums of the text before and after its placeholders are replaced. */
static bool
side_read(struct convention_folder *f, struct convention_file *e, struct convention_side *ret,
    const char **ret_raw, const char **ret_sent)
{
	enum flyway_transaction transaction = FLYWAY_BY_STATEMENTS;
	bool replace = !flyway_option_is(f, "placeholderReplacement", "false");
	const struct convention_text *text;

	if (!found_side(f, e, CONVENTION_WRAPPED, ret))
		return false;
	text = f->read(f, e);
	ret->problem = text->problem; /* Flyway takes a byte order mark off */
	conf_read(f, e, &replace, &transaction);
	*ret_raw = flyway_checksum(f->arena, text->sql, text->len);
	if (replace)
		flyway_replace(f, e, ret);
	*ret_sent = flyway_checksum(f->arena, ret->sql, ret->len);
	flyway_mode(f, transaction, ret);
	return true;
}

static const char *
cut(struct gh_arena *a, const char *s, size_t max)
{
	return strlen(s) <= max ? s : gh_printf(a, "%.*s...", (int)max - 3, s);
}

static void
up_add(struct convention_folder *f, struct convention_file *e, const struct flyway_name *n,
    struct convention_found *ret)
{
	const char *raw = "", *sent = "";
	struct convention_side up = { .present = false };
	struct convention_migration *m;

	e->key = n->kind == 'R' ? gh_printf(f->arena, "R__%s", n->description)
	    : n->kind == 'B'    ? gh_printf(f->arena, "B%s", n->canon)
				: n->canon;
	found_as(e,
	    n->code              ? CONVENTION_CODE
		: n->kind == 'R' ? CONVENTION_REPEATABLE
				 : CONVENTION_UP,
	    n->code ? "a step in Java or Kotlin: Flyway runs it, Gatehouse cannot" : "", e->key);
	if (!n->code && !side_read(f, e, &up, &raw, &sent))
		return;
	m = found_add(f, ret);
	m->key = e->key;
	m->version = n->version;
	m->name = n->description;
	m->file = e->shown;
	m->repeatable = n->kind == 'R';
	m->code = n->code;
	m->up = up;
	m->checksum = m->repeatable ? sent : raw;
	found_fact(f->arena, m, "description", cut(f->arena, n->description, 200));
	found_fact(f->arena, m, "script", e->path);
	found_fact(f->arena, m, "raw_checksum", raw);
	if (strlen(n->version) > 50)
		m->problem = gh_printf(f->arena, "%s: the version is longer than 50 characters", m->file);
}

/* ---- the folder ---- */

/* By version, a baseline behind the version that it stands for; then the repeatable ones by description. */
static int
by_version(const void *a, const void *b)
{
	const struct convention_migration *x = a, *y = b;
	int order = (int)x->repeatable - (int)y->repeatable;

	if (order == 0 && !x->repeatable)
		order = flyway_version_compare(x->key + (*x->key == 'B'), y->key + (*y->key == 'B'));
	if (order == 0)
		order = (*x->key == 'B') - (*y->key == 'B');
	if (order == 0)
		order = strcmp(x->name, y->name);
	return order != 0 ? order : strcmp(x->file, y->file);
}

static int
version_of(const void *key, const void *b)
{
	const struct convention_migration *m = b;

	if (m->repeatable)
		return -1;
	if (*m->key == 'B') {
		int order = flyway_version_compare(key, m->key + 1);

		return order == 0 ? -1 : order;
	}
	return flyway_version_compare(key, m->key);
}

static void
down_add(struct convention_folder *f, struct convention_file *e, const struct flyway_name *n,
    const struct convention_found *ret)
{
	struct convention_migration *m = ret->n == 0
	    ? NULL
	    : bsearch(n->canon, ret->migrations, ret->n, sizeof(*ret->migrations), version_of);
	const char *raw, *sent;

	if (m == NULL || m->down.present) {
		found_as(e, CONVENTION_REFUSED,
		    m == NULL ? gh_printf(f->arena, "a way back without its V%s__ file", n->version)
			      : gh_printf(f->arena, "a second way back of version %s", n->version),
		    "");
		return;
	}
	found_as(e, CONVENTION_DOWN, "", m->key);
	if (!side_read(f, e, &m->down, &raw, &sent))
		return;
	found_fact(f->arena, m, "undo_description", cut(f->arena, n->description, 200));
	found_fact(f->arena, m, "undo_script", e->path);
	found_fact(f->arena, m, "undo_checksum", raw);
}

/* True when the name is one of Flyway's; others are marked where there is something to say. */
static bool
classify(struct convention_folder *f, struct convention_file *e, struct flyway_name *ret)
{
	const char *base = name_base(e->path);

	flyway_name_read(base, f->arena, ret);
	if (e->folder) {
		if (e->odd[0] == '\0')
			found_as(e, CONVENTION_IGNORED, "a folder: Flyway reads what lies in it, too", "");
		return false;
	}
	if (!ret->code && !name_ends(base, ".sql.conf") && name_start(e, f->arena) == NULL)
		return false;
	if (ret->kind == 'c')
		found_as(e, CONVENTION_IGNORED,
		    "a callback: Flyway runs it around its own migrations, Gatehouse does not", "");
	else if (ret->refused != NULL)
		found_as(e, CONVENTION_REFUSED, ret->refused, "");
	return ret->kind != 0 && ret->kind != 'c' && ret->refused == NULL;
}

static void
doubles(struct convention_folder *f, struct convention_found *ret)
{
	size_t i;

	for (i = 1; i < ret->n; i++) {
		const struct convention_migration *m = &ret->migrations[i];

		if (strcmp(m->key, m[-1].key) == 0)
			found_problem(f->arena, ret,
			    "%s and %s are one %s to Flyway, which then runs nothing: give one of them "
			    "another",
			    m[-1].file, m->file, m->repeatable ? "description" : "version");
	}
}

static void
read_folder(struct convention_folder *f, struct convention_found *ret)
{
	struct flyway_name *names = gh_alloc_n(f->arena, f->n + 1, sizeof(*names));
	bool undo;
	size_t i;

	for (i = 0; i < f->n; i++) {
		struct convention_file *e = &f->files[i];

		if (!classify(f, e, &names[i])) {
			if (names[i].kind == 'c')
				found_note(f->arena, ret, "%s: %s", e->shown, e->reason);
			names[i].kind = 0;
		} else if (e->odd[0] != '\0') {
			found_as(e, CONVENTION_UP, "", "");
			names[i].kind = 0;
		} else if (names[i].kind != 'U') {
			up_add(f, e, &names[i], ret);
		}
	}
	if (ret->n > 1)
		qsort(ret->migrations, ret->n, sizeof(*ret->migrations), by_version);
	for (i = 0; i < f->n; i++) {
		undo = names[i].kind == 'U' && !names[i].code;
		if (undo)
			down_add(f, &f->files[i], &names[i], ret);
	}
	doubles(f, ret);
	ret->older = flyway_older(f);
}

static void
fit(const struct convention_folder *f, struct convention_fit *ret)
{
	size_t i, v = 0, r = 0, u = 0;

	for (i = 0; i < f->n; i++) {
		struct flyway_name n;

		flyway_name_read(name_base(f->files[i].path), f->arena, &n);
		if (f->files[i].folder || f->files[i].odd[0] != '\0' || n.refused != NULL || n.code ||
		    strstr(f->files[i].path, "__") == NULL)
			continue;
		v += n.kind == 'V' || n.kind == 'B';
		r += n.kind == 'R';
		u += n.kind == 'U';
	}
	if (v + r == 0)
		return;
	ret->strength = 3;
	ret->why = gh_printf(f->arena, "%zu files V...__, %zu R__, %zu U...__", v, r, u);
}

static enum convention_same
same(const struct convention_migration *m, const char *recorded)
{
	size_t i;

	if (strcmp(m->checksum, recorded) == 0)
		return CONVENTION_SAME;
	for (i = 0; m->repeatable && i < m->n_facts; i++) {
		if (strcmp(m->facts[i].name, "raw_checksum") == 0 && strcmp(m->facts[i].value, recorded) == 0)
			return CONVENTION_SAME;
	}
	return CONVENTION_CHANGED;
}

/* flyway: PostgreSQLAdvisoryLockTemplate.java: a fixed number and Java's hashCode of the quoted name. */
static size_t
locks(const struct convention_lock_of *of, int64_t ret[CONVENTION_LOCKS])
{
	const char *const parts[] = { "\"", of->schema, "\".\"", of->table, "\"" };
	uint32_t hash = 0;
	const char *p;
	size_t i;

	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		for (p = parts[i]; *p != '\0'; p++)
			hash = hash * 31 + (unsigned char)*p;
	}
	ret[0] = INT64_C(77431708279161) + (int32_t)hash;
	return 1;
}

static void
create(const struct convention_found *found, struct gh_arena *a, struct convention_create *c)
{
	const char *last = "", *version, *number;
	bool undo = false;
	size_t i;

	for (i = 0; i < found->n; i++) {
		last = found->migrations[i].repeatable ? last : found->migrations[i].version;
		undo = undo || found->migrations[i].down.present;
	}
	number = strrchr(last, '.') == NULL ? last : strrchr(last, '.') + 1;
	if (strlen(number) == 14)
		version = version_stamp(found, c->now, a);
	else
		version = gh_printf(a, "%.*s%0*llu", (int)(number - last), last, (int)strlen(number),
		    strtoull(number, NULL, 10) + 1);
	create_put(c, gh_printf(a, "V%s__%s.sql", version, c->slug),
	    create_header(c, gh_printf(a, "V%s__%s", version, c->slug), a));
	if (undo)
		create_put(c, gh_printf(a, "U%s__%s.sql", version, c->slug),
		    create_header(c, gh_printf(a, "U%s__%s", version, c->slug), a));
}

/* As flyway_canon makes it. */
#define CANON                                                                                                \
	"(SELECT regexp_replace(string_agg(coalesce(nullif(ltrim(p, '0'), ''), '0'), '.' ORDER BY n), "      \
	"'([.]0)+$', '') FROM unnest(string_to_array(version, '.')) WITH ORDINALITY u(p, n))"
#define ROW(version, description, type, script, checksum, success)                                           \
	"INSERT INTO {schema}.{table} (installed_rank, version, description, type, script, checksum, "       \
	"installed_by, execution_time, success) SELECT (SELECT coalesce(max(installed_rank), 0) + 1 FROM "   \
	"{schema}.{table}), " version ", " description ", " type ", " script ", CAST(" checksum              \
	" AS integer), current_user, CAST(:elapsed_ms AS integer), " success
#define UP(success)                                                                                          \
	ROW("nullif(:version, '')", ":description", "'SQL'", "right(:script, 1000)", ":checksum", success)
#define DOWN(success)                                                                                        \
	ROW("nullif(:version, '')", ":undo_description", "'UNDO_SQL'", "right(:undo_script, 1000)",          \
	    ":undo_checksum", success)

/* A failed row is removed as "flyway repair" does: what was never applied cannot be undone. */
#define FAILED_ROW "FROM {schema}.{table} WHERE version = :version AND NOT success"

const struct convention convention_flyway = {
	.name = "flyway",
	.title = "Flyway",
	.description = "V1.2__description.sql, U for the way back, R__ for what runs whenever it changes, in all "
		       "folders beneath; public.flyway_schema_history holds versions and checksums",
	.rule = "An older version that was never applied, a changed one and one without its file each block "
		"everything, unless outOfOrder, ignoreMigrationPatterns or validateOnMigrate say otherwise; a "
		"failed row (of a migration without a transaction) blocks until \"flyway repair\".",
	.fit = fit,
	.read = read_folder,
	.tracking = &(const struct convention_tracking){
		.schema = "public",
		.table = "flyway_schema_history",
		.tables = { {
			.columns = {
				{ "installed_rank", "integer", "t" },
				{ "version", "character varying(50)", "f" },
				{ "description", "character varying(200)", "t" },
				{ "type", "character varying(20)", "t" },
				{ "script", "character varying(1000)", "t" },
				{ "checksum", "integer", "f" },
				{ "installed_by", "character varying(100)", "t" },
				{ "installed_on", "timestamp without time zone", "t" },
				{ "execution_time", "integer", "t" },
				{ "success", "boolean", "t" },
			},
			.n_columns = 10,
		} },
		.n_tables = 1,
		/* flyway: PostgreSQLDatabase.java, getRawCreateScript; key and index are called after the table. */
		.create = FOUND_SQL("CREATE TABLE {schema}.{table} ("
				    "\"installed_rank\" INT NOT NULL, "
				    "\"version\" VARCHAR(50), \"description\" VARCHAR(200) NOT NULL, "
				    "\"type\" VARCHAR(20) NOT NULL, "
				    "\"script\" VARCHAR(1000) NOT NULL, "
				    "\"checksum\" INTEGER, "
				    "\"installed_by\" VARCHAR(100) NOT NULL, "
				    "\"installed_on\" TIMESTAMP NOT NULL DEFAULT now(), "
				    "\"execution_time\" INTEGER NOT NULL, "
				    "\"success\" BOOLEAN NOT NULL)",
		    "ALTER TABLE {schema}.{table} ADD CONSTRAINT \"flyway_schema_history_pk\" PRIMARY KEY "
		    "(\"installed_rank\")",
		    "CREATE INDEX \"flyway_schema_history_s_idx\" ON {schema}.{table} (\"success\")"),
		.select = "SELECT CASE WHEN version IS NULL THEN 'R__' || description "
			  "WHEN type = 'SQL_BASELINE' THEN 'B' || " CANON " ELSE " CANON " END, "
			  FOUND_MICROSECONDS("installed_on") ", "
			  "CASE WHEN NOT success THEN 'failed' "
			  "WHEN type LIKE 'UNDO%' OR type = 'DELETE' THEN 'gone' "
			  "WHEN type LIKE '%BASELINE' THEN 'baseline' ELSE 'applied' END, "
			  "coalesce(checksum::text, ''), installed_by::text, type || ' ' || script "
			  "FROM {schema}.{table} WHERE type <> 'SCHEMA' ORDER BY installed_rank",
		.up.row = FOUND_SQL(UP("true")),
		.up.failed = FOUND_SQL(UP("false")),
		.down.row = FOUND_SQL(DOWN("true") " WHERE NOT EXISTS (SELECT 1 " FAILED_ROW ")", "DELETE " FAILED_ROW),
		.down.failed = FOUND_SQL(DOWN("false")),
	},
	.n_tracking = 1,
	.older = CONVENTION_OLDER_BLOCKS,
	.missing_blocks = true,
	.changed_blocks = true,
	.failed_blocks = true,
	.same = same,
	.status = flyway_status,
	.locks = locks,
	.create = create,
	.opt_out = "put the statement into a file of its own, or write executeInTransaction=false into FILE.sql.conf",
	.not_empty = "flyway baseline records from which version on the files are to run",
	.command_status = "flyway info",
	.command_failed = "flyway repair, after taking back by hand what the file has left behind",
	.options = flyway_options,
};
