#include "base/ban.h"
#include "base/io.h"
#include "runner/config.h"

#include <setjmp.h>
#include <cmocka.h>

/* A folder of its own with conf and migrations/ in it. */
struct place {
	char folder[64];
	struct gh_arena arena;
	struct gh_text messages;
	struct config *config;
};

static const char *
in(struct place *p, const char *name)
{
	return gh_printf(&p->arena, "%s/%s", p->folder, name);
}

static int
setup(void **state)
{
	struct place *p = calloc(1, sizeof(*p));

	assert_non_null(p);
	(void)snprintf(p->folder, sizeof(p->folder), "/tmp/gatehouse-outside-XXXXXX");
	assert_non_null(mkdtemp(p->folder));
	assert_int_equal(mkdir(in(p, "migrations"), 0700), 0);
	*state = p;
	return 0;
}

static int
teardown(void **state)
{
	struct place *p = *state;

	(void)unlink(in(p, "conf"));
	(void)rmdir(in(p, "migrations"));
	(void)rmdir(p->folder);
	config_free(p->config);
	gh_text_done(&p->messages);
	gh_arena_done(&p->arena);
	free(p);
	return 0;
}

#define HEAD                                                                                                 \
	"data = \"$/data\" socket = \"$/run\" web_user = \"root\"\n"                                         \
	"job = \"/bin/true\" project \"shop\" { folder = \"$/migrations\" convention = \"numbered\" }\n"     \
	"target \"d\" { project = shop environment = development connection = \"dbname=d\" backup = no }\n"  \
	"target \"e\" { project = shop environment = staging connection = \"dbname=e\" backup = no }\n"

/* Reads the head and text, in which $ stands for the folder; text begins on line 5. */
static enum gh_code
reads(struct place *p, const char *text)
{
	GH_TEXT file = { 0 };
	const char *all = gh_printf(&p->arena, HEAD "%s", text);

	for (; *all != '\0'; all++) {
		if (*all == '$')
			gh_text_put(&file, p->folder);
		else
			gh_text_putc(&file, *all);
	}
	assert_int_equal(gh_file_replace(in(p, "conf"), gh_text_str(&file), file.len, 0600, NULL), GH_OK);
	config_free(p->config);
	p->config = NULL;
	gh_text_clear(&p->messages);
	return config_read(in(p, "conf"), NULL, &p->config, &p->messages, NULL);
}

static void
mistaken(struct place *p, const char *text, int line, const char *words)
{
	const char *at = gh_printf(&p->arena, ":%d: ", line), *found;

	assert_int_equal(reads(p, text), GH_BAD_INPUT);
	found = strstr(gh_text_str(&p->messages), at);
	if (found == NULL || strstr(found, words) == NULL)
		fail_msg("%s\nsays: %s", text, gh_text_str(&p->messages));
}

static void
good(struct place *p, const char *text)
{
	if (reads(p, text) != GH_OK)
		fail_msg("%s\nsays: %s", text, gh_text_str(&p->messages));
}

static void
a_stanza_of_pgbackrest(void **state)
{
	struct place *p = *state;
	const struct config_outside *o;

	good(p,
	    "outside \"main\" { target = d kind = pgbackrest stanza = shop program = \"/bin/true\""
	    " config = \"/etc/x.conf\" timeout = \"5s\" refresh = \"10min\" }\n");
	assert_int_equal(p->config->n_outside, 1);
	o = config_outside_find(p->config, "d", "main");
	assert_non_null(o);
	assert_string_equal(o->target->name, "d");
	assert_string_equal(o->source.kind, "pgbackrest");
	assert_string_equal(o->source.stanza, "shop");
	assert_int_equal(o->source.timeout_ms, 5000);
	assert_int_equal(o->refresh_ms, 600000);
	assert_string_equal(o->source.args[0], "/bin/true");
	assert_string_equal(o->source.args[1], "--config=/etc/x.conf");
	assert_string_equal(o->source.args[2], "--stanza=shop");
	assert_string_equal(o->source.args[o->source.n_args - 1], "info");
	assert_null(o->source.args[o->source.n_args]);
	assert_null(config_outside_find(p->config, "e", "main"));
	assert_null(config_outside_find(p->config, "d", "other"));
}

