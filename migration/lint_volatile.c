#include "base/ban.h"
#include "migration/lint_rule.h"
#include "migration/sql_walk.h"

/* Functions that give every row the same value, as far as migrations use them. */
static const char *const steady[] = {
	"abs",
	"array_append",
	"array_fill",
	"ceil",
	"ceiling",
	"chr",
	"concat",
	"concat_ws",
	"current_database",
	"current_schema",
	"current_setting",
	"date_part",
	"date_trunc",
	"decode",
	"encode",
	"floor",
	"format",
	"int4range",
	"int8range",
	"json_build_array",
	"json_build_object",
	"jsonb_build_array",
	"jsonb_build_object",
	"length",
	"lower",
	"lpad",
	"ltrim",
	"make_date",
	"make_interval",
	"make_timestamptz",
	"md5",
	"now",
	"numrange",
	"pg_current_xact_id",
	"replace",
	"repeat",
	"round",
	"rpad",
	"rtrim",
	"sha256",
	"split_part",
	"statement_timestamp",
	"substr",
	"substring",
	"timezone",
	"to_char",
	"to_date",
	"to_json",
	"to_jsonb",
	"to_number",
	"to_timestamp",
	"to_tsvector",
	"transaction_timestamp",
	"trim",
	"trunc",
	"tsrange",
	"tstzrange",
	"txid_current",
	"upper",
	"btrim",
	"empty_multirange",
	"daterange",
	"inet",
	"text",
	"xml",
	"point",
	"box",
	"circle",
	"setweight",
	"to_hex",
	"strpos",
	"position",
	"justify_interval",
	"age",
	"extract",
	"date",
	"version",
	"array_cat",
	"array_prepend",
	"string_to_array",
};

/* Those that surely do not, for the wording. */
struct search {
	const char *found;
	struct gh_arena *arena;
};

static bool
is_steady(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(steady) / sizeof(steady[0]); i++) {
		if (strcmp(steady[i], name) == 0)
			return true;
	}
	return false;
}

static bool
see(const ProtobufCMessage *m, void *to)
{
	struct search *s = to;
	const PgQuery__FuncCall *f;
	const PgQuery__Node *last;

	if (s->found != NULL)
		return false;
	if (m->descriptor != &pg_query__func_call__descriptor)
		return true;
	f = (const PgQuery__FuncCall *)m;
	last = f->n_funcname == 0 ? NULL : f->funcname[f->n_funcname - 1];
	if (last != NULL && last->node_case == PG_QUERY__NODE__NODE_STRING && !is_steady(last->string->sval))
		s->found = last->string->sval;
	return true;
}

const char *
lint_volatile(const PgQuery__Node *expr, struct gh_arena *a)
{
	struct search s = { .arena = a };

	if (expr != NULL)
		sql_walk(&expr->base, see, &s);
	return s.found == NULL ? NULL : gh_printf(a, "%s()", s.found);
}
