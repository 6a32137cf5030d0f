#include "base/ban.h"
#include "migration/sql_reading.h"
#include "base/marks.h"
#include "migration/batch.h"

#define KEEP_ALL ((size_t)8 << 20) /* of a longer text only the comments are kept */

static bool
is_comment(int token)
{
	return token == PG_QUERY__TOKEN__SQL_COMMENT || token == PG_QUERY__TOKEN__C_COMMENT;
}

/* Calls with each token of a part of the text; false when it cannot be lexed. */
static bool
scan(const struct sql_reading *r, size_t from, size_t len,
    void (*see)(void *to, const PgQuery__ScanToken *t, size_t from), void *to)
{
	char *part = from == 0 && len == r->text->len ? NULL : strndup(r->text->sql + from, len);
	PgQueryScanResult result = pg_query_scan(part == NULL ? r->text->sql : part);
	PgQuery__ScanResult *tokens = NULL;
	size_t i;

	if (result.error == NULL)
		tokens =
		    pg_query__scan_result__unpack(NULL, result.pbuf.len, (const uint8_t *)result.pbuf.data);
	for (i = 0; tokens != NULL && i < tokens->n_tokens; i++)
		see(to, tokens->tokens[i], from);
	if (tokens != NULL)
		pg_query__scan_result__free_unpacked(tokens, NULL);
	pg_query_free_scan_result(result);
	free(part);
	return tokens != NULL;
}

static void
keep(void *to, const PgQuery__ScanToken *t, size_t from)
{
	struct sql_reading *r = to;

	if (r->text->len > KEEP_ALL && !is_comment((int)t->token))
		return;
	r->tokens = sql_reading_more(r, r->tokens, r->n_tokens, &r->cap_tokens, sizeof(*r->tokens));
	r->tokens[r->n_tokens++] = (struct sql_token){
		.start = (int32_t)from + t->start,
		.end = (int32_t)from + t->end,
		.token = (int16_t)t->token,
		.keyword = (int16_t)t->keyword_kind,
	};
}

bool
sql_tokens_add(struct sql_reading *r, size_t from, size_t len)
{
	return scan(r, from, len, keep, r);
}

struct digest {
	struct gh_sha256 *sum;
	const struct sql_text *text;
};

/* Length and bytes, so that no two rows of tokens give the same. */
static void
add_token(const struct digest *d, int64_t start, int64_t end)
{
	unsigned char len[4];
	size_t i;

	for (i = 0; i < sizeof(len); i++)
		len[i] = (unsigned char)((uint64_t)(end - start) >> (8 * i));
	gh_sha256_add(d->sum, len, sizeof(len));
	gh_sha256_add(d->sum, d->text->sql + start, (size_t)(end - start));
}

static void
see_digest(void *to, const PgQuery__ScanToken *t, size_t from)
{
	if (!is_comment((int)t->token))
		add_token(to, (int64_t)from + t->start, (int64_t)from + t->end);
}

/* What has no statements, because it is wrong somewhere: its tokens, or its bytes. */
static void
digest_all(const struct sql_reading *r, struct digest *d)
{
	if (!scan(r, 0, r->text->len, see_digest, d))
		gh_sha256_add(d->sum, r->text->sql, r->text->len);
}

/* Tokens of a statement, from number k; gives the number of the next. */
static size_t
digest_statement(const struct sql_reading *r, struct digest *d, const struct sql_statement *s, size_t k)
{
	int64_t end = s->offset + s->length;

	gh_sha256_add(d->sum, ";", 1);
	if (r->text->len > KEEP_ALL || r->n_tokens == 0) {
		(void)scan(r, (size_t)s->offset, (size_t)s->length, see_digest, d);
		return k;
	}
	for (; k < r->n_tokens && r->tokens[k].start < end; k++) {
		if (r->tokens[k].start >= s->offset && !is_comment(r->tokens[k].token))
			add_token(d, r->tokens[k].start, r->tokens[k].end);
	}
	return k;
}

void
sql_tokens_digest(struct sql_reading *r)
{
	unsigned char raw[GH_SHA256_LEN];
	GH_SHA256 sum = { 0 };
	struct digest d = { .sum = &sum, .text = r->text };
	size_t i, k = 0;

	gh_sha256_start(&sum);
	if (r->error_at >= 0)
		digest_all(r, &d);
	for (i = 0; r->error_at < 0 && i < r->script->n; i++) {
		if (!r->seen[i].transaction)
			k = digest_statement(r, &d, &r->script->statements[i], k);
	}
	/* The header says what is done as the statement does. */
	if (r->batch != NULL)
		batch_digest(r->batch, &sum);
	gh_sha256_end(&sum, raw);
	gh_hex(raw, sizeof(raw), r->script->tokens);
}

/* 0: nothing to mark. */
static char
class_of(const struct sql_reading *r, const struct sql_token *t)
{
	char first = r->text->sql[t->start];

	if (is_comment(t->token))
		return 'c';
	if (t->token == PG_QUERY__TOKEN__ICONST || t->token == PG_QUERY__TOKEN__FCONST)
		return 'n';
	if (t->token == PG_QUERY__TOKEN__SCONST || t->token == PG_QUERY__TOKEN__USCONST ||
	    t->token == PG_QUERY__TOKEN__BCONST || t->token == PG_QUERY__TOKEN__XCONST)
		return 's';
	if (first == '"')
		return 'i';
	if (t->keyword == PG_QUERY__KEYWORD_KIND__RESERVED_KEYWORD ||
	    t->keyword == PG_QUERY__KEYWORD_KIND__TYPE_FUNC_NAME_KEYWORD)
		return 'k';
	return t->keyword == PG_QUERY__KEYWORD_KIND__NO_KEYWORD ? '\0' : 'u';
}

void
sql_tokens_mark(struct sql_reading *r)
{
	GH_TEXT out = { 0 };
	size_t i, end = 0;

	if (r->text->len > SQL_MARKED_MAX)
		return;
	for (i = 0; i < r->n_tokens; i++) {
		const struct sql_token *t = &r->tokens[i];
		char class = class_of(r, t);

		if (class != '\0' && (size_t)t->start >= end && t->end > t->start)
			marks_put(&out, &end, (size_t)t->start, (size_t)(t->end - t->start), class);
	}
	r->script->n_marks = out.len;
	r->script->marks = gh_memdup(r->arena, gh_text_str(&out), out.len);
}
