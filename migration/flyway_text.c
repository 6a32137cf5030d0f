#include "base/ban.h"
#include "base/io.h"
#include "base/sum.h"
#include "base/text.h"
#include "migration/flyway_text.h"
#include "migration/scan.h"

#define SHOWN_NAME 100 /* bytes of a placeholder's name */

/* ---- checksum ---- */

const char *
flyway_checksum(struct gh_arena *a, const char *text, size_t len)
{
	const char *p = text, *end = text + len;
	uint32_t sum = 0;

	while (p < end) {
		const char *eol = p;

		while (eol < end && *eol != '\n' && *eol != '\r')
			eol++;
		sum = gh_crc32(sum, p, (size_t)(eol - p));
		if (eol + 1 < end && eol[0] == '\r' && eol[1] == '\n')
			eol++;
		p = eol + 1;
	}
	return gh_printf(a, "%" PRId32, (int32_t)sum);
}

/* ---- configuration ---- */

const struct convention_option_about flyway_options[] = {
	{ "outOfOrder", "true: an older version runs" },
	{ "ignoreMigrationPatterns", "as Flyway's: *:missing, *:ignored and the like" },
	{ "validateOnMigrate", "false: changed and missing ones stop nothing" },
	{ "mixed", "true: statements with and without a transaction in one file" },
	{ "defaultSchema", "the value of ${flyway:defaultSchema}" },
	{ "placeholders.NAME", "the value of ${NAME}" },
	{ "placeholderReplacement", "false: ${NAME} stays as it is" },
	{ "placeholderPrefix", "instead of ${" },
	{ "placeholderSuffix", "instead of }" },
	{ "flyway.NAME", "any of these by its long name" },
	{ NULL, NULL },
};

const char *
flyway_option(const struct convention_folder *f, const char *name)
{
	const char *value = convention_option_find(f, name);

	return value != NULL ? value : convention_option_find(f, gh_printf(f->arena, "flyway.%s", name));
}

bool
flyway_option_is(const struct convention_folder *f, const char *name, const char *value)
{
	const char *is = flyway_option(f, name);

	return is != NULL && strcasecmp(is, value) == 0;
}

/* ---- placeholders ---- */

static void problem_at(struct gh_arena *a, struct convention_side *s, size_t at, const char *fmt, ...)
    GH_PRINTF(4, 5);

static void
problem_at(struct gh_arena *a, struct convention_side *s, size_t at, const char *fmt, ...)
{
	int64_t line = 1, column = 1;
	va_list ap;
	size_t i;

	if (s->problem != NULL && s->problem[0] != '\0')
		return;
	for (i = 0; i < at; i++) {
		if (s->sql[i] == '\n') {
			line++;
			column = 1;
		} else {
			column += ((unsigned char)s->sql[i] & 0xc0) != 0x80;
		}
	}
	va_start(ap, fmt);
	s->problem =
	    gh_printf(a, "%s:%" PRId64 ":%" PRId64 ": %s", s->file, line, column, gh_vprintf(a, fmt, ap));
	va_end(ap);
}

/* What the names that Flyway itself knows stand for; NULL where only Flyway knows. */
static const char *
built_in(const struct convention_folder *f, const struct convention_file *e, const char *name)
{
	const char *schema = flyway_option(f, "defaultSchema");

	if (strcasecmp(name, "flyway:filename") == 0)
		return e->path;
	if (strcasecmp(name, "flyway:table") == 0)
		return f->table[0] != '\0' ? f->table : "flyway_schema_history";
	if (strcasecmp(name, "flyway:defaultSchema") == 0)
		return schema != NULL ? schema : f->schema[0] != '\0' ? f->schema : NULL;
	return NULL;
}

/* Names are case-insensitive. */
static const char *
value_of(const struct convention_folder *f, const struct convention_file *e, const char *name)
{
	size_t i;

	for (i = 0; i < f->n_options; i++) {
		const char *is = f->options[i].name;

		if (strncasecmp(is, "flyway.", 7) == 0)
			is += 7;
		if (strncasecmp(is, "placeholders.", 13) == 0 && strcasecmp(is + 13, name) == 0)
			return f->options[i].value;
	}
	return built_in(f, e, name);
}

static const char * or (const char *value, const char *otherwise)
{
	return value != NULL && value[0] != '\0' ? value : otherwise;
}

void
flyway_replace(const struct convention_folder *f, const struct convention_file *e, struct convention_side *s)
{
	const char *prefix = or (flyway_option(f, "placeholderPrefix"), "${"),
		   *suffix = or (flyway_option(f, "placeholderSuffix"), "}"), *p = s->sql, *at;
	GH_TEXT out = { 0 };

	if (strstr(p, prefix) == NULL)
		return;
	while ((at = strstr(p, prefix)) != NULL) {
		const char *name = at + strlen(prefix), *close = strstr(name, suffix), *value;

		gh_text_put_n(&out, p, (size_t)(at - p));
		if (close == NULL) {
			problem_at(f->arena, s, (size_t)(at - s->sql),
			    "a placeholder begins with %s and never ends: Flyway refuses the file", prefix);
			return;
		}
		name = gh_strndup(f->arena, name, (size_t)(close - name));
		value = value_of(f, e, name);
		if (value == NULL) {
			int shown = (int)gh_utf8_cut(name, strlen(name), SHOWN_NAME);

			problem_at(f->arena, s, (size_t)(at - s->sql),
			    "no value for the placeholder %s%.*s%s: give the project the option "
			    "placeholders.%.*s, or the file a %s.conf with placeholderReplacement=false",
			    prefix, shown, name, suffix, shown, name, e->shown);
			return;
		}
		gh_text_put(&out, value);
		p = close + strlen(suffix);
	}
	gh_text_put(&out, p);
	s->sql = gh_strndup(f->arena, gh_text_str(&out), out.len);
	s->len = out.len;
}

