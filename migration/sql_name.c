#include "base/ban.h"
#include "migration/sql_name.h"

#define PLAIN "abcdefghijklmnopqrstuvwxyz0123456789_"

/* Keywords that quote_ident() quotes: all but the unreserved ones, sorted. */
static const char *const keywords[] = {
	"all",
	"analyse",
	"analyze",
	"and",
	"any",
	"array",
	"as",
	"asc",
	"asymmetric",
	"authorization",
	"between",
	"bigint",
	"binary",
	"bit",
	"boolean",
	"both",
	"case",
	"cast",
	"char",
	"character",
	"check",
	"coalesce",
	"collate",
	"collation",
	"column",
	"concurrently",
	"constraint",
	"create",
	"cross",
	"current_catalog",
	"current_date",
	"current_role",
	"current_schema",
	"current_time",
	"current_timestamp",
	"current_user",
	"dec",
	"decimal",
	"default",
	"deferrable",
	"desc",
	"distinct",
	"do",
	"else",
	"end",
	"except",
	"exists",
	"extract",
	"false",
	"fetch",
	"float",
	"for",
	"foreign",
	"freeze",
	"from",
	"full",
	"grant",
	"greatest",
	"group",
	"grouping",
	"having",
	"ilike",
	"in",
	"initially",
	"inner",
	"inout",
	"int",
	"integer",
	"intersect",
	"interval",
	"into",
	"is",
	"isnull",
	"join",
	"lateral",
	"leading",
	"least",
	"left",
	"like",
	"limit",
	"localtime",
	"localtimestamp",
	"national",
	"natural",
	"nchar",
	"none",
	"normalize",
	"not",
	"notnull",
	"null",
	"nullif",
	"numeric",
	"offset",
	"on",
	"only",
	"or",
	"order",
	"out",
	"outer",
	"overlaps",
	"overlay",
	"placing",
	"position",
	"precision",
	"primary",
	"real",
	"references",
	"returning",
	"right",
	"row",
	"select",
	"session_user",
	"setof",
	"similar",
	"smallint",
	"some",
	"substring",
	"symmetric",
	"table",
	"tablesample",
	"then",
	"time",
	"timestamp",
	"to",
	"trailing",
	"treat",
	"trim",
	"true",
	"union",
	"unique",
	"user",
	"using",
	"values",
	"varchar",
	"variadic",
	"verbose",
	"when",
	"where",
	"window",
	"with",
	"xmlattributes",
	"xmlconcat",
	"xmlelement",
	"xmlexists",
	"xmlforest",
	"xmlnamespaces",
	"xmlparse",
	"xmlpi",
	"xmlroot",
	"xmlserialize",
	"xmltable",
};

static int
compare(const void *word, const void *entry)
{
	return strcmp(word, *(const char *const *)entry);
}

static bool
is_keyword(const char *s)
{
	return bsearch(s, keywords, sizeof(keywords) / sizeof(keywords[0]), sizeof(keywords[0]), compare) !=
	    NULL;
}

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
	if (!isdigit((unsigned char)*ident) && ident[strspn(ident, PLAIN)] == '\0' && !is_keyword(ident))
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

const char *
sql_name_written(const PgQuery__RangeVar *r, struct gh_arena *a)
{
	if (r == NULL)
		return "";
	if (r->schemaname == NULL || *r->schemaname == '\0')
		return sql_name_quote(r->relname, a);
	return sql_name_join(sql_name_quote(r->schemaname, a), r->relname, a);
}
