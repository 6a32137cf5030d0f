#include "base/ban.h"
#include "migration/convention.h"
#include "base/sum.h"
#include "migration/create.h"
#include "migration/found.h"
#include "migration/name.h"
#include "migration/pair.h"
#include "migration/version.h"

/*
 * postgrator: 001.do.name.sql and 001.undo.name.sql; the table holds the MD5 of each file that was applied
 * (postgrator: postgrator.js, lib/Client.js, lib/utils.js).
 */

static bool
decided(struct convention_file *e, enum convention_as as, const char *reason)
{
	found_as(e, as, reason, "");
	return false;
}

/* "001.do.name.x" is version, action and name; what follows another dot is dropped. */
static bool
classify(struct convention_folder *f, struct convention_file *e, struct pair_name *ret)
{
	const char *stem = name_start_flat(e, f->arena), *action, *name, *end;
	uint64_t number;

	if (stem == NULL)
		return false;
	ret->version = version_digits(stem, f->arena);
	action = stem + strlen(ret->version);
	if (*ret->version == '\0' || *action != '.')
		return decided(
		    e, CONVENTION_IGNORED, "not of the form NUMBER.do.name.sql or NUMBER.undo.name.sql");
	name = strchr(++action, '.');
	end = name == NULL ? action + strlen(action) : name;
	ret->down = end - action == 4 && strncmp(action, "undo", 4) == 0;
	if (!ret->down && (end - action != 2 || strncmp(action, "do", 2) != 0))
		return decided(e, CONVENTION_REFUSED,
		    "neither .do. nor .undo. behind the number: postgrator never runs it");
	/* A JavaScript number: beyond this two versions may become one. */
	if (!version_number(ret->version, UINT64_C(9007199254740991), &number) || number == 0)
		return decided(e, CONVENTION_REFUSED,
		    "the number must be from 1 to 9007199254740991: postgrator counts 0 as applied");
	ret->key = version_trimmed(ret->version);
	ret->name = name == NULL ? "" : gh_strndup(f->arena, name + 1, strcspn(name + 1, "."));
	return true;
}

/* Lines as the tool's `newline` setting wants them: LF, CR or CRLF. */
static const char *
with_newlines(struct gh_arena *a, const char *sql, size_t len, const char *newline, size_t *ret_len)
{
	const char *eol = strcmp(newline, "LF") == 0 ? "\n" : strcmp(newline, "CR") == 0 ? "\r" : "\r\n";
	char *ret = gh_alloc(a, len * 2 + 1), *out = ret;
	size_t i;

	for (i = 0; i < len; i++) {
		if (sql[i] != '\r' && sql[i] != '\n') {
			*out++ = sql[i];
			continue;
		}
		out = mempcpy(out, eol, strlen(eol));
		i += sql[i] == '\r' && i + 1 < len && sql[i + 1] == '\n';
	}
	*ret_len = (size_t)(out - ret);
	return ret;
}

static const char *
checksum(struct convention_folder *f, const struct convention_text *t)
{
	const char *newline = convention_option_find(f, "newline"), *bytes = t->raw;
	char hex[GH_SUM_HEX_MAX];
	size_t len = t->raw_len;

	if (newline != NULL &&
	    (strcmp(newline, "LF") == 0 || strcmp(newline, "CR") == 0 || strcmp(newline, "CRLF") == 0))
		bytes = with_newlines(f->arena, t->raw, t->raw_len, newline, &len);
	gh_sum_hex(GH_SUM_MD5, bytes, len, hex);
	return gh_strdup(f->arena, hex);
}

static bool
is_program(const struct convention_file *e)
{
	static const char *const ends[] = { ".js", ".mjs", ".cjs" };
	size_t i;

	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		if (name_flat(e) && !e->folder && e->odd[0] == '\0' && *e->path >= '0' && *e->path <= '9' &&
		    name_ends(e->path, ends[i]))
			return true;
	}
	return false;
}

/* Steps in JavaScript take their place in the order, so that nothing behind them runs too early. */
static void
programs(struct convention_folder *f, struct convention_found *found)
{
	size_t i;

	for (i = 0; i < f->n; i++) {
		struct convention_file *e = &f->files[i];
		const char *digits = version_digits(e->path, f->arena);
		struct convention_migration *m;

		if (!is_program(e))
			continue;
		found_as(e, CONVENTION_CODE, "a step in JavaScript: only postgrator can run it",
		    version_trimmed(digits));
		if (strncmp(e->path + strlen(digits), ".do.", 4) != 0)
			continue;
		m = found_add(f, found);
		m->key = e->key;
		m->version = digits;
		m->file = e->shown;
		m->code = true;
	}
}

static int
by_number(const void *a, const void *b)
{
	const struct convention_migration *x = a, *y = b;
	int order = version_compare(x->key, y->key);

	return order != 0 ? order : strcmp(x->file, y->file);
}

