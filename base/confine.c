#include "base/ban.h"
#include "base/confine.h"
#include "base/io.h"

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

/* Newer than the headers of the oldest system that this is built on. */
#define FS_REFER    (UINT64_C(1) << 13)
#define FS_TRUNCATE (UINT64_C(1) << 14)
#define SCOPE_ALL   UINT64_C(3) /* abstract sockets, signals */
#define FS_READ     (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define FS_FIRST    ((UINT64_C(1) << 13) - 1) /* all of the first version */
#define FS_OF_FILES                                                                                          \
	(LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_READ_FILE |         \
	    FS_TRUNCATE)
#define VERSION_REFER    2
#define VERSION_TRUNCATE 3
#define VERSION_SCOPE    6

#if defined(__x86_64__)
#define ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCH AUDIT_ARCH_AARCH64
#else
#define ARCH 0
#endif

struct rules {
	uint64_t fs, net, scoped;
};

void
gh_confine_add(struct gh_confine *c, const char *path, unsigned may)
{
	if (c->n == GH_CONFINE_PATHS)
		abort();
	c->at[c->n].path = path;
	c->at[c->n++].may = may;
}

/* 0 when the kernel has no Landlock. */
static long
version(void)
{
	long v = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);

	return v < 0 ? 0 : v;
}

static uint64_t
all_of(long v)
{
	return FS_FIRST | (v >= VERSION_REFER ? FS_REFER : 0) | (v >= VERSION_TRUNCATE ? FS_TRUNCATE : 0);
}

static enum gh_code
permit(int rules, const char *path, unsigned may, long v, struct gh_err *err)
{
	GH_FD int fd = open(path, O_PATH | O_CLOEXEC);
	struct landlock_path_beneath_attr at = { .parent_fd = fd };
	struct stat st;

	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR || errno == EACCES))
		return GH_OK;
	if (fd < 0 || fstat(fd, &st) != 0)
		return gh_fail_errno(err, GH_UNAVAILABLE, "cannot open %s", path);
	at.allowed_access = ((may & GH_MAY_READ) != 0 ? FS_READ : 0) |
	    ((may & GH_MAY_RUN) != 0 ? LANDLOCK_ACCESS_FS_EXECUTE : 0) |
	    ((may & GH_MAY_WRITE) != 0 ? all_of(v) & ~(uint64_t)LANDLOCK_ACCESS_FS_EXECUTE : 0);
	at.allowed_access &= S_ISDIR(st.st_mode) ? all_of(v) : all_of(v) & FS_OF_FILES;
	if (syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &at, 0) != 0)
		return gh_fail_errno(err, GH_UNAVAILABLE, "cannot permit %s", path);
	return GH_OK;
}

enum gh_code
gh_confine_open(const struct gh_confine *c, int *ret_fd, struct gh_err *err)
{
	long v = version();
	struct rules r = { .fs = all_of(v), .scoped = SCOPE_ALL };
	GH_FD int fd = -1;
	size_t i;

	if (v < 1 || ARCH == 0)
		return gh_fail(err, GH_UNAVAILABLE,
		    "this kernel cannot confine a program (Landlock is missing or switched off)");
	fd = (int)syscall(SYS_landlock_create_ruleset, &r, v >= VERSION_SCOPE ? sizeof(r) : sizeof(r.fs), 0);
	if (fd < 0)
		return gh_fail_errno(err, GH_UNAVAILABLE, "cannot confine a program");
	for (i = 0; i < c->n; i++)
		GH_TRY(permit(fd, c->at[i].path, c->at[i].may, v, err));
	*ret_fd = gh_fd_take(&fd);
	return GH_OK;
}

#define LOAD(field)     BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define UNLESS(k, skip) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (k), 0, (skip))
#define GIVE(what)      BPF_STMT(BPF_RET | BPF_K, (what))
#define REFUSED         (SECCOMP_RET_ERRNO | EACCES)
#define X32             0x40000000

/* No connection to anybody; sockets only of the kind that needs no network. */
static bool
no_network(void)
{
	struct sock_filter code[] = {
		LOAD(arch),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCH, 1, 0),
		GIVE(SECCOMP_RET_KILL_PROCESS),
		LOAD(nr),
		BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, X32, 0, 1),
		GIVE(SECCOMP_RET_KILL_PROCESS),
		UNLESS(SYS_connect, 1),
		GIVE(REFUSED),
		UNLESS(SYS_io_uring_setup, 1),
		GIVE(REFUSED),
		UNLESS(SYS_socket, 3),
		/* The family is an int: the low half, which comes first on these machines. */
		LOAD(args[0]),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AF_UNIX, 1, 0),
		GIVE(REFUSED),
		GIVE(SECCOMP_RET_ALLOW),
	};
	const struct sock_fprog prog = { .len = sizeof(code) / sizeof(code[0]), .filter = code };

	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &prog) == 0;
}

bool
gh_confine_enter(int fd, bool may_connect)
{
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	    syscall(SYS_landlock_restrict_self, fd, 0) == 0 && (may_connect || no_network());
}
