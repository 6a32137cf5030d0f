#include "base/ban.h"
#include "base/io.h"
#include "cli/cli.h"
#include "migration/convention.h"

#include <setjmp.h>
#include <cmocka.h>
#include <dirent.h>
#include <ftw.h>

struct call {
	struct gh_arena arena;
	char dir[64];
	struct cli cli;
	struct gh_err err;
	enum cli_exit ret;
};

static int
setup(void **state)
{
	struct call *c = calloc(1, sizeof(*c));

	if (c == NULL)
		return -1;
	(void)snprintf(c->dir, sizeof(c->dir), "/tmp/gh-create-XXXXXX");
	if (mkdtemp(c->dir) == NULL)
		return -1;
	c->cli = (struct cli){ .arena = &c->arena, .folder = c->dir };
	*state = c;
	return 0;
}

static int
forget(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)st, (void)kind, (void)at;
	return remove(path);
}

static int
teardown(void **state)
{
	struct call *c = *state;

	(void)nftw(c->dir, forget, 8, FTW_DEPTH | FTW_PHYS);
	gh_arena_done(&c->arena);
	free(c);
	return 0;
}

static enum gh_code
create(struct call *c, const char *description)
{
	char *args[] = { gh_strdup(&c->arena, description) };

	c->cli.n_args = 1;
	c->cli.args = args;
	c->err = (struct gh_err){ 0 };
	return cli_command_create.run(&c->cli, &c->ret, &c->err);
}

static const char *
in(struct call *c, const char *name)
{
	return gh_printf(&c->arena, "%s/%s", c->dir, name);
}

static void
put(struct call *c, const char *name, const char *text)
{
	assert_int_equal(gh_file_replace(in(c, name), text, strlen(text), 0644, &c->err), GH_OK);
}

static void
holds(struct call *c, const char *name, const char *begins)
{
	GH_TEXT text = { 0 };

	if (gh_file_read(in(c, name), 1 << 20, &text, &c->err) != GH_OK)
		fail_msg("%s", c->err.msg);
	assert_memory_equal(gh_text_str(&text), begins, strlen(begins));
}

static size_t
count(struct call *c)
{
	DIR *d = opendir(c->dir);
	size_t n = 0;

	assert_non_null(d);
	while (readdir(d) != NULL) /* NOLINT(concurrency-mt-unsafe): one thread */
		n++;
	assert_int_equal(closedir(d), 0);
	return n - 2;
}

static void
writes_the_next_files_of_the_folders_convention(void **state)
{
	struct call *c = *state;

	put(c, "0041_a.sql", "SELECT 1;\n");
	put(c, "0041_a_down.sql", "SELECT 1;\n");
	assert_int_equal(create(c, "Add user photos!"), GH_OK);
	assert_int_equal(c->ret, CLI_OK);
	holds(c, "0042_add_user_photos.sql",
	    "-- Migration: 0042_add_user_photos\n-- Description: Add user photos!\n-- Author:\n-- Date: 20");
	holds(c, "0042_add_user_photos_down.sql", "-- Migration: 0042_add_user_photos (down)\n");
	assert_int_equal(count(c), 4);
}

static void
an_empty_folder_needs_a_convention(void **state)
{
	struct call *c = *state;

	assert_int_equal(create(c, "x"), GH_NOT_FOUND);
	assert_non_null(strstr(c->err.msg, "--convention"));
	c->cli.convention = "no-such";
	assert_int_equal(create(c, "x"), GH_BAD_INPUT);
	c->cli.convention = "tern";
	assert_int_equal(create(c, "x"), GH_OK);
	holds(c, "001_x.sql", "-- Migration: 001_x\n");
}

static void
says_which_conventions_fit(void **state)
{
	struct call *c = *state;

	put(c, "1_a.up.sql", "SELECT 1;\n");
	assert_int_equal(create(c, "x"), GH_CONFLICT);
	assert_non_null(strstr(c->err.msg, "choose one with --convention: golang-migrate"));
	c->cli.convention = "golang-migrate";
	assert_int_equal(create(c, "x"), GH_OK);
	holds(c, "2_x.up.sql", "-- Migration: 2_x\n");
	holds(c, "2_x.down.sql", "-- Migration: 2_x (down)\n");
}

static void
never_overwrites_and_writes_all_or_nothing(void **state)
{
	struct call *c = *state;

	c->cli.convention = "numbered";
	/* not taken by the convention, so its number counts as free */
	assert_int_equal(mkdir(in(c, "001_x_down.sql"), 0755), 0);
	assert_int_equal(create(c, "x"), GH_CONFLICT);
	assert_non_null(strstr(c->err.msg, "001_x_down.sql exists already"));
	assert_int_equal(count(c), 1);
}

static void
follows_no_link_out_of_the_folder(void **state)
{
	struct call *c = *state;

	c->cli.convention = "numbered";
	assert_int_equal(symlink("/tmp/gh-create-elsewhere", in(c, "001_x.sql")), 0);
	assert_int_equal(create(c, "x"), GH_CONFLICT);
	assert_int_equal(access("/tmp/gh-create-elsewhere", F_OK), -1);
}

static void
refuses_descriptions_that_name_nothing(void **state)
{
	struct call *c = *state;
	char long_one[400];

	c->cli.convention = "numbered";
	assert_int_equal(create(c, ""), GH_BAD_INPUT);
	assert_int_equal(create(c, "!?"), GH_BAD_INPUT);
	assert_int_equal(create(c, "a\nDROP TABLE x"), GH_BAD_INPUT);
	assert_int_equal(create(c, "a\xff"), GH_BAD_INPUT);
	memset(long_one, 'a', sizeof(long_one) - 1);
	long_one[sizeof(long_one) - 1] = '\0';
	assert_int_equal(create(c, long_one), GH_BAD_INPUT);
	assert_int_equal(count(c), 0);
	long_one[200] = '\0';
	assert_int_equal(create(c, long_one), GH_OK);
}

static void
says_when_the_folder_is_not_there(void **state)
{
	struct call *c = *state;

	c->cli.folder = "/tmp/gh-create-no-such-folder";
	assert_int_equal(create(c, "x"), GH_NOT_FOUND);
}

/* Each convention either writes something that it then reads, or says why it does not. */
static void
every_convention_creates_or_says_why(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; convention_all[i] != NULL; i++) {
		struct call *c = NULL;
		enum gh_code code;

		if (convention_all[i]->read == NULL)
			continue;
		assert_int_equal(setup((void **)&c), 0);
		c->cli.convention = convention_all[i]->name;
		code = create(c, "add x");
		if (code == GH_OK && count(c) == 0)
			fail_msg("%s creates nothing", convention_all[i]->name);
		if (code != GH_OK && (code != GH_CONFLICT || c->err.msg[0] == '\0'))
			fail_msg("%s: %s", convention_all[i]->name, c->err.msg);
		assert_int_equal(teardown((void **)&c), 0);
	}
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(writes_the_next_files_of_the_folders_convention),
		T(an_empty_folder_needs_a_convention),
		T(says_which_conventions_fit),
		T(never_overwrites_and_writes_all_or_nothing),
		T(follows_no_link_out_of_the_folder),
		T(refuses_descriptions_that_name_nothing),
		T(says_when_the_folder_is_not_there),
		cmocka_unit_test(every_convention_creates_or_says_why),
	};

	return cmocka_run_group_tests_name("cli/command_create", tests, NULL, NULL);
}
