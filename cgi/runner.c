#include "base/ban.h"
#include "cgi/runner.h"
#include "base/io.h"

#include <sys/socket.h>
#include <sys/un.h>

bool
runner_up(const char *socket_path)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	/* Not blocking: a runner that no longer accepts is as good as none. */
	GH_FD int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0 || strlen(socket_path) >= sizeof(addr.sun_path))
		return false;
	memcpy(addr.sun_path, socket_path, strlen(socket_path) + 1);
	return connect(fd, (struct sockaddr *)&addr, sizeof(addr)) == 0;
}
