#include "base/ban.h"
#include "runner/job/dump_words.h"

#define SELF "pg_dump: "

static void
keep(struct dump_words *w, const char *line)
{
	size_t len = strlen(line);

	if (w->log_len + len + 2 > sizeof(w->log))
		return;
	memcpy(w->log + w->log_len, line, len);
	w->log_len += len;
	w->log[w->log_len++] = '\n';
	w->log[w->log_len] = '\0';
}

/* pg_dump: dumping contents of table "public.orders" */
static bool
is_table(struct dump_words *w, const char *text)
{
	static const char head[] = "dumping contents of table \"";
	const char *end;

	if (strncmp(text, head, sizeof(head) - 1) != 0)
		return false;
	text += sizeof(head) - 1;
	end = strrchr(text, '"');
	if (end != NULL)
		(void)snprintf(w->table, sizeof(w->table), "table %.*s", (int)(end - text), text);
	return true;
}

static bool
begins(const char *s, const char *with)
{
	return strncmp(s, with, strlen(with)) == 0;
}

/* What it says besides is how far it is. */
static void
line(struct dump_words *w)
{
	const char *text = w->line;
	bool own = begins(text, SELF);

	if (own)
		text += strlen(SELF);
	if (own && is_table(w, text))
		return;
	if (own && begins(text, "error: ") && w->failed[0] == '\0')
		(void)snprintf(w->failed, sizeof(w->failed), "%s", text + strlen("error: "));
	if (own && (begins(text, "warning: ") || begins(text, "WARNING: ")))
		w->n_warnings++;
	if (own && begins(text, "detail: Error message from server: ") && w->failed[0] != '\0') {
		size_t at = strlen(w->failed);

		(void)snprintf(w->failed + at, sizeof(w->failed) - at, " %s", text + strlen("detail: "));
	}
	/* The server's own words and what explains a warning are kept with it. */
	if (text[0] != '\0' &&
	    (!own || begins(text, "warning: ") || begins(text, "WARNING: ") || begins(text, "error: ") ||
		begins(text, "detail: ") || begins(text, "hint: ")))
		keep(w, w->line);
}

void
dump_words_end(struct dump_words *w)
{
	w->line[w->len] = '\0';
	if (w->len > 0)
		line(w);
	w->len = 0;
}

void
dump_words_hear(struct dump_words *w, const void *data, size_t len)
{
	const char *at = data;
	size_t i;

	for (i = 0; i < len; i++) {
		if (at[i] == '\n')
			dump_words_end(w);
		else if (w->len + 1 < sizeof(w->line)) /* the end of a longer one is dropped */
			w->line[w->len++] = (char)(at[i] == '\0' ? '?' : at[i]);
	}
}

bool
dump_words_waited(const struct dump_words *w)
{
	/* --lock-wait-timeout is a statement_timeout for as long as it locks. */
	return strstr(w->failed, "due to statement timeout") != NULL ||
	    strstr(w->failed, "due to lock timeout") != NULL ||
	    strstr(w->failed, "could not obtain lock on relation") != NULL;
}
