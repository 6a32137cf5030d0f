/*
 * A run that restores a backup (PLAN_RESTORE, PLAN_SIDE).  It goes through the same phases as any run, with
 * stages of its own where they differ:
 *
 *   connect    to the target, and to its server as the role that may create and rename databases
 *   preflight  what that role lacks, what is in the way of a rename; a backup that was not counted yet is
 *              proved in a place of its own, before anything of it comes near the target's server
 *   backup     of what is there now, as the policy says; never for a database beside the target
 *   migrate    a new database under a name of this run alone (restore_name) that lets nobody in; the backup
 * into it, proved (proof.h); privileges, limit, settings and comment as the target's; statistics; then no new
 * connections to the old, its sessions ended, and both get their names in one transaction verify     the
 * target's own role gets into the database that has its name now
 *
 * Until that transaction commits nothing of the target is changed but that it lets nobody in for a moment; a
 * failure drops the new database and lets connections in again.  Which of both is true is seen from the
 * names alone, so reconcile (restore_settle.c) needs nothing of the journal.
 *
 *   restore.c         the phases
 *   restore_at.c      connections
 *   restore_rights.c  preflight
 *   restore_make.c    the new database
 *   restore_like.c    what it is beside its contents
 *   restore_swap.c    names, and the way back to before
 *   restore_settle.c  after a job that died
 *   restore_count.c   the count job: what would be lost
 */
#ifndef GH_JOB_RESTORE_H
#define GH_JOB_RESTORE_H

#include "runner/job/proof.h"
#include "runner/job/run.h"

#define RESTORE_SESSIONS_MS INT64_C(30000) /* to end all sessions of the old database */
#define RESTORE_STUCK_MS    INT64_C(3000)  /* for one that we may not end: it may be about to go by itself */
#define RESTORE_RETURN      6              /* connect_timeouts in which a server comes back after the swap */
#define RESTORE_NAME_LEN    64

struct restore {
	struct run *run;
	struct pg admin; /* the role that may create and rename databases, in another database */
	struct target_identity admin_id;
	char name[RESTORE_NAME_LEN]; /* of the unfinished database */
	struct proof proof;
	int64_t bytes;    /* of the target's database before */
	const char *left; /* settings that could not be carried over, as statements; "" none */
	bool made;        /* the unfinished database may be there */
	bool closed;      /* the target's may let nobody in */
	bool swapped;     /* committed */
	bool verified;    /* after that the server has answered, whatever it was */
	bool doubt;       /* whether it is committed: no answer says so, or the names say otherwise */
};

/* What differs from other runs; the rest of the phases is theirs. */
struct stage;
enum gh_code restore_connect(struct run *r, struct gh_text *evidence, struct gh_err *err) GH_MUST_USE;
enum gh_code restore_identify(struct run *r, struct gh_text *evidence, struct gh_err *err) GH_MUST_USE;
enum gh_code restore_lock(struct run *r, struct gh_text *evidence, struct gh_err *err) GH_MUST_USE;
enum gh_code restore_preflight(struct run *r, struct gh_text *evidence, struct gh_err *err) GH_MUST_USE;
enum gh_code restore_migrate(struct run *r, struct gh_text *evidence, struct gh_err *err) GH_MUST_USE;
enum gh_code restore_verify(struct run *r, struct gh_text *evidence, struct gh_err *err) GH_MUST_USE;
/* Neither folder nor tracking table need be readable. */
enum gh_code restore_unread(struct run *r, struct gh_text *evidence, struct gh_err *err) GH_MUST_USE;
/* A database beside the target is nobody's but who looks into it. */
enum gh_code restore_skip(struct run *r, struct gh_text *evidence, struct gh_err *err) GH_MUST_USE;
/* After a failure in migrate or later: back to before where that is possible, and the outcome. */
void restore_undo(struct run *r, const struct gh_err *why);
/* The outcome's sentence when all went well. */
const char *restore_sentence(const struct run *r);
void restore_done(struct run *r);

/* "gatehouse_restore_RUN_INSTALLATION" */
void restore_name(const struct wire_spec *s, char ret[RESTORE_NAME_LEN]);
/*
 * Connects as the role that restores: to the database of its own connection, which is not the target's, or
 * with database != NULL to that one.  Sessions are the run's by their application_name.
 */
enum gh_code restore_at(
    struct pg *pg, const struct plan *p, const char *database, struct gh_err *err) GH_MUST_USE;
