/*
 * Marks: which bytes of a text are what, so that whoever shows it needs no lexer of its own.  One mark after
 * the other, in the order of the text: gap since the end of the one before, length (both in seven-bit groups,
 * lowest first, the high bit says that more follow), class.
 */
#ifndef GH_BASE_MARKS_H
#define GH_BASE_MARKS_H

#include "base/text.h"

/* Classes: k keyword, u a word that only sometimes is one, s string, n number, c comment, i quoted
 * identifier. */
#define MARKS_CLASSES "kusnci"

struct marks {
	const unsigned char *at, *end;
	size_t offset; /* end of the mark read last */
};
struct mark {
	size_t offset, len; /* bytes of the text */
	char class;
};

void marks_start(struct marks *m, const unsigned char *bytes, size_t n);
/* False at the end, and where the bytes make no sense. */
bool marks_next(struct marks *m, struct mark *ret);
/* Appends; *end is the end of the mark before and becomes that of this one. */
void marks_put(struct gh_text *out, size_t *end, size_t offset, size_t len, char class);

#endif
