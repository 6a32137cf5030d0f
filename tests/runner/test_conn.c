#include "base/ban.h"
#include "tests/support/fixture_runner.h"
#include "runner/conn.h"

#include <sys/socket.h>

static int
setup(void **state)
{
	struct fixture_runner *f;

	if (fixture_runner_setup(state) != 0)
		return -1;
	f = *state;
	/* Whoever runs the tests stands for the admin. */
	f->runner->config->accounts[4].uid = geteuid();
	fixture_person(f, "admin")->uid = geteuid();
	return conn_start(f->runner, (struct listen_fds){ -1, -1 }, &f->err) == GH_OK ? 0 : -1;
}

static int
teardown(void **state)
{
	struct fixture_runner *f = *state;

	conn_stop(f->runner);
	return fixture_runner_teardown(state);
}

static int
join(struct fixture_runner *f, enum cmd_way way)
{
	int pair[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
	conn_add(f->runner, pair[0], way);
	return pair[1];
}

static void
turn(struct fixture_runner *f, int n)
{
	while (n-- > 0)
		assert_int_equal(loop_turn(f->runner->loop, 0, &f->err), GH_OK);
}

/* The whole reply: its code; what follows is in f->fields. */
static enum gh_code
answer(struct fixture_runner *f, int fd)
{
	char buf[4096];
	ssize_t n;

	gh_text_clear(&f->reply);
	while ((n = recv(fd, buf, sizeof(buf), MSG_DONTWAIT)) > 0)
		gh_text_put_n(&f->reply, buf, (size_t)n);
	assert_int_equal(n, 0); /* it was closed */
	f->fields = (struct wire_in){ .at = (const unsigned char *)gh_text_str(&f->reply) };
	f->fields.end = f->fields.at + f->reply.len;
	assert_int_equal(wire_u32(&f->fields), f->reply.len - 4);
	(void)close(fd);
	return (enum gh_code)wire_u16(&f->fields);
}

static void
people_frame(struct gh_text *ret)
{
	static const unsigned char none[GH_TOKEN_LEN];
	struct wire_out out = { .text = ret };

	wire_put_u32(&out, 2 + GH_TOKEN_LEN);
	wire_put_u16(&out, WIRE_READ_PEOPLE);
	gh_text_put_n(ret, none, sizeof(none));
}

static void
answers_a_frame_that_comes_byte_by_byte(void **state)
{
	struct fixture_runner *f = *state;
	int fd = join(f, CMD_CLI);
	GH_TEXT frame = { 0 };
	size_t i;

	people_frame(&frame);
	for (i = 0; i < frame.len; i++) {
		assert_int_equal(send(fd, frame.data + i, 1, MSG_NOSIGNAL), 1);
		turn(f, 1);
	}
	assert_int_equal(answer(f, fd), GH_OK);
	assert_int_equal(fixture_table(f)->n_rows, FIXTURE_PEOPLE);
}

static void
refuses_wrong_lengths_and_what_follows(void **state)
{
	static const uint32_t lengths[] = { 0, 1, 33, WIRE_FRAME_MAX + 1, 0xffffffffU };
	struct fixture_runner *f = *state;
	GH_TEXT frame = { 0 };
	size_t i;
	int fd;

	for (i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		struct wire_out out = { .text = &frame };

		fd = join(f, CMD_CLI);
		gh_text_clear(&frame);
		wire_put_u32(&out, lengths[i]);
		assert_int_equal(send(fd, frame.data, frame.len, MSG_NOSIGNAL), 4);
		turn(f, 1);
		assert_int_equal(answer(f, fd), GH_BAD_INPUT);
	}
	fd = join(f, CMD_CLI);
	gh_text_clear(&frame);
	people_frame(&frame);
	gh_text_putc(&frame, 'x');
	assert_int_equal(send(fd, frame.data, frame.len, MSG_NOSIGNAL), frame.len);
	turn(f, 1);
	assert_int_equal(answer(f, fd), GH_BAD_INPUT);
}

static void
serves_the_web_user_alone_on_web_sock(void **state)
{
	struct fixture_runner *f = *state;
	int fd;

	f->runner->config->web_uid = geteuid() + 1;
	fd = join(f, CMD_WEB);
	turn(f, 1);
	assert_int_equal(answer(f, fd), GH_FORBIDDEN);
	assert_non_null(strstr(wire_text(&f->fields, &f->arena), "web.sock is for the account web"));
}

static void
forgets_a_peer_that_goes_away(void **state)
{
	struct fixture_runner *f = *state;
	int i, fd;

	for (i = 0; i < 3 * CONN_MAX; i++) {
		fd = join(f, CMD_CLI);
		assert_int_equal(send(fd, "\0\0", 2, MSG_NOSIGNAL), 2);
		(void)close(fd);
		turn(f, 1);
	}
	fd = join(f, CMD_CLI);
	turn(f, 1);
	conn_stop(f->runner); /* in the middle of a frame: closed without a word */
	assert_int_equal(recv(fd, &i, sizeof(i), MSG_DONTWAIT), 0);
	(void)close(fd);
}

static enum gh_code
send_people(struct fixture_runner *f)
{
	int fd = join(f, CMD_CLI);
	GH_TEXT frame = { 0 };

	people_frame(&frame);
	assert_int_equal(send(fd, frame.data, frame.len, MSG_NOSIGNAL), frame.len);
	turn(f, 1);
	return answer(f, fd);
}

static void
hides_its_own_trouble(void **state)
{
	struct fixture_runner *f = *state;

	assert_int_equal(sqlite3_exec(f->runner->store->db,
			     "PRAGMA foreign_keys = off; DROP TABLE person_role", NULL, NULL, NULL),
	    SQLITE_OK);
	assert_int_not_equal(send_people(f), GH_OK);
	assert_null(strstr(wire_text(&f->fields, &f->arena), "person_role"));
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(answers_a_frame_that_comes_byte_by_byte),
		T(refuses_wrong_lengths_and_what_follows),
		T(serves_the_web_user_alone_on_web_sock),
		T(forgets_a_peer_that_goes_away),
		T(hides_its_own_trouble),
	};

	return cmocka_run_group_tests_name("runner/conn", tests, NULL, NULL);
}
