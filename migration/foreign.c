#include "base/ban.h"
#include "migration/foreign.h"
#include "migration/name.h"

#define OWN_SQL "write new ones as SQL files in a folder of their own"

static const struct foreign all[] = {
	{ .title = "Alembic",
	    .language = "Python",
	    .starts = { "xxxxxxxxxxxx_" },
	    .ends = { ".py" },
	    .table = "alembic_version",
	    .advice = "`alembic upgrade --sql` writes them as SQL, which can be a migration here" },
	{ .title = "Django",
	    .language = "Python",
	    .starts = { "dddd_" },
	    .ends = { ".py" },
	    .table = "django_migrations",
	    .advice = "`manage.py sqlmigrate APP NAME` writes one as SQL, which can be a migration here" },
	{ .title = "Rails",
	    .language = "Ruby",
	    .starts = { "dddddddddddddd_" },
	    .ends = { ".rb" },
	    .table = "ar_internal_metadata",
	    .advice = OWN_SQL },
	{ .title = "TypeORM",
	    .language = "TypeScript",
	    .starts = { "ddddddddddddd-" },
	    .ends = { ".ts", ".js" },
	    .table = "migrations",
	    .columns = { { "id", "integer", NULL }, { "timestamp", "bigint", NULL },
		{ "name", "character varying", NULL } },
	    .n_columns = 3,
	    .advice = OWN_SQL },
	{ .title = "Knex",
	    .language = "JavaScript",
	    .starts = { "dddddddddddddd_" },
	    .ends = { ".js", ".ts", ".cjs", ".mjs" },
	    .table = "knex_migrations",
	    .advice = OWN_SQL },
	{ .title = "Sequelize",
	    .language = "JavaScript",
	    .starts = { "dddddddddddddd-" },
	    .ends = { ".js", ".ts", ".cjs", ".mjs" },
	    .table = "SequelizeMeta",
	    .advice = OWN_SQL },
	{ .title = "Ecto",
	    .language = "Elixir",
	    .starts = { "dddddddddddddd_" },
	    .ends = { ".exs" },
	    .table = "schema_migrations",
	    .columns = { { "version", "bigint", NULL },
		{ "inserted_at", "timestamp(0) without time zone|timestamp without time zone", NULL } },
	    .n_columns = 2,
	    .advice = OWN_SQL },
	{ .title = "Laravel",
	    .language = "PHP",
	    .starts = { "dddd_dd_dd_dddddd_" },
	    .ends = { ".php" },
	    .table = "migrations",
	    .columns = { { "id", "integer|bigint", NULL },
		{ "migration", "character varying(255)|character varying", NULL },
		{ "batch", "integer", NULL } },
	    .n_columns = 3,
	    .advice = "`artisan migrate --pretend` shows them as SQL, which can be a migration here" },
	{ .title = "postgres-migrations",
	    .table = "migrations",
	    .columns = { { "id", "integer", NULL }, { "name", "character varying(100)", NULL },
		{ "hash", "character varying(40)", NULL },
		{ "executed_at", "timestamp without time zone", NULL } },
	    .n_columns = 4,
	    .advice = OWN_SQL },
	{ .title = "Graphile Worker",
	    .table = "migrations",
	    .columns = { { "id", "integer", NULL }, { "ts", "timestamp with time zone", NULL },
		{ "breaking", "boolean", NULL } },
	    .n_columns = 3,
	    .advice = OWN_SQL },
	{ .title = "EF Core",
	    .language = "C#",
	    .starts = { "dddddddddddddd_" },
	    .ends = { ".cs" },
	    .table = "__EFMigrationsHistory",
	    .advice = "`dotnet ef migrations script` writes them as SQL, which can be a migration here" },
};
#define N (sizeof(all) / sizeof(all[0]))

const char *const foreign_tables[] = { "alembic_version", "django_migrations", "ar_internal_metadata",
	"migrations", "knex_migrations", "SequelizeMeta", "schema_migrations", "__EFMigrationsHistory",
	NULL };

static bool
starts_as(const char *name, const char *start)
{
	for (; *start != '\0'; start++, name++) {
		unsigned char c = (unsigned char)*name;

		if (*start == 'd' ? !isdigit(c) : *start == 'x' ? !isxdigit(c) : *name != *start)
			return false;
	}
	return true;
}

static bool
is_of(const struct foreign *t, const char *name)
{
	size_t i;

	if (t->starts[0] == NULL || !starts_as(name, t->starts[0]))
		return false;
	for (i = 0; i < sizeof(t->ends) / sizeof(t->ends[0]) && t->ends[i] != NULL; i++) {
		if (name_ends(name, t->ends[i]))
			return true;
	}
	return false;
}

const struct foreign *
foreign_files(const struct convention_folder *f, size_t *ret_n)
{
	size_t count[N] = { 0 }, i, t, best = 0;

	for (i = 0; i < f->n; i++) {
		for (t = 0; t < N && !f->files[i].folder; t++)
			count[t] += is_of(&all[t], name_base(f->files[i].path));
	}
	for (t = 1; t < N; t++) {
		if (count[t] > count[best])
			best = t;
	}
	*ret_n = count[best];
	return count[best] == 0 ? NULL : &all[best];
}

const struct foreign *
foreign_table(const char *name, const struct convention_column *columns, size_t n)
{
	GH_ARENA a = { 0 };
	const char *why;
	size_t t;

	for (t = 0; t < N; t++) {
		struct convention_table shape = { .name = name, .n_columns = all[t].n_columns };

		if (strcmp(all[t].table, name) != 0)
			continue;
		memcpy(shape.columns, all[t].columns, sizeof(all[t].columns));
		if (all[t].n_columns == 0 || convention_table_known(&shape, name, columns, n, &a, &why))
			return &all[t];
	}
	return NULL;
}
