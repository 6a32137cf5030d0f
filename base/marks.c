#include "base/ban.h"
#include "base/marks.h"

void
marks_start(struct marks *m, const unsigned char *bytes, size_t n)
{
	*m = (struct marks){ .at = bytes, .end = n == 0 ? bytes : bytes + n };
}

static bool
number(struct marks *m, size_t *ret)
{
	unsigned shift;

	*ret = 0;
	for (shift = 0; shift < 35 && m->at < m->end; shift += 7) {
		unsigned char c = *m->at++;

		*ret |= (size_t)(c & 0x7f) << shift;
		if (c < 0x80)
			return true;
	}
	return false;
}

bool
marks_next(struct marks *m, struct mark *ret)
{
	size_t gap;

	if (!number(m, &gap) || !number(m, &ret->len) || m->at == m->end || ret->len == 0 ||
	    strchr(MARKS_CLASSES, *m->at) == NULL || *m->at == '\0') {
		m->at = m->end;
		return false;
	}
	ret->offset = m->offset + gap;
	ret->class = (char)*m->at++;
	m->offset = ret->offset + ret->len;
	return true;
}

static void
put_number(struct gh_text *out, size_t n)
{
	for (; n >= 0x80; n >>= 7)
		gh_text_putc(out, (char)(0x80 | (n & 0x7f)));
	gh_text_putc(out, (char)n);
}

void
marks_put(struct gh_text *out, size_t *end, size_t offset, size_t len, char class)
{
	put_number(out, offset - *end);
	put_number(out, len);
	gh_text_putc(out, class);
	*end = offset + len;
}
