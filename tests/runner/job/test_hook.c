#include "base/ban.h"
#include "runner/job/hook.h"
#include "base/clock.h"
#include "base/io.h"
#include "runner/job/control.h"

#include <setjmp.h>
#include <cmocka.h>

/* One program as a hook: whatever it does, we know how it ended and nothing of it is left. */

struct fix {
	struct job job;
	struct control control;
	struct gh_arena arena;
	char folder[48];
	int record;
	struct gh_err err;
	struct hook_end end;
};

static int
setup(void **state)
{
	struct fix *f = calloc(1, sizeof(*f));

	if (f == NULL)
		return -1;
	f->job.arena = &f->arena;
	(void)snprintf(f->folder, sizeof(f->folder), "/tmp/gh-test-hook-XXXXXX");
	if (mkdtemp(f->folder) == NULL || gh_memfd("control", "", 0, &f->record, NULL) != GH_OK ||
	    gh_memfd("journal", "", 0, &f->job.journal.fd, NULL) != GH_OK)
		return -1;
	job_signals();
	control_start(&f->job, &f->control, f->record);
	*state = f;
	return 0;
}

static int
teardown(void **state)
{
	struct fix *f = *state;

	(void)unlink(gh_printf(&f->arena, "%s/hook", f->folder));
	(void)unlink(gh_printf(&f->arena, "%s/left", f->folder));
	(void)rmdir(f->folder);
	gh_fd_done(&f->record);
	wire_journal_done(&f->job.journal);
	gh_text_done(&f->end.output);
	gh_arena_done(&f->arena);
	free(f);
	return 0;
}

/* A script of that text, run with a time limit. */
static enum gh_code
run(struct fix *f, const char *text, int64_t timeout_ms)
{
	const char *path = gh_printf(&f->arena, "%s/hook", f->folder);
	const char *const args[] = { path, "one", NULL };
	const char *const env[] = { "PATH=/usr/bin:/bin", "GATEHOUSE_RUN=7", NULL };
	const struct policy_hook h = {
		.when = POLICY_BEFORE, .timeout_ms = timeout_ms, .n_args = 2, .args = args
	};

	if (text != NULL)
		assert_int_equal(gh_file_replace(path, text, strlen(text), 0700, NULL), GH_OK);
	gh_text_done(&f->end.output);
	f->err = (struct gh_err){ 0 };
	return hook_run(&f->job, &h, env, &f->end, &f->err);
}

static void
says(const struct fix *f, const char *part)
{
	if (strstr(f->err.msg, part) == NULL)
		fail_msg("\"%s\" is not in: %s", part, f->err.msg);
}

static void
its_output_is_kept(void **state)
{
	struct fix *f = *state;

	assert_int_equal(run(f, "#!/bin/sh\necho \"$1 $GATEHOUSE_RUN\"\necho err >&2\n", 5000), GH_OK);
	assert_int_equal(f->end.exit_status, 0);
	assert_string_equal(f->end.output.data, "one 7\nerr\n");
}

static void
its_exit_status_is_known(void **state)
{
	struct fix *f = *state;

	assert_int_equal(run(f, "#!/bin/sh\necho no\nexit 3\n", 5000), GH_CONFLICT);
	assert_int_equal(f->end.exit_status, 3);
	says(f, "its exit status is 3");
	assert_string_equal(f->end.output.data, "no\n");
}

static void
one_that_is_killed_says_by_what(void **state)
{
	struct fix *f = *state;

	assert_int_equal(run(f, "#!/bin/sh\necho before\nkill -9 $$\n", 5000), GH_CONFLICT);
	assert_int_equal(f->end.exit_status, HOOK_KILLED + SIGKILL);
	says(f, "ended by signal 9");
}

static void
one_that_hangs_is_ended(void **state)
{
	struct fix *f = *state;
	int64_t from = gh_clock_mono();

	assert_int_equal(run(f, "#!/bin/sh\necho begun\nexec sleep 600\n", 2000), GH_CONFLICT);
	assert_int_equal(f->end.exit_status, HOOK_KILLED + SIGTERM);
	says(f, "did not end within 2.0 s");
	assert_string_equal(f->end.output.data, "begun\n");
	assert_true(gh_clock_mono() - from < 30 * GH_SECOND);
}

/* TERM is not enough: KILL follows. */
static void
one_that_ignores_term_is_killed(void **state)
{
	struct fix *f = *state;

	assert_int_equal(run(f, "#!/bin/sh\ntrap '' TERM\nwhile :; do sleep 1; done\n", 2000), GH_CONFLICT);
	assert_int_equal(f->end.exit_status, HOOK_KILLED + SIGKILL);
}

static bool
alive(struct fix *f)
{
	GH_TEXT pid = { 0 };
	int64_t n = 0;

	assert_int_equal(gh_file_read(gh_printf(&f->arena, "%s/left", f->folder), 100, &pid, NULL), GH_OK);
	pid.data[strcspn(pid.data, "\n")] = '\0';
	assert_true(gh_parse_i64(pid.data, 2, INT32_MAX, &n));
	return kill((pid_t)n, 0) == 0;
}

