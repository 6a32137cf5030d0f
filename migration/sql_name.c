#include "base/ban.h"
#include "migration/sql_name.h"

#define PLAIN "abcdefghijklmnopqrstuvwxyz0123456789_"

const char *
sql_name_quote(const char *ident, struct gh_arena *a)
{
	size_t len = ident == NULL ? 0 : strlen(ident), i;
	char *ret, *out;

	for (i = 0; i < len; i++) {
		if ((unsigned char)ident[i] < 0x20 || ident[i] == 0x7f)
			return "";
	}
	if (len == 0)
		return "";
	if (!isdigit((unsigned char)*ident) && ident[strspn(ident, PLAIN)] == '\0')
		return gh_strdup(a, ident);
	ret = out = gh_alloc(a, 2 * len + 3);
	*out++ = '"';
	for (i = 0; i < len; i++) {
		if (ident[i] == '"')
			*out++ = '"';
		*out++ = ident[i];
	}
	*out = '"';
	return ret;
}

const char *
sql_name_join(const char *first, const char *ident, struct gh_arena *a)
{
	const char *quoted = sql_name_quote(ident, a);

	return *first == '\0' || *quoted == '\0' ? "" : gh_printf(a, "%s.%s", first, quoted);
}

const char *
sql_name_of(const PgQuery__RangeVar *r, struct gh_arena *a)
{
	if (r == NULL)
		return "";
	return sql_name_join(
	    r->schemaname == NULL || *r->schemaname == '\0' ? "public" : sql_name_quote(r->schemaname, a),
	    r->relname, a);
}

const char *
sql_name_list(PgQuery__Node *const *names, size_t n, size_t parts, struct gh_arena *a)
{
	const char *ret = "public";
	size_t i = n > parts ? n - parts : 0;

	if (n == 0)
		return "";
	if (n >= parts) {
		ret = names[i]->node_case == PG_QUERY__NODE__NODE_STRING
		    ? sql_name_quote(names[i]->string->sval, a)
		    : "";
		i++;
	}
	for (; i < n; i++) {
		if (names[i]->node_case != PG_QUERY__NODE__NODE_STRING)
			return "";
		ret = sql_name_join(ret, names[i]->string->sval, a);
	}
	return ret;
}