static void
finish(struct convention_folder *f, const struct pair_list *list, struct convention_found *found)
{
	size_t i, at = 0;

	for (i = 0; i < list->n; i++) {
		const struct pair_name *name = &list->names[i];
		const struct convention_text *text = name->down ? NULL : f->read(f, name->e);

		while (strcmp(found->migrations[at].key, name->key) != 0)
			at++;
		if (text != NULL)
			found->migrations[at].checksum = checksum(f, text);
	}
	for (i = 0; i < found->n; i++) {
		struct convention_migration *m = &found->migrations[i];

		m->up.row_outside = m->down.row_outside = true;
		m->up.may_be_empty = m->down.may_be_empty = true;
		if (m->problem != NULL)
			found_problem(f->arena, found, "postgrator refuses this folder: %s", m->problem);
	}
}

static void
read_folder(struct convention_folder *f, struct convention_found *ret)
{
	struct pair_list list;

	pair_collect(f, classify, &list);
	pair_migrations(f, &list, CONVENTION_IMPLICIT, ret);
	finish(f, &list, ret);
	programs(f, ret);
	if (ret->n > 1)
		qsort(ret->migrations, ret->n, sizeof(*ret->migrations), by_number);
	version_gaps(f->arena, ret);
}

static void
fit(const struct convention_folder *f, struct convention_fit *ret)
{
	struct convention_folder scratch = *f;
	size_t i, ups = 0, downs = 0;

	for (i = 0; i < f->n; i++) {
		struct convention_file e = f->files[i];
		struct pair_name name = { .version = "" };

		if (e.odd[0] != '\0' || !classify(&scratch, &e, &name))
			continue;
		ups += !name.down;
		downs += name.down;
	}
	if (ups + downs == 0)
		return;
	ret->strength = 3;
	ret->why =
	    gh_printf(f->arena, "%zu files NUMBER.do.name.sql and %zu NUMBER.undo.name.sql", ups, downs);
}

/* Without a recorded sum postgrator does not compare; other line ends are another text to it. */
static enum convention_same
same(const struct convention_migration *m, const char *recorded)
{
	if (recorded[0] == '\0' || m->checksum[0] == '\0')
		return CONVENTION_SAME;
	return strcmp(m->checksum, recorded) == 0 ? CONVENTION_SAME : CONVENTION_CHANGED;
}

static void
create(const struct convention_found *found, struct gh_arena *a, struct convention_create *c)
{
	const char *number =
	    version_dated(found) ? version_stamp(found, c->now, a) : version_next(found, 3, a);
	const char *key = gh_printf(a, "%s.%s", number, c->slug);

	create_put(
	    c, gh_printf(a, "%s.do.%s.sql", number, c->slug), gh_printf(a, "%s\n", create_header(c, key, a)));
	create_put(c, gh_printf(a, "%s.undo.%s.sql", number, c->slug),
	    gh_printf(a, "%s\n", create_header(c, gh_printf(a, "%s (undo)", key), a)));
}

const struct convention convention_postgrator = {
	.name = "postgrator",
	.title = "postgrator",
	.description =
	    "NUMBER.do.name.sql and NUMBER.undo.name.sql; public.schemaversion holds a row with the MD5 for "
	    "each",
	.rule = "postgrator goes up from the greatest number in its table: a file that is older and was "
		"never applied "
		"is never applied and never mentioned; one that was changed since it was applied stops it; "
		"an applied "
		"one without its file is not noticed.",
	.fit = fit,
	.read = read_folder,
	.tracking =
	    &(const struct convention_tracking){
		.schema = "public",
		.table = "schemaversion",
		.tables = { {
		    .columns = { { "version", "bigint", "t" }, { "name", "text", "f" },
			{ "md5", "text", "f" }, { "run_at", "timestamp with time zone", "f" } },
		    .n_columns = 4,
		} },
		.n_tables = 1,
		.create =
		    FOUND_SQL(found_schema, "CREATE TABLE {schema}.{table} (version BIGINT PRIMARY KEY)",
			"INSERT INTO {schema}.{table} (version) VALUES (0)",
			"ALTER TABLE {schema}.{table} ADD COLUMN name TEXT",
			"ALTER TABLE {schema}.{table} ADD COLUMN md5 TEXT",
			"ALTER TABLE {schema}.{table} ADD COLUMN run_at TIMESTAMP WITH TIME ZONE"),
		/* Its program steps have the word "undefined" for a sum. */
		.select = "SELECT version::text, " FOUND_MICROSECONDS(
		    "run_at") ", 'applied', "
			      "CASE WHEN md5 = 'undefined' THEN '' ELSE md5 END, '', name "
			      "FROM {schema}.{table} WHERE version <> 0 ORDER BY version",
		.up.row = FOUND_SQL("INSERT INTO {schema}.{table} (version, name, md5, run_at) "
				    "VALUES (CAST(:key AS bigint), :name, :checksum, now())"),
		.down.row = FOUND_SQL("DELETE FROM {schema}.{table} WHERE version = CAST(:key AS bigint)"),
	    },
	.n_tracking = 1,
	.opt_out = "put the statement alone into its file",
	.older = CONVENTION_OLDER_SKIPPED,
	.changed_blocks = true,
	.same = same,
	.create = create,
	.command_status = "SELECT * FROM schemaversion ORDER BY version",
	.options = FOUND_OPTIONS(
	    { "newline", "LF, CR or CRLF: the checksum is that of the text with these line ends" }),
};
