/*
 * Within lint: what a rule sees and says.  Only migration/lint.c, migration/lint_*.c and the files of
 * migration/lint/ include this.
 *
 * A rule is `const struct lint_rule lint_NAME` in migration/lint/NAME.c and a line LINT_RULE(NAME) in
 * migration/lint/locks.def (what the database does) or habits.def (what people do), and its file in the
 * .mk beside it.  It is called for each statement, and once for the file; it gives findings by lint_say.
 * Nothing is freed: texts live in l->arena, trees as long as the call.
 */
#ifndef GH_MIGRATION_LINT_RULE_H
#define GH_MIGRATION_LINT_RULE_H

#include "migration/sql_node.h"

/* Where a statement stands. */
enum lint_inside {
	LINT_TOP = 0, /* a statement of the file */
	LINT_DO,      /* in a DO block: it runs now */
	LINT_ROUTINE, /* in the body of a function or procedure: it runs when that is called */
};

/* A statement under lint. */
struct lint_at {
	const PgQuery__Node *node;       /* NULL: newer syntax, or too large to be kept for a second look */
	const struct sql_statement *sql; /* the file's statement that it is, or stands in */
	size_t i;                        /* number of that statement */
	enum lint_inside inside;
	int64_t offset, length; /* bytes of its own text within the side */
	int64_t base;           /* byte of the side that a location 0 of the tree means */
	size_t n_touches;       /* its own */
	const struct sql_touch *touches;
};

struct lint_back;

/* A table that this side has created before, or will. */
struct lint_new {
	const char *name; /* quoted */
	size_t i;         /* of the statement */
};

/* A BEGIN within a transaction, or a COMMIT without one: the server only warns. */
struct lint_odd {
	int64_t offset;
	const char *kind;
};

/* One side of a migration under lint. */
struct lint {
	const struct sql_text *text;
	const struct sql_script *script; /* statements with groups, kinds and touches */
	struct gh_arena *arena;
	size_t n;                  /* statements, and beneath them those of DO blocks and routines */
	const struct lint_at *all; /* in the order of the text */
	size_t n_new;
	const struct lint_new *created;
	size_t n_tokens; /* of the side, comments included (only they when it is very large); none when its
			    lexing failed */
	const struct sql_token *tokens;
	size_t n_odd;
	const struct lint_odd *odd;
	int64_t error_at; /* byte of the syntax error, -1 none; then n is 0 */
	const char *error;
	const struct lint_back *back; /* of lint_back.c */
	/* Of lint_look.c: what is asked for every statement must not walk over all of them. */
	size_t n_sets, n_slots;
	const struct lint_at **sets;   /* SET lock_timeout and its like */
	const struct lint_new **slots; /* created, by a hash of the name */
	/* Of lint.c. */
	const struct lint_rule *rule;
	struct lint_findings *findings;
	size_t cap;
};

/* What a rule says.  All but message may be left out. */
struct lint_said {
	enum lint_level level; /* 0: the rule's */
	const char *table;     /* lint_name() of it */
	const char *message;
	const char *rewrite;
	int64_t at; /* byte of the side; 0: where the statement begins */
};

struct lint_rule {
	struct lint_about about;
	bool routines; /* also look at statements in the bodies of functions and procedures */
	/* Each statement whose tree is there. */
	void (*statement)(struct lint *l, const struct lint_at *at);
	/* The whole, once, after the statements; not called when the text has a syntax error. */
	void (*file)(struct lint *l);
	/* Instead of both when it has one: see error_at, error and tokens. */
	void (*broken)(struct lint *l);
};

/* at NULL: of the file as a whole. */
void lint_say(struct lint *l, const struct lint_at *at, struct lint_said said);

/* ---- looking (lint_look.c) ---- */

