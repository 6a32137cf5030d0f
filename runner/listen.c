#include "base/ban.h"
#include "runner/listen.h"
#include "base/io.h"

#include <sys/socket.h>
#include <sys/un.h>

#define BACKLOG  64
#define FIRST_FD 3
#define MOST_FDS 8

static enum gh_code
socket_check(int fd, struct gh_err *err)
{
	int type = 0, listening = 0, domain = 0;
	socklen_t len = sizeof(type);

	if (getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &len) != 0 ||
	    getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &len) != 0 ||
	    getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &len) != 0 || domain != AF_UNIX ||
	    type != SOCK_STREAM || listening == 0)
		return gh_fail(
		    err, GH_BAD_INPUT, "inherited descriptor %d is not a listening UNIX stream socket", fd);
	if (fcntl(fd, F_SETFD, FD_CLOEXEC) != 0 || fcntl(fd, F_SETFL, O_NONBLOCK) != 0)
		return gh_fail_errno(err, GH_INTERNAL, "cannot prepare descriptor %d", fd);
	return GH_OK;
}

enum gh_code
listen_inherited(struct listen_fds *ret, struct gh_err *err)
{
	/* NOLINTBEGIN(concurrency-mt-unsafe): at start, before anything else runs */
	const char *pid = getenv("LISTEN_PID"), *n = getenv("LISTEN_FDS"), *names = getenv("LISTEN_FDNAMES");
	/* NOLINTEND(concurrency-mt-unsafe) */
	int64_t for_pid = 0, count = 0, i;

	*ret = (struct listen_fds){ .web = -1, .admin = -1 };
	if (pid == NULL || n == NULL || names == NULL || !gh_parse_i64(pid, 1, INT32_MAX, &for_pid) ||
	    for_pid != getpid() || !gh_parse_i64(n, 1, MOST_FDS, &count))
		return GH_OK;
	for (i = 0; i < count; i++) {
		size_t len = strcspn(names, ":");
		int fd = FIRST_FD + (int)i;

		GH_TRY(socket_check(fd, err));
		if (len == 3 && strncmp(names, "web", len) == 0)
			ret->web = fd;
		else if (len == 5 && strncmp(names, "admin", len) == 0)
			ret->admin = fd;
		else
			return gh_fail(err, GH_BAD_INPUT,
			    "an inherited socket is named \"%.*s\", not web or admin", (int)len, names);
		names += len;
		names += *names == ':';
	}
	(void)unsetenv("LISTEN_PID");     /* NOLINT(concurrency-mt-unsafe) */
	(void)unsetenv("LISTEN_FDS");     /* NOLINT(concurrency-mt-unsafe) */
	(void)unsetenv("LISTEN_FDNAMES"); /* NOLINT(concurrency-mt-unsafe) */
	return GH_OK;
}

/* A file left over by a runner that was killed goes; one that somebody serves stays. */
static enum gh_code
stale_remove(const char *path, const struct sockaddr_un *addr, struct gh_err *err)
{
	GH_FD int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	struct stat st;

	if (lstat(path, &st) != 0) {
		if (errno == ENOENT)
			return GH_OK;
		return gh_fail_errno(err, GH_UNAVAILABLE, "cannot look at %s", path);
	}
	if (!S_ISSOCK(st.st_mode))
		return gh_fail(err, GH_CONFLICT, "%s is in the way: it is not a socket", path);
	if (fd < 0)
		return gh_fail_errno(err, GH_UNAVAILABLE, "cannot create a socket");
	if (connect(fd, (const struct sockaddr *)addr, sizeof(*addr)) == 0 || errno != ECONNREFUSED)
		return gh_fail(err, GH_CONFLICT, "another process listens on %s", path);
	if (unlink(path) != 0)
		return gh_fail_errno(err, GH_UNAVAILABLE, "cannot remove the old %s", path);
	return GH_OK;
}

static enum gh_code
open_one(const char *path, mode_t mode, gid_t gid, int *ret, struct gh_err *err)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	GH_FD int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	mode_t before;
	int rc;

	if (fd < 0)
		return gh_fail_errno(err, GH_UNAVAILABLE, "cannot create a socket");
	if (strlen(path) >= sizeof(addr.sun_path))
		return gh_fail(err, GH_BAD_INPUT, "%s is too long for a socket", path);
	memcpy(addr.sun_path, path, strlen(path) + 1);
	GH_TRY(stale_remove(path, &addr, err));
	before = umask(0177);
	rc = bind(fd, (struct sockaddr *)&addr, sizeof(addr));
	(void)umask(before);
	if (rc != 0)
		return gh_fail_errno(err, GH_UNAVAILABLE, "cannot create %s", path);
	if (gid != (gid_t)-1 && gid != getegid() && chown(path, (uid_t)-1, gid) != 0)
		return gh_fail_errno(err, GH_UNAVAILABLE,
		    "cannot give %s to group %u (this account must be in the web user's group)", path,
		    (unsigned)gid);
	if (chmod(path, mode) != 0 || listen(fd, BACKLOG) != 0)
		return gh_fail_errno(err, GH_UNAVAILABLE, "cannot listen on %s", path);
	*ret = gh_fd_take(&fd);
	return GH_OK;
}

enum gh_code
listen_open(const struct config *c, struct listen_fds *fds, struct gh_err *err)
{
	GH_ARENA a = { 0 };

	if (fds->web < 0)
		GH_TRY(open_one(gh_printf(&a, "%s/web.sock", c->socket), 0660, c->web_gid, &fds->web, err));
	if (fds->admin < 0)
		GH_TRY(
		    open_one(gh_printf(&a, "%s/admin.sock", c->socket), 0666, (gid_t)-1, &fds->admin, err));
	return GH_OK;
}
