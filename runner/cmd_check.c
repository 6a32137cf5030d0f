#include "base/ban.h"
#include "runner/cmd.h"
#include "base/io.h"
#include "runner/config_parse.h"
#include "store/secrets.h"

enum gh_code
cmd_password_check(struct cmd_ctx *c, const struct gh_secret *password, struct gh_err *err)
{
	const char *where = gh_printf(c->arena, "session %" PRId64, c->actor.session);
	char hash[GH_PWHASH_LEN] = "";
	bool found = false;

	if (c->actor.way == CMD_CLI) {
		if (password->len > 0)
			return gh_fail(err, GH_BAD_INPUT, "a password has no place on admin.sock");
		return GH_OK;
	}
	if (!signin_may(&c->runner->signin, c->actor.name, where, gh_clock_mono()))
		return gh_fail(err, GH_UNAUTHENTICATED, "too many wrong passwords: try again in 15 minutes");
	GH_TRY(store_password_get(c->secrets, c->actor.person, hash, &found, err));
	if (!found || !gh_password_matches(hash, password)) {
		signin_failed(&c->runner->signin, c->actor.name, where, gh_clock_mono());
		return gh_fail(err, GH_UNAUTHENTICATED, "the password is wrong");
	}
	signin_good(&c->runner->signin, c->actor.name, where);
	return GH_OK;
}

enum gh_code
cmd_text_check(const char *what, const char *s, size_t min, size_t max, struct gh_err *err)
{
	const char *p;
	size_t n = 0;

	for (p = s; *p != '\0'; p++) {
		unsigned char u = (unsigned char)*p;

		if ((u < 0x20 && u != '\n' && u != '\t' && u != '\r') || u == 0x7f)
			return gh_fail(err, GH_BAD_INPUT, "%s has a control character in it", what);
		n += (u & 0xc0) != 0x80;
	}
	if (n < min && n == 0)
		return gh_fail(err, GH_BAD_INPUT, "%s is missing", what);
	if (n < min || n > max)
		return gh_fail(
		    err, GH_BAD_INPUT, "%s must have %zu to %zu characters, not %zu", what, min, max, n);
	return GH_OK;
}

enum gh_code
cmd_name_check(const char *what, const char *s, struct gh_err *err)
{
	if (!config_name_good(s))
		return gh_fail(err, GH_BAD_INPUT,
		    "%s must be 1 to 64 letters, digits, \"_\", \"-\" or \".\", beginning with a letter or "
		    "digit",
		    what);
	return GH_OK;
}

enum gh_code
cmd_cursor(const char *cursor, int64_t *ret_before, struct gh_err *err)
{
	*ret_before = 0;
	if (cursor[0] != '\0' && !gh_parse_i64(cursor, 1, INT64_MAX, ret_before))
		return gh_fail(err, GH_BAD_INPUT, "the cursor \"%.40s\" is not one of ours", cursor);
	return GH_OK;
}
