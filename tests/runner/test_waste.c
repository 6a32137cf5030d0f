#include "base/ban.h"
#include "runner/waste.h"
#include "tests/support/fake_job.h"

#include <dirent.h>

/* What a killed job leaves: its name is free at once, the rest goes later, and the next runner goes on. */

static int
setup(void **state)
{
	int code = fixture_runner_setup(state);

	if (code == 0)
		((struct fixture_runner *)*state)->runner->config->jobs = fake_job_folder;
	return code;
}

static void
put(const char *folder)
{
	char name[64];

	assert_int_equal(mkdir(fake_job_file(folder), 0700), 0);
	(void)snprintf(name, sizeof(name), "%s/base", folder);
	assert_int_equal(mkdir(fake_job_file(name), 0700), 0);
	(void)snprintf(name, sizeof(name), "%s/base/1", folder);
	fake_job_put(name, "rows");
}

/* Entries of the folder of journals. */
static int
entries(void)
{
	DIR *dir = opendir(fake_job_folder);
	const struct dirent *e;
	int n = 0;

	assert_non_null(dir);
	while ((e = readdir(dir)) != NULL) /* NOLINT(concurrency-mt-unsafe): one thread */
		n += strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0 ? 1 : 0;
	(void)closedir(dir);
	return n;
}

static void
its_name_is_free_at_once_and_the_rest_goes_later(void **state)
{
	struct fixture_runner *f = *state;

	put("7.scratch");
	assert_int_equal(waste_put(f->runner, fake_job_file("7.scratch"), &f->err), GH_OK);
	assert_int_not_equal(access(fake_job_file("7.scratch"), F_OK), 0);
	assert_int_equal(entries(), 1);
	/* The next of that name comes while the first has not gone, and goes its way too. */
	put("7.scratch");
	assert_int_equal(waste_put(f->runner, fake_job_file("7.scratch"), &f->err), GH_OK);
	assert_int_equal(entries(), 2);
	/* This one is in use. */
	put("7.scratch");
	fake_job_until_clear(f);
	assert_int_equal(entries(), 1);
	assert_int_equal(access(fake_job_file("7.scratch/base/1"), F_OK), 0);
	assert_int_equal(waste_put(f->runner, fake_job_file("7.scratch"), &f->err), GH_OK);
	fake_job_until_clear(f);
	assert_int_equal(entries(), 0);
}

static void
a_new_runner_goes_on_with_what_is_left(void **state)
{
	struct fixture_runner *f = *state;

	put("7.scratch");
	assert_int_equal(waste_put(f->runner, fake_job_file("7.scratch"), &f->err), GH_OK);
	waste_stop(f->runner);
	assert_int_equal(loop_turn(f->runner->loop, 0, &f->err), GH_OK);
	assert_int_equal(entries(), 1);
	waste_start(f->runner);
	fake_job_until_clear(f);
	assert_int_equal(entries(), 0);
}

static void
none_is_fine_and_a_file_is_refused(void **state)
{
	struct fixture_runner *f = *state;

	assert_int_equal(waste_put(f->runner, fake_job_file("8.scratch"), &f->err), GH_OK);
	assert_int_equal(f->runner->waste, 0);
	fake_job_put("8.scratch", "a file");
	assert_int_equal(waste_put(f->runner, fake_job_file("8.scratch"), &f->err), GH_CONFLICT);
	assert_non_null(strstr(f->err.msg, "8.scratch is no folder"));
	assert_int_equal(unlink(fake_job_file("8.scratch")), 0);
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, fixture_runner_teardown)
	const struct CMUnitTest tests[] = {
		T(its_name_is_free_at_once_and_the_rest_goes_later),
		T(a_new_runner_goes_on_with_what_is_left),
		T(none_is_fine_and_a_file_is_refused),
	};

	return cmocka_run_group_tests_name("runner/waste", tests, fake_job_group_start, fake_job_group_stop);
}
