#include "base/ban.h"
#include "runner/loop.h"
#include "base/clock.h"

#include <poll.h>
#include <setjmp.h>
#include <cmocka.h>
#include <sys/socket.h>
#include <sys/wait.h>

struct seen {
	struct loop *loop;
	int calls, other;
	int64_t timer;
	pid_t pid;
	int status, sig;
};

static int
setup(void **state)
{
	struct seen *s = calloc(1, sizeof(*s));

	assert_non_null(s);
	assert_int_equal(loop_new(&s->loop, NULL), GH_OK);
	*state = s;
	return 0;
}

static int
teardown(void **state)
{
	struct seen *s = *state;

	loop_free(s->loop);
	free(s);
	return 0;
}

static void
on_fd(void *data, int fd, short revents)
{
	struct seen *s = data;
	char c;

	assert_true((revents & POLLIN) != 0);
	assert_int_equal(read(fd, &c, 1), 1);
	s->calls++;
}

static void
calls_for_a_descriptor_until_it_is_removed(void **state)
{
	struct seen *s = *state;
	int pair[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
	loop_fd_add(s->loop, pair[0], POLLIN, on_fd, s);
	assert_int_equal(write(pair[1], "ab", 2), 2);
	assert_int_equal(loop_turn(s->loop, 0, NULL), GH_OK);
	assert_int_equal(s->calls, 1);
	loop_fd_events(s->loop, pair[0], 0);
	assert_int_equal(loop_turn(s->loop, 0, NULL), GH_OK);
	assert_int_equal(s->calls, 1);
	loop_fd_events(s->loop, pair[0], POLLIN);
	loop_fd_remove(s->loop, pair[0]);
	assert_int_equal(loop_turn(s->loop, 0, NULL), GH_OK);
	assert_int_equal(s->calls, 1);
	(void)close(pair[0]);
	(void)close(pair[1]);
}

static void
not_me(void *data, int fd, short revents)
{
	struct seen *s = data;

	(void)fd;
	(void)revents;
	s->other++;
}

/* Replaces the other descriptor's watch while its old readiness is still in hand. */
static void
replaces(void *data, int fd, short revents)
{
	struct seen *s = data;

	(void)revents;
	loop_fd_remove(s->loop, fd);
	loop_fd_remove(s->loop, s->sig);
	loop_fd_add(s->loop, s->sig, POLLIN, not_me, s);
}

static void
does_not_call_a_new_watch_for_an_old_event(void **state)
{
	struct seen *s = *state;
	int a[2], b[2];

	assert_int_equal(pipe2(a, O_CLOEXEC), 0);
	assert_int_equal(pipe2(b, O_CLOEXEC), 0);
	s->sig = b[0];
	loop_fd_add(s->loop, a[0], POLLIN, replaces, s);
	loop_fd_add(s->loop, b[0], POLLIN, on_fd, s);
	assert_int_equal(write(a[1], "x", 1), 1);
	assert_int_equal(write(b[1], "x", 1), 1);
	assert_int_equal(loop_turn(s->loop, 0, NULL), GH_OK);
	assert_int_equal(s->calls, 0);
	assert_int_equal(s->other, 0);
	assert_int_equal(loop_turn(s->loop, 0, NULL), GH_OK);
	assert_int_equal(s->other, 1);
	(void)close(a[0]);
	(void)close(a[1]);
	(void)close(b[0]);
	(void)close(b[1]);
}

static void
on_timer(void *data)
{
	struct seen *s = data;

	s->calls++;
	if (s->calls == 3)
		loop_timer_remove(s->loop, s->timer);
}

static void
calls_timers_once_or_again_and_again(void **state)
{
	struct seen *s = *state;
	int i;

	s->timer = loop_timer_add(s->loop, 0, 1000, on_timer, s);
	assert_true(s->timer != 0);
	for (i = 0; i < 20; i++)
		assert_int_equal(loop_turn(s->loop, 2000, NULL), GH_OK);
	assert_int_equal(s->calls, 3);
	(void)loop_timer_add(s->loop, 0, 0, on_timer, s);
	for (i = 0; i < 3; i++)
		assert_int_equal(loop_turn(s->loop, 2000, NULL), GH_OK);
	assert_int_equal(s->calls, 4);
	loop_timer_remove(s->loop, 0);
}

#define LATE_MS 300 /* nobody is held up for so long before the first turn */

/* It is busy until the timer is overdue, and meanwhile there is more to read. */
static void
busy(void *data, int fd, short revents)
{
	struct seen *s = data;
	struct timespec ms = { .tv_nsec = 2L * LATE_MS * 1000000 };

	on_fd(data, fd, revents);
	if (s->calls == 1)
		(void)nanosleep(&ms, NULL);
}

static void
after_what_was_there(void *data)
{
	struct seen *s = data;

	s->other = s->calls;
}

static void
nobody_is_late_because_another_was_busy(void **state)
{
	struct seen *s = *state;
	int pair[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
	loop_fd_add(s->loop, pair[0], POLLIN, busy, s);
	assert_int_equal(write(pair[1], "ab", 2), 2);
	(void)loop_timer_add(s->loop, LATE_MS * 1000, 0, after_what_was_there, s);
	while (s->other == 0)
		assert_int_equal(loop_turn(s->loop, 1000000, NULL), GH_OK);
	assert_int_equal(s->other, 2);
	loop_fd_remove(s->loop, pair[0]);
	(void)close(pair[0]);
	(void)close(pair[1]);
}

static void
on_child(void *data, pid_t pid, int status)
{
	struct seen *s = data;

	s->pid = pid;
	s->status = status;
	loop_stop(s->loop);
}

static void
reaps_a_child_and_says_how_it_ended(void **state)
{
	struct seen *s = *state;
	pid_t pid = fork();

	if (pid == 0)
		_exit(7);
	assert_true(pid > 0);
	assert_int_equal(loop_child_add(s->loop, pid, on_child, s, NULL), GH_OK);
	assert_int_equal(loop_run(s->loop, NULL), GH_OK);
	assert_int_equal(s->pid, pid);
	assert_true(WIFEXITED(s->status));
	assert_int_equal(WEXITSTATUS(s->status), 7);
	assert_int_equal(waitpid(pid, NULL, WNOHANG), -1);
}

static void
on_signal(void *data, int sig)
{
	struct seen *s = data;

	s->sig = sig;
	loop_stop(s->loop);
}

static void
takes_signals_in_its_turn(void **state)
{
	struct seen *s = *state;

	assert_int_equal(loop_signals(s->loop, on_signal, s, NULL), GH_OK);
	assert_int_equal(kill(getpid(), SIGHUP), 0);
	assert_int_equal(loop_run(s->loop, NULL), GH_OK);
	assert_int_equal(s->sig, SIGHUP);
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(calls_for_a_descriptor_until_it_is_removed),
		T(does_not_call_a_new_watch_for_an_old_event),
		T(calls_timers_once_or_again_and_again),
		T(nobody_is_late_because_another_was_busy),
		T(reaps_a_child_and_says_how_it_ended),
		T(takes_signals_in_its_turn),
	};

	return cmocka_run_group_tests_name("runner/loop", tests, NULL, NULL);
}
