#include "base/ban.h"
#include "tests/support/plain_user.h"

#include <grp.h>
#include <pwd.h>
#include <sys/prctl.h>

int
plain_user(void)
{
	const struct passwd *p = getpwnam("postgres"); /* NOLINT(concurrency-mt-unsafe): nothing runs yet */

	if (geteuid() != 0)
		return 0;
	if (p == NULL || initgroups(p->pw_name, p->pw_gid) != 0 ||
	    setresgid(p->pw_gid, p->pw_gid, p->pw_gid) != 0 ||
	    setresuid(p->pw_uid, p->pw_uid, p->pw_uid) != 0) {
		perror("postgres");
		return 1;
	}
	/* /proc/self belongs to root else. */
	(void)prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
	return 0;
}
