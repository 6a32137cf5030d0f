#include "base/ban.h"
#include "runner/config.h"
#include "runner/config_parse.h"
#include "base/io.h"

#define PASSFILE_LIMIT ((size_t)256 << 10)

enum gh_code
config_env_take(struct config_env *ret, struct gh_err *err)
{
	char *url = getenv("DATABASE_URL"); /* NOLINT(concurrency-mt-unsafe): before anything else runs */
	GH_TEXT without = { 0 };
	bool found = false;
	enum gh_code code;

	*ret = (struct config_env){ 0 };
	if (url == NULL || url[0] == '\0')
		return GH_OK;
	code = config_dsn_split(url, &without, &ret->password, &found, err);
	explicit_bzero(url, strlen(url));
	(void)unsetenv("DATABASE_URL"); /* NOLINT(concurrency-mt-unsafe) */
	GH_TRY(code);
	ret->url = strdup(gh_text_str(&without));
	if (ret->url == NULL)
		return gh_fail(err, GH_INTERNAL, "out of memory");
	return GH_OK;
}

void
config_env_done(struct config_env *e)
{
	free(e->url);
	e->url = NULL;
	gh_secret_done(&e->password);
}

/* One line for every host: what the password is for is in the connection. */
static enum gh_code
password_memfd(const struct gh_secret *password, int *ret_fd, struct gh_err *err)
{
	static const char any[] = { '*', ':', '*', ':', '*', ':', '*', ':' };
	char line[2 * GH_SECRET_MAX + 16];
	size_t len = 0, i;
	enum gh_code code;

	memcpy(line, any, sizeof(any));
	len = sizeof(any);
	for (i = 0; i < password->len; i++) {
		if (password->data[i] == ':' || password->data[i] == '\\')
			line[len++] = '\\';
		line[len++] = (char)password->data[i];
	}
	line[len++] = '\n';
	code = gh_memfd("gatehouse-passfile", line, len, ret_fd, err);
	explicit_bzero(line, sizeof(line));
	return code;
}

static enum gh_code
file_memfd(const char *what, const char *path, int *ret_fd, struct gh_err *err)
{
	GH_FD int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NOFOLLOW | O_NONBLOCK);
	struct stat st;
	GH_TEXT text = { 0 };
	enum gh_code code;

	if (fd < 0 || fstat(fd, &st) != 0)
		return gh_fail_errno(err, GH_UNAVAILABLE, "cannot open the %s %s", what, path);
	if (!S_ISREG(st.st_mode) || (st.st_mode & 07777) != 0600)
		return gh_fail(
		    err, GH_UNAVAILABLE, "the %s %s is no longer a regular file of mode 0600", what, path);
	code = gh_read_all(fd, PASSFILE_LIMIT, &text, err);
	if (code == GH_OK)
		code = gh_memfd("gatehouse-secret", gh_text_str(&text), text.len, ret_fd, err);
	if (text.data != NULL)
		explicit_bzero(text.data, text.cap);
	return code;
}

enum gh_code
config_passfile(const struct config *c, const struct config_target *t, int *ret_fd, struct gh_err *err)
{
	if (t->passfile != NULL)
		return file_memfd("passfile", t->passfile, ret_fd, err);
	if (t->password_known)
		return password_memfd(&c->env->password, ret_fd, err);
	return gh_memfd("gatehouse-passfile", "", 0, ret_fd, err);
}

enum gh_code
config_backup_key(const struct config_target *t, int *ret_fd, struct gh_err *err)
{
	*ret_fd = -1;
	return t->backup.key_file == NULL ? GH_OK : file_memfd("key file", t->backup.key_file, ret_fd, err);
}