static void
a_folder_and_a_command(void **state)
{
	struct place *p = *state;
	struct wire_spec spec = { 0 };

	good(p,
	    "outside \"dumps\" { target = d kind = folder folder = \"/srv/dumps/\" pattern = \"*-%Y%m%d*\" "
	    "}\n"
	    "outside \"rds\" { target = d kind = command command = {\"/bin/true\", \"-x\"} }\n"
	    "outside \"other\" { target = e kind = command command = {\"/bin/true\"} }\n");
	config_outside_spec(p->config, "d", NULL, &p->arena, &spec);
	assert_int_equal(spec.n_outside, 2);
	assert_string_equal(spec.outside[0].folder, "/srv/dumps");
	assert_string_equal(spec.outside[0].pattern, "*-%Y%m%d*");
	assert_int_equal(spec.outside[0].timeout_ms, 60000);
	assert_int_equal(spec.outside[1].n_args, 2);
	assert_string_equal(spec.outside[1].args[1], "-x");
	config_outside_spec(p->config, "d", "rds", &p->arena, &spec);
	assert_int_equal(spec.n_outside, 1);
	assert_string_equal(spec.outside[0].name, "rds");
	config_outside_spec(p->config, "none", NULL, &p->arena, &spec);
	assert_int_equal(spec.n_outside, 0);
}

#define PG "outside \"x\" { target = d kind = pgbackrest "

static void
what_is_wrong_is_said_with_its_line(void **state)
{
	struct place *p = *state;

	mistaken(
	    p, "outside \"x\" {\n kind = folder folder = \"/a\" pattern = \"*\" }\n", 5, "target is missing");
	mistaken(p, "outside \"x\" {\n target = z kind = folder folder = \"/a\" pattern = \"*\" }\n", 6,
	    "there is no target \"z\"");
	mistaken(p, "outside \"x\" {\n target = d\n kind = tape }\n", 7,
	    "kind must be pgbackrest, folder or command");
	mistaken(p, "outside \"x\" { target = d }\n", 5, "kind must be");
	mistaken(
	    p, "outside \"a b\" { target = d kind = command command = {\"/bin/true\"} }\n", 5, "a name has");
	mistaken(p, PG "}\n", 5, "stanza is the name");
	mistaken(p, PG "stanza = \"a b\" }\n", 5, "stanza is the name");
	mistaken(p, PG "stanza = s program = pgbackrest }\n", 5, "absolute path");
	mistaken(p, PG "stanza = s folder = \"/a\" }\n", 5, "folder is for kind = \"folder\" only");
	mistaken(p,
	    "outside \"x\" { target = d kind = folder folder = \"/a\"\n stanza = s pattern = \"*\" }\n", 6,
	    "stanza is for kind = \"pgbackrest\" only");
	mistaken(p, "outside \"x\" { target = d kind = folder pattern = \"*\" }\n", 5, "folder is missing");
	mistaken(p, "outside \"x\" { target = d kind = folder folder = \"/a\" }\n", 5, "pattern is missing");
	mistaken(p, "outside \"x\" { target = d kind = folder folder = \"/a\" pattern = \"%Y\" }\n", 5,
	    "pattern: a time needs");
	mistaken(p, "outside \"x\" { target = d kind = folder folder = \"a\" pattern = \"*\" }\n", 5,
	    "absolute path");
	mistaken(p, "outside \"x\" { target = d kind = command }\n", 5, "command is missing");
	mistaken(
	    p, "outside \"x\" { target = d kind = command command = {\"true\"} }\n", 5, "there is no shell");
	mistaken(p, PG "stanza = s timeout = \"1ms\" }\n", 5, "timeout must be");
	mistaken(p, PG "stanza = s refresh = \"1s\" }\n", 5, "refresh must be");
	mistaken(p, PG "stanza = s }\n" PG "stanza = s }\n", 6, "is there twice");
}

static void
a_program_that_is_not_there_is_a_warning(void **state)
{
	struct place *p = *state;

	good(p, PG "stanza = s program = \"$/none\" }\n");
	assert_non_null(strstr(gh_text_str(&p->messages), "no program that can be started"));
}

static void
a_policy_that_asks_for_one_needs_a_source(void **state)
{
	struct place *p = *state;

	mistaken(p,
	    "environment \"staging\" { backup_outside = \"24h\" }\n" PG
	    "stanza = s program = \"/bin/true\" }\n",
	    4, "target \"e\": backup_outside needs a section outside");
	good(p,
	    "environment \"development\" { backup_outside = \"24h\" }\n" PG
	    "stanza = s program = \"/bin/true\" }\n");
	assert_int_equal(config_target_find(p->config, "d")->policy.backup_outside_ms, 86400000);
	assert_int_equal(config_target_find(p->config, "e")->policy.backup_outside_ms, 0);
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(a_stanza_of_pgbackrest),
		T(a_folder_and_a_command),
		T(what_is_wrong_is_said_with_its_line),
		T(a_program_that_is_not_there_is_a_warning),
		T(a_policy_that_asks_for_one_needs_a_source),
	};

	return cmocka_run_group_tests_name("runner/config_outside", tests, NULL, NULL);
}
