/*
 * A changelog in formatted SQL: changesets with their attributes, SQL and way back.  Liquibase:
 * parser/AbstractFormattedChangeLogParser.java.
 */
#ifndef GH_MIGRATION_LIQUIBASE_PARSE_H
#define GH_MIGRATION_LIQUIBASE_PARSE_H

#include "migration/convention.h"

enum liquibase_back {
	LIQUIBASE_NO_BACK = 0,
	LIQUIBASE_BACK_SQL,
	LIQUIBASE_BACK_NOTHING, /* "not required", "empty" */
	LIQUIBASE_BACK_OTHER,   /* another changeset's */
};

struct liquibase_set {
	const char *id, *author;
	const char *path;                       /* logicalFilePath; "" that of the file */
	const char *comment;                    /* "" none */
	const char *context, *labels, *dbms;    /* NULL: not given */
	const char *delimiter, *back_delimiter; /* NULL: not given */
	const char *run_with;                   /* NULL: not given */
	const char *valid;                      /* checksums that count as right, a line each */
	bool split, back_split, on_change, always, in_transaction, ignore, fail_on_error;
	int64_t line; /* of --changeset */
	/* Lines that are no SQL are left out as empty ones, so that places fit. */
	const char *sql;
	int64_t first_line;
	enum liquibase_back back;
	const char *back_sql;
	int64_t back_line;
	int64_t precondition; /* line of the first, 0 none */
};

struct liquibase_log {
	size_t n;
	struct liquibase_set *sets;
	size_t n_properties;
	struct convention_option *properties;
	const char *problem; /* "FILE:LINE:1: ..." for which the tool reads nothing of it; "" none */
};

void liquibase_parse(
    struct convention_folder *f, const char *file, const char *text, size_t len, struct liquibase_log *ret);

/* ---- liquibase_expr.c ---- */

/* ${name} replaced: the configuration first, then properties; what is not known stays. */
const char *liquibase_expand(
    const struct convention_folder *f, const struct liquibase_log *log, const char *text);
/* Whether an expression of names (and, or, comma, not, !, parentheses) holds for a list of names. */
bool liquibase_holds(const char *expression, const char *names);
bool liquibase_for_postgresql(const char *dbms);

/* ---- liquibase_split.c ---- */

/*
 * Pieces of a side as Liquibase cuts it; delimiter NULL: ; and GO.  Sets the side's problem where it would
 * cut what nobody meant to be cut.
 */
void liquibase_split(struct gh_arena *a, struct convention_side *s, const char *delimiter);
/* "9:..." over the SQL without white space. */
const char *liquibase_checksum(struct gh_arena *a, const char *sql);

#endif
