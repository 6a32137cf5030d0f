#include "base/ban.h"
#include "base/confine.h"
#include "base/io.h"

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <sys/ioctl.h>
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

	if (fd < 0 && errno != EMFILE && errno != ENFILE && errno != ENOMEM)
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

bool
gh_confine_can(void)
{
	return version() >= 1 && ARCH != 0;
}

enum gh_code
gh_confine_open(const struct gh_confine *c, int *ret_fd, struct gh_err *err)
{
	long v = version();
	struct rules r = { .fs = all_of(v), .scoped = SCOPE_ALL };
	GH_FD int fd = -1;
	size_t i;

	if (!gh_confine_can())
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
#define IF(k, skip)     BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (k), (skip), 0)
#define GIVE(what)      BPF_STMT(BPF_RET | BPF_K, (what))
#define REFUSED         (SECCOMP_RET_ERRNO | EACCES)
#define X32             0x40000000
#define PROGRAM         80

struct program {
	struct sock_filter code[PROGRAM];
	unsigned short len;
};

static void
put(struct program *p, const struct sock_filter *code, size_t n)
{
	if (p->len + n > PROGRAM)
		abort();
	memcpy(&p->code[p->len], code, n * sizeof(*code));
	p->len = (unsigned short)(p->len + n);
}
#define PUT(p, ...)                                                                                          \
	put((p), (const struct sock_filter[]){ __VA_ARGS__ },                                                \
	    sizeof((const struct sock_filter[]){ __VA_ARGS__ }) / sizeof(struct sock_filter))

/* No connection to anybody; sockets only of the kind that needs no network. */
static void
no_network(struct program *p)
{
	PUT(p, UNLESS(SYS_connect, 1), GIVE(REFUSED), UNLESS(SYS_io_uring_setup, 1), GIVE(REFUSED),
	    UNLESS(SYS_socket, 3),
	    /* The family is an int: the low half, which comes first on these machines. */
	    LOAD(args[0]), IF(AF_UNIX, 1), GIVE(REFUSED), LOAD(nr));
}

/*
 * Landlock keeps signals inside only since its sixth version.  A server signals its children, whose numbers
 * nobody knows yet, so before that only those can be refused whom we know: everybody at once, who started it,
 * and who started them.  Of other ways to reach a process none is needed.
 */
static void
no_signals(struct program *p, pid_t above)
{
	pid_t parent = getppid(), group = getpgrp();
	const uint32_t not_to[] = { 0, (uint32_t)-1, 1, (uint32_t)parent, (uint32_t)-parent, (uint32_t)above,
		(uint32_t)-above, (uint32_t)-group };
	size_t i;

	PUT(p, UNLESS(SYS_pidfd_send_signal, 1), GIVE(REFUSED), UNLESS(SYS_rt_sigqueueinfo, 1), GIVE(REFUSED),
	    UNLESS(SYS_rt_tgsigqueueinfo, 1), GIVE(REFUSED), UNLESS(SYS_tkill, 1), GIVE(REFUSED),
	    /* Its own limits only: another one's time can be made to be over. */
	    UNLESS(SYS_prlimit64, 3), LOAD(args[0]), IF(0, 1), GIVE(REFUSED), LOAD(nr),
	    /* Nor a file whose news the kernel tells somebody else by a signal. */
	    UNLESS(SYS_fcntl, 5), LOAD(args[1]), IF(F_SETOWN, 2), IF(F_SETSIG, 1), UNLESS(F_SETOWN_EX, 1),
	    GIVE(REFUSED), LOAD(nr), UNLESS(SYS_ioctl, 4), LOAD(args[1]), IF(FIOSETOWN, 1),
	    UNLESS(SIOCSPGRP, 1), GIVE(REFUSED), LOAD(nr), IF(SYS_kill, 2), IF(SYS_tgkill, 1),
	    GIVE(SECCOMP_RET_ALLOW), LOAD(args[0]));
	for (i = 0; i < sizeof(not_to) / sizeof(not_to[0]); i++)
		PUT(p, UNLESS(not_to[i], 1), GIVE(REFUSED));
	PUT(p, GIVE(SECCOMP_RET_ALLOW));
}

static bool
filter(bool may_connect, pid_t above)
{
	struct program p = { .len = 0 };
	struct sock_fprog prog = { .filter = p.code };

	PUT(&p, LOAD(arch), IF(ARCH, 1), GIVE(SECCOMP_RET_KILL_PROCESS), LOAD(nr),
	    BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, X32, 0, 1), GIVE(SECCOMP_RET_KILL_PROCESS));
	if (!may_connect)
		no_network(&p);
	no_signals(&p, above);
	prog.len = p.len;
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &prog) == 0;
}

bool
gh_confine_enter(int fd, bool may_connect, pid_t above)
{
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	    syscall(SYS_landlock_restrict_self, fd, 0) == 0 && filter(may_connect, above);
}