/* The same as libpq keywords, for pg_restore. */
enum gh_code restore_keywords(struct job *j, const struct plan *p, const char *database, const char **ret,
    struct gh_err *err) GH_MUST_USE;

enum gh_code restore_rights(struct restore *x, struct gh_text *evidence, struct gh_err *err) GH_MUST_USE;
/* The record of the backup. */
void restore_told(struct restore *x);
/* GH_CONFLICT: it is no good. */
enum gh_code restore_good(const struct proof *f, struct gh_err *err) GH_MUST_USE;
/* Connects again where that is needed: after what took its time. */
enum gh_code restore_connected(struct restore *x, struct gh_err *err) GH_MUST_USE;
/* The unfinished database, empty, as the target's was made. */
enum gh_code restore_like_create(struct restore *x, struct gh_err *err) GH_MUST_USE;
/* What the code of the dump has made of it, beside what is in it, is undone. */
enum gh_code restore_like_reset(struct restore *x, struct gh_err *err) GH_MUST_USE;
/* Settings, privileges, limit, comment; x->left: what could not be carried over. */
enum gh_code restore_like_rest(struct restore *x, struct gh_err *err) GH_MUST_USE;
/* The settings that cannot be carried over, "a, b of the role c", "" none; nothing is changed. */
enum gh_code restore_like_try(struct restore *x, const char **ret_left, struct gh_err *err) GH_MUST_USE;
/* The unfinished database, filled, proved and made like the target's. */
enum gh_code restore_make(struct restore *x, struct gh_text *evidence, struct gh_err *err) GH_MUST_USE;
/* It gets its name, and with PLAN_RESTORE the old one another. */
enum gh_code restore_swap(struct restore *x, struct gh_text *evidence, struct gh_err *err) GH_MUST_USE;

/* Which databases there are. */
struct restore_look {
	const char *old_name; /* of the database with the plan's oid, "" gone */
	bool old_open;        /* it lets connections in */
	int64_t named;        /* oid of the one with the final name, 0 none */
	const char *comment;  /* of that */
	int64_t unfinished, kept;
};
enum gh_code restore_look(
    struct pg *admin, const struct plan *p, struct restore_look *ret, struct gh_err *err) GH_MUST_USE;
/* The names are as they are meant to be in the end. */
bool restore_is_in(const struct job *j, const struct plan *p, const struct restore_look *look);
/* The target's own connection leads into the database that has its name now; else a sentence where it leads.
 */
bool restore_leads(const struct plan *p, const struct restore_look *look, const struct target_identity *id);
const char *restore_astray(const struct plan *p, const struct restore_look *look,
    const struct target_identity *id, struct gh_arena *a);
/* What restore_names.sql gives, one statement each. */
enum restore_statement {
	RESTORE_CLOSE,
	RESTORE_OPEN,
	RESTORE_AWAY,   /* the old one gets its other name */
	RESTORE_BECOME, /* the new one gets the target's */
	RESTORE_BESIDE, /* the new one gets a name of its own */
	RESTORE_PLAIN,  /* the new one is no template, nothing where it is none */
	RESTORE_DROP,
};
enum gh_code restore_do(
    struct pg *admin, const struct plan *p, enum restore_statement which, struct gh_err *err) GH_MUST_USE;
/* Lets connections to the target in again and drops the unfinished database, whatever is there of it. */
enum gh_code restore_back(struct pg *admin, const struct plan *p, struct gh_err *err) GH_MUST_USE;
/* Ends the sessions of a database; GH_CONFLICT names one that may not be ended. */
enum gh_code restore_alone(struct pg *admin, int64_t oid, struct gh_err *err) GH_MUST_USE;
/* The comment of a database beside the target: whose it is. */
const char *restore_mark(const struct wire_spec *s, const struct plan *p, struct gh_arena *a);
/* What is left: the old database, or the one beside the target. */
void restore_say(struct job *j, const struct plan *p, int64_t oid, int64_t bytes);

/* Reconcile of such a run: sets the outcome; an error leaves it unknown. */
enum gh_code restore_settle(struct job *j, const struct plan *p, struct gh_err *err) GH_MUST_USE;

/* The count job's part: DESTROYS of each table. */
struct restore_counted {
	size_t n, differ, failed;
};
enum gh_code restore_count(
    struct pg *pg, const struct plan *p, struct restore_counted *ret, struct gh_err *err) GH_MUST_USE;

#endif
