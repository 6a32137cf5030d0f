#include "base/ban.h"
#include "runner/job/hook.h"
#include "base/io.h"

/* What hooks say, and how they are shown. */

void
hook_output_add(struct hook_output *o, const char *data, size_t len)
{
	size_t n = sizeof(o->head) - o->n_head;

	n = len < n ? len : n;
	memcpy(o->head + o->n_head, data, n);
	o->n_head += n;
	for (data += n, len -= n; len > 0; data += n, len -= n) {
		n = sizeof(o->tail) - o->tail_at;
		n = len < n ? len : n;
		memcpy(o->tail + o->tail_at, data, n);
		o->tail_at = (o->tail_at + n) % sizeof(o->tail);
		if (o->n_tail + n > sizeof(o->tail))
			o->left_out += (int64_t)(o->n_tail + n - sizeof(o->tail));
		o->n_tail = o->n_tail + n > sizeof(o->tail) ? sizeof(o->tail) : o->n_tail + n;
	}
}

static void
clean(char *s, size_t len)
{
	size_t from = 0, at = 0, i;

	while (!gh_utf8_valid(s + from, len - from, &at)) {
		s[from + at] = '?';
		from += at + 1;
	}
	for (i = 0; i < len; i++) {
		unsigned char c = (unsigned char)s[i];

		if ((c < 0x20 && c != '\n' && c != '\t') || c == 0x7f)
			s[i] = c == '\r' ? ' ' : '?';
	}
}

void
hook_output_text(const struct hook_output *o, struct gh_text *ret)
{
	size_t from = o->n_tail < sizeof(o->tail) ? 0 : o->tail_at, half;

	gh_text_put_n(ret, o->head, o->n_head);
	/* Whole, a character at the seam stays one. */
	if (o->left_out > 0 && ret->len > 0)
		clean(ret->data, ret->len);
	if (o->left_out > 0)
		gh_text_putf(ret, "\n[... %" PRId64 " bytes are left out ...]\n", o->left_out);
	half = o->left_out > 0 ? ret->len : 0;
	gh_text_put_n(ret, o->tail + from, o->n_tail - from);
	gh_text_put_n(ret, o->tail, from);
	if (ret->len > half)
		clean(ret->data + half, ret->len - half);
}

void
hook_command(const struct policy_hook *h, struct gh_text *ret)
{
	size_t i;

	for (i = 0; i < h->n_args; i++) {
		bool bare = h->args[i][0] != '\0' && strpbrk(h->args[i], " \t\"'\\") == NULL;

		gh_text_put(ret, i == 0 ? "" : " ");
		gh_text_put(ret, bare ? "" : "\"");
		gh_text_put(ret, h->args[i]);
		gh_text_put(ret, bare ? "" : "\"");
	}
}
