#include "base/ban.h"
#include "base/text.h"

static bool
room(struct gh_text *t, size_t more)
{
	size_t limit = t->limit == 0 ? GH_TEXT_LIMIT : t->limit, cap = t->cap == 0 ? 256 : t->cap;
	char *data;

	if (t->full || more > limit || t->len > limit - more) {
		t->full = true;
		return false;
	}
	if (t->len + more + 1 <= t->cap)
		return true;
	while (cap < t->len + more + 1)
		cap *= 2;
	data = realloc(t->data, cap);
	if (data == NULL)
		gh_bug("out of memory for %zu bytes", cap);
	t->data = data;
	t->cap = cap;
	return true;
}

void
gh_text_put_n(struct gh_text *t, const void *s, size_t len)
{
	if (!room(t, len))
		return;
	if (len > 0)
		memcpy(t->data + t->len, s, len);
	t->len += len;
	t->data[t->len] = '\0';
}

void
gh_text_put(struct gh_text *t, const char *s)
{
	gh_text_put_n(t, s, strlen(s));
}

void
gh_text_putc(struct gh_text *t, char c)
{
	gh_text_put_n(t, &c, 1);
}

void
gh_text_putf(struct gh_text *t, const char *fmt, ...)
{
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (len < 0)
		gh_bug("bad format");
	if (!room(t, (size_t)len))
		return;
	va_start(ap, fmt);
	(void)vsnprintf(t->data + t->len, (size_t)len + 1, fmt, ap);
	va_end(ap);
	t->len += (size_t)len;
}

void
gh_text_put_html(struct gh_text *t, const char *s, size_t len)
{
	size_t i, from = 0;

	for (i = 0; i < len; i++) {
		const char *rep = NULL;

		switch (s[i]) {
		case '&':
			rep = "&amp;";
			break;
		case '<':
			rep = "&lt;";
			break;
		case '>':
			rep = "&gt;";
			break;
		case '"':
			rep = "&quot;";
			break;
		case '\'':
			rep = "&#39;";
			break;
		default:
			continue;
		}
		gh_text_put_n(t, s + from, i - from);
		gh_text_put(t, rep);
		from = i + 1;
	}
	gh_text_put_n(t, s + from, len - from);
}

void
gh_text_put_json(struct gh_text *t, const char *s)
{
	const char *from = s;

	gh_text_putc(t, '"');
	for (; *s != '\0'; s++) {
		unsigned char c = (unsigned char)*s;

		if (c >= 0x20 && c != '"' && c != '\\')
			continue;
		gh_text_put_n(t, from, (size_t)(s - from));
		if (c == '\n')
			gh_text_put(t, "\\n");
		else if (c == '\t')
			gh_text_put(t, "\\t");
		else if (c < 0x20)
			gh_text_putf(t, "\\u%04x", (unsigned)c);
		else
			gh_text_putf(t, "\\%c", (char)c);
		from = s + 1;
	}
	gh_text_put_n(t, from, (size_t)(s - from));
	gh_text_putc(t, '"');
}

const char *
gh_text_str(const struct gh_text *t)
{
	return t->data == NULL ? "" : t->data;
}

void
gh_text_cut(struct gh_text *t, size_t len)
{
	if (len >= t->len)
		return;
	t->len = len;
	t->data[len] = '\0';
}

void
gh_text_clear(struct gh_text *t)
{
	t->len = 0;
	t->full = false;
	if (t->data != NULL)
		t->data[0] = '\0';
}

void
gh_text_done(struct gh_text *t)
{
	free(t->data);
	*t = (struct gh_text){ .limit = t->limit };
}
