/*
 * Messages: what the channels of the configuration are told at an event.  Each is made within the caller's
 * transaction, together with the change that it tells of, with one delivery for every channel that wants it;
 * runner/outbox.h sends them.  Without such a channel nothing is made.
 */
#ifndef GH_RUNNER_MESSAGE_H
#define GH_RUNNER_MESSAGE_H

#include "runner/runner.h"
#include "store/backup.h"
#include "store/message.h"
#include "store/plan.h"
#include "store/project.h"
#include "store/request.h"
#include "store/run.h"

/* A request waits for approval. */
enum gh_code message_request(
    struct runner *r, int64_t request_id, int64_t at, struct gh_err *err) GH_MUST_USE;
/* A run starts (CONFIG_BEFORE), or has ended as its row says. */
enum gh_code message_run(
    struct runner *r, int64_t run_id, enum config_event event, int64_t at, struct gh_err *err) GH_MUST_USE;

/* A task has failed, or has found a backup to be broken. */
enum gh_code message_task(struct runner *r, int64_t task_id, int64_t at, struct gh_err *err) GH_MUST_USE;

/* A look at the folder has found backups missing or broken: of those, the ones of the first one's target. */
struct message_lost {
	const struct store_backup *backup;
	bool missing;
	const char *text; /* why */
};
enum gh_code message_shelf(
    struct runner *r, const struct message_lost *lost, size_t n, int64_t at, struct gh_err *err) GH_MUST_USE;

#define MESSAGE_MIGRATIONS 100 /* of a plan, that are looked into */

/* What a message is made of; runner/message_facts.c fills in the harder parts. */
struct message {
	struct store *st;
	struct gh_arena *a;
	enum config_event event;
	int64_t at;
	struct store_request request; /* id 0: none; target_id, target and environment are always there */
	struct store_target target;
	struct store_plan_migrations plan; /* the first MESSAGE_MIGRATIONS */
	const char *act;                   /* as plan_act_name */
	struct store_run run;              /* id 0: none yet */
	int64_t task;                      /* 0 none */
	struct store_message_facts facts;
};

/* Adds a fact; one that is empty is left out, control characters become spaces, what is too long is cut. */
void message_fact(struct message *m, const char *name, const char *value);
/* Whether any channel wants it. */
bool message_wanted(const struct config *c, const struct message *m);
/* Keeps it with one delivery for each channel that wants it; subject and text are cleaned and cut. */
enum gh_code message_keep(struct runner *r, struct message *m, const char *subject, const char *text,
    struct gh_err *err) GH_MUST_USE;
/* Estimated duration, expected downtime, rollback plan: each a sentence in the arena. */
enum gh_code message_estimate(struct message *m, const char **ret, struct gh_err *err) GH_MUST_USE;
enum gh_code message_downtime(struct message *m, const char **ret, struct gh_err *err) GH_MUST_USE;
/* Whether there will be one, and whose. */
const char *message_backup(const struct message *m) __attribute__((returns_nonnull));
enum gh_code message_rollback(struct message *m, const char **ret, struct gh_err *err) GH_MUST_USE;

#endif
