#include "base/ban.h"
#include "migration/object.h"

/* $1 as its parts; a schema public stands for the search path too. */
#define PARTS  "WITH p AS (SELECT parse_ident($1) AS p) "
#define SCHEMA "(n.nspname = p.p[1] OR (p.p[1] = 'public' AND n.nspname = ANY (current_schemas(false))))"
#define RELATION(kinds)                                                                                      \
	PARTS "SELECT 1 FROM p, pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = "            \
	      "c.relnamespace "                                                                              \
	      "WHERE " SCHEMA " AND c.relname = p.p[2] AND c.relkind IN (" kinds ") LIMIT 1"
#define FUNCTION(kinds)                                                                                      \
	PARTS "SELECT 1 FROM p, pg_catalog.pg_proc f JOIN pg_catalog.pg_namespace n ON n.oid = "             \
	      "f.pronamespace "                                                                              \
	      "WHERE " SCHEMA " AND f.proname = p.p[2] AND f.prokind IN (" kinds ") LIMIT 1"
#define TYPE(kinds)                                                                                          \
	PARTS "SELECT 1 FROM p, pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = "             \
	      "t.typnamespace "                                                                              \
	      "WHERE " SCHEMA " AND t.typname = p.p[2] AND t.typtype IN (" kinds ") LIMIT 1"
#define ON_TABLE(catalog, name, table)                                                                       \
	PARTS "SELECT 1 FROM p, pg_catalog." catalog " x JOIN pg_catalog.pg_class c ON c.oid = x." table     \
	      " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "                                   \
	      "WHERE " SCHEMA " AND c.relname = p.p[2] AND x." name " = p.p[3] LIMIT 1"

static const struct {
	const char *kind, *probe;
} probes[] = {
	{ "table", RELATION("'r', 'p'") },
	{ "foreign table", RELATION("'f'") },
	{ "view", RELATION("'v'") },
	{ "materialized view", RELATION("'m'") },
	{ "index", RELATION("'i', 'I'") },
	{ "sequence", RELATION("'S'") },
	{ "function", FUNCTION("'f', 'w'") },
	{ "procedure", FUNCTION("'p'") },
	{ "type", TYPE("'c', 'e', 'r', 'b', 'p'") },
	{ "domain", TYPE("'d'") },
	{ "trigger", ON_TABLE("pg_trigger", "tgname", "tgrelid") },
	{ "policy", ON_TABLE("pg_policy", "polname", "polrelid") },
	{ "rule", ON_TABLE("pg_rewrite", "rulename", "ev_class") },
	{ "schema", PARTS "SELECT 1 FROM p, pg_catalog.pg_namespace n WHERE n.nspname = p.p[1]" },
	{ "extension", PARTS "SELECT 1 FROM p, pg_catalog.pg_extension e WHERE e.extname = p.p[1]" },
};

const char *
object_probe(const char *kind)
{
	size_t i;

	for (i = 0; i < sizeof(probes) / sizeof(probes[0]); i++) {
		if (strcmp(probes[i].kind, kind) == 0)
			return probes[i].probe;
	}
	return NULL;
}
