#include "base/ban.h"
#include "tests/fuzz/fuzz.h"
#include "base/hash.h"
#include "migration/batch.h"

/* The header of a batched migration and the words of its statement. */

static void
fill(const char *sql, size_t len, struct gh_arena *a)
{
	const struct batch_values none = { 0 };
	const struct batch_values all = { "($1::bigint)", "($2::bigint)", "($1::bigint[])", "(100)" };
	const char *mended = batch_mend(sql, len, a), *p = sql, *end = sql + len;
	size_t which;

	if (strlen(mended) != len)
		gh_bug("mended SQL has another length");
	if (strcmp(batch_fill(sql, len, &none, a), sql) != 0)
		gh_bug("nothing was filled in, and the SQL is another");
	(void)batch_fill(sql, len, &all, a);
	while ((p = batch_word_next(p, end, &which)) != NULL) {
		if (which >= BATCH_WORDS || p + strlen(batch_words[which]) > end ||
		    strncasecmp(p, batch_words[which], strlen(batch_words[which])) != 0)
			gh_bug("a word that is not there");
		if (!batch_uses(sql, len, batch_words[which]))
			gh_bug("a word is found and not used");
		p += strlen(batch_words[which]);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	unsigned char digest[GH_SHA256_LEN];
	GH_SHA256 sum = { 0 };
	GH_ARENA a = { 0 };
	struct batch b;
	const char *sql;

	/* What holds NUL is refused where files are read. */
	if (memchr(data, '\0', size) != NULL)
		return 0;
	sql = gh_strndup(&a, (const char *)data, size);
	batch_read(sql, size, &a, &b);
	if (batch_is(sql, size) != (b.form != BATCH_NONE || b.problem[0] != '\0'))
		gh_bug("a header that is one and is none");
	if (b.problem[0] != '\0' && b.problem_at > size)
		gh_bug("a problem beyond the text");
	if (b.form != BATCH_NONE && b.problem[0] == '\0' &&
	    (b.size < 1 || b.size > BATCH_SIZE_MAX || b.size_min > b.size_max ||
		b.max_errors > BATCH_ERRORS_MAX))
		gh_bug("a batch beyond its limits");
	gh_sha256_start(&sum);
	batch_digest(&b, &sum);
	gh_sha256_end(&sum, digest);
	fill(sql, size, &a);
	return 0;
}
