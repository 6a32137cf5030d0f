#include "base/ban.h"
#include "base/clock.h"
#include "base/io.h"
#include "base/spawn.h"

#include <setjmp.h>
#include <cmocka.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>

/* The program itself, over its socket: WEB_PROGRAM is set by the build. */

struct web {
	char folder[32], socket[48];
	pid_t pid;
};

static void
start_with(const char *const *argv, pid_t *ret)
{
	static const char *const env[] = { "PATH=/usr/bin:/bin", NULL };
	struct gh_spawn s = { .path = WEB_PROGRAM, .argv = argv, .env = env };
	struct gh_err err = { 0 };

	if (gh_spawn_start(&s, ret, &err) != GH_OK)
		fail_msg("%s", err.msg);
}

static int
dial(const char *path)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	(void)snprintf(addr.sun_path, sizeof(addr.sun_path), "%s", path);
	if (connect(fd, (struct sockaddr *)&addr, sizeof(addr)) != 0) {
		(void)close(fd);
		return -1;
	}
	return fd;
}

static int
web_start(void **state)
{
	struct web *w = calloc(1, sizeof(*w));
	const char *argv[] = { "gatehouse-web", "--listen", w->socket, "--store", w->folder, "--runner",
		"/nonexistent", "--workers", "2", NULL };
	int i, fd = -1;

	memcpy(w->folder, "/tmp/gatehouse-web-XXXXXX", 26);
	if (mkdtemp(w->folder) == NULL)
		return -1;
	(void)snprintf(w->socket, sizeof(w->socket), "%s/fcgi.sock", w->folder);
	start_with(argv, &w->pid);
	for (i = 0; i < 6000 && (fd = dial(w->socket)) < 0; i++)
		(void)usleep(10000);
	(void)close(fd);
	*state = w;
	return fd < 0 ? -1 : 0;
}

static int
web_stop(void **state)
{
	struct web *w = *state;
	int status;

	if (w->pid > 0) {
		(void)kill(w->pid, SIGTERM);
		(void)waitpid(w->pid, &status, 0);
	}
	(void)unlink(w->socket);
	(void)rmdir(w->folder);
	free(w);
	return 0;
}

static void
record(struct gh_text *t, int type, const void *data, size_t len)
{
	const unsigned char head[8] = { 1, (unsigned char)type, 0, 1, (unsigned char)(len >> 8),
		(unsigned char)len };

	gh_text_put_n(t, head, sizeof(head));
	gh_text_put_n(t, data, len);
}

static void
param(struct gh_text *t, const char *name, const char *value)
{
	gh_text_putc(t, (char)strlen(name));
	gh_text_putc(t, (char)strlen(value));
	gh_text_put(t, name);
	gh_text_put(t, value);
}

/* One request; the output of FCGI_STDOUT goes to ret. */
static void
ask(struct web *w, const char *method, const char *uri, const char *length, const struct gh_text *body,
    struct gh_text *ret)
{
	static const unsigned char begin[8] = { 0, 1 };
	unsigned char buf[65536];
	struct gh_err err = { 0 };
	GH_TEXT call = { 0 };
	GH_TEXT params = { 0 };
	GH_TEXT raw = { 0 };
	GH_FD int fd = dial(w->socket);
	size_t at, len;
	ssize_t n;

	assert_true(fd >= 0);
	param(&params, "REQUEST_METHOD", method);
	param(&params, "REQUEST_URI", uri);
	param(&params, "CONTENT_TYPE", "application/x-www-form-urlencoded");
	param(&params, "CONTENT_LENGTH", length);
	record(&call, 1, begin, sizeof(begin));
	record(&call, 4, params.data, params.len);
	record(&call, 4, "", 0);
	for (at = 0; body != NULL && at < body->len; at += len) {
		len = body->len - at > 32768 ? 32768 : body->len - at;
		record(&call, 5, body->data + at, len);
	}
	record(&call, 5, "", 0);
	if (gh_write_all(fd, call.data, call.len, &err) != GH_OK)
		fail_msg("%s", err.msg);
	while ((n = read(fd, buf, sizeof(buf))) > 0)
		gh_text_put_n(&raw, buf, (size_t)n);
	for (at = 0; at + 8 <= raw.len; at += 8 + len + (unsigned char)raw.data[at + 6]) {
		len = (size_t)(unsigned char)raw.data[at + 4] << 8 | (unsigned char)raw.data[at + 5];
		if (raw.data[at + 1] == 6)
			gh_text_put_n(ret, raw.data + at + 8, len);
	}
}

