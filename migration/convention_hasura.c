#include "base/ban.h"
#include "migration/convention.h"
#include "migration/create.h"
#include "migration/directory.h"
#include "migration/found.h"
#include "migration/version.h"

/*
 * 1700000000000_add_photos/up.sql and down.sql: diesel's shape with numbers and without metadata.toml. Hasura
 * keeps what was applied in hdb_catalog, of which its server holds a copy in memory and which only its server
 * may write: Gatehouse reads it, shows what is where and checks the SQL, and leaves running to the tool.
 */

static int
by_number(const void *a, const void *b)
{
	const struct convention_migration *x = a, *y = b;
	int order = version_compare(x->key, y->key);

	return order != 0 ? order : strcmp(x->file, y->file);
}

/* Hasura takes a folder that has one of the two. */
static void
take(struct convention_folder *f, struct directory *d, struct convention_found *ret)
{
	size_t digits = strspn(d->name, "0123456789");
	struct convention_migration *m;

	if (d->hidden)
		return;
	if (digits == 0 || d->name[digits] != '_') {
		found_as(d->entry, CONVENTION_IGNORED,
		    "not VERSION_name: where each database has a folder of its own, point the project at "
		    "that one",
		    "");
		return;
	}
	if (d->up == NULL && d->down == NULL) {
		directory_refuse(f, d, "a folder without up.sql");
		return;
	}
	d->key = version_trimmed(gh_strndup(f->arena, d->name, digits));
	m = found_add(f, ret);
	directory_sides(f, d, m, "Hasura");
	m->up.mode = m->down.mode = CONVENTION_IMPLICIT;
	m->up.row_outside = m->down.row_outside = true;
	if (d->up == NULL)
		m->problem = gh_printf(f->arena, "%s: a way back without its up.sql", d->entry->shown);
}

static void
read_folder(struct convention_folder *f, struct convention_found *ret)
{
	struct directory *list;
	size_t i, n = directory_list(f, &list);

	for (i = 0; i < n; i++)
		take(f, &list[i], ret);
	if (ret->n > 1)
		qsort(ret->migrations, ret->n, sizeof(*ret->migrations), by_number);
	found_problem(f->arena, ret,
	    "Hasura keeps what was applied in hdb_catalog, which only its own server may write: Gatehouse "
	    "shows "
	    "these migrations and checks their SQL; apply them with \"hasura migrate apply\"");
}

static void
fit(const struct convention_folder *f, struct convention_fit *ret)
{
	struct directory *list;
	size_t i, n = directory_list(f, &list), ups = 0, millis = 0;

	for (i = 0; i < n; i++) {
		size_t digits = strspn(list[i].name, "0123456789");

		if (list[i].up == NULL || digits == 0 || list[i].name[digits] != '_' ||
		    convention_path(f, gh_printf(f->arena, "%s/metadata.toml", list[i].name)) != NULL)
			continue;
		ups++;
		millis += digits == 13;
	}
	if (ups == 0)
		return;
	/* `hasura migrate create` uses milliseconds, diesel never does. */
	ret->strength = millis == ups ? 3 : 1;
	ret->why = gh_printf(
	    f->arena, "%zu folders VERSION_name with up.sql, %zu of them dated in milliseconds", ups, millis);
}

static void
create(const struct convention_found *found, struct gh_arena *a, struct convention_create *c)
{
	const char *folder = gh_printf(a, "%" PRId64 "_%s", c->now / 1000, c->slug);

	(void)found;
	create_put(c, gh_printf(a, "%s/up.sql", folder), create_header(c, folder, a));
	create_put(
	    c, gh_printf(a, "%s/down.sql", folder), create_header(c, gh_printf(a, "%s (down)", folder), a));
}

/* Of every database that the state lists: {"migrations": {"default": {"1700000000000": false}}}. */
#define STATE                                                                                                \
	"SELECT v.key, 0::bigint, CASE WHEN v.value = 'true' THEN 'dirty' ELSE 'applied' END, '', '', "      \
	"'database ' || d.key FROM {schema}.{table} h "                                                      \
	"CROSS JOIN LATERAL jsonb_each(CASE WHEN jsonb_typeof(h.cli_state -> 'migrations') = 'object' "      \
	"THEN h.cli_state -> 'migrations' ELSE '{}' END) d "                                                 \
	"CROSS JOIN LATERAL jsonb_each_text(CASE WHEN jsonb_typeof(d.value) = 'object' THEN d.value "        \
	"ELSE '{}' END) v ORDER BY length(v.key), v.key"

const struct convention convention_hasura = {
	.name = "hasura",
	.title = "Hasura",
	.description = "VERSION_name/up.sql and down.sql; hdb_catalog, which belongs to Hasura's server, holds "
		       "the versions: shown and checked, never run",
	.rule = "Gatehouse never applies these: \"hasura migrate apply\" does, older ones included, without "
		"checksums.",
	.fit = fit,
	.read = read_folder,
	.tracking = (const struct convention_tracking[]){
		{
			.schema = "hdb_catalog",
			.table = "hdb_version",
			.tables = { {
				.columns = {
					{ "hasura_uuid", "uuid", "t" },
					{ "version", "text", "t" },
					{ "upgraded_on", "timestamp with time zone", "t" },
					{ "cli_state", "jsonb", "t" },
					{ "console_state", "jsonb", "t" },
				},
				.n_columns = 5,
			} },
			.n_tables = 1,
			.select = STATE,
		},
		{
			.schema = "hdb_catalog",
			.table = "hdb_version",
			.tables = { {
				.columns = {
					{ "hasura_uuid", "uuid", "t" },
					{ "version", "text", "t" },
					{ "upgraded_on", "timestamp with time zone", "t" },
					{ "cli_state", "jsonb", "t" },
					{ "console_state", "jsonb", "t" },
					{ "ee_client_id", "text", "f" },
					{ "ee_client_secret", "text", "f" },
				},
				.n_columns = 7,
			} },
			.n_tables = 1,
			.select = STATE,
		},
		{
			.schema = "hdb_catalog",
			.table = "schema_migrations",
			.tables = { {
				.columns = {
					{ "version", "bigint", "t" },
					{ "dirty", "boolean", "t" },
				},
				.n_columns = 2,
			} },
			.n_tables = 1,
			.select = "SELECT version::text, 0::bigint, "
				  "CASE WHEN dirty THEN 'dirty' ELSE 'applied' END, '', '', '' "
				  "FROM {schema}.{table} ORDER BY version",
		},
	},
	.n_tracking = 3,
	.older = CONVENTION_OLDER_RUNS,
	.create = create,
	.command_status = "hasura migrate status",
};
