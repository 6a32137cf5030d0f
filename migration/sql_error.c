#include "base/ban.h"
#include "migration/sql_reading.h"

int64_t
sql_line(const char *text, size_t at, int64_t first_line)
{
	const char *p = text, *end = text + at;

	while ((p = memchr(p, '\n', (size_t)(end - p))) != NULL) {
		first_line++;
		p++;
	}
	return first_line;
}

const char *
sql_problem(const char *text, size_t at, struct sql_place place, struct gh_arena *a, const char *message)
{
	int64_t column = 1;
	size_t from = at, i;

	while (from > 0 && text[from - 1] != '\n')
		from--;
	for (i = from; i < at; i++)
		column += ((unsigned char)text[i] & 0xc0) != 0x80;
	return gh_printf(a, "%s:%" PRId64 ":%" PRId64 ": %s", place.file,
	    sql_line(text, at, place.first_line), column, message);
}

size_t
sql_error_byte(const char *text, size_t len, int cursor)
{
	size_t at = 0;

	while (cursor > 1 && at < len) {
		for (at++; at < len && ((unsigned char)text[at] & 0xc0) == 0x80; at++)
			continue;
		cursor--;
	}
	return at;
}

static bool
token_is(const char *text, const PgQuery__ScanToken *t, const char *word)
{
	size_t len = strlen(word);

	return t->end - t->start == (int)len && strncasecmp(text + t->start, word, len) == 0;
}

/* Byte of a COPY ... FROM stdin that stands before the error; its rows are what the parser fell over. */
static bool
copy_before(const char *text, size_t at, struct gh_arena *a, size_t *ret)
{
	const char *head = gh_strndup(a, text, at);
	PgQueryScanResult scan = pg_query_scan(head);
	PgQuery__ScanResult *tokens = NULL;
	bool in_copy = false, from = false, found = false;
	size_t i, begin = 0;

	if (scan.error == NULL)
		tokens = pg_query__scan_result__unpack(NULL, scan.pbuf.len, (const uint8_t *)scan.pbuf.data);
	for (i = 0; tokens != NULL && i < tokens->n_tokens; i++) {
		const PgQuery__ScanToken *t = tokens->tokens[i];

		if (token_is(head, t, ";")) {
			in_copy = false;
		} else if (token_is(head, t, "copy")) {
			in_copy = true;
			begin = (size_t)t->start;
		} else if (in_copy && from && (token_is(head, t, "stdin"))) {
			*ret = begin;
			found = true;
		}
		from = token_is(head, t, "from");
	}
	if (tokens != NULL)
		pg_query__scan_result__free_unpacked(tokens, NULL);
	pg_query_free_scan_result(scan);
	return found;
}

/* What it is, when it is a thing of psql; else the parser's own words. */
static const char *
explain(const char *text, size_t len, size_t at, const char *message, struct gh_arena *a)
{
	size_t word;

	if (at < len && text[at] == '\\') {
		word = strcspn(text + at, " \t\r\n");
		return gh_printf(a, "psql command %.*s is not SQL", (int)(word > 40 ? 40 : word), text + at);
	}
	if (at < len && text[at] == ':')
		return gh_printf(a, "%s (variables are a thing of psql, not of SQL)", message);
	return message;
}

void
sql_error(struct sql_reading *r, size_t from, size_t len, const PgQueryError *error)
{
	const char *text = r->text->sql + from, *message = error->message;
	size_t at = error->cursorpos <= 0 ? 0 : sql_error_byte(text, len, error->cursorpos), copy;

	if (copy_before(text, at, r->arena, &copy)) {
		at = copy;
		message = "COPY ... FROM stdin takes its rows from psql: use INSERT";
	} else {
		message = explain(text, len, at, message, r->arena);
	}
	r->error_at = (int64_t)(from + at);
	r->error = gh_strdup(r->arena, message);
	sql_reading_problem(r, from + at, message);
}
