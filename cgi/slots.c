#include "base/ban.h"
#include "cgi/slots.h"

#include <sys/mman.h>

enum gh_code
slots_open(int workers, struct slots *ret, struct gh_err *err)
{
	*ret = (struct slots){ .fd = memfd_create("gatehouse-slots", MFD_CLOEXEC),
		.n = workers > 1 ? workers - 1 : 1 };
	return ret->fd >= 0 ? GH_OK : gh_fail_errno(err, GH_INTERNAL, "cannot share memory");
}

static bool
lock(const struct slots *s, int slot, short type)
{
	struct flock l = { .l_type = type, .l_whence = SEEK_SET, .l_start = slot, .l_len = 1 };

	return fcntl(s->fd, F_SETLK, &l) == 0;
}

bool
slots_take(const struct slots *s, int64_t patience_us, int *ret_slot)
{
	const struct timespec wait = { .tv_nsec = 10000000 };
	int64_t until = gh_clock_mono() + patience_us;

	do {
		for (*ret_slot = 0; *ret_slot < s->n; ++*ret_slot) {
			if (lock(s, *ret_slot, F_WRLCK))
				return true;
		}
	} while (s->n > 0 && gh_clock_mono() < until && nanosleep(&wait, NULL) == 0);
	return s->n == 0;
}

void
slots_give(const struct slots *s, int slot)
{
	if (s->n > 0)
		(void)lock(s, slot, F_UNLCK);
}
