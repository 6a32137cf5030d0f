/*
 * Rehearsals: writes.
 */
#ifndef GH_STORE_REHEARSAL_WRITE_H
#define GH_STORE_REHEARSAL_WRITE_H

#include "store/rehearsal.h"
#include "store/write.h"

/* Queues one; person 0: the policy asks for it.  GH_CONFLICT when there is no such plan. */
enum gh_code store_rehearsal_add(struct store *st, const char *digest, int64_t person, int64_t now,
    int64_t *ret_id, struct gh_err *err) GH_MUST_USE;
/* GH_CONFLICT when it is not in state `from`.  text "" leaves it as it is. */
struct store_rehearsal_move {
	const char *from, *to, *text;
	bool good;
	int64_t now;
};
enum gh_code store_rehearsal_move(
    struct store *st, int64_t id, const struct store_rehearsal_move *m, struct gh_err *err) GH_MUST_USE;
/* place, text, tables, rows and bytes of r. */
enum gh_code store_rehearsal_place(
    struct store *st, const struct store_rehearsal *r, struct gh_err *err) GH_MUST_USE;
/* Each makes the row or takes its place. */
enum gh_code store_rehearsal_step_put(
    struct store *st, int64_t id, const struct store_rehearsal_step *s, struct gh_err *err) GH_MUST_USE;
enum gh_code store_rehearsal_migration_put(
    struct store *st, int64_t id, const struct store_rehearsal_migration *m, struct gh_err *err) GH_MUST_USE;

#endif
