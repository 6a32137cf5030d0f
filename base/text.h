/*
 * A growing byte buffer.  It is malloc'd (bodies and plans may pass an arena's limit); the cleanup variable
 * GH_TEXT frees it.  data is always NUL-terminated once something was put.  Passing the limit sets `full`,
 * further puts are dropped: check gh_text_full at the end.
 */
#ifndef GH_BASE_TEXT_H
#define GH_BASE_TEXT_H

#include "base/err.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#define GH_TEXT_LIMIT ((size_t)128 << 20) /* default limit, bytes */

struct gh_text {
	char *data; /* NULL while empty; use gh_text_str for a never-NULL string */
	size_t len, cap;
	size_t limit; /* 0: GH_TEXT_LIMIT */
	bool full;
};

#define GH_TEXT __attribute__((cleanup(gh_text_done))) struct gh_text

void gh_text_put(struct gh_text *t, const char *s);
void gh_text_put_n(struct gh_text *t, const void *s, size_t len);
void gh_text_putc(struct gh_text *t, char c);
void gh_text_putf(struct gh_text *t, const char *fmt, ...) GH_PRINTF(2, 3);
void gh_text_put_html(struct gh_text *t, const char *s, size_t len); /* & < > " ' escaped */
void gh_text_put_json(struct gh_text *t, const char *s);             /* quoted JSON string, UTF-8 kept */
const char *gh_text_str(const struct gh_text *t); /* never NULL; valid until the next put */
void gh_text_clear(struct gh_text *t);            /* keeps the memory */
void gh_text_cut(struct gh_text *t, size_t len);  /* to at most so many bytes: what is behind them goes */
void gh_text_done(struct gh_text *t);

#endif
