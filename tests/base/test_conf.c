#include "base/ban.h"
#include "base/conf.h"
#include "base/io.h"

#include <setjmp.h>
#include <cmocka.h>

static cfg_opt_t place_opts[] = { CFG_INT("port", 1, CFGF_NONE), CFG_END() };
static cfg_opt_t opts[] = { CFG_STR("name", "none", CFGF_NONE),
	CFG_SEC("place", place_opts, CFGF_MULTI | CFGF_TITLE), CFG_END() };

/* Parses text as a file and gives what was complained about, the path taken away. */
static enum gh_code
parse(const char *text, cfg_t **ret, struct gh_text *messages, struct gh_err *err)
{
	char path[] = "/tmp/gatehouse-conf-XXXXXX";
	int fd = mkostemp(path, O_CLOEXEC);
	enum gh_code code;

	assert_true(fd >= 0);
	assert_int_equal(gh_write_all(fd, text, strlen(text), NULL), GH_OK);
	(void)close(fd);
	code = gh_conf_parse(path, opts, ret, messages, err);
	(void)unlink(path);
	if (messages->len > strlen(path))
		memmove(messages->data, messages->data + strlen(path), messages->len - strlen(path) + 1);
	return code;
}

static void
reads_options_and_sections(void **state)
{
	GH_TEXT messages = { 0 };
	cfg_t *cfg = NULL;

	(void)state;
	assert_int_equal(parse("name = \"x\"\nplace \"a\" { port = 7 }\n", &cfg, &messages, NULL), GH_OK);
	assert_string_equal(cfg_getstr(cfg, "name"), "x");
	assert_int_equal(cfg_getint(cfg_gettsec(cfg, "place", "a"), "port"), 7);
	(void)cfg_free(cfg);
}

static void
names_the_line_of_a_mistake(void **state)
{
	static const struct {
		const char *text, *message;
	} cases[] = {
		{ "name = \"x\"\nnmae = 1\n", ":2: no such option 'nmae'\n" },
		{ "# c\nname = \"#\" // c\n/* c\n */ nmae = 1\n", ":4: no such option 'nmae'\n" },
		{ "\n\nplace \"a\" {\n port = seven\n}\n", ":4: invalid integer value for option 'port'\n" },
		{ "name = \"{\" # {\nplace \"a\" {\n port = 7\n",
		    ":2: the bracket { of this line is not closed\n" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		GH_TEXT messages = { 0 };
		struct gh_err err = { 0 };
		cfg_t *cfg = NULL;

		assert_int_equal(parse(cases[i].text, &cfg, &messages, &err), GH_BAD_INPUT);
		assert_null(cfg);
		assert_string_equal(gh_text_str(&messages), cases[i].message);
	}
}

static void
says_that_there_is_no_file(void **state)
{
	GH_TEXT messages = { 0 };
	struct gh_err err = { 0 };
	cfg_t *cfg = NULL;

	(void)state;
	assert_int_equal(gh_conf_parse("/nonexistent/conf", opts, &cfg, &messages, &err), GH_BAD_INPUT);
	assert_string_equal(err.msg, "cannot open /nonexistent/conf: No such file or directory");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_options_and_sections),
		cmocka_unit_test(names_the_line_of_a_mistake),
		cmocka_unit_test(says_that_there_is_no_file),
	};

	return cmocka_run_group_tests_name("base/conf", tests, NULL, NULL);
}
