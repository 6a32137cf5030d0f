#include "base/ban.h"
#include "tests/support/config_text.h"
#include "base/io.h"

#include <setjmp.h>
#include <cmocka.h>

#define HEAD "data = \"/tmp/x\" socket = \"/tmp/x\" web_user = \"root\"\njob = \"/bin/true\"\n"
#define SHOP                                                                                                 \
	"project \"shop\" { folder = \"/usr\" }\n"                                                           \
	"target \"p\" { project = shop environment = production connection = \"dbname=p\" }\n"

/* A folder with pg_dump and pg_restore in it; what is read has $ for its path. */
static char folder[] = "/tmp/gatehouse-pg-XXXXXX";
static const char *const programs[] = { "pg_dump", "pg_restore" };

static int
setup(void **state)
{
	size_t i;

	(void)state;
	assert_non_null(mkdtemp(folder));
	for (i = 0; i < 2; i++) {
		char path[64];

		(void)snprintf(path, sizeof(path), "%s/%s", folder, programs[i]);
		assert_int_equal(symlink("/bin/true", path), 0);
	}
	return 0;
}

static int
teardown(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < 2; i++) {
		char path[64];

		(void)snprintf(path, sizeof(path), "%s/%s", folder, programs[i]);
		(void)unlink(path);
	}
	return rmdir(folder);
}

static struct config *
reads(const char *text, struct gh_text *messages)
{
	return config_text_read(HEAD, text, folder, messages);
}

static void
has_programs_for_each_version(void **state)
{
	GH_TEXT messages = { 0 };
	struct config *c = reads(
	    "pg_bin = \"$\" postgresql \"16\" { bin = \"$/\" } postgresql \"9x\" { bin = \"$\" }\n" SHOP,
	    &messages);
	const struct config_postgresql *p;

	(void)state;
	assert_null(c);
	c = reads("pg_bin = \"/usr/lib/postgresql/15/bin\" postgresql \"16\" { bin = \"$/\" }\n"
		  "postgresql \"17\" { bin = \"$\" }\n" SHOP,
	    &messages);
	assert_non_null(c);
	p = config_postgresql_find(c, "16.4 (Debian 16.4-1)");
	assert_int_equal(p->major, 16);
	assert_string_equal(p->bin, folder);
	assert_int_equal(strncmp(p->pg_dump, folder, strlen(folder)), 0);
	assert_string_equal(p->pg_dump + strlen(folder), "/pg_dump");
	assert_string_equal(p->pg_restore + strlen(folder), "/pg_restore");
	assert_int_equal(config_postgresql_find(c, "17beta1")->major, 17);
	assert_int_equal(config_postgresql_find(c, "15.20")->major, 0);
	assert_string_equal(config_postgresql_find(c, "")->pg_dump, "/usr/lib/postgresql/15/bin/pg_dump");
	assert_int_equal(config_postgresql_find(c, "9.6.24")->major, 0);
	assert_int_equal(config_postgresql_find(c, "99999999999999999999")->major, 0);
	assert_int_equal(config_postgresql_find(c, "unknown")->major, 0);
	config_free(c);
}

static void
names_each_mistake_by_its_line(void **state)
{
	static const char *const rows[][2] = {
		{ "pg_bin = \"/nonexistent\"\n" SHOP,
		    "3: pg_bin: /nonexistent has no pg_dump and pg_restore, which the targets with backup "
		    "need\n" },
		{ "pg_bin = \"/nonexistent\" postgresql \"16\" { bin = \"$\" }\n" SHOP,
		    "3: pg_bin: /nonexistent has" },
		{ "\npostgresql \"9.6\" { bin = \"$\" }\n" SHOP,
		    "4: postgresql \"9.6\": the title is the major version of a server, as in \"16\"\n" },
		{ "postgresql \"016\" { bin = \"$\" }\n" SHOP, "3: postgresql \"016\": the title is" },
		{ "postgresql \"16\" { }\n" SHOP, "3: bin is missing\n" },
		{ "postgresql \"16\" {\n bin = \"here\" }\n" SHOP,
		    "4: bin must be an absolute path, not \"here\"\n" },
		{ "postgresql \"16\" {\n bin = \"/tmp\" }\n" SHOP,
		    "4: postgresql \"16\": /tmp has no pg_dump and pg_restore: install the client programs "
		    "of that "
		    "version, or correct the folder\n" },
		{ "postgresql \"16\" { bin = \"$\" }\npostgresql \"16\" { bin = \"$\" }\n" SHOP,
		    "4: postgresql \"16\" is there twice, first on line 3\n" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		GH_TEXT messages = { 0 };

		if (reads(rows[i][0], &messages) != NULL)
			fail_msg("\"%s\" is taken", rows[i][0]);
		if (strstr(gh_text_str(&messages), rows[i][1]) == NULL)
			fail_msg("\"%s\" is not in:\n%s", rows[i][1], gh_text_str(&messages));
	}
}

/* Who has a section for each version needs nothing in the usual place. */
static void
a_schedule_needs_the_programs_too(void **state)
{
	GH_TEXT messages = { 0 };
	struct config *c;

	(void)state;
	assert_null(
	    reads("pg_bin = \"/nonexistent\" project \"shop\" { folder = \"/usr\" }\n"
		  "target \"d\" { project = shop environment = development connection = \"dbname=d\"\n"
		  "backup_schedule = {\"0 2 * * * UTC\"} }\n",
		&messages));
	assert_non_null(strstr(gh_text_str(&messages), "3: pg_bin: /nonexistent has no pg_dump"));
	c = reads("pg_bin = \"/nonexistent\" project \"shop\" { folder = \"/usr\" }\n"
		  "target \"d\" { project = shop environment = development connection = \"dbname=d\" }\n",
	    &messages);
	assert_non_null(c);
	config_free(c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(has_programs_for_each_version),
		cmocka_unit_test(names_each_mistake_by_its_line),
		cmocka_unit_test(a_schedule_needs_the_programs_too),
	};

	return cmocka_run_group_tests_name("runner/config_postgresql", tests, setup, teardown);
}
