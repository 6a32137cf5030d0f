#include "base/ban.h"
#include "base/io.h"

#include <sys/mman.h>

void
gh_fd_done(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
	*fd = -1;
}

int
gh_fd_take(int *fd)
{
	int ret = *fd;

	*fd = -1;
	return ret;
}

enum gh_code
gh_read_all(int fd, size_t limit, struct gh_text *ret, struct gh_err *err)
{
	char buf[65536];
	ssize_t n;

	for (;;) {
		n = read(fd, buf, sizeof(buf));
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return gh_fail_errno(err, GH_INTERNAL, "cannot read");
		if (n == 0)
			return GH_OK;
		if ((size_t)n > limit || ret->len > limit - (size_t)n)
			return gh_fail(err, GH_BAD_INPUT, "larger than %zu bytes", limit);
		gh_text_put_n(ret, buf, (size_t)n);
	}
}

enum gh_code
gh_file_read(const char *path, size_t limit, struct gh_text *ret, struct gh_err *err)
{
	GH_FD int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	struct stat st;

	if (fd < 0)
		return gh_fail_errno(
		    err, errno == ENOENT ? GH_NOT_FOUND : GH_INTERNAL, "cannot open %s", path);
	if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode))
		return gh_fail(err, GH_INTERNAL, "%s is a folder", path);
	return gh_read_all(fd, limit, ret, err);
}

enum gh_code
gh_write_all(int fd, const void *data, size_t len, struct gh_err *err)
{
	const char *at = data;
	ssize_t n;

	while (len > 0) {
		n = write(fd, at, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return gh_fail_errno(err, GH_INTERNAL, "cannot write");
		at += n;
		len -= (size_t)n;
	}
	return GH_OK;
}

enum gh_code
gh_fsync_folder(const char *path, struct gh_err *err)
{
	GH_FD int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0 || fsync(fd) != 0)
		return gh_fail_errno(err, GH_INTERNAL, "cannot flush folder %s", path);
	return GH_OK;
}

enum gh_code
gh_file_replace(const char *path, const void *data, size_t len, unsigned mode, struct gh_err *err)
{
	char temp[PATH_MAX], folder[PATH_MAX];
	const char *slash = strrchr(path, '/');
	GH_FD int fd = -1;
	int n = snprintf(temp, sizeof(temp), "%s.new", path);

	if (n < 0 || (size_t)n >= sizeof(temp))
		return gh_fail(err, GH_BAD_INPUT, "path too long: %s", path);
	(void)snprintf(folder, sizeof(folder), "%.*s", slash == NULL ? 1 : (int)(slash - path),
	    slash == NULL ? "." : path);
	fd = open(temp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, (mode_t)mode);
	if (fd < 0)
		return gh_fail_errno(err, GH_INTERNAL, "cannot create %s", temp);
	GH_TRY(gh_write_all(fd, data, len, err));
	if (fsync(fd) != 0 || rename(temp, path) != 0)
		return gh_fail_errno(err, GH_INTERNAL, "cannot replace %s", path);
	return gh_fsync_folder(slash == path ? "/" : folder, err);
}

enum gh_code
gh_memfd(const char *name, const void *data, size_t len, int *ret_fd, struct gh_err *err)
{
	GH_FD int fd = memfd_create(name, MFD_CLOEXEC);

	if (fd < 0 || fchmod(fd, 0600) != 0)
		return gh_fail_errno(err, GH_UNAVAILABLE, "cannot create an anonymous file");
	GH_TRY(gh_write_all(fd, data, len, err));
	if (lseek(fd, 0, SEEK_SET) != 0)
		return gh_fail_errno(err, GH_INTERNAL, "cannot rewind");
	*ret_fd = gh_fd_take(&fd);
	return GH_OK;
}

enum gh_code
gh_lock_try(int fd, bool *ret_got, struct gh_err *err)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

	*ret_got = fcntl(fd, F_OFD_SETLK, &lock) == 0;
	if (!*ret_got && errno != EAGAIN && errno != EACCES)
		return gh_fail_errno(err, GH_INTERNAL, "cannot lock");
	return GH_OK;
}

/* Length of the valid UTF-8 sequence at s (RFC 3629), 0 when there is none. */
static size_t
utf8_one(const unsigned char *s, size_t left)
{
	size_t n, i;

	if (s[0] == 0)
		return 0;
	if (s[0] < 0x80)
		return 1;
	n = s[0] >= 0xf0 ? 4 : s[0] >= 0xe0 ? 3 : 2;
	if (s[0] < 0xc2 || s[0] > 0xf4 || n > left)
		return 0;
	for (i = 1; i < n; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	}
	if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f) || (s[0] == 0xf0 && s[1] < 0x90) ||
	    (s[0] == 0xf4 && s[1] > 0x8f))
		return 0;
	return n;
}

bool
gh_utf8_valid(const char *s, size_t len, size_t *ret_at)
{
	size_t i, n;

	for (i = 0; i < len; i += n) {
		n = utf8_one((const unsigned char *)s + i, len - i);
		if (n == 0) {
			if (ret_at != NULL)
				*ret_at = i;
			return false;
		}
	}
	return true;
}

size_t
gh_utf8_cut(const char *s, size_t len, size_t max)
{
	if (len <= max)
		return len;
	while (max > 0 && ((unsigned char)s[max] & 0xc0) == 0x80)
		max--;
	return max;
}

bool
gh_parse_i64(const char *s, int64_t min, int64_t max, int64_t *ret)
{
	char *end = NULL;
	long long v;

	if (*s != '-' && !isdigit((unsigned char)*s))
		return false;
	errno = 0;
	v = strtoll(s, &end, 10);
	if (errno != 0 || *end != '\0' || v < min || v > max)
		return false;
	*ret = v;
	return true;
}
