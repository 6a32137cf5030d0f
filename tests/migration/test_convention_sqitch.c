#include "base/ban.h"
#include "migration/convention.h"
#include "migration/sqitch_conf.h"
#include "migration/sqitch_plan.h"
#include "migration/status.h"
#include "tests/support/memory_folder.h"

#include <setjmp.h>
#include <cmocka.h>

static const struct convention *const c = &convention_sqitch;

#define HEAD "%syntax-version=1.0.0\n%project=flipr\n"
#define BY   " 2026-01-02T03:04:05Z The Planner <planner@example.org>"

/* What Sqitch 1.3.1 says of this plan. */
static const char plan[] =
    "%syntax-version=1.0.0\n%project=flipr\n%uri=https://Example.ORG:443\n\n# The beginning\n"
    "appschema 2026-01-02T03:04:05Z The Planner <planner@example.org> # Add schema\n"
    "users [appschema] 2026-01-02T03:05:05Z The Planner <planner@example.org> # Users: \"x\" \\\\ \xc3\xa9\n"
    "@v1.0 2026-01-02T03:06:05Z The Planner <planner@example.org> # Tag v1\n\n"
    "+ lists [users !appschema2] 2026-01-02T03:07:05Z The Planner  <planner@example.org> # two\\nlines\n"
    "appschema2 [other:base@v3] 2026-01-02T03:07:06Z The Planner <planner@example.org>\n"
    "@v1.1 2026-01-02T03:08:05Z The Planner <planner@example.org>\n"
    "users [users@v1.1 lists] 2026-01-02T03:09:05Z The Planner <planner@example.org> # again\n";
#define APPSCHEMA  "274f4d59ac006dbacc4c5fac9386e2549cf9d52c"
#define USERS      "406a17bf917687c89957bb9fdf78d9d90d47817a"
#define LISTS      "9df80b177ef1f4e4b9137b25150dc6caae7ef451"
#define APPSCHEMA2 "9111085893ba1aba41aff4db0181e1eba33c86fa"
#define USERS_NEW  "1fd49d89915a840c4a0b732ea366097d802632d0"
#define V1_0       "1c5a63dbf79d23cc00ef42d9edad204c87397474"
#define V1_1       "ea5fed832d9ebd075d6456da3b96b6dc073ddc2c"

static void
project(struct memory_folder *m)
{
	memory_put(m, "sqitch.plan", plan);
	memory_put(m, "sqitch.conf", "[core]\n\tengine = pg\n");
	memory_put(m, "deploy/appschema.sql", "BEGIN;\nCREATE SCHEMA app;\nCOMMIT;\n");
	memory_put(m, "revert/appschema.sql", "DROP SCHEMA app;\n");
	memory_put(m, "verify/appschema.sql", "BEGIN; SELECT 1; ROLLBACK;\n");
	memory_put(m, "deploy/users@v1.1.sql", "CREATE TABLE app.users (id int);\n");
	memory_put(m, "deploy/users.sql", "CREATE TABLE app.users (id bigint);\n");
	memory_put(m, "deploy/lists.sql", "CREATE TABLE app.lists (id int);\n");
	memory_put(m, "deploy/appschema2.sql", "CREATE SCHEMA app2;\n");
}

static void
knows_ids_as_the_tool_does(void **state)
{
	struct sqitch_plan p;
	GH_ARENA a = { 0 };

	(void)state;
	sqitch_plan_read(&a, "sqitch.plan", plan, strlen(plan), &p);
	assert_string_equal(p.problem, "");
	assert_int_equal(p.n, 5);
	assert_string_equal(p.changes[0].l.id, APPSCHEMA);
	assert_string_equal(p.changes[1].l.id, USERS);
	assert_string_equal(p.changes[2].l.id, LISTS);
	assert_string_equal(p.changes[3].l.id, APPSCHEMA2);
	assert_string_equal(p.changes[4].l.id, USERS_NEW);
	assert_int_equal(p.n_tags, 2);
	assert_string_equal(p.tags[0].l.id, V1_0);
	assert_string_equal(p.tags[1].l.id, V1_1);
	assert_string_equal(p.changes[2].l.note, "two\nlines");
	assert_string_equal(p.changes[2].l.planner_name, "The Planner ");
	assert_string_equal(p.changes[4].deps[0].target, USERS);
	assert_string_equal(p.changes[2].deps[0].target, USERS);
	assert_string_equal(p.changes[2].deps[1].target, APPSCHEMA2);
	assert_null(p.changes[3].deps[0].target);
	assert_string_equal(p.changes[3].deps[0].project, "other");
	assert_int_equal(p.changes[1].reworked, 4);
}