/* ---- transaction ---- */

/* A statement's unquoted words, upper case, with single spaces: enough for what Flyway looks at. */
struct words {
	char text[256];
	size_t len;
	size_t at;   /* offset of the first one */
	bool any;    /* there is a statement */
	bool stdin_; /* COPY ... FROM STDIN */
	int64_t parens, blocks;
	char last[16]; /* the word before */
};

static void
word_put(struct words *w, const char *p, size_t len)
{
	char word[16] = "";
	size_t i;

	for (i = 0; i < len && i + 1 < sizeof(word); i++)
		word[i] = (char)toupper((unsigned char)p[i]);
	if (len >= sizeof(word))
		word[0] = '\0';
	if ((strcmp(word, "ATOMIC") == 0 && strcmp(w->last, "BEGIN") == 0) ||
	    (w->blocks > 0 && strcmp(word, "CASE") == 0))
		w->blocks++;
	else if (w->blocks > 0 && strcmp(word, "END") == 0)
		w->blocks--;
	if (strcmp(word, "STDIN") == 0 && strcmp(w->last, "FROM") == 0 && strncmp(w->text, "COPY ", 5) == 0)
		w->stdin_ = true;
	memcpy(w->last, word, sizeof(word));
	if (w->len + len + 2 > sizeof(w->text) || w->parens > 0)
		return;
	for (i = 0; i < len; i++)
		w->text[w->len++] = (char)toupper((unsigned char)p[i]);
	w->text[w->len++] = ' ';
	w->text[w->len] = '\0';
}

static bool
is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == '$' || (unsigned char)c >= 0x80;
}

/* The next statement from *p on; false at the end. */
static bool
statement_next(const char *sql, const char **p, const char *end, struct words *w)
{
	*w = (struct words){ .len = 0 };
	while (*p < end) {
		const char *skip = scan_skip(*p, end), *from = *p;
		bool comment = end - from >= 2 && (memcmp(from, "--", 2) == 0 || memcmp(from, "/*", 2) == 0);
		char c = *from;

		if (skip == from && c == ';' && w->parens == 0 && w->blocks == 0) {
			(*p)++;
			if (w->any)
				return true;
			continue;
		}
		if (!w->any && !isspace((unsigned char)c) && !(comment && skip > from)) {
			w->any = true;
			w->at = (size_t)(from - sql);
		}
		if (skip > from) {
			*p = skip;
			continue;
		}
		while (*p < end && is_word(**p))
			(*p)++;
		if (*p > from) {
			word_put(w, from, (size_t)(*p - from));
			continue;
		}
		w->parens += c == '(' ? 1 : c == ')' && w->parens > 0 ? -1 : 0;
		(*p)++;
	}
	return w->any;
}

/* flyway: PostgreSQLParser.java, detectCanExecuteInTransaction */
static bool
is_alone(const struct words *w)
{
	static const char *const begins[] = { "CREATE DATABASE ", "CREATE TABLESPACE ",
		"CREATE SUBSCRIPTION ", "DROP DATABASE ", "DROP TABLESPACE ", "DROP SUBSCRIPTION ",
		"ALTER SYSTEM ", "CREATE INDEX CONCURRENTLY ", "CREATE UNIQUE INDEX CONCURRENTLY ",
		"DROP INDEX CONCURRENTLY ", "REINDEX SCHEMA ", "REINDEX DATABASE ", "REINDEX SYSTEM ",
		"REINDEX VERBOSE SCHEMA ", "REINDEX VERBOSE DATABASE ", "REINDEX VERBOSE SYSTEM ", "VACUUM ",
		"DISCARD ALL " };
	size_t i;

	for (i = 0; i < sizeof(begins) / sizeof(begins[0]); i++) {
		if (strncmp(w->text, begins[i], strlen(begins[i])) == 0)
			return true;
	}
	return false;
}

void
flyway_mode(const struct convention_folder *f, enum flyway_transaction wanted, struct convention_side *s)
{
	bool alone = false, others = false, mixed = flyway_option_is(f, "mixed", "true");
	const char *p = s->sql, *end = p + s->len;
	struct words w;

	while (statement_next(s->sql, &p, end, &w)) {
		bool is = is_alone(&w);

		if (w.stdin_) {
			problem_at(f->arena, s, w.at,
			    "COPY ... FROM STDIN with its data in the file: Flyway runs it, Gatehouse "
			    "cannot; "
			    "write INSERT, or let Flyway apply this one");
			break; /* what follows is data */
		}
		if (wanted == FLYWAY_BY_STATEMENTS && !mixed && (is ? others : alone)) {
			problem_at(f->arena, s, w.at,
			    "statements that need a transaction and statements that cannot have one: Flyway "
			    "refuses "
			    "the file unless mixed=true; put them into files of their own");
			break;
		}
		alone = alone || is;
		others = others || !is;
	}
	s->mode = wanted == FLYWAY_NO_TRANSACTION || (wanted == FLYWAY_BY_STATEMENTS && alone)
	    ? CONVENTION_EACH
	    : CONVENTION_WRAPPED;
	s->may_be_empty = true;
}
