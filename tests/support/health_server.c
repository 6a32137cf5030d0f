#include "base/ban.h"
#include "tests/support/health_server.h"
#include "base/io.h"

#include <arpa/inet.h>
#include <setjmp.h>
#include <cmocka.h>
#include <sys/socket.h>
#include <sys/wait.h>

const char health_hang[] = "";

__attribute__((noreturn)) static void
serve(int fd, const char *const *answers)
{
	size_t i;

	for (i = 0; answers[i] != NULL; i++) {
		char buf[4096];
		GH_FD int conn = accept4(fd, NULL, NULL, SOCK_CLOEXEC);
		struct timeval patience = { .tv_sec = 600 };

		(void)setsockopt(conn, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
		if (read(conn, buf, sizeof(buf)) <= 0)
			continue;
		if (answers[i] == health_hang)
			while (read(conn, buf, sizeof(buf)) > 0)
				;
		else if (gh_write_all(conn, answers[i], strlen(answers[i]), NULL) != GH_OK)
			continue;
	}
	_exit(0);
}

void
health_server_start(struct health_server *s, struct rig *r, const char *const *answers)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct policy *p = &r->plan.policy;
	socklen_t len = sizeof(at);
	GH_FD int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	assert_int_equal(listen(fd, 16), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &len), 0);
	s->port = ntohs(at.sin_port);
	s->pid = fork();
	if (s->pid == 0)
		serve(fd, answers);
	p->health_url = gh_printf(&r->arena, "http://127.0.0.1:%d/health", s->port);
	p->health_attempts = 3;
	p->health_delay_ms = 50;
	p->health_timeout_ms = 20000;
	p->health_status = 200;
}

void
health_server_stop(struct health_server *s)
{
	int status;

	(void)kill(s->pid, SIGKILL);
	(void)waitpid(s->pid, &status, 0);
}