static void
reads_a_project(void **state)
{
	MEMORY_FOLDER m = { 0 };
	const struct convention_migration *one, *two, *last;
	const char *why;

	(void)state;
	project(&m);
	assert_int_equal(memory_fit(&m, c, &why), 4);
	assert_string_equal(why, "the plan sqitch.plan");
	memory_read(&m, c);
	assert_string_equal(m.found.problem, "");
	assert_string_equal(memory_keys(&m), APPSCHEMA " " USERS " " LISTS " " APPSCHEMA2 " " USERS_NEW);
	one = memory_get(&m, APPSCHEMA);
	assert_string_equal(one->version, "appschema");
	assert_string_equal(one->name, "Add schema");
	assert_string_equal(one->file, "deploy/appschema.sql");
	assert_int_equal(one->up.mode, CONVENTION_EACH);
	assert_true(one->up.row_outside);
	assert_true(one->down.present);
	assert_true(one->verify.present);
	/* sha1sum of the file */
	assert_string_equal(one->checksum, "8a4a72f2d2895382cdff5151b0a10ef4a614d2be");
	two = memory_get(&m, USERS);
	assert_string_equal(two->version, "users@v1.1");
	assert_string_equal(two->file, "deploy/users@v1.1.sql");
	assert_false(two->down.present);
	last = memory_get(&m, USERS_NEW);
	assert_string_equal(last->version, "users");
	assert_string_equal(last->file, "deploy/users.sql");
	assert_int_equal(memory_file(&m, "deploy/users.sql")->as, CONVENTION_UP);
	assert_int_equal(memory_file(&m, "revert/appschema.sql")->as, CONVENTION_DOWN);
	assert_int_equal(memory_file(&m, "verify/appschema.sql")->as, CONVENTION_VERIFY);
	assert_int_equal(memory_file(&m, "sqitch.plan")->as, CONVENTION_INDEX);
	assert_int_equal(memory_file(&m, "sqitch.conf")->as, CONVENTION_INDEX);
	assert_string_equal(memory_file(&m, "revert/appschema.sql")->key, APPSCHEMA);
}

static void
says_that_scripts_wait_for_a_plan(void **state)
{
	MEMORY_FOLDER m = { 0 };

	(void)state;
	memory_put(&m, "sqitch.plan", "%project=p\nusers" BY "\n");
	memory_put(&m, "deploy/users.sql", "SELECT 1;");
	memory_read(&m, c);
	assert_string_equal(convention_path(&m.folder, "deploy/users.sql")->reason,
	    "sqitch.plan, which says what it is, cannot be read");
}

static void
leaves_verify_scripts_out_when_configured(void **state)
{
	MEMORY_FOLDER m = { 0 };

	(void)state;
	project(&m);
	memory_option(&m, "verify", "false");
	memory_read(&m, c);
	assert_false(memory_get(&m, APPSCHEMA)->verify.present);
}

