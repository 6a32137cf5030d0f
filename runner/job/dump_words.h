/*
 * What pg_dump --verbose says on standard error: where it is, what it warns of, why it failed.
 */
#ifndef GH_JOB_DUMP_WORDS_H
#define GH_JOB_DUMP_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#define DUMP_WORDS_LOG ((size_t)4096)

struct dump_words {
	char table[256];          /* "table public.orders", "" none yet */
	char failed[512];         /* its first error, "" none */
	size_t n_warnings;        /* how many warnings it had, those that the log has no room for too */
	char log[DUMP_WORDS_LOG]; /* warnings and errors as they were said, whole lines */
	size_t log_len;
	char line[1024];
	size_t len;
};

void dump_words_hear(struct dump_words *w, const void *data, size_t len);
/* The last line, which may have no end. */
void dump_words_end(struct dump_words *w);
/* It failed because of a lock that somebody has, or waits for. */
bool dump_words_waited(const struct dump_words *w);

#endif
