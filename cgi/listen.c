#include "base/ban.h"
#include "cgi/listen.h"
#include "base/io.h"

#include <sys/socket.h>
#include <sys/un.h>

#define BACKLOG  511
#define FIRST_FD 3 /* sd_listen_fds(3) */

static bool
answers(const struct sockaddr_un *addr)
{
	GH_FD int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	return fd >= 0 && (connect(fd, (const struct sockaddr *)addr, sizeof(*addr)) == 0 || errno == EAGAIN);
}

enum gh_code
listen_open(const char *path, int *ret_fd, struct gh_err *err)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	GH_FD int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct stat st;
	mode_t before;
	int rc;

	if (fd < 0)
		return gh_fail_errno(err, GH_INTERNAL, "cannot create a socket");
	if (strlen(path) >= sizeof(addr.sun_path))
		return gh_fail(err, GH_BAD_INPUT, "--listen: the path is longer than %zu bytes",
		    sizeof(addr.sun_path) - 1);
	memcpy(addr.sun_path, path, strlen(path) + 1);
	if (lstat(path, &st) == 0) {
		if (!S_ISSOCK(st.st_mode))
			return gh_fail(err, GH_CONFLICT, "--listen: %s is there and is no socket", path);
		if (answers(&addr))
			return gh_fail(err, GH_CONFLICT, "--listen: another process answers on %s", path);
		if (unlink(path) != 0)
			return gh_fail_errno(err, GH_CONFLICT, "--listen: cannot replace %s", path);
	}
	before = umask(0117);
	rc = bind(fd, (struct sockaddr *)&addr, sizeof(addr));
	(void)umask(before);
	if (rc != 0 || listen(fd, BACKLOG) != 0)
		return gh_fail_errno(err, GH_CONFLICT, "--listen: cannot listen on %s", path);
	*ret_fd = gh_fd_take(&fd);
	return GH_OK;
}

int
listen_inherited(void)
{
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): one thread */
	const char *pid = getenv("LISTEN_PID"), *fds = getenv("LISTEN_FDS");
	int64_t value;

	if (pid == NULL || fds == NULL || !gh_parse_i64(pid, 1, INT_MAX, &value) || value != getpid() ||
	    !gh_parse_i64(fds, 1, 1, &value))
		return -1;
	return FIRST_FD;
}
