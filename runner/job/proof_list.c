#include "base/ban.h"
#include "base/fault.h"
#include "runner/job/proof_inner.h"

/* What pg_restore --list says: a line each entry, and in its head where the dump is from. */

#define LIST ((size_t)64 << 20) /* bytes */
#define ROWS " TABLE DATA "

struct listing {
	struct proof *p;
	struct gh_text text;
	struct proof_words words;
};

static enum gh_code
take(void *arg, const void *data, size_t len, struct gh_err *err)
{
	struct listing *l = arg;

	gh_text_put_n(&l->text, data, len);
	return l->text.full ? gh_fail(err, GH_UNAVAILABLE, "the backup's list is longer than we read")
			    : GH_OK;
}

static void
hear(void *arg, const void *data, size_t len)
{
	proof_words_hear(&((struct listing *)arg)->words, data, len);
}

static enum gh_code
give(void *arg, const void **ret, size_t *ret_len, struct gh_err *err)
{
	return proof_file_give(((struct listing *)arg)->p->source, ret, ret_len, err);
}

/* One word of a quoted or plain name; *s is moved past it. */
static const char *
word(const char **s, struct gh_arena *a)
{
	char *ret = gh_alloc(a, strlen(*s) + 1);
	size_t n = 0;

	if (**s != '"') {
		n = strcspn(*s, ".\"");
		memcpy(ret, *s, n);
		*s += n;
		return n == 0 ? NULL : ret;
	}
	for ((*s)++; **s != '\0'; (*s)++) {
		if (**s == '"' && *++*s != '"')
			return n == 0 ? NULL : ret;
		ret[n++] = **s;
	}
	return NULL;
}

bool
proof_name_split(const char *name, struct gh_arena *a, const char **ret_schema, const char **ret_table)
{
	*ret_schema = word(&name, a);
	if (*ret_schema == NULL || *name++ != '.')
		return false;
	*ret_table = word(&name, a);
	return *ret_table != NULL && *name == '\0';
}

/* "3412; 0 16390 TABLE DATA public orders shop" gives "public orders shop", NULL any other line. */
static const char *
rows_of(const char *line)
{
	const char *at = strstr(line, ROWS);

	if (line[0] == ';' || at == NULL || (size_t)(at - line) + 1 != strspn(line, "0123456789; "))
		return NULL;
	return at + strlen(ROWS);
}

static int
by_text(const void *x, const void *y)
{
	return strcmp(*(const char *const *)x, *(const char *const *)y);
}

/* The lines with rows, in order; the text is cut into them. */
static const char **
lines_of(char *text, struct gh_arena *a, size_t *ret_n)
{
	size_t room = 1, n = 0;
	const char **ret, *at;
	char *line, *next;

	for (line = text; *line != '\0'; line++)
		room += *line == '\n';
	ret = gh_alloc_n(a, room, sizeof(*ret));
	for (line = text; line != NULL; line = next) {
		next = strchr(line, '\n');
		if (next != NULL)
			*next++ = '\0';
		at = rows_of(line);
		if (at != NULL)
			ret[n++] = at;
	}
	qsort(ret, n, sizeof(*ret), by_text);
	*ret_n = n;
	return ret;
}

/* The first that is not before key begins with it. */
static bool
has(const char **lines, size_t n, const char *key)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (strcmp(lines[mid], key) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low < n && strncmp(lines[low], key, strlen(key)) == 0;
}

/* As pg_restore shows it: on one line. */
static const char *
key_of(struct proof *p, const char *name)
{
	struct gh_arena *a = p->job->arena;
	const char *schema, *table;
	char *ret, *s;

	if (!proof_name_split(name, a, &schema, &table))
		return NULL;
	ret = gh_printf(a, "%s %s ", schema, table);
	for (s = ret; *s != '\0'; s++) {
		if (*s == '\n' || *s == '\r')
			*s = ' ';
	}
	return ret;
}

static enum gh_code
compare(struct proof *p, char *text)
{
	size_t i, n, missing = 0, all = p->n_tables;
	const char **lines = lines_of(text, p->job->arena, &n), *first = NULL, *key;

	for (i = 0; i < p->n_tables; i++) {
		key = key_of(p, p->tables[i].name);
		if (key != NULL && has(lines, n, key))
			continue;
		missing++;
		first = first == NULL ? p->tables[i].name : first;
	}
	if (missing > 0)
		return proof_bad(p, "the rows of %s%s are not in it", first,
		    missing == 1 ? "" : gh_printf(p->job->arena, " and of %zu other tables", missing - 1));
	if (proof_nameless(p))
		all = p->all_tables < 0 ? n : (size_t)p->all_tables;
	if (n != all)
		return proof_bad(p, "it lists the rows of %zu tables, and %zu were counted", n, all);
	p->evidence = gh_printf(p->job->arena,
	    "pg_restore lists it; there is no table with rows of its own.%s", proof_walls_note());
	if (n > 0)
		p->evidence = gh_printf(p->job->arena, "pg_restore lists the rows of %s%zu table%s.%s",
		    n == 1 ? "its " : "all ", n, n == 1 ? "" : "s", proof_walls_note());
	return GH_OK;
}

/* ";     Dumped from database version: 15.20 (Debian 15.20-1)"; 0: it does not say. */
static int64_t
major_of(const char *text, const char *key)
{
	const char *at = strstr(text, key);

	return at == NULL ? 0 : strtoll(at + strlen(key), NULL, 10);
}

static enum gh_code
ask(struct proof *p, struct listing *l, struct gh_err *err)
{
	const char *argv[] = { "pg_restore", "--list", proof_file_argument(p), NULL };
	int status = 0;
	struct tool t = { .path = p->job->spec.pg_restore,
		.argv = argv,
		.job = p->job,
		.take = take,
		.give = argv[2] == NULL ? give : NULL,
		.hear = hear,
		.status = &status,
		.confine = proof_walls(p, NULL),
		.arg = l };

	GH_TRY(proof_file_run(p, "list", &t, err));
	if (p->bad != NULL || status == 0)
		return GH_OK;
	return proof_bad(p, "pg_restore cannot list it: %s", proof_words_text(&l->words, p->job->arena));
}

enum gh_code
proof_list_check(struct proof *p, struct gh_err *err)
{
	struct listing l = { .p = p, .text = { .limit = LIST } };
	enum gh_code code = ask(p, &l, err);

	(void)gh_fault("job.proof.listed");
	if (code == GH_OK && p->bad == NULL) {
		p->server_major = major_of(gh_text_str(&l.text), "\n;     Dumped from database version: ");
		p->client_major = major_of(gh_text_str(&l.text), "\n;     Dumped by pg_dump version: ");
		code =
		    l.text.data == NULL ? proof_bad(p, "pg_restore lists nothing") : compare(p, l.text.data);
	}
	gh_text_done(&l.text);
	return code;
}
