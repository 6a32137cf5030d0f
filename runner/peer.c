#include "base/ban.h"
#include "runner/peer.h"

#include <sys/socket.h>

enum gh_code
peer_uid(int fd, uid_t *ret, struct gh_err *err)
{
	struct ucred cred = { 0 };
	socklen_t len = sizeof(cred);

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &len) != 0)
		return gh_fail_errno(err, GH_INTERNAL, "cannot ask who connected");
	*ret = cred.uid;
	return GH_OK;
}

enum gh_code
peer_check(const struct config *c, enum cmd_way way, uid_t uid, struct gh_err *err)
{
	if (way == CMD_WEB && uid != c->web_uid)
		return gh_fail(err, GH_FORBIDDEN, "web.sock is for the account %s, not for uid %u",
		    c->web_user, (unsigned)uid);
	return GH_OK;
}
