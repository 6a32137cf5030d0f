/*
 * Within the SQL part: what the parse tree of one statement says.
 */
#ifndef GH_MIGRATION_SQL_NODE_H
#define GH_MIGRATION_SQL_NODE_H

#include "migration/sql.h"

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wundef"
#include <pg_query.h>
#include <pg_query/pg_query.pb-c.h>
#pragma GCC diagnostic pop

/* A token of the text; comments are tokens too. */
struct sql_token {
	int32_t start, end; /* bytes of the text */
	int16_t token;      /* PG_QUERY__TOKEN__... */
	int16_t keyword;    /* PG_QUERY__KEYWORD_KIND__... */
};

/* Where a text stands, for messages. */
struct sql_place {
	const char *file;
	int64_t first_line;
};

/* NULL when it is no SQL; pg_query__parse_result__free_unpacked frees it. */
PgQuery__ParseResult *sql_parse(const char *text);

/* "CREATE TABLE", as PostgreSQL's command tags say it. */
const char *sql_kind(const PgQuery__Node *n, struct gh_arena *a);
/* "MATERIALIZED VIEW"; "OBJECT" for what has no name here. */
const char *sql_object_type(PgQuery__ObjectType type);

/* A DefElem of that name that is there and not switched off. */
bool sql_option(PgQuery__Node *const *options, size_t n, const char *name);
/* Cannot run inside a transaction block. */
bool sql_alone(const PgQuery__Node *n);
/* Why this statement is never run, whatever the file is like; NULL when it may. */
const char *sql_forbidden(const PgQuery__Node *n);
/* What people should know about it; NULL nothing. */
const char *sql_remark(const PgQuery__Node *n);

/* What a statement creates; on is the table it belongs to ("" none). */
struct sql_object {
	const char *name, *kind, *on;
	bool qualified; /* its schema was written down */
};
/* name "" when there is nothing to look for afterwards. */
void sql_object(const PgQuery__Node *n, struct gh_arena *a, struct sql_object *ret);

/* What a statement takes away or renames: earlier objects of these names are not looked for. */
struct sql_gone {
	size_t n;
	const char **names;
	const char *on;  /* what belongs to this table, not the table; "" none */
	bool everything; /* cannot be told: none of the earlier ones */
};
void sql_gone(const PgQuery__Node *n, struct gh_arena *a, struct sql_gone *ret);
/* After this statement a name without a schema may mean any schema. */
bool sql_moves_search_path(const PgQuery__Node *n);

/* "FILE:LINE:COLUMN: " and the message; at is a byte of text, columns count characters. */
const char *sql_problem(
    const char *text, size_t at, struct sql_place place, struct gh_arena *a, const char *message);
int64_t sql_line(const char *text, size_t at, int64_t first_line);

#endif
