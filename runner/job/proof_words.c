#include "base/ban.h"
#include "runner/job/proof_inner.h"

/*
 * What pg_restore says when it fails:
 *
 *   pg_restore: while PROCESSING TOC:
 *   pg_restore: from TOC entry 215; 1259 16386 TABLE orders shop
 *   pg_restore: error: could not execute query: ERROR:  role "shop" does not exist
 *   Command was: ALTER TABLE public.orders OWNER TO shop;
 *
 * An error that comes out of a function has its CONTEXT, the innermost first.  What a function says is what
 * the dump says, in the very words of the server if it likes, so it never clears the backup; and of all other
 * errors only the server's own sentence is read, from its beginning: names and values stand further behind.
 */

#define ERROR "pg_restore: error: "
#define ENTRY "pg_restore: from TOC entry "

/* Code of the dump was running.  Rows that come in and the server's own check of a foreign key are none. */
static bool
of_code(const char *line)
{
	static const char context[] = "CONTEXT:  ";
	const char *s = line + strlen(context);

	if (strncmp(line, context, strlen(context)) == 0)
		return strncmp(s, "COPY ", 5) != 0 && strncmp(s, "SQL statement \"SELECT fk.", 25) != 0;
	return strncmp(line, "PL/", 3) == 0 || strncmp(line, "SQL function ", 13) == 0;
}

static void
line_end(struct proof_words *w)
{
	const char *s;

	w->line[w->len] = '\0';
	if (w->first[0] == '\0' && strncmp(w->line, ERROR, strlen(ERROR)) == 0) {
		say_clean(w->first, sizeof(w->first), w->line + strlen(ERROR));
		w->cut = w->len + 1 == sizeof(w->line);
	}
	w->code = w->code || of_code(w->line);
	/* "215; 1259 16386 TABLE orders shop": three numbers, then what it is. */
	if (w->first[0] == '\0' && strncmp(w->line, ENTRY, strlen(ENTRY)) == 0) {
		s = w->line + strlen(ENTRY);
		s += strspn(s, "0123456789; ");
		say_clean(w->entry, sizeof(w->entry), s);
	}
	w->len = 0;
}

void
proof_words_hear(struct proof_words *w, const void *data, size_t len)
{
	const char *s = data, *end = s + len;

	for (; s < end; s++) {
		if (*s == '\n')
			line_end(w);
		else if (w->len + 1 < sizeof(w->line))
			w->line[w->len++] = *s;
	}
}

/* "could not execute query: ERROR:  x" is x. */
static const char *
bare(const char *s)
{
	static const char *const fronts[] = { "could not execute query: ",
		"error returned by PQputCopyData: ", "error returned by PQputCopyEnd: ", "ERROR:  ",
		"FATAL:  ", "PANIC:  " };
	size_t i;

	for (i = 0; i < sizeof(fronts) / sizeof(fronts[0]); i++) {
		if (strncmp(s, fronts[i], strlen(fronts[i])) == 0)
			s += strlen(fronts[i]);
	}
	return s;
}

const char *
proof_words_text(struct proof_words *w, struct gh_arena *a)
{
	if (w->len > 0)
		line_end(w);
	if (w->first[0] == '\0')
		return "it said nothing";
	return gh_printf(a, "%s%s%s", bare(w->first), w->entry[0] == '\0' ? "" : ", in the entry ", w->entry);
}

static bool
begins(const char *text, const char *front)
{
	return strncmp(text, front, strlen(front)) == 0;
}

static bool
ends(const char *text, const char *tail)
{
	size_t n = strlen(text), m = strlen(tail);

	return n >= m && strcmp(text + n - m, tail) == 0;
}

static bool
begins_any(const char *text, const char *const *fronts)
{
	for (; *fronts != NULL; fronts++) {
		if (begins(text, *fronts))
			return true;
	}
	return false;
}

/* The server's own sentence; NULL when nobody can say where it begins. */
static const char *
sentence(const char *first)
{
	static const char mark[] = "\": ERROR:  ";
	const char *at;

	if (!begins(first, "COPY failed for table \""))
		return bare(first);
	at = strstr(first, mark);
	/* A table can be called anything, and so can what it holds. */
	if (at == NULL || strstr(at + 1, mark) != NULL)
		return NULL;
	return at + strlen(mark);
}

static bool
no_room(const char *s)
{
	return begins(s, "could not ") &&
	    (ends(s, ": No space left on device") || ends(s, ": Disk quota exceeded"));
}

/* What this machine has not installed. */
static bool
not_here(const char *s)
{
	if (begins(s, "extension \""))
		return ends(s, "\" is not available") || strstr(s, "\" has no installation script") != NULL;
	return strstr(s, ": \"") == NULL &&
	    (ends(s, " via shared_preload_libraries") || ends(s, " via \"shared_preload_libraries\""));
}

bool
proof_words_of_place(const struct proof_words *w, bool own)
{
	static const char *const anywhere[] = { "out of memory", "out of shared memory",
		"could not resize shared memory", "sorry, too many clients already",
		"too many connections for role", "remaining connection slots", "the database system is",
		"could not open extension control file", "could not load library",
		"could not access file \"$libdir", "invalid locale name", "invalid LC_COLLATE locale name",
		NULL };
	/* In a cluster of ours nobody else ends a session, and no right is missing. */
	static const char *const server[] = { "server closed the connection", "terminating connection",
		"canceling statement due to", "permission denied", "must be owner of", "must be superuser",
		"must be member of", "must be able to", "only superuser", "Only superuser",
		"query would be affected by row-level security", "role \"", NULL };
	const char *s = sentence(w->first);

	if (w->cut || w->code || s == NULL)
		return false;
	if (begins(s, "connection to server "))
		return strstr(s, "too many connections for database") == NULL;
	return no_room(s) || not_here(s) || begins_any(s, anywhere) || (!own && begins_any(s, server));
}