static void
answers_over_its_socket(void **state)
{
	struct web *w = *state;
	GH_TEXT out = { 0 };
	struct stat st;

	assert_int_equal(stat(w->socket, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0660);
	ask(w, "GET", "/signin", "", NULL, &out);
	assert_int_equal(strncmp(gh_text_str(&out), "Status: 200 OK\r\n", 16), 0);
	assert_non_null(strstr(gh_text_str(&out), "</html>"));
	gh_text_clear(&out);
	ask(w, "HEAD", "/signin", "", NULL, &out);
	assert_int_equal(strncmp(gh_text_str(&out), "Status: 200 OK\r\n", 16), 0);
	assert_string_equal(gh_text_str(&out) + out.len - 4, "\r\n\r\n");
}

static void
bounds_bodies(void **state)
{
	struct web *w = *state;
	GH_TEXT out = { 0 };
	GH_TEXT body = { 0 };
	size_t i;

	gh_text_put(&body, "name=x&password=");
	for (i = body.len; i < (64 << 10); i++)
		gh_text_putc(&body, 'p');
	ask(w, "POST", "/signin", "65536", &body, &out);
	assert_non_null(strstr(gh_text_str(&out), "Status: 422"));
	gh_text_clear(&out);
	gh_text_putc(&body, 'p');
	ask(w, "POST", "/signin", "65537", &body, &out);
	assert_non_null(strstr(gh_text_str(&out), "Status: 413"));
	gh_text_clear(&out);
	ask(w, "POST", "/signin", "999999999999999999999", &body, &out);
	assert_non_null(strstr(gh_text_str(&out), "Status: 400"));
	gh_text_clear(&out);
	gh_text_clear(&body);
	gh_text_put(&body, "name=x");
	ask(w, "POST", "/signin", "60", &body, &out);
	assert_non_null(strstr(gh_text_str(&out), "did not arrive whole"));
}

static void
ends_when_told_and_takes_its_socket_along(void **state)
{
	struct web *w = *state;
	int64_t start = gh_clock_mono();
	int status;

	assert_int_equal(kill(w->pid, SIGTERM), 0);
	assert_int_equal(waitpid(w->pid, &status, 0), w->pid);
	w->pid = 0;
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	assert_true(gh_clock_mono() - start < 20 * GH_SECOND); /* no hang; how fast is for the bench */
	assert_int_equal(dial(w->socket), -1);
	assert_int_equal(access(w->socket, F_OK), -1);
}

/* The workers of w, by /proc. */
static size_t
children(const struct web *w, pid_t *ret, size_t max)
{
	char path[64];
	GH_TEXT list = { 0 };
	struct gh_err err = { 0 };
	char *at, *end;
	size_t n = 0;

	(void)snprintf(path, sizeof(path), "/proc/%d/task/%d/children", (int)w->pid, (int)w->pid);
	if (gh_file_read(path, 4096, &list, &err) != GH_OK || list.data == NULL)
		return 0;
	for (at = list.data; n < max; at = end) {
		long pid = strtol(at, &end, 10);

		if (end == at)
			break;
		ret[n++] = (pid_t)pid;
	}
	return n;
}

static void
starts_a_dead_worker_again(void **state)
{
	struct web *w = *state;
	pid_t before[4] = { 0 }, after[4] = { 0 };
	int i;

	for (i = 0; i < 6000 && children(w, before, 4) != 2; i++)
		(void)usleep(10000);
	assert_int_equal(children(w, before, 4), 2);
	assert_int_equal(kill(before[0], SIGKILL), 0);
	for (i = 0; i < 6000 && (children(w, after, 4) != 2 || after[0] == before[0]); i++)
		(void)usleep(10000);
	assert_int_equal(children(w, after, 4), 2);
	assert_int_not_equal(after[0], before[0]);
}

static void
leaves_a_socket_in_use_alone(void **state)
{
	struct web *w = *state;
	const char *argv[] = { "gatehouse-web", "--listen", w->socket, "--store", "/", "--runner", "/r",
		NULL };
	GH_TEXT out = { 0 };
	int status;
	pid_t pid;

	start_with(argv, &pid);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(WEXITSTATUS(status), 1);
	ask(w, "GET", "/signin", "", NULL, &out);
	assert_non_null(strstr(gh_text_str(&out), "Status: 200"));
}

static void
refuses_bad_arguments(void **state)
{
	static const char *const bad[][9] = {
		{ "gatehouse-web", "--store", "/s", "--runner", "/r" },
		{ "gatehouse-web", "--listen", "/l", "--runner", "/r" },
		{ "gatehouse-web", "--listen", "/l", "--store", "/s" },
		{
		    "gatehouse-web",
		    "--listen",
		    "/l",
		    "--store",
		    "/s",
		    "--runner",
		    "/r",
		    "--workers",
		},
		{ "gatehouse-web", "--nothing" },
		{ "gatehouse-web", "more" },
		{ "gatehouse-web", "--store", "/s", "--runner", "/r", "--workers", "0" },
		{ "gatehouse-web", "--store", "/s", "--runner", "/r", "--workers", "65" },
	};
	size_t i;
	int status;
	pid_t pid;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		start_with(bad[i], &pid);
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_true(WIFEXITED(status));
		assert_true(WEXITSTATUS(status) == 2 || (i == 0 && WEXITSTATUS(status) == 1));
	}
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, web_start, web_stop)
	const struct CMUnitTest tests[] = {
		T(answers_over_its_socket),
		T(bounds_bodies),
		T(ends_when_told_and_takes_its_socket_along),
		T(starts_a_dead_worker_again),
		T(leaves_a_socket_in_use_alone),
		cmocka_unit_test(refuses_bad_arguments),
	};

	return cmocka_run_group_tests_name("cgi/main", tests, NULL, NULL);
}
