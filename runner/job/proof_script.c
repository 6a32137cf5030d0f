#include "base/ban.h"
#include "runner/job/proof_inner.h"

/*
 * The dump's SQL without its rows, read for two things: how its database was made, and which roles it names,
 * so that a place can be made for it without asking the target.  A role too many does no harm in a cluster
 * that is thrown away, so lines are read loosely: also one in the body of a function.
 */

#define LINE  ((size_t)32 << 10)
#define ROLES 20000
#define NAME  128

struct reading {
	struct proof *p;
	struct proof_script *script;
	struct proof_words words;
	size_t len;
	char line[LINE];
};

/* What follows key within quotes, as long as it looks like the name of a locale or an encoding. */
static const char *
quoted(const char *line, const char *key, struct gh_arena *a)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.@- ";
	const char *at = strstr(line, key);
	size_t n;

	if (at == NULL)
		return "";
	at += strlen(key);
	n = strspn(at, plain);
	return at[n] == '\'' ? gh_strndup(a, at, n) : "";
}

/* CREATE DATABASE shop WITH TEMPLATE = template0 ENCODING = 'UTF8' LOCALE_PROVIDER = libc LOCALE = 'C.UTF-8';
 */
static void
database(struct proof_script *s, const char *line, struct gh_arena *a)
{
	const char *locale;

	if (s->encoding[0] != '\0')
		return;
	s->encoding = quoted(line, " ENCODING = '", a);
	locale = quoted(line, " LOCALE = '", a);
	s->collate = quoted(line, " LC_COLLATE = '", a);
	s->ctype = quoted(line, " LC_CTYPE = '", a);
	if (s->collate[0] == '\0')
		s->collate = locale;
	if (s->ctype[0] == '\0')
		s->ctype = locale;
	if (strstr(line, " LOCALE_PROVIDER = icu") != NULL)
		s->icu = quoted(line, " ICU_LOCALE = '", a);
}

static void
role_add(struct proof_script *s, const char *name, struct gh_arena *a)
{
	size_t i;

	/* They repeat: the last one most of all. */
	for (i = s->n_roles; i > 0; i--) {
		if (strcmp(s->roles[i - 1], name) == 0)
			return;
	}
	if (s->roles == NULL)
		s->roles = gh_alloc_n(a, ROLES, sizeof(*s->roles));
	if (s->n_roles < ROLES && name[0] != '\0')
		s->roles[s->n_roles++] = gh_strdup(a, name);
}

/* One name, cut as no name of the server's is; returns what follows it. */
static const char *
name_read(const char *s, char ret[NAME])
{
	bool in_quotes = *s == '"';
	size_t n = 0;

	for (s += in_quotes; *s != '\0'; s++) {
		if (in_quotes && *s == '"' && *++s != '"')
			break;
		if (!in_quotes && !isalnum((unsigned char)*s) && *s != '_' && *s != '$' && (*s & 0x80) == 0)
			break;
		if (n + 1 < NAME)
			ret[n++] = *s;
	}
	ret[n] = '\0';
	return s;
}

/* The names after each key: "a", "a, b". */
static void
names_after(struct proof_script *s, const char *line, const char *key, struct gh_arena *a)
{
	const char *at = line;
	char name[NAME];

	while ((at = strstr(at, key)) != NULL) {
		at = name_read(at + strlen(key), name);
		role_add(s, name, a);
		while (at[0] == ',' && at[1] == ' ') {
			at = name_read(at + 2, name);
			role_add(s, name, a);
		}
	}
}

static bool
begins(const char *line, const char *front)
{
	return strncmp(line, front, strlen(front)) == 0;
}

void
proof_script_line(struct proof_script *s, const char *line, struct gh_arena *a)
{
	if (begins(line, "CREATE DATABASE "))
		database(s, line, a);
	else if (begins(line, "SET SESSION AUTHORIZATION "))
		names_after(s, line, " AUTHORIZATION ", a);
	else if (begins(line, "CREATE POLICY ") || begins(line, "GRANT "))
		names_after(s, line, " TO ", a);
	else if (begins(line, "REVOKE "))
		names_after(s, line, " FROM ", a);
	else if (begins(line, "ALTER ")) {
		names_after(s, line, " TO ", a);
		names_after(s, line, " FOR ROLE ", a);
		names_after(s, line, " FROM ", a);
	}
}

static enum gh_code
take(void *arg, const void *data, size_t len, struct gh_err *err)
{
	struct reading *r = arg;
	const char *c = data, *end = c + len;

	(void)err;
	for (; c < end; c++) {
		if (*c != '\n') {
			if (r->len + 1 < sizeof(r->line))
				r->line[r->len++] = *c;
			continue;
		}
		r->line[r->len] = '\0';
		proof_script_line(r->script, r->line, r->p->job->arena);
		r->len = 0;
	}
	return GH_OK;
}

static void
hear(void *arg, const void *data, size_t len)
{
	proof_words_hear(&((struct reading *)arg)->words, data, len);
}

static enum gh_code
give(void *arg, const void **ret, size_t *ret_len, struct gh_err *err)
{
	return proof_file_give(((struct reading *)arg)->p->source, ret, ret_len, err);
}

enum gh_code
proof_script_read(struct proof *p, struct proof_script *ret, struct gh_err *err)
{
	const char *argv[] = { "pg_restore", "--create", "--schema-only", "--file=-", proof_file_argument(p),
		NULL };
	struct reading *r = gh_alloc(p->job->arena, sizeof(*r));
	int status = 0;
	struct tool t = { .path = p->job->spec.pg_restore,
		.argv = argv,
		.job = p->job,
		.take = take,
		.give = argv[4] == NULL ? give : NULL,
		.hear = hear,
		.status = &status,
		.confine = proof_walls(p, NULL),
		.arg = r };

	*ret = (struct proof_script){ .encoding = "", .collate = "", .ctype = "", .icu = "" };
	r->p = p;
	r->script = ret;
	GH_TRY(proof_file_run(p, "restore", &t, err));
	if (p->bad != NULL || status == 0)
		return GH_OK;
	return proof_bad(
	    p, "pg_restore cannot read its schema: %s", proof_words_text(&r->words, p->job->arena));
}