/* Its child holds the output open: the hook has ended all the same, and so has the child. */
static void
what_it_leaves_running_is_ended(void **state)
{
	struct fix *f = *state;
	int64_t from = gh_clock_mono();
	size_t i;

	assert_int_equal(run(f,
			     gh_printf(&f->arena,
				 "#!/bin/sh\nsh -c 'trap \"\" TERM; echo $$ >%s/left; exec sleep 60' &\n"
				 "while [ ! -s %s/left ]; do sleep 0.05; done\necho done\n",
				 f->folder, f->folder),
			     5000),
	    GH_OK);
	assert_true(gh_clock_mono() - from < 30 * GH_SECOND);
	assert_string_equal(f->end.output.data, "done\n");
	for (i = 0; i < 3000 && alive(f); i++)
		job_sleep(&f->job, 20);
	assert_false(alive(f));
}

/* The first and the last half are kept: the end says why it failed. */
static void
much_output_is_cut_in_the_middle(void **state)
{
	struct fix *f = *state;

	assert_int_equal(
	    run(f, "#!/bin/sh\necho first\nhead -c 10485760 /dev/zero | tr '\\0' 'x'\necho\necho last\n",
		60000),
	    GH_OK);
	assert_true(f->end.output.len < HOOK_OUTPUT + 100);
	assert_true(f->end.output.len > HOOK_OUTPUT - 100);
	assert_int_equal(strncmp(f->end.output.data, "first\nxxx", 9), 0);
	assert_non_null(strstr(f->end.output.data, "[... 10420236 bytes are left out ...]"));
	assert_string_equal(f->end.output.data + f->end.output.len - 7, "x\nlast\n");
}

static void
what_is_no_utf8_is_replaced(void **state)
{
	struct fix *f = *state;
	size_t at;

	assert_int_equal(
	    run(f, "#!/bin/sh\nprintf 'a\\377b\\303\\251\\000c\\033[1mx\\r\\n\\342\\202'\n", 5000), GH_OK);
	assert_true(gh_utf8_valid(f->end.output.data, f->end.output.len, &at));
	assert_string_equal(f->end.output.data, "a?b\303\251?c?[1mx \n??");
	/* All of a long one as well, and in no time. */
	assert_int_equal(run(f, "#!/bin/sh\nhead -c 1000000 /dev/zero | tr '\\0' '\\377'\n", 20000), GH_OK);
	assert_true(gh_utf8_valid(f->end.output.data, f->end.output.len, &at));
}

static void
one_that_cannot_be_started_says_why(void **state)
{
	struct fix *f = *state;

	assert_int_equal(run(f, NULL, 5000), GH_CONFLICT);
	assert_int_equal(f->end.exit_status, -1);
	says(f, "No such file");
	assert_int_equal(run(f, "#!/bin/sh\nexit 0\n", 5000), GH_OK);
	assert_int_equal(chmod(gh_printf(&f->arena, "%s/hook", f->folder), 0600), 0);
	assert_int_equal(run(f, NULL, 5000), GH_CONFLICT);
	says(f, "Permission denied");
	assert_int_equal(run(f, "#!/nowhere/interpreter\n", 5000), GH_CONFLICT);
	says(f, "No such file");
}

/* Nothing of ours: no descriptor but three, no variable but those given, an empty input. */
static void
it_gets_nothing_of_ours(void **state)
{
	struct fix *f = *state;

	assert_int_equal(setenv("PGPASSWORD", "canary", 1), 0); /* NOLINT(concurrency-mt-unsafe) */
	assert_int_equal(run(f,
			     "#!/bin/bash\nls /proc/$$/fd\ncat\nenv | grep -c canary\nps -o "
			     "pgid= -p $$ | tr -d ' '; echo $$\n",
			     5000),
	    GH_OK);
	assert_int_equal(unsetenv("PGPASSWORD"), 0); /* NOLINT(concurrency-mt-unsafe) */
	/* bash holds its script on 255. */
	assert_int_equal(strncmp(f->end.output.data, "0\n1\n2\n255\n0\n", 12), 0);
	/* Its group is its own. */
	{
		char *group = f->end.output.data + 12, *nl = strchr(group, '\n');

		assert_non_null(nl);
		assert_int_equal(strtol(group, NULL, 10), strtol(nl + 1, NULL, 10));
	}
}

static void
a_run_that_is_cancelled_ends_it(void **state)
{
	struct fix *f = *state;
	const struct wire_control c = { .serial = 1, .cancel = true };
	int64_t from = gh_clock_mono();

	assert_int_equal(wire_control_write(f->record, &c, NULL), GH_OK);
	job_sleep(&f->job, 250);
	assert_int_equal(run(f, "#!/bin/sh\nexec sleep 600\n", 300000), GH_CONFLICT);
	says(f, "because the run was cancelled");
	assert_true(gh_clock_mono() - from < 30 * GH_SECOND);
}

static void
its_command_is_readable(void **state)
{
	const char *const args[] = { "/opt/a hook", "", "plain", "it's", NULL };
	const struct policy_hook h = { .n_args = 4, .args = args };
	GH_TEXT t = { 0 };

	(void)state;
	hook_command(&h, &t);
	assert_string_equal(t.data, "\"/opt/a hook\" \"\" plain \"it's\"");
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(its_output_is_kept),
		T(its_exit_status_is_known),
		T(one_that_is_killed_says_by_what),
		T(one_that_hangs_is_ended),
		T(one_that_ignores_term_is_killed),
		T(what_it_leaves_running_is_ended),
		T(much_output_is_cut_in_the_middle),
		T(what_is_no_utf8_is_replaced),
		T(one_that_cannot_be_started_says_why),
		T(it_gets_nothing_of_ours),
		T(a_run_that_is_cancelled_ends_it),
		T(its_command_is_readable),
	};

	gh_hash_start();
	return cmocka_run_group_tests_name("runner/job/hook", tests, NULL, NULL);
}
