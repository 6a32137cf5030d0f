#include "base/ban.h"
#include "runner/job/fingerprint.h"

/*
 * What a backup brings back.  The queries mark parts of a definition: who owns it and who may do what, what
 * is the machine's, and objects that no dump has.  What is left is compared without casts, parentheses and
 * white space: CHECK (status IN ('a', 'b')) comes back from a dump with its casts in other places.
 */

#define OWNED   '\001'
#define END     '\002'
#define MACHINE '\003'
#define NOWHERE '\004'

bool
fingerprint_of_rights(const struct fingerprint_object *o)
{
	return strncmp(o->kind, FINGERPRINT_RIGHTS, strlen(FINGERPRINT_RIGHTS)) == 0;
}

/* Past one name of a type: schema.name, each perhaps in quotes. */
static const char *
name_skip(const char *s)
{
	for (;;) {
		if (*s == '"') {
			for (s++; *s != '\0' && (*s != '"' || s[1] == '"'); s++)
				s += *s == '"';
			s += *s == '"';
		} else {
			while (isalnum((unsigned char)*s) || *s == '_' || *s == '$' || (*s & 0x80) != 0)
				s++;
		}
		if (*s != '.')
			return s;
		s++;
	}
}

/* Past what may follow it: "(10,2)", "[]", "varying", "without time zone". */
static const char *
type_skip(const char *s)
{
	static const char *const words[] = { " varying", " precision", " with time zone",
		" without time zone", " year", " month", " day", " hour", " minute", " second", " to" };
	size_t i, n = sizeof(words) / sizeof(words[0]);

	for (s = name_skip(s);;) {
		for (i = 0; i < n && strncmp(s, words[i], strlen(words[i])) != 0; i++)
			continue;
		if (i < n && !isalnum((unsigned char)s[strlen(words[i])]))
			s += strlen(words[i]);
		else if (*s == '(' && isdigit((unsigned char)s[1]) &&
		    s[1 + strspn(s + 1, "0123456789,-")] == ')')
			s = strchr(s, ')') + 1;
		else if (s[0] == '[' && s[1] == ']')
			s += 2;
		else
			return s;
	}
}

const char *
fingerprint_loosen(const char *s, struct gh_arena *a)
{
	char *ret = gh_alloc(a, strlen(s) + 1);
	char quote = '\0';
	size_t n = 0;

	while (*s != '\0') {
		if (quote == '\0' && s[0] == ':' && s[1] == ':') {
			s = type_skip(s + 2);
			continue;
		}
		if (quote == '\0' && strchr("() \t\n\r", *s) != NULL) {
			s++;
			continue;
		}
		/* A doubled one closes and opens again. */
		if (quote == '\0' && (*s == '\'' || *s == '"'))
			quote = *s;
		else if (*s == quote)
			quote = '\0';
		ret[n++] = *s++;
	}
	return ret;
}

/* Two of one definition. */
struct parts {
	struct gh_text plain, rights;
};

/* False: no dump has it. */
static bool
divide(const char *definition, struct parts *p)
{
	struct gh_text *to = &p->plain;
	const char *s;

	gh_text_clear(&p->plain);
	gh_text_clear(&p->rights);
	for (s = definition; *s != '\0'; s++) {
		if (*s == NOWHERE)
			return false;
		if (*s == OWNED)
			to = &p->rights;
		else if (*s == MACHINE)
			to = NULL;
		else if (*s == END)
			to = &p->plain;
		else if (to != NULL)
			gh_text_putc(to, *s);
	}
	return true;
}

static int
by_all(const void *x, const void *y)
{
	const struct fingerprint_object *p = x, *q = y;
	int order = strcmp(p->kind, q->kind);

	order = order != 0 ? order : strcmp(p->name, q->name);
	return order != 0 ? order : strcmp(p->definition, q->definition);
}

static void
hash(const struct fingerprint *f, bool rights, char ret[GH_SHA256_HEX_LEN])
{
	unsigned char sum[GH_SHA256_LEN];
	GH_SHA256 sha = { 0 };
	size_t i;

	gh_sha256_start(&sha);
	for (i = 0; i < f->n; i++) {
		if (fingerprint_of_rights(&f->objects[i]) == rights)
			fingerprint_hash_one(&sha, &f->objects[i]);
	}
	gh_sha256_end(&sha, sum);
	gh_hex(sum, sizeof(sum), ret);
}

void
fingerprint_restorable_seal(struct fingerprint *f)
{
	if (f->n > 0)
		qsort(f->objects, f->n, sizeof(*f->objects), by_all);
	hash(f, false, f->digest);
	f->digest[GH_SHA256_HEX_LEN - 1] = '.';
	hash(f, true, f->digest + GH_SHA256_HEX_LEN);
}

enum gh_code
fingerprint_restorable(struct pg *pg, struct gh_arena *a, struct fingerprint *ret, struct gh_err *err)
{
	struct fingerprint all;
	struct parts p = { 0 };
	size_t i;

	GH_TRY(fingerprint_take(pg, false, a, &all, err));
	*ret = (struct fingerprint){ .objects = gh_alloc_n(a, 2 * all.n + 1, sizeof(*ret->objects)) };
	for (i = 0; i < all.n; i++) {
		const struct fingerprint_object *o = &all.objects[i];

		if (!divide(o->definition, &p))
			continue;
		/* Default privileges are nothing but rights. */
		if (strcmp(o->kind, "default privileges") != 0)
			ret->objects[ret->n++] = (struct fingerprint_object){ .kind = o->kind,
				.name = o->name,
				.definition = fingerprint_loosen(gh_text_str(&p.plain), a) };
		if (p.rights.len > 0)
			ret->objects[ret->n++] = (struct fingerprint_object){
				.kind = gh_printf(a, "%s%s", FINGERPRINT_RIGHTS, o->kind),
				.name = o->name,
				.definition = gh_strdup(a, gh_text_str(&p.rights))
			};
	}
	gh_text_done(&p.plain);
	gh_text_done(&p.rights);
	fingerprint_restorable_seal(ret);
	return GH_OK;
}