static void
gives_the_registry_its_facts(void **state)
{
	MEMORY_FOLDER m = { 0 };
	const struct convention_migration *lists, *other;

	(void)state;
	project(&m);
	memory_option(&m, "user.name", "Release");
	memory_read(&m, c);
	lists = memory_get(&m, LISTS);
	other = memory_get(&m, APPSCHEMA2);
	assert_string_equal(memory_fact(lists, "project"), "flipr");
	assert_string_equal(memory_fact(lists, "uri"), "https://Example.ORG:443");
	assert_string_equal(memory_fact(lists, "change"), "lists");
	assert_string_equal(memory_fact(lists, "note"), "two\nlines");
	assert_string_equal(memory_fact(lists, "planned_at"), "2026-01-02T03:07:05Z");
	assert_string_equal(memory_fact(lists, "planner_email"), "planner@example.org");
	assert_string_equal(memory_fact(lists, "committer_name"), "Release");
	assert_string_equal(memory_fact(lists, "committer_email"), "gatehouse@localhost");
	assert_string_equal(memory_fact(lists, "requires"), "[\"users\"]");
	assert_string_equal(memory_fact(lists, "conflicts"), "[\"appschema2\"]");
	assert_string_equal(memory_fact(lists, "dependencies"),
	    "[{\"type\":\"require\",\"shown\":\"users\",\"id\":\"" USERS
	    "\",\"project\":\"flipr\",\"change\":\"users\",\"tag\":null},"
	    "{\"type\":\"conflict\",\"shown\":\"appschema2\",\"id\":\"" APPSCHEMA2
	    "\",\"project\":\"flipr\",\"change\":\"appschema2\",\"tag\":null}]");
	/* A tag that was set after the deploy goes in with the next change. */
	assert_string_equal(memory_fact(lists, "tags"),
	    "[{\"id\":\"" V1_0 "\",\"tag\":\"@v1.0\",\"change\":\"" USERS
	    "\",\"note\":\"Tag v1\",\"at\":\"2026-01-02T03:06:05Z\",\"name\":\"The Planner\","
	    "\"email\":\"planner@example.org\"}]");
	assert_non_null(strstr(memory_fact(other, "dependencies"),
	    "\"id\":null,\"project\":\"other\",\"change\":\"base\",\"tag\":\"@v3\""));
	assert_string_equal(memory_fact(other, "requires"), "[\"other:base@v3\"]");
	assert_string_equal(memory_fact(memory_get(&m, APPSCHEMA), "tags"), "[]");
}

static void
takes_folders_from_the_configuration(void **state)
{
	MEMORY_FOLDER m = { 0 };

	(void)state;
	memory_put(&m, "sqitch.conf",
	    "[core]\n  top_dir = ./db ; here\n\textension = ddl\n[user]\nname = \"Release "
	    "\\\"x\\\"\"\nemail=r@example.org\n"
	    "[engine \"pg\"]\n  deploy_dir = \"db/up\"\n[target \"x\"]\n deploy_dir = nowhere\n");
	memory_put(&m, "db/sqitch.plan", HEAD "\na" BY "\n");
	memory_put(&m, "db/up/a.ddl", "SELECT 1;");
	memory_put(&m, "db/revert/a.ddl", "SELECT 2;");
	assert_int_equal(memory_fit(&m, c, NULL), 4);
	memory_read(&m, c);
	assert_string_equal(m.found.problem, "");
	assert_int_equal(m.found.n, 1);
	assert_string_equal(m.found.migrations[0].file, "db/up/a.ddl");
	assert_true(m.found.migrations[0].down.present);
	assert_string_equal(memory_fact(&m.found.migrations[0], "committer_name"), "Release \"x\"");
	assert_string_equal(memory_fact(&m.found.migrations[0], "committer_email"), "r@example.org");
	assert_string_equal(memory_fact(&m.found.migrations[0], "uri"), "(null)");
}

static void
says_what_is_missing_or_too_much(void **state)
{
	MEMORY_FOLDER m = { 0 };

	(void)state;
	memory_put(&m, "sqitch.plan", HEAD "\na" BY "\nb" BY "\nd/c" BY "\n");
	memory_put(&m, "deploy/a.sql", "SELECT 1;");
	memory_put(&m, "deploy/left.sql", "SELECT 1;");
	memory_put(&m, "deploy/d/c.sql", "SELECT 1;");
	memory_put(&m, "README.md", "x");
	memory_read(&m, c);
	assert_string_equal(m.found.migrations[1].problem, "deploy/b.sql: the deploy script of b is missing");
	assert_false(m.found.migrations[1].up.present);
	assert_int_equal(memory_file(&m, "deploy/left.sql")->as, CONVENTION_IGNORED);
	assert_string_equal(
	    memory_file(&m, "deploy/left.sql")->reason, "no change in sqitch.plan has a script of this name");
	assert_int_equal(memory_file(&m, "README.md")->as, CONVENTION_IGNORED);
	/* The same bytes twice in a project cannot be recorded. */
	assert_string_equal(m.found.migrations[0].problem, "");
	assert_non_null(strstr(m.found.migrations[2].problem,
	    "deploy/d/c.sql: the same bytes as deploy/a.sql: Sqitch records a script by its sum"));
}

