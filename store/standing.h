/*
 * What is where by the rules of each tool, and the tables of a target: reads.
 */
#ifndef GH_STORE_STANDING_H
#define GH_STORE_STANDING_H

#include "store/store.h"

struct store_standing {
	const char *key;
	const char *standing, *decision; /* wire_standing_name, wire_decision_name */
	bool applied;                    /* its effects are meant to be in the database */
	int64_t applied_at;              /* 0: the table does not say */
	const char *checksum, *by;       /* as recorded */
	const char *text;                /* the rule and what follows */
	const char *digest;              /* the up that was applied, as far as known; "" */
	bool ran;                        /* a run has set it: the table was not looked at since */
};
struct store_standings {
	size_t n;
	struct store_standing *rows; /* sorted by key */
};
enum gh_code store_standing_list(struct store *st, struct gh_arena *a, int64_t target_id,
    struct store_standings *ret, struct gh_err *err) GH_MUST_USE;
/* *ret NULL when the target knows nothing of it. */
enum gh_code store_standing_find(struct store *st, struct gh_arena *a, int64_t target_id, const char *key,
    struct store_standing **ret, struct gh_err *err) GH_MUST_USE;
/* The key of the newest applied one that stands before this; NULL none. */
enum gh_code store_standing_below(struct store *st, struct gh_arena *a, int64_t target_id, const char *key,
    const char **ret, struct gh_err *err) GH_MUST_USE;
/* The row of a sorted list, NULL none. */
const struct store_standing *store_standing_of(const struct store_standings *list, const char *key);

struct store_table {
	const char *name;         /* "public.orders", quoted where SQL needs it */
	int64_t row_count, bytes; /* estimate; with indexes */
	int64_t writes, scans;    /* since `seconds`, which is 0 when that is not known */
	int64_t seconds;
	int64_t fan_out; /* foreign keys of other tables that refer to it */
};
struct store_tables {
	size_t n;
	struct store_table *rows; /* sorted by name */
};
enum gh_code store_table_list(struct store *st, struct gh_arena *a, int64_t target_id,
    struct store_tables *ret, struct gh_err *err) GH_MUST_USE;
/*
 * By a name as SQL has it; one without a schema is looked for in public.  *ret NULL: the target has no such
 * table.
 */
enum gh_code store_table_find(struct store *st, struct gh_arena *a, int64_t target_id, const char *name,
    struct store_table **ret, struct gh_err *err) GH_MUST_USE;

#endif
