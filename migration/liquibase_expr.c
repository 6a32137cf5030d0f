#include "base/ban.h"
#include "base/text.h"
#include "migration/liquibase_line.h"
#include "migration/liquibase_parse.h"

#define DEPTH_MAX 50 /* of parentheses */

static const char *
value_of(const struct convention_folder *f, const struct liquibase_log *log, const char *name)
{
	const char *value = convention_option_find(f, name);
	size_t i;

	for (i = 0; value == NULL && i < log->n_properties; i++) {
		if (strcasecmp(log->properties[i].name, name) == 0)
			value = log->properties[i].value;
	}
	return value;
}

const char *
liquibase_expand(const struct convention_folder *f, const struct liquibase_log *log, const char *text)
{
	const char *p = text, *open;
	GH_TEXT out = { 0 };

	while ((open = strstr(p, "${")) != NULL) {
		const char *close = strchr(open, '}'), *value;

		if (close == NULL)
			break;
		value = value_of(f, log, liquibase_trimmed(f->arena, open + 2, close));
		gh_text_put_n(&out, p, (size_t)(open - p));
		if (value != NULL)
			gh_text_put(&out, value);
		else
			gh_text_put_n(&out, open, (size_t)(close + 1 - open));
		p = close + 1;
	}
	gh_text_put(&out, p);
	return gh_strndup(f->arena, gh_text_str(&out), out.len);
}

bool
liquibase_for_postgresql(const char *dbms)
{
	bool yes = false, any = false, no = false;
	const char *p = dbms;

	while (*p != '\0') {
		size_t len = strcspn(p, ",");
		bool except = *p == '!';
		const char *name = p + except;
		size_t name_len = len - except;

		if ((name_len == 10 && strncasecmp(name, "postgresql", 10) == 0) ||
		    (name_len == 3 && strncasecmp(name, "all", 3) == 0)) {
			yes |= !except;
			no |= except;
		}
		any |= !except;
		p += len + (p[len] == ',');
	}
	return !no && (yes || !any);
}

/* ---- expressions of contexts and labels ---- */

struct expr {
	const char *p;
	const char *names;
	int depth;
};

static bool either(struct expr *e);

static void
blanks(struct expr *e)
{
	while (liquibase_space(*e->p))
		e->p++;
}

static bool
taken(struct expr *e, const char *word)
{
	size_t len = strlen(word);
	char after = e->p[len < strlen(e->p) ? len : strlen(e->p)];

	if (strncasecmp(e->p, word, len) != 0 || (after != '\0' && !liquibase_space(after) && after != '('))
		return false;
	e->p += len;
	blanks(e);
	return true;
}

static bool
listed(const char *names, const char *name, size_t len)
{
	const char *p = names;

	while (*p != '\0') {
		size_t n = strcspn(p, ","), skip = 0;

		while (skip < n && liquibase_space(p[skip]))
			skip++;
		n -= skip;
		p += skip;
		while (n > 0 && liquibase_space(p[n - 1]))
			n--;
		if (n == len && strncasecmp(p, name, len) == 0)
			return true;
		p += strcspn(p, ",");
		p += *p == ',';
	}
	return false;
}

static bool
one(struct expr *e)
{
	const char *name;
	bool ret;

	blanks(e);
	if (*e->p == '!') {
		e->p++;
		return !one(e);
	}
	if (taken(e, "not"))
		return !one(e);
	if (*e->p == '(' && e->depth < DEPTH_MAX) {
		e->depth++;
		e->p++;
		ret = either(e);
		e->depth--;
		if (*e->p == ')')
			e->p++;
		blanks(e);
		return ret;
	}
	for (name = e->p; *e->p != '\0' && strchr(",()!", *e->p) == NULL && !liquibase_space(*e->p); e->p++)
		continue;
	ret = listed(e->names, name, (size_t)(e->p - name));
	blanks(e);
	return ret;
}

static bool
both(struct expr *e)
{
	bool ret = one(e);

	while (taken(e, "and"))
		ret = one(e) && ret;
	return ret;
}

static bool
either(struct expr *e)
{
	bool ret = both(e);

	for (;;) {
		if (*e->p == ',')
			e->p++;
		else if (!taken(e, "or"))
			return ret;
		ret = both(e) || ret;
	}
}

bool
liquibase_holds(const char *expression, const char *names)
{
	struct expr e = { .p = expression, .names = names };

	blanks(&e);
	return *e.p == '\0' || either(&e);
}
