/*
 * Within lint: what the rules of habits.def have in common.  Names are as SQL, quoted where needed, without
 * a schema when none was written.
 */
#ifndef GH_MIGRATION_LINT_HABIT_H
#define GH_MIGRATION_LINT_HABIT_H

#include "migration/lint_rule.h"

/* ---- names (lint_habit_name.c) ---- */

const char *lint_written(struct lint *l, PgQuery__Node *const *names, size_t n);
const char *lint_written_of(const struct lint *l, const PgQuery__RangeVar *r);
/* Of a node that names an object: list, type, function; "" another. */
const char *lint_name_of(struct lint *l, const PgQuery__Node *n);
/* A DROP of that type, else NULL. */
const PgQuery__DropStmt *lint_drop(const struct lint_at *at, PgQuery__ObjectType type);
/* Name of its object number i; "" it has none. */
const char *lint_dropped(struct lint *l, const PgQuery__DropStmt *s, size_t i);
/* Another name in the same schema: shop.orders and "_old" give shop.orders_old. */
const char *lint_suffixed(struct lint *l, const char *name, const char *suffix);
/* orders of shop.orders; points into name. */
const char *lint_last_part(const char *name);
/* "materialized view". */
const char *lint_kind_word(struct lint *l, PgQuery__ObjectType type);
const char *lint_literal(struct lint *l, const char *text);

/* ---- what else the file does (lint_habit.c) ---- */

/* A statement before this one makes an object of that name. */
bool lint_made_here(struct lint *l, const struct lint_at *at, const char *name);
/* The table's column: a statement before this one adds it. */
bool lint_column_is_new(const struct lint *l, const struct lint_at *at, const char *column);
/* Some statement drops the column of this one's table. */
bool lint_column_goes(const struct lint *l, const struct lint_at *at, const char *column);
/* A later statement gives it a default. */
bool lint_default_set(const struct lint *l, const struct lint_at *at, const char *column);
/* A later statement makes a view of that name. */
bool lint_view_follows(const struct lint *l, const struct lint_at *at, const PgQuery__RangeVar *r);
/* A key or index of the file begins with the column. */
bool lint_is_indexed(struct lint *l, const char *table, const char *column);
bool lint_is_temporary(const PgQuery__RangeVar *r);
/* TRUE, or 1 = 1. */
bool lint_is_true(const PgQuery__Node *n);

/* Tokens: l->n_tokens when there is none. */
bool lint_token_is(const struct lint *l, size_t i, const char *word);
size_t lint_token_at(const struct lint *l, int64_t byte);
/* First token of the statement that token i is in. */
size_t lint_statement_begin(const struct lint *l, size_t i);

/* ---- writing SQL (lint_habit_write.c) ---- */

const char *lint_delete_in_batches(struct lint *l, const char *table);
/* text without its last word, when that is word; else "". */
const char *lint_without_last_word(struct lint *l, const char *text, const char *word);
/* The GRANT, to that role instead. */
const char *lint_granted_to(struct lint *l, const struct lint_at *at, const char *role);
/* "ALTER FUNCTION name(types) what;" */
const char *lint_alter_function(struct lint *l, const PgQuery__CreateFunctionStmt *s, const char *what);

/* ---- columns (lint_column.c) ---- */

enum lint_column_how { LINT_COLUMN_CREATED, LINT_COLUMN_ADDED, LINT_COLUMN_RETYPED };

/* A column that a statement makes, or whose type it changes. */
struct lint_column {
	const PgQuery__RangeVar *table;
	const char *name; /* not quoted */
	const char
	    *type; /* last part of its type's name: "int4", "varchar"; "" for arrays and what has none */
	const PgQuery__ColumnDef *def;
	enum lint_column_how how;
	bool key; /* alone the primary key */
};

/* Goes on from *k, which begins at 0.  False when there is none left. */
bool lint_next_column(const struct lint_at *at, size_t *k, struct lint_column *ret);
bool lint_is(const char *type, const char *name);
bool lint_is_serial(const char *type);
bool lint_is_small_int(const char *type);
bool lint_is_key(const struct lint_column *c);
/* Says it where the column stands. */
void lint_say_column(struct lint *l, const struct lint_at *at, const struct lint_column *c,
    const char *message, const char *rewrite);
/* The column with another type, in the statement that makes it; rest is what else belongs to it. */
const char *lint_column_as(struct lint *l, const struct lint_column *c, const char *type, const char *rest);

#endif
