#include "base/ban.h"
#include "migration/batch.h"
#include "base/text.h"
#include "migration/scan.h"

/* The words that begin with a colon, in the statement and in the header's queries. */

static bool
is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_' || (unsigned char)c >= 0x80;
}

const char *const batch_words[BATCH_WORDS] = { ":from", ":to", ":ids", ":size" };

const char *
batch_word_next(const char *p, const char *end, size_t *ret)
{
	while (p < end) {
		const char *skip = scan_skip(p, end), *to = p + 1;

		if (skip != p) {
			p = skip;
			continue;
		}
		if (*p != ':') {
			p++;
			continue;
		}
		while (to < end && is_word(*to))
			to++;
		for (*ret = 0; *ret < BATCH_WORDS; ++*ret) {
			if ((size_t)(to - p) == strlen(batch_words[*ret]) &&
			    strncasecmp(p, batch_words[*ret], (size_t)(to - p)) == 0)
				return p;
		}
		/* A cast. */
		p = to < end && *to == ':' && to == p + 1 ? to + 1 : to;
		while (p < end && is_word(*p))
			p++;
	}
	return NULL;
}

const char *
batch_fill(const char *sql, size_t len, const struct batch_values *v, struct gh_arena *a)
{
	const char *const texts[BATCH_WORDS] = { v->from, v->to, v->ids, v->size };
	const char *p = sql, *end = sql + len, *at;
	GH_TEXT out = { 0 };
	size_t which;

	while ((at = batch_word_next(p, end, &which)) != NULL) {
		size_t n = strlen(batch_words[which]);

		gh_text_put_n(&out, p, (size_t)(at - p));
		if (texts[which] == NULL)
			gh_text_put_n(&out, at, n);
		else
			gh_text_put(&out, texts[which]);
		p = at + n;
	}
	gh_text_put_n(&out, p, (size_t)(end - p));
	return gh_strndup(a, gh_text_str(&out), out.len);
}

char *
batch_mend(const char *sql, size_t len, struct gh_arena *a)
{
	char *ret = gh_strndup(a, sql, len);
	const char *p = ret, *at;
	size_t which;

	while ((at = batch_word_next(p, ret + len, &which)) != NULL) {
		char *put = ret + (at - ret);

		size_t n = strlen(batch_words[which]);

		/* Not with blanks: a statement may end here. */
		memset(put, '0', n);
		put[0] = '$';
		put[n - 1] = strcmp(batch_words[which], ":to") == 0 ? '2' : '1';
		p = at + n;
	}
	return ret;
}

bool
batch_uses(const char *sql, size_t len, const char *word)
{
	const char *p = sql, *at;
	size_t which;

	while ((at = batch_word_next(p, sql + len, &which)) != NULL) {
		if (strcmp(batch_words[which], word) == 0)
			return true;
		p = at + 1;
	}
	return false;
}
