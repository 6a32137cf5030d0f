#include "base/ban.h"
#include "runner/config.h"
#include "base/io.h"
#include "migration/convention.h"

#include <setjmp.h>
#include <cmocka.h>

#define HEAD                                                                                                 \
	"data = \"/tmp/x\" socket = \"/tmp/x\" web_user = \"root\"\njob = \"/bin/true\" pg_bin = "           \
	"\"/usr/bin\"\n"
#define DEV "\ntarget \"d\" { project = shop environment = development connection = \"dbname=d\" }\n"

/* Project shop, on line 3, with keys; messages lose the file's name. */
static struct config *
reads(const char *keys, struct gh_text *messages)
{
	char path[] = "/tmp/gatehouse-project-XXXXXX";
	struct config *ret = NULL;
	GH_TEXT file = { 0 };
	GH_TEXT raw = { 0 };
	GH_FD int fd = mkstemp(path);
	const char *at;

	assert_true(fd >= 0);
	gh_text_putf(&file, HEAD "project \"shop\" { folder = \"/usr\" %s }" DEV, keys);
	assert_int_equal(gh_write_all(fd, file.data, file.len, NULL), GH_OK);
	assert_true((config_read(path, NULL, &ret, &raw, NULL) == GH_OK) == (ret != NULL));
	gh_text_clear(messages);
	for (at = strstr(gh_text_str(&raw), path); at != NULL; at = strstr(at, path)) {
		at += strlen(path);
		gh_text_put_n(messages, at, strcspn(at, "\n") + 1);
	}
	assert_int_equal(unlink(path), 0);
	return ret;
}

/* One place says which conventions there are; the runner, which links none of them, has their names. */
static void
knows_the_name_of_every_convention(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; convention_all[i] != NULL && config_conventions[i] != NULL; i++)
		assert_string_equal(config_conventions[i], convention_all[i]->name);
	assert_null(config_conventions[i]);
	assert_null(convention_all[i]);
}

static void
takes_what_is_left_out(void **state)
{
	GH_TEXT messages = { 0 };
	struct config *c = reads("", &messages);

	(void)state;
	assert_non_null(c);
	assert_string_equal(c->projects[0].convention, "");
	assert_string_equal(c->projects[0].schema, "");
	assert_string_equal(c->projects[0].table, "");
	assert_string_equal(c->projects[0].tracking, "");
	assert_int_equal(c->projects[0].n_options, 0);
	config_free(c);
}

static void
takes_table_and_options(void **state)
{
	GH_TEXT messages = { 0 };
	struct config *c = reads("convention = \"flyway\" tracking_table = \"ops.flyway_schema_history\" "
				 "options = {\"schema=app\", \"flyway.placeholders.x=a=b\", \"empty=\"}",
	    &messages);
	struct config *d =
	    reads("tracking_table = \"ops.flyway_schema_history\" options = {\"schema=app2\"}", &messages);
	const struct config_project *p;

	(void)state;
	assert_non_null(c);
	assert_non_null(d);
	p = &c->projects[0];
	assert_string_equal(p->convention, "flyway");
	assert_string_equal(p->schema, "ops");
	assert_string_equal(p->table, "flyway_schema_history");
	assert_int_equal(p->n_options, 3);
	assert_string_equal(p->options[1].name, "flyway.placeholders.x");
	assert_string_equal(p->options[1].value, "a=b");
	assert_string_equal(p->options[2].value, "");
	/* values may be secret: they are compared by a digest */
	assert_int_equal(strlen(p->tracking), 64);
	assert_string_not_equal(p->tracking, d->projects[0].tracking);
	config_free(c);
	config_free(d);
}

static void
names_what_is_wrong_with_them(void **state)
{
	static const struct {
		const char *keys, *want;
	} cases[] = {
		{ "convention = \"golang_migrate\"",
		    ":3: project \"shop\": there is no convention \"golang_migrate\"" },
		{ "tracking_table = \"history\"",
		    ":3: project \"shop\": tracking_table is \"schema.table\", each of 1 to 63 bytes, not "
		    "\"history\"" },
		{ "tracking_table = \".history\"", "not \".history\"" },
		{ "tracking_table = \"ops.\"", "not \"ops.\"" },
		{ "tracking_table = \"a.b.c\"", "not \"a.b.c\"" },
		{ "tracking_table = \"a.b\\tc\"", "tracking_table is" },
		{ "tracking_table = \"a.bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\"",
		    "tracking_table is" },
		{ "options = {\"schema\"}", ":3: project \"shop\": option 1 is not \"name=value\"" },
		{ "options = {\"a=b\", \"=b\"}", "option 2 is not \"name=value\"" },
		{ "options = {\"a b=c\"}", "option 1 has a name with other characters" },
		{ "options = {\"a=1\", \"a=2\"}", "option 2 is given twice" },
		{ "options = {\"a=\xff\"}", "option 1 is not UTF-8" },
		{ "option = {\"a=1\"}", "option" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		GH_TEXT messages = { 0 };
		struct config *c = reads(cases[i].keys, &messages);

		if (c != NULL || strstr(gh_text_str(&messages), cases[i].want) == NULL)
			fail_msg("\"%s\" does not say \"%s\"", gh_text_str(&messages), cases[i].want);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_the_name_of_every_convention),
		cmocka_unit_test(takes_what_is_left_out),
		cmocka_unit_test(takes_table_and_options),
		cmocka_unit_test(names_what_is_wrong_with_them),
	};

	gh_hash_start();
	return cmocka_run_group_tests_name("runner/config_project", tests, NULL, NULL);
}
