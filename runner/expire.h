/*
 * What retention lets go of a target's backups (base/retention.h): decided from the inventory, its keep_*
 * options and what is open, told to the store, and done.
 *
 * First who has decided which go is committed (expire_begin), then the files go, then the row is expired
 * (expire_end).  What a runner that dies meanwhile has begun is ended when it starts, in that person's name;
 * what it has not begun is decided anew.  Nothing is said to be gone of a folder without a single backup.
 */
#ifndef GH_RUNNER_EXPIRE_H
#define GH_RUNNER_EXPIRE_H

#include "base/forecast.h"
#include "runner/runner.h"
#include "store/backup.h"

struct expire_row {
	struct gh_kept kept;
	const struct store_backup *backup;
	const char *why;     /* it stays, or that nothing keeps it */
	const char *problem; /* why its file could not be removed, "" */
};
struct expire_list {
	int64_t target_id;
	struct gh_keep keep;
	size_t n;
	struct expire_row *rows; /* newest first */
};
/* Backups of ours that are not expired; text and rows in the arena. */
enum gh_code expire_decide(struct runner *r, struct gh_arena *a, const struct config_target *conf,
    int64_t now, struct expire_list *ret, struct gh_err *err) GH_MUST_USE;
/* Until when each is kept and why, in the store. */
enum gh_code expire_tell(struct runner *r, const struct expire_list *list, struct gh_err *err) GH_MUST_USE;

struct expire_by {
	const char *actor, *way; /* of the ledger's entries */
	int64_t session;
	int64_t now;
};
/*
 * That what goes is to go, in the name of that person, within the caller's transaction; to be committed
 * before expire_end.  *ret_n: how many those are.
 */
enum gh_code expire_begin(struct runner *r, const struct expire_list *list, const struct expire_by *by,
    int64_t *ret_n, struct gh_err *err) GH_MUST_USE;
/*
 * Removes what goes by the list, which expire_begin was given, an entry of the ledger for each, within the
 * caller's transaction; of what was decided earlier it ends what was begun, and takes back the rest.
 * target_id 0: of all targets; by and list NULL: of a runner that is gone.  The list learns what became of
 * them.
 */
enum gh_code expire_end(struct runner *r, struct gh_arena *a, int64_t target_id, struct expire_list *list,
    const struct expire_by *by, int64_t *ret_gone, struct gh_err *err) GH_MUST_USE;

/* How the backups of the target grow, as the keep_* options have it. */
enum gh_code expire_growth(struct runner *r, struct gh_arena *a, const struct config_target *conf,
    int64_t now, struct gh_growth *ret, struct gh_err *err) GH_MUST_USE;

#endif