static void
refuses_what_needs_psql(void **state)
{
	MEMORY_FOLDER m = { 0 };

	(void)state;
	memory_put(&m, "sqitch.plan", HEAD "\na" BY "\n");
	memory_put(&m, "deploy/a.sql",
	    "\xef\xbb\xbf"
	    "BEGIN;\n\\copy t from 'x'\nCOMMIT;\n");
	memory_put(&m, "revert/a.sql", "DROP SCHEMA :\"schema\";\n");
	memory_put(&m, "verify/a.sql", "SELECT '\\d', 1::int;\n");
	memory_read(&m, c);
	assert_non_null(
	    strstr(m.found.migrations[0].up.problem, "deploy/a.sql:2:1: \\copy is a command of psql"));
	assert_non_null(
	    strstr(m.found.migrations[0].down.problem, "revert/a.sql:1:13: :\"name\" is a variable"));
	assert_string_equal(m.found.migrations[0].verify.problem, "");
}

/* What a plan is refused for. */
static void
refused(const char *text, const char *why)
{
	MEMORY_FOLDER m = { 0 };

	memory_put(&m, "sqitch.plan", text);
	memory_read(&m, c);
	if (strstr(m.found.problem, why) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", m.found.problem, why);
}

static void
explains_bad_lines(void **state)
{
	(void)state;
	refused("", "sqitch.plan:1:1: the line %project=NAME is missing");
	refused("%project=a@b\n", ":1:1: not a name for a project");
	refused("%project=x\na" BY "\n", ":2:1: not a pragma");
	refused("%project=x y z\n%=\n", ":1:1: not a name for a project");
	refused(HEAD "\na\n", ":4:1: the date, the planner's name and mail are missing");
	refused(HEAD "\na The Planner <p@example.org>\n", ":4:1: no date and time");
	refused(HEAD "\na 2026-13-02T03:04:05Z The Planner <p@example.org>\n", ":4:1: no date and time");
	refused(HEAD "\na 2026-01-02T03:04:05Z\n", ":4:1: the planner's name and <mail> are missing");
	refused(HEAD "\na 2026-01-02T03:04:05Z <p@example.org>\n", ":4:1: the planner's name");
	refused(HEAD "\na:b" BY "\n", ":4:1: not a name");
	refused(HEAD "\n.b" BY "\n", ":4:1: not a name");
	refused(HEAD "\nb~4" BY "\n", ":4:1: not a name");
	refused(HEAD "\nHEAD" BY "\n", ":4:1: HEAD is a word of Sqitch's own");
	refused(HEAD "\n" USERS BY "\n", "could be taken for the id");
	refused(HEAD "\n-a" BY "\n", ":4:1: a line with -");
	refused(HEAD "\na" BY "\n\na" BY "\n", ":6:1: a is on line 4 already");
	refused(HEAD "\n@v1" BY "\n", ":4:1: the tag v1 stands before the first change");
	refused(HEAD "\na" BY "\n@v1" BY "\nb" BY "\n@v1" BY "\n", ":7:1: the tag v1 is on line 5 already");
	refused(HEAD "\na" BY "\n@v/x" BY "\n", ":5:1: the tag v/x has a slash");
	refused(HEAD "\na" BY "\n@v1 [a]" BY "\n", ":5:1: a tag has no dependencies");
	refused(HEAD "\na [b" BY "\n", ":4:1: the dependencies are not closed");
	refused(HEAD "\na [b:]" BY "\n", ":4:1: b: is no dependency");
	refused(HEAD "\na [b b]" BY "\n", ":4:1: the dependency b is there twice");
	refused(HEAD "\na [b]" BY "\n", ":4:1: a requires b, which is not in the plan");
	refused(HEAD "\na [b]" BY "\nb" BY "\n", ":4:1: a requires b, which stands further down");
	refused(HEAD "\na [a]" BY "\n", ":4:1: a requires itself");
	refused(HEAD "\na [@v1]" BY "\n", ":4:1: a requires @v1, which is not in the plan");
	refused("\xef\xbb\xbf" HEAD "\na" BY "\n", "begins with a byte order mark");
	refused(HEAD "\na" BY " # \xff\n", "is not UTF-8");
}

static void
reads_crlf_and_missing_plans(void **state)
{
	MEMORY_FOLDER m = { 0 };

	(void)state;
	memory_put(&m, "deploy/a.sql", "SELECT 1;");
	memory_read(&m, c);
	assert_string_equal(m.found.problem, "sqitch.plan is not there: it says which changes there are");
	assert_int_equal(memory_fit(&m, c, NULL), 0);
	memory_put(&m, "sqitch.plan", "%project=flipr\r\n\r\na [!zz]" BY " # note \r\n");
	memory_read(&m, c);
	assert_string_equal(m.found.problem, "");
	assert_string_equal(m.found.migrations[0].name, "note");
	assert_string_equal(m.found.migrations[0].problem, "a conflicts with zz, which is not in the plan");
}

static void
tells_edited_scripts(void **state)
{
	struct convention_migration m = { .key = USERS, .checksum = LISTS };

	(void)state;
	assert_int_equal(c->same(&m, LISTS), CONVENTION_SAME);
	assert_int_equal(c->same(&m, APPSCHEMA), CONVENTION_CHANGED);
	assert_int_equal(c->same(&m, ""), CONVENTION_CANNOT_TELL);
	assert_int_equal(c->same(&m, USERS), CONVENTION_CANNOT_TELL);
}

static void
sees_its_own_project_alone(void **state)
{
	MEMORY_FOLDER m = { 0 };
	struct convention_row rows[] = {
		{ APPSCHEMA, 1, "applied", "", "x", "appschema of project flipr" },
		{ V1_0, 2, "applied", "", "x", "base of project other" },
		{ V1_1, 3, "failed", "", "x", "gone of project flipr" },
		{ "1234567\u00e9", 4, "applied", "", "x", "lost of project flipr" },
		{ "6", 5, "applied", "", "x", "later of project other" },
	};
	struct convention_status_row list_rows[5];
	struct convention_status list = { .n = 5, .rows = list_rows, .newest = "", .blocked = "" };
	size_t i;

	(void)state;
	project(&m);
	memory_read(&m, c);
	for (i = 0; i < 5; i++)
		list_rows[i] = (struct convention_status_row){
			.key = rows[i].key, .migration = i == 0 ? &m.found.migrations[0] : NULL, .text = ""
		};
	c->status(&m.found, rows, 3, &m.arena, &list);
	assert_int_equal(list.n, 1);
	assert_string_equal(list.blocked, "");
	list.n = 5;
	for (i = 0; i < 5; i++)
		list_rows[i] = (struct convention_status_row){
			.key = rows[i].key, .migration = i == 0 ? &m.found.migrations[0] : NULL, .text = ""
		};
	c->status(&m.found, rows, 5, &m.arena, &list);
	assert_int_equal(list.n, 2);
	assert_string_equal(list_rows[1].key, rows[3].key);
	assert_int_equal(list_rows[1].decision, CONVENTION_BLOCKS);
	assert_non_null(
	    strstr(list_rows[1].text, "lost of project flipr: deployed, but the plan has no change"));
	/* Cut between letters. */
	assert_non_null(strstr(list.blocked, "cannot find 1234567 (lost of project flipr) in the plan"));
}

static void
describes_itself(void **state)
{
	struct convention_create create = { .slug = "more" };
	struct convention_lock_of of = { "app", "sqitch", "changes" };
	int64_t locks[CONVENTION_LOCKS];
	GH_ARENA a = { 0 };

	(void)state;
	assert_int_equal(c->locks(&of, locks), 1);
	assert_int_equal(locks[0], 75474063);
	c->create(NULL, &a, &create);
	assert_non_null(strstr(create.refused, "sqitch add more"));
	assert_int_equal(c->tracking->n_tables, 6);
	assert_true(c->tracking->up.failed_inside);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_ids_as_the_tool_does),
		cmocka_unit_test(reads_a_project),
		cmocka_unit_test(says_that_scripts_wait_for_a_plan),
		cmocka_unit_test(leaves_verify_scripts_out_when_configured),
		cmocka_unit_test(gives_the_registry_its_facts),
		cmocka_unit_test(takes_folders_from_the_configuration),
		cmocka_unit_test(says_what_is_missing_or_too_much),
		cmocka_unit_test(refuses_what_needs_psql),
		cmocka_unit_test(explains_bad_lines),
		cmocka_unit_test(reads_crlf_and_missing_plans),
		cmocka_unit_test(tells_edited_scripts),
		cmocka_unit_test(sees_its_own_project_alone),
		cmocka_unit_test(describes_itself),
	};

	return cmocka_run_group_tests_name("migration/convention_sqitch", tests, NULL, NULL);
}
