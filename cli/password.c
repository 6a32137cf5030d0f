#include "base/ban.h"
#include "cli/cli.h"

#include <termios.h>

static enum gh_code
read_line(struct gh_secret *ret, struct gh_err *err)
{
	unsigned char line[GH_SECRET_MAX + 2];
	size_t len = 0;
	bool fits;
	ssize_t n;

	while (len < sizeof(line)) {
		n = read(STDIN_FILENO, line + len, 1);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0 || line[len] == '\n')
			break;
		len++;
	}
	fits = gh_secret_set(ret, line, len);
	explicit_bzero(line, sizeof(line));
	if (len == 0)
		return gh_fail(err, GH_BAD_INPUT, "no password was given on standard input");
	if (!fits)
		return gh_fail(err, GH_BAD_INPUT, "the password is longer than %d bytes", GH_SECRET_MAX);
	return GH_OK;
}

static enum gh_code
ask(const char *prompt, struct gh_secret *ret, struct gh_err *err)
{
	struct termios saved, quiet;
	enum gh_code code;

	if (tcgetattr(STDIN_FILENO, &saved) != 0)
		return read_line(ret, err);
	quiet = saved;
	quiet.c_lflag &= ~(tcflag_t)ECHO;
	(void)fputs(prompt, stderr);
	(void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
	code = read_line(ret, err);
	(void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &saved);
	(void)fputc('\n', stderr);
	return code;
}

enum gh_code
cli_password(const char *prompt, bool twice, struct gh_secret *ret, struct gh_err *err)
{
	GH_SECRET again = { 0 };

	GH_TRY(ask(prompt, ret, err));
	if (!twice || isatty(STDIN_FILENO) == 0)
		return GH_OK;
	GH_TRY(ask("Once more: ", &again, err));
	if (again.len != ret->len || !gh_equal(again.data, ret->data, ret->len))
		return gh_fail(err, GH_BAD_INPUT, "the two passwords differ: nothing was changed");
	return GH_OK;
}
