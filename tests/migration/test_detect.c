#include "base/ban.h"
#include "migration/foreign.h"
#include "migration/status.h"
#include "tests/support/memory_folder.h"

#include <setjmp.h>
#include <cmocka.h>

#define WRITE " in the project's section of gatehouse.conf"

/* Detects by the folder alone: the name of what was chosen, "" none, and why. */
static void
detects(struct memory_folder *m, const char *name, const char *why)
{
	struct convention_detected d;

	m->folder.arena = &m->arena;
	convention_detect(&m->folder, &d);
	assert_string_equal(d.why, why);
	assert_string_equal(d.c == NULL ? "" : d.c->name, name);
}

static void
names_tools_whose_migrations_are_programs(void **state)
{
	static const struct {
		const char *file, *says;
	} cases[] = {
		{ "versions/1975ea83b712_x.py", "Alembic: 1 file in Python" },
		{ "0001_initial.py", "Django: 1 file in Python" },
		{ "20200101120000_create_users.rb", "Rails: 1 file in Ruby" },
		{ "1577880000000-Users.ts", "TypeORM: 1 file in TypeScript" },
		{ "20200101120000_users.js", "Knex: 1 file in JavaScript" },
		{ "20200101120000-users.js", "Sequelize: 1 file in JavaScript" },
		{ "20200101120000_users.exs", "Ecto: 1 file in Elixir" },
		{ "2020_01_01_120000_users.php", "Laravel: 1 file in PHP" },
		{ "20200101120000_Users.cs", "EF Core: 1 file in C#" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		MEMORY_FOLDER m = { 0 };
		struct convention_detected d;
		char wanted[256];

		memory_put(&m, cases[i].file, "x");
		convention_detect(&m.folder, &d);
		assert_null(d.c);
		(void)snprintf(wanted, sizeof(wanted),
		    "%s, which Gatehouse does not run, because it runs SQL files only: ", cases[i].says);
		if (strncmp(d.why, wanted, strlen(wanted)) != 0)
			fail_msg("%s: %s", cases[i].file, d.why);
		assert_true(strlen(d.why) > strlen(wanted));
	}
}

/* Names that many tools read are no reason to run anything. */
static void
does_not_choose_by_names_that_tell_nothing(void **state)
{
	MEMORY_FOLDER one = { 0 };
	MEMORY_FOLDER many = { 0 };

	(void)state;
	memory_put(&one, "000001.sql", "SELECT 1;");
	detects(&one, "",
	    "nothing in the folder tells which tool it is for (1 .sql files that begin with digits, 0 of "
	    "them with "
	    "\"-- Up Migration\"): if that is node-pg-migrate, write convention = \"node-pg-migrate\" in the "
	    "project's "
	    "section of gatehouse.conf");
	memory_put(&many, "20250429164909_a.sql", "SELECT 1;");
	detects(&many, "",
	    "nothing in the folder tells which tool it is for (1 .sql files that begin with digits, 0 of "
	    "them with "
	    "\"-- Up Migration\"): write convention = \"NAME\" in the project's section of gatehouse.conf, "
	    "where NAME is "
	    "node-pg-migrate, numbered, sections, sqlx or supabase");
}

static void
names_a_plan_that_sqitch_would_not_find(void **state)
{
	MEMORY_FOLDER m = { 0 };

	(void)state;
	memory_put(&m, "jobs.plan", "%syntax-version=1.0.0\n%project=jobs\n");
	memory_put(&m, "deploy/a.sql", "SELECT 1;");
	detects(&m, "",
	    "jobs.plan is a plan as Sqitch's, but Sqitch looks for sqitch.plan: write sqitch.conf with "
	    "plan_file = "
	    "jobs.plan below [core]");
}

static void
counts_what_most_files_are(void **state)
{
	MEMORY_FOLDER m = { 0 };
	size_t n;

	(void)state;
	memory_put(&m, "1_x.exs", "");
	memory_put(&m, "20200101120000_a.rb", "");
	memory_put(&m, "20200101120001_b.exs", "");
	memory_put(&m, "20200101120002_c.exs", "");
	assert_string_equal(foreign_files(&m.folder, &n)->title, "Ecto");
	assert_int_equal(n, 2);
}

static void
says_when_nothing_fits(void **state)
{
	MEMORY_FOLDER empty = { 0 };
	MEMORY_FOLDER m = { 0 };

	(void)state;
	detects(&empty, "",
	    "the folder is empty: write convention = \"NAME\"" WRITE ", gatehouse.conf(5) lists the names");
	memory_put(&m, "notes.txt", "");
	detects(&m, "",
	    "no file is of a form that is known: write convention = \"NAME\"" WRITE
	    ", gatehouse.conf(5) lists the names");
}

static void
files_of_a_tools_own_beat_names(void **state)
{
	static const struct {
		const char *file, *text, *name;
	} cases[] = {
		{ "20200101000000_a.sql", "-- migrate:up\nSELECT 1;\n-- migrate:down\n", "dbmate" },
		{ "00001_a.sql", "-- +goose Up\nSELECT 1;", "goose" },
		{ "20200101000000_a.sql", "-- Up Migration\nSELECT 1;\n", "sections" },
		{ "1600000000000_a.sql", "-- Up Migration\nSELECT 1;\n", "node-pg-migrate" },
		{ "001_a.sql", "SELECT 1;", "numbered" },
		{ "migration_lock.toml", "provider = \"postgresql\"\n", "prisma" },
		{ "meta/_journal.json", "{\"entries\":[]}", "drizzle" },
		{ "2020-01-01-000000_a/up.sql", "SELECT 1;", "diesel" },
		{ "V1__a.sql", "SELECT 1;", "flyway" },
		{ "sqitch.plan", "%project=a\n", "sqitch" },
		{ "atlas.sum", "h1:x\n", "atlas" },
		{ "committed/000001.sql", "--! Previous: -\n--! Hash: sha1:x\n\nSELECT 1;",
		    "graphile-migrate" },
		{ "001_a.sql", "SELECT 1;\n---- create above / drop below ----\nSELECT 2;", "tern" },
		{ "001.do.a.sql", "SELECT 1;", "postgrator" },
		{ "1_a.sql", "-- +migrate Up\nSELECT 1;", "sql-migrate" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		MEMORY_FOLDER m = { 0 };
		struct convention_detected d;

		memory_put(&m, cases[i].file, cases[i].text);
		convention_detect(&m.folder, &d);
		if (d.c == NULL || strcmp(d.c->name, cases[i].name) != 0)
			fail_msg("%s: %s", cases[i].file, d.why);
	}
}

static void
equal_names_need_a_neighbour_or_the_configuration(void **state)
{
	static const char *const cargo[] = { "Cargo.toml" }, *const both[] = { "Cargo.toml", "go.mod" };
	MEMORY_FOLDER m = { 0 };
	struct convention_detected d;

	(void)state;
	memory_put(&m, "001_a.up.sql", "SELECT 1;");
	memory_put(&m, "001_a.down.sql", "SELECT 1;");
	convention_detect(&m.folder, &d);
	assert_null(d.c);
	assert_non_null(strstr(
	    d.why, " fit equally: write convention = \"golang-migrate\" or convention = \"sqlx\"" WRITE));
	m.folder.beside = cargo;
	m.folder.n_beside = 1;
	convention_detect(&m.folder, &d);
	assert_ptr_equal(d.c, &convention_sqlx);
	assert_non_null(strstr(d.why, ", and Cargo.toml beside the folder"));
	m.folder.beside = both + 1;
	convention_detect(&m.folder, &d);
	assert_ptr_equal(d.c, &convention_golang_migrate);
	m.folder.beside = both;
	m.folder.n_beside = 2;
	convention_detect(&m.folder, &d);
	assert_null(d.c);
}

static const struct convention first = { .name = "first", .title = "First" },
			       second = { .name = "second", .title = "Second" }, third = { .name = "third" };

/* Three candidates: tables are given as letters, "a" and "c" when the first and the third have theirs. */
static void
decides(const int strength[3], const char *tables, const char *name, const char *why)
{
	GH_ARENA a = { 0 };
	struct convention_candidate c[3] = {
		{ .c = &first, .fit = { strength[0], "2 pairs" }, .has = "a.t has (x bigint)", .other = "" },
		{ .c = &second, .fit = { strength[1], "3 files" }, .has = "b.t has (y text)", .other = "" },
		{ .c = &third, .fit = { strength[2], "4 marks" }, .has = "c.t has (z oid)", .other = "" },
	};
	struct convention_detected d = { .c = NULL, .why = "before", .n = 3, .candidates = c };
	size_t i;

	for (i = 0; i < 3; i++)
		c[i].table = strchr(tables, (int)('a' + (int)i)) != NULL;
	convention_decide(&d, &a);
	assert_string_equal(d.why, why);
	assert_string_equal(d.c == NULL ? "" : d.c->name, name);
}

/* Atlas keeps its sums over files of other tools, which mostly are those that apply them. */
static void
sums_of_atlas_over_other_files_are_said(void **state)
{
	struct convention_detected d;
	MEMORY_FOLDER m = { 0 };

	(void)state;
	memory_put(&m, "1_a.sql", "-- +goose Up\nSELECT 1;\n");
	memory_put(&m, "atlas.sum", "h1:\n");
	memory_read(&m, &convention_goose);
	convention_detect(&m.folder, &d);
	assert_ptr_equal(d.c, &convention_goose);
	assert_non_null(strstr(d.why,
	    "; atlas.sum is there as well: when it is Atlas that applies them, write convention = "
	    "\"atlas\""));
	memory_put(&m, "1_a.sql", "SELECT 1;\n");
	memory_read(&m, &convention_goose);
	convention_detect(&m.folder, &d);
	assert_ptr_equal(d.c, &convention_atlas);
	assert_null(strstr(d.why, "as well"));
}

static void
the_table_decides_between_folders_that_fit(void **state)
{
	static const int equal[] = { 2, 2, 2 }, falling[] = { 3, 2, 2 };

	(void)state;
	decides(equal, "", "", "before");
	decides(equal, "a", "first", "First: 2 pairs, and a.t has (x bigint)");
	decides(falling, "c", "third", "third: 4 marks, and c.t has (z oid)");
	decides(falling, "ab", "first", "First: 2 pairs, and a.t has (x bigint)");
	decides(falling, "bc", "",
	    "Second (3 files; b.t has (y text)) and third (4 marks; c.t has (z oid)) fit equally: write "
	    "convention = "
	    "\"second\" or convention = \"third\"" WRITE);
}

static void
whose(const char *name, const struct convention_column *c, size_t n, const char *whose)
{
	GH_ARENA a = { 0 };
	const char *it = convention_table_whose(name, c, n, &a);

	assert_string_equal(it == NULL ? "nobody" : it, whose);
}

static void
tells_tables_of_one_name_apart(void **state)
{
	static const struct convention_column ecto[] = { { "version", "bigint", "t" },
		{ "inserted_at", "timestamp(0) without time zone", "f" } };
	static const struct convention_column stem[] = { { "version", "character varying(255)", "t" },
		{ "applied_at", "timestamp without time zone", "f" } };
	static const struct convention_column other[] = { { "version", "text", "t" },
		{ "mood", "text", "t" } };
	static const struct convention_column laravel[] = { { "id", "integer", "t" },
		{ "migration", "character varying(255)", "t" }, { "batch", "integer", "t" } };
	static const struct convention_column typeorm[] = { { "id", "integer", "t" },
		{ "timestamp", "bigint", "t" }, { "name", "character varying", "t" } };
	static const struct convention_column alembic[] = { { "version_num", "character varying(32)", "t" } };
	GH_ARENA a = { 0 };

	(void)state;
	whose("schema_migrations", ecto, 2, "Ecto");
	whose("schema_migrations", stem, 2,
	    convention_numbered.title == NULL ? convention_numbered.name : convention_numbered.title);
	whose("schema_migrations", other, 2, "nobody");
	whose("migrations", laravel, 3, "Laravel");
	whose("migrations", typeorm, 3, "TypeORM");
	whose("migrations", typeorm, 2, "nobody");
	whose("alembic_version", alembic, 1, "Alembic");
	assert_string_equal(convention_table_text("public.schema_migrations", ecto, 2, &a),
	    "public.schema_migrations has (version bigint, inserted_at timestamp(0) without time zone)");
}

static void
all_foreign_tables_are_looked_for(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; foreign_tables[i] != NULL; i++) {
		if (strcmp(foreign_tables[i], "migrations") != 0 &&
		    strcmp(foreign_tables[i], "schema_migrations") != 0)
			assert_non_null(foreign_table(foreign_tables[i], NULL, 0));
	}
	assert_null(foreign_table("pgmigrations", NULL, 0));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_tools_whose_migrations_are_programs),
		cmocka_unit_test(does_not_choose_by_names_that_tell_nothing),
		cmocka_unit_test(names_a_plan_that_sqitch_would_not_find),
		cmocka_unit_test(counts_what_most_files_are),
		cmocka_unit_test(says_when_nothing_fits),
		cmocka_unit_test(files_of_a_tools_own_beat_names),
		cmocka_unit_test(equal_names_need_a_neighbour_or_the_configuration),
		cmocka_unit_test(sums_of_atlas_over_other_files_are_said),
		cmocka_unit_test(the_table_decides_between_folders_that_fit),
		cmocka_unit_test(tells_tables_of_one_name_apart),
		cmocka_unit_test(all_foreign_tables_are_looked_for),
	};

	return cmocka_run_group_tests_name("migration/detect", tests, NULL, NULL);
}