/* Command number k of an ALTER TABLE (tables only: no view, index, type); NULL when there is none. */
const PgQuery__AlterTableCmd *lint_command(const struct lint_at *at, size_t k);
/* Definition of an ADD COLUMN, NULL when it is another command. */
const PgQuery__ColumnDef *lint_added_column(const PgQuery__AlterTableCmd *c);
/* Constraint of an ADD CONSTRAINT, NULL when it is another command. */
const PgQuery__Constraint *lint_added_constraint(const PgQuery__AlterTableCmd *c);
/* One of the column's own constraints, NULL when it has none of that type. */
const PgQuery__Constraint *lint_column_constraint(const PgQuery__ColumnDef *c, PgQuery__ConstrType type);
/* Once, before the rules. */
void lint_look_prepare(struct lint *l);
/* Where to begin when looking for what stands before a statement: not further back than is worth it. */
size_t lint_look_back(const struct lint *l, const struct lint_at *at);
/* The table of an ALTER TABLE; NULL when it is none or nobody can see that table yet. */
const PgQuery__RangeVar *lint_altered(const struct lint *l, const struct lint_at *at);
/* The relation that a statement is about: ALTER TABLE, CREATE INDEX, trigger, UPDATE...; NULL none. */
const PgQuery__RangeVar *lint_relation(const PgQuery__Node *n);
/* An earlier statement of this side made the table (or it is a temporary one): nobody else can see it. */
bool lint_is_new(const struct lint *l, const struct lint_at *at, const PgQuery__RangeVar *r);
/* The same for a name; i is the number of the statement that asks. */
bool lint_is_new_name(const struct lint *l, size_t i, const char *name);
/* One relation: "public.t" and "t" are. */
bool lint_same_name(const char *a, const char *b);
/* Milliseconds of the last SET lock_timeout before this statement (or what the run brings); 0: none. */
int64_t lint_lock_timeout(const struct lint *l, const struct lint_at *at);
/* What the tree says is there: not NULL, not "". */
bool lint_has(const char *s);
/* A function call in an expression that is evaluated for each row anew (random(), clock_timestamp(), ...) or
 * one that nobody knows; NULL when there is none. */
const char *lint_volatile(const PgQuery__Node *expr, struct gh_arena *a);

/* ---- writing SQL (lint_write.c) ---- */

/* As SQL: quoted where needed, as written: orders, shop."Order". */
const char *lint_name(struct lint *l, const PgQuery__RangeVar *r);
const char *lint_ident(struct lint *l, const char *ident);
/* "table_column_suffix", cut to 63 bytes as PostgreSQL does, not quoted. */
const char *lint_make_name(struct lint *l, const char *table, const char *column, const char *suffix);
/* Columns from String nodes or IndexElems: a, b, lower(c); "" when they cannot be written. */
const char *lint_columns(struct lint *l, PgQuery__Node *const *names, size_t n);
/* "numeric(10,2)"; "" when it cannot be written. */
const char *lint_type(struct lint *l, const PgQuery__TypeName *t);
/* An expression; "" when it cannot be written. */
const char *lint_expr(struct lint *l, const PgQuery__Node *expr);
/* A statement from its (possibly changed) tree, without semicolon; "" when it cannot be written. */
const char *lint_sql(struct lint *l, const PgQuery__Node *stmt);
/* UPDATE in batches of 10000 rows, with what people must know in a comment. */
const char *lint_batches(struct lint *l, const char *table, const char *set, const char *where);
/* The steps that make a column NOT NULL without a scan under a strong lock; column not quoted. */
const char *lint_not_null(struct lint *l, const PgQuery__RangeVar *r, const char *column);
/* ADD CONSTRAINT with NOT VALID and that name (not quoted), then VALIDATE; "" when it cannot be written. */
const char *lint_not_valid(
    struct lint *l, const PgQuery__RangeVar *r, const PgQuery__Constraint *c, const char *name);
/* The statement's own text. */
const char *lint_text(struct lint *l, const struct lint_at *at);

/* ---- the table (lint.c) ---- */
#define LINT_RULE(name) extern const struct lint_rule lint_##name;
#include "migration/lint/locks.def"
#include "migration/lint/habits.def"
#undef LINT_RULE

/* Fills s->findings. */
void lint_run(struct lint *l, struct sql_script *s);

#endif
