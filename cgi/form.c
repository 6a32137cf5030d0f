#include "base/ban.h"
#include "cgi/form.h"
#include "base/io.h"

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

enum gh_code
form_unescape(struct gh_arena *a, const char *s, size_t len, bool plus, const char **ret, struct gh_err *err)
{
	char *out = gh_alloc(a, len + 1);
	size_t i, n = 0;

	*ret = out;
	for (i = 0; i < len; i++) {
		if (plus && s[i] == '+') {
			out[n++] = ' ';
		} else if (s[i] != '%') {
			out[n++] = s[i];
		} else {
			int high = len - i < 3 ? -1 : hex_digit(s[i + 1]),
			    low = len - i < 3 ? -1 : hex_digit(s[i + 2]);

			if (high < 0 || low < 0)
				return gh_fail(
				    err, GH_BAD_INPUT, "a percent sign is not followed by two hex digits");
			out[n++] = (char)(high * 16 + low);
			i += 2;
		}
	}
	out[n] = '\0';
	if (!gh_utf8_valid(out, n, NULL))
		return gh_fail(err, GH_BAD_INPUT, "what was sent is not UTF-8 text, or has a NUL in it");
	return GH_OK;
}

enum gh_code
form_decode(
    struct gh_arena *a, const char *s, size_t len, struct req_pair **ret, size_t *ret_n, struct gh_err *err)
{
	struct req_pair *pairs = gh_alloc_n(a, FORM_FIELDS, sizeof(*pairs));
	const char *end = s + len, *amp, *eq;
	size_t n = 0, i;

	*ret = pairs;
	*ret_n = 0;
	for (; s < end; s = amp + 1) {
		amp = memchr(s, '&', (size_t)(end - s));
		amp = amp == NULL ? end : amp;
		if (amp == s)
			continue;
		if (n == FORM_FIELDS)
			return gh_fail(err, GH_BAD_INPUT, "more than %d fields were sent", FORM_FIELDS);
		eq = memchr(s, '=', (size_t)(amp - s));
		eq = eq == NULL ? amp : eq;
		GH_TRY(form_unescape(a, s, (size_t)(eq - s), true, &pairs[n].name, err));
		pairs[n].value = "";
		if (eq < amp)
			GH_TRY(form_unescape(a, eq + 1, (size_t)(amp - eq - 1), true, &pairs[n].value, err));
		for (i = 0; i < n; i++) {
			if (strcmp(pairs[i].name, pairs[n].name) == 0)
				return gh_fail(
				    err, GH_BAD_INPUT, "the field %.64s was sent twice", pairs[n].name);
		}
		*ret_n = ++n;
	}
	return GH_OK;
}

/* CR LF, as browsers send it, becomes LF; one line loses the white space around it. */
static const char *
tidy(struct gh_arena *a, enum act_kind kind, const char *value)
{
	char *out = gh_strdup(a, value), *to = out;
	const char *from;

	for (from = out; *from != '\0'; from++) {
		if (*from != '\r' || from[1] != '\n')
			*to++ = *from;
	}
	*to = '\0';
	if (kind == ACT_TEXT)
		return out;
	while (to > out && (to[-1] == ' ' || to[-1] == '\t' || to[-1] == '\n'))
		*--to = '\0';
	while (*out == ' ' || *out == '\t')
		out++;
	return out;
}

static enum gh_code
check_text(const struct act_field *f, const char *value, struct gh_err *err)
{
	const unsigned char *c;

	for (c = (const unsigned char *)value; *c != '\0'; c++) {
		if ((*c < 0x20 && !(f->kind == ACT_TEXT && (*c == '\n' || *c == '\t'))) || *c == 0x7f)
			return gh_fail(err, GH_BAD_INPUT, "%s: a control character is in it", f->label);
	}
	return GH_OK;
}

static enum gh_code
set_value(struct gh_arena *a, const struct act_field *f, const struct req_pair *pair, struct act_value *ret,
    struct gh_err *err)
{
	const char *value = pair->value;
	struct gh_secret *secret;
	size_t len = strlen(value);
	bool fits;

