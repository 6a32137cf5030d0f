#include "base/ban.h"
#include "runner/job/proof_inner.h"

/*
 * What pg_restore says when it fails:
 *
 *   pg_restore: while PROCESSING TOC:
 *   pg_restore: from TOC entry 215; 1259 16386 TABLE orders shop
 *   pg_restore: error: could not execute query: ERROR:  role "shop" does not exist
 *   Command was: ALTER TABLE public.orders OWNER TO shop;
 */

#define ERROR "pg_restore: error: "
#define ENTRY "pg_restore: from TOC entry "

static void
line_end(struct proof_words *w)
{
	const char *s;

	w->line[w->len] = '\0';
	if (w->first[0] == '\0' && strncmp(w->line, ERROR, strlen(ERROR)) == 0)
		say_clean(w->first, sizeof(w->first), w->line + strlen(ERROR));
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
	static const char *const fronts[] = { "could not execute query: ", "ERROR:  ", "FATAL:  " };
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
has_any(const char *text, const char *const *words)
{
	for (; *words != NULL; words++) {
		if (strstr(text, *words) != NULL)
			return true;
	}
	return false;
}

bool
proof_words_of_place(const char *text, bool own)
{
	/* Small letters are the server's, "Permission denied" is the kernel's: that a dump wants to write a
	 * file is the dump's own fault. */
	static const char *const anywhere[] = { "No space left on device", "Disk quota exceeded",
		"could not extend file", "out of memory", "out of shared memory",
		"could not resize shared memory", "too many connections", "remaining connection slots",
		"server closed the connection", "terminating connection", "the database system is",
		"connection to server", "canceling statement due to", "is not available",
		"could not open extension control file", "could not load library",
		"could not access file \"$libdir", "shared_preload_libraries", "invalid locale name",
		"invalid LC_COLLATE locale name", NULL };
	static const char *const server[] = { "permission denied", "must be owner of", "must be superuser",
		"must be member of", "must be able to", "row-level security", "superuser", "role \"", NULL };

	return has_any(text, anywhere) || (!own && has_any(text, server));
}
