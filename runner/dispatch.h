/*
 * The parts of cmd_dispatch: who acts (actor.c), what was answered before (answer.c), what the ledger says
 * (entry.c).
 */
#ifndef GH_RUNNER_DISPATCH_H
#define GH_RUNNER_DISPATCH_H

#include "runner/cmd.h"

/*
 * Finds who sends: on web.sock by the session token, on admin.sock by the peer's uid.  Fills c->actor.  The
 * very first person.add, while there is nobody, is allowed to root and to the runner's own account.
 */
enum gh_code actor_find(
    struct cmd_ctx *c, const struct cmd *row, const unsigned char *token, struct gh_err *err) GH_MUST_USE;

/* The kept answer to a key; *ret NULL when the key is new or "".  GH_CONFLICT: it was used for another
 * operation. */
struct store_answer;
enum gh_code answer_find(struct cmd_ctx *c, const struct cmd *row, const char *key, struct store_answer **ret,
    struct gh_err *err) GH_MUST_USE;
enum gh_code answer_keep(struct cmd_ctx *c, const struct cmd *row, const char *key,
    const struct gh_text *reply, struct gh_err *err) GH_MUST_USE;

/* Within the command's transaction. */
enum gh_code entry_add(struct cmd_ctx *c, const struct cmd *row, const char *outcome, const char *text,
    struct gh_err *err) GH_MUST_USE;
/*
 * A refusal gets an entry of its own, unless it is a slip (malformed input), the runner's own trouble, or one
 * too many in this minute.  Never fails: the refusal is what counts.
 */
void entry_refused(struct cmd_ctx *c, const struct cmd *row, const struct gh_err *why);

#endif