	ret->given = len > 0;
	if (f->kind == ACT_SECRET) {
		secret = gh_alloc(a, sizeof(*secret));
		ret->secret = secret;
		fits = gh_secret_set(secret, value, len);
		/* The decoded copy is ours, in the request's arena. */
		explicit_bzero((char *)(uintptr_t)value, len); /* NOLINT(performance-no-int-to-ptr) */
		if (!fits)
			return gh_fail(
			    err, GH_BAD_INPUT, "%s is longer than %d bytes", f->label, GH_SECRET_MAX);
		return GH_OK;
	}
	value = tidy(a, f->kind, value);
	ret->text = value;
	ret->given = *value != '\0';
	GH_TRY(check_text(f, value, err));
	if (f->kind == ACT_INT) {
		if (*value != '\0' && !gh_parse_i64(value, 0, (int64_t)f->max, &ret->number))
			return gh_fail(
			    err, GH_BAD_INPUT, "%s is not a number from 0 to %zu", f->label, f->max);
		return GH_OK;
	}
	if (strlen(value) > f->max)
		return gh_fail(
		    err, GH_BAD_INPUT, "%s is longer than %zu bytes (%zu)", f->label, f->max, strlen(value));
	return GH_OK;
}

static bool
key_good(const char *key)
{
	size_t len = strspn(key, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-");

	return len <= 64 && key[len] == '\0';
}

static const struct act_field *
declared(const struct act *act, const char *name, size_t *ret_at)
{
	for (*ret_at = 0; *ret_at < ACT_FIELDS && act->fields[*ret_at].name != NULL; ++*ret_at) {
		if (strcmp(act->fields[*ret_at].name, name) == 0)
			return &act->fields[*ret_at];
	}
	return NULL;
}

/* Every value is taken before the first complaint, so that the error page can show all that was typed. */
static enum gh_code
take(struct gh_arena *a, const struct act *act, const struct req_pair *pair, struct act_form *ret,
    bool *ret_known, struct gh_err *err)
{
	const struct act_field *f;
	size_t at;

	*ret_known = true;
	if (!act->open && strcmp(pair->name, "csrf") == 0) {
		ret->csrf = pair->value;
		return GH_OK;
	}
	if (!act->open && strcmp(pair->name, "key") == 0) {
		ret->key = pair->value;
		return GH_OK;
	}
	f = declared(act, pair->name, &at);
	*ret_known = f != NULL;
	if (f == NULL)
		return gh_fail(err, GH_BAD_INPUT, "this form has no field %.64s", pair->name);
	return set_value(a, f, pair, &ret->values[at], err);
}

enum gh_code
form_read(struct gh_arena *a, const struct act *act, const struct req_pair *pairs, size_t n,
    struct act_form *ret, bool *ret_wrong, struct gh_err *err)
{
	enum gh_code code, content = GH_OK, shape = GH_OK;
	struct gh_err content_err = { 0 };
	bool known;
	size_t i;

	*ret_wrong = false;
	*ret = (struct act_form){ .act = act, .csrf = "", .key = "" };
	for (i = 0; i < ACT_FIELDS; i++)
		ret->values[i].text = "";
	for (i = 0; i < n; i++) {
		struct gh_err one = { 0 };

		code = take(a, act, &pairs[i], ret, &known, &one);
		if (code != GH_OK && !known && shape == GH_OK)
			shape = gh_fail(err, code, "%s", one.msg);
		else if (code != GH_OK && known && content == GH_OK)
			content = gh_fail(&content_err, code, "%s", one.msg);
	}
	GH_TRY(shape);
	if (!key_good(ret->key))
		return gh_fail(err, GH_BAD_INPUT, "the field key is not 1 to 64 letters, digits and hyphens");
	if (!act->open && *ret->key == '\0')
		return gh_fail(err, GH_BAD_INPUT, "the field key is missing");
	for (i = 0; i < ACT_FIELDS && act->fields[i].name != NULL && content == GH_OK; i++) {
		if (act->fields[i].required && !ret->values[i].given)
			content = gh_fail(&content_err, GH_BAD_INPUT, "%s is missing", act->fields[i].label);
	}
	*ret_wrong = content != GH_OK;
	return content == GH_OK ? GH_OK : gh_fail(err, content, "%s", content_err.msg);
}

void
form_done(struct act_form *form)
{
	size_t i;

	for (i = 0; i < ACT_FIELDS; i++) {
		if (form->values[i].secret != NULL)
			gh_secret_done(form->values[i].secret);
	}
}
