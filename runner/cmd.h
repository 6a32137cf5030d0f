/*
 * Commands: what a frame can ask for.  One `const struct cmd` a file (runner/cmd_NOUN_VERB.c, fields of call
 * and reply in the comment on top), one line in runner/cmd_table.c, one test.
 *
 * cmd_dispatch does what all have in common: looks the operation up, finds the actor, checks way, role and
 * form token, gives the kept answer to a repeated key, runs the command in one store transaction together
 * with its ledger entry and its kept answer, and writes an entry for a refusal too.  A command therefore
 *   - reads its fields (key and form token are already read) and calls wire_end, before anything else;
 *   - uses the store without begin or commit, and writes no ledger entry for itself: it fills c->subject,
 * c->target and c->text instead (entries about other things, as a run that starts, are its own affair);
 *   - puts the fields of its reply with wire_put_*(c->reply, ...);
 *   - sets c->kick when a run was queued, and c->keep when it fails but its writes must stay.
 * A refusal is rolled back and gets an entry "refused" with the message; no answer is kept for it, so the
 * same form can be sent again.
 */
#ifndef GH_RUNNER_CMD_H
#define GH_RUNNER_CMD_H

#include "base/clock.h"
#include "runner/runner.h"
#include "store/person.h"
#include "wire/frame.h"
#include "wire/ops.h"

#define CMD_DEFER_US (25 * GH_SECOND)
#define CMD_KEY_MAX  64

/* Roles are bits; a command names those of which one is enough. */
enum {
	ROLE_VIEWER = STORE_VIEWER,
	ROLE_LEAD = STORE_LEAD,
	ROLE_AUDITOR = STORE_AUDITOR,
	ROLE_ADMIN = STORE_ADMIN,
	ROLE_ANY = STORE_VIEWER | STORE_LEAD | STORE_AUDITOR | STORE_ADMIN,
};

enum cmd_way { CMD_WEB = 1, CMD_CLI = 2 };

struct actor {
	enum cmd_way way;
	uid_t uid;        /* of the peer */
	int64_t person;   /* 0: nobody is known */
	const char *name; /* person's name, "" */
	unsigned roles;
	int64_t session; /* 0: none (admin.sock) */
};

/* What a form token is made for and the ledger calls the subject: "incident", "request/12",
 * "target/shop_staging". */
enum cmd_by {
	CMD_BY_NOTHING, /* noun alone */
	CMD_BY_ID,      /* first field is an i64 */
	CMD_BY_NAME,    /* first field is a text */
};

struct cmd_ctx {
	struct runner *runner;
	struct gh_arena *arena;
	struct store *store;
	struct store *secrets;
	const struct config *config;
	struct actor actor;
	int64_t now;     /* wall */
	int64_t arrived; /* wall, when the frame was whole; the same when it is dispatched again */
	/* the command's results */
	struct wire_out *reply;
	const char *subject, *target, *text; /* for the ledger; subject is set from the table before run */
	bool kick;                           /* work_kick after the commit */
	bool deferred;                       /* set by cmd_defer */
	bool quiet;                          /* it has done nothing that the ledger should know of */
	void *intended;                      /* what intend has left for run */
	bool keep; /* what was written stays although run fails: a request that turned out to be stale */
};

struct cmd {
	enum wire_op op;
	unsigned needs; /* ROLE_..., one is enough */
	unsigned ways;  /* CMD_WEB | CMD_CLI */
	bool writes;    /* one transaction, ledger entry, key and form token */
	bool open;      /* needs no actor: session.open */
	bool bare;      /* has neither key nor form token: session.open, session.touch */
	bool quiet;     /* no ledger entry: session.touch */
	bool secret;    /* writes the secrets too: they have a transaction as well, committed first */
	const char *noun;
	enum cmd_by by;
	/* NULL: none.  In a transaction of its own, committed before run: of what cannot be taken back. */
	enum gh_code (*intend)(struct cmd_ctx *c, struct wire_in *in, struct gh_err *err);
	enum gh_code (*run)(struct cmd_ctx *c, struct wire_in *in, struct gh_err *err);
};

/* The table; NULL for what is no operation. */
const struct cmd *cmd_find(unsigned op);

struct cmd_frame {
	const unsigned char *data; /* after the length: op, token, fields */
	size_t len;
	enum cmd_way way;
	uid_t uid;       /* of the peer */
	int64_t arrived; /* wall */
	bool last;       /* the time for deferring is over: a deferral becomes GH_UNAVAILABLE */
};

/*
 * Runs one frame.  reply gets the reply's fields without length and code; on failure it is empty and err->msg
 * is the message.  *ret_deferred: dispatch again later.
 */
enum gh_code cmd_dispatch(struct runner *r, const struct cmd_frame *f, struct gh_text *reply,
    bool *ret_deferred, struct gh_err *err) GH_MUST_USE;

/* return cmd_defer(c, err, "target %s is being looked at", ...): the message is what is said when time is
 * over. */
enum gh_code cmd_defer(struct cmd_ctx *c, struct gh_err *err, const char *fmt, ...)
    GH_PRINTF(3, 4) GH_MUST_USE;

/*
 * The actor's password, for acts that a session alone is not enough for.  On admin.sock it must be "" and is
 * not asked for.  GH_UNAUTHENTICATED, limited like sign-ins.
 */
enum gh_code cmd_password_check(
    struct cmd_ctx *c, const struct gh_secret *password, struct gh_err *err) GH_MUST_USE;

/* GH_FORBIDDEN unless the actor has one of these roles; what completes "to ... you need". */
enum gh_code cmd_role_check(
    const struct cmd_ctx *c, unsigned needs, const char *what, struct gh_err *err) GH_MUST_USE;
/* A name as the configuration allows it: letters, digits, "_", "-", ".". */
enum gh_code cmd_name_check(const char *what, const char *s, struct gh_err *err) GH_MUST_USE;
/* The cursor of a list that goes by number: "" is 0. */
enum gh_code cmd_cursor(const char *cursor, int64_t *ret_before, struct gh_err *err) GH_MUST_USE;
/* A text field within min..max characters, no control characters but newline and tab; what names it in the
 * message. */
enum gh_code cmd_text_check(
    const char *what, const char *s, size_t min, size_t max, struct gh_err *err) GH_MUST_USE;

#endif
