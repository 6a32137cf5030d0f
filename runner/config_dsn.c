#include "base/ban.h"
#include "runner/config_parse.h"

/* What libpq takes for a connection string, as far as finding a password in it needs. */

struct dsn {
	struct gh_text *ret;
	struct gh_secret *password;
	bool found;
};

/* What may come into the text: no control characters, which would end lines of logs and files. */
static enum gh_code
characters(const char *dsn, struct gh_err *err)
{
	for (; *dsn != '\0'; dsn++) {
		if ((unsigned char)*dsn < 0x20 && *dsn != '\t')
			return gh_fail(
			    err, GH_BAD_INPUT, "control characters do not belong into a connection string");
	}
	return GH_OK;
}

static enum gh_code
take(struct dsn *d, const char *value, size_t len, struct gh_err *err)
{
	d->found = true;
	if (d->password != NULL && !gh_secret_set(d->password, value, len))
		return gh_fail(err, GH_BAD_INPUT, "the password is longer than %d bytes", GH_SECRET_MAX);
	return GH_OK;
}

static enum gh_code
known_bad(const char *key, struct gh_err *err)
{
	if (strcmp(key, "passfile") == 0)
		return gh_fail(err, GH_BAD_INPUT,
		    "passfile does not belong into it: write passfile = \"...\" beside it");
	if (strcmp(key, "sslpassword") == 0)
		return gh_fail(
		    err, GH_BAD_INPUT, "sslpassword is not supported: use a key file without a passphrase");
	return GH_OK;
}

/* One value of the keyword form, from *at on; un-quoted into value. */
static enum gh_code
keyword_value(const char **at, struct gh_text *value, struct gh_err *err)
{
	const char *p = *at;
	bool quoted = *p == '\'';

	p += quoted;
	while (*p != '\0' && (quoted ? *p != '\'' : !isspace((unsigned char)*p))) {
		if (*p == '\\' && p[1] != '\0')
			p++;
		gh_text_putc(value, *p++);
	}
	if (quoted && *p != '\'')
		return gh_fail(err, GH_BAD_INPUT, "a quote is not closed");
	*at = p + quoted;
	return GH_OK;
}

static void
wipe(struct gh_text *t)
{
	if (t->data != NULL)
		explicit_bzero(t->data, t->cap);
	gh_text_done(t);
}

static enum gh_code
keyword_one(struct dsn *d, const char **at, struct gh_err *err)
{
	__attribute__((cleanup(wipe))) struct gh_text value = { 0 };
	const char *start = *at, *p = start;
	GH_TEXT key = { 0 };

	while (*p != '\0' && *p != '=' && !isspace((unsigned char)*p))
		gh_text_putc(&key, *p++);
	p += strspn(p, " \t");
	if (*p != '=' || key.len == 0)
		return gh_fail(err, GH_BAD_INPUT,
		    "it must be keyword=value pairs (host=... dbname=... user=...) or postgresql://...");
	p++;
	p += strspn(p, " \t");
	GH_TRY(keyword_value(&p, &value, err));
	*at = p + strspn(p, " \t");
	GH_TRY(known_bad(key.data, err));
	if (strcmp(key.data, "password") == 0)
		return take(d, gh_text_str(&value), value.len, err);
	if (d->ret->len > 0)
		gh_text_putc(d->ret, ' ');
	gh_text_put_n(d->ret, start, (size_t)(p - start));
	return GH_OK;
}

static int
hex_digit(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = c == '\0' ? NULL : strchr(digits, tolower((unsigned char)c));

	return at == NULL ? -1 : (int)(at - digits);
}

static enum gh_code
percent_decode(const char *s, size_t len, struct gh_text *ret, struct gh_err *err)
{
	size_t i;

	for (i = 0; i < len; i++) {
		if (s[i] != '%') {
			gh_text_putc(ret, s[i]);
			continue;
		}
		if (i + 2 >= len || hex_digit(s[i + 1]) < 0 || hex_digit(s[i + 2]) < 0 ||
		    (s[i + 1] == '0' && s[i + 2] == '0'))
			return gh_fail(
			    err, GH_BAD_INPUT, "a %% in a URI is followed by two hexadecimal digits");
		gh_text_putc(ret, (char)(hex_digit(s[i + 1]) * 16 + hex_digit(s[i + 2])));
		i += 2;
	}
	return GH_OK;
}

static enum gh_code
uri_password(struct dsn *d, const char *s, size_t len, struct gh_err *err)
{
	__attribute__((cleanup(wipe))) struct gh_text value = { 0 };

	GH_TRY(percent_decode(s, len, &value, err));
	return take(d, gh_text_str(&value), value.len, err);
}

static enum gh_code
uri_query(struct dsn *d, const char *p, struct gh_err *err)
{
	char before = '?';

	while (*p != '\0') {
		size_t len = strcspn(p, "&"), key_len = strcspn(p, "=&");
		GH_TEXT key = { 0 };

		GH_TRY(percent_decode(p, key_len, &key, err));
		if (key_len == len)
			return gh_fail(err, GH_BAD_INPUT, "a parameter of the URI has no value");
		GH_TRY(known_bad(gh_text_str(&key), err));
		if (strcmp(gh_text_str(&key), "password") == 0) {
			GH_TRY(uri_password(d, p + key_len + 1, len - key_len - 1, err));
		} else {
			gh_text_putc(d->ret, before);
			gh_text_put_n(d->ret, p, len);
			before = '&';
		}
		p += len;
		p += *p == '&';
	}
	return GH_OK;
}

static enum gh_code
uri(struct dsn *d, const char *dsn, size_t scheme, struct gh_err *err)
{
	const char *p = dsn + scheme;
	size_t user = strcspn(p, "@/"), colon, rest;

	gh_text_put_n(d->ret, dsn, scheme);
	if (p[user] == '@') {
		colon = strcspn(p, ":@");
		gh_text_put_n(d->ret, p, colon);
		gh_text_putc(d->ret, '@');
		if (p[colon] == ':')
			GH_TRY(uri_password(d, p + colon + 1, user - colon - 1, err));
		p += user + 1;
	}
	rest = strcspn(p, "?");
	gh_text_put_n(d->ret, p, rest);
	return p[rest] == '?' ? uri_query(d, p + rest + 1, err) : GH_OK;
}

enum gh_code
config_dsn_split(
    const char *dsn, struct gh_text *ret, struct gh_secret *password, bool *ret_found, struct gh_err *err)
{
	static const char *const schemes[] = { "postgresql://", "postgres://" };
	struct dsn d = { .ret = ret, .password = password };
	const char *p = dsn + strspn(dsn, " \t");
	size_t i;

	GH_TRY(characters(dsn, err));
	for (i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
		if (strncmp(p, schemes[i], strlen(schemes[i])) == 0) {
			GH_TRY(uri(&d, p, strlen(schemes[i]), err));
			*ret_found = d.found;
			return GH_OK;
		}
	}
	while (*p != '\0')
		GH_TRY(keyword_one(&d, &p, err));
	*ret_found = d.found;
	return GH_OK;
}
