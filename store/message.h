/*
 * Messages about runs, requests and tasks, and their deliveries, one a channel: reads.
 */
#ifndef GH_STORE_MESSAGE_H
#define GH_STORE_MESSAGE_H

#include "store/store.h"

struct store_message {
	int64_t id, request_id, run_id, task_id, target_id, created_at; /* 0: none */
	const char *event; /* approval before after failed unknown refused withdrawn expired overdue */
	const char *subject, *body;
};
enum gh_code store_message_get(struct store *st, struct gh_arena *a, int64_t id, struct store_message *ret,
    struct gh_err *err) GH_MUST_USE;

struct store_message_fact {
	const char *name, *value;
};
struct store_message_facts {
	size_t n;
	struct store_message_fact *rows;
};
enum gh_code store_message_fact_list(struct store *st, struct gh_arena *a, int64_t message_id,
    struct store_message_facts *ret, struct gh_err *err) GH_MUST_USE;

struct store_delivery {
	int64_t id, message_id, request_id, run_id, task_id; /* 0: none */
	const char *event, *subject, *target, *environment;
	const char *channel, *kind; /* its name in the configuration; slack mattermost teams webhook email */
	const char *state;          /* waiting sending sent failed */
	int64_t attempts, next_at, sent_at, created_at;
	const char *text; /* what the other side answered, or why it failed; "" nothing yet */
};
struct store_deliveries {
	size_t n;
	struct store_delivery *rows;
	int64_t next; /* `before` of the next page, 0 at the end */
};
struct store_delivery_filter {
	const char *state, *channel; /* "" all */
	int64_t before, limit;       /* before 0: first page */
};
/* Newest first. */
enum gh_code store_delivery_list(struct store *st, struct gh_arena *a, const struct store_delivery_filter *f,
    struct store_deliveries *ret, struct gh_err *err) GH_MUST_USE;
enum gh_code store_delivery_get(struct store *st, struct gh_arena *a, int64_t id, struct store_delivery *ret,
    struct gh_err *err) GH_MUST_USE;

/* Channels that ever had a delivery, by name; next_at is not set. */
struct store_channel {
	const char *name;
	int64_t next_at; /* of the delivery that is due first */
};
struct store_channels {
	size_t n;
	struct store_channel *rows;
};
enum gh_code store_delivery_channel_list(
    struct store *st, struct gh_arena *a, struct store_channels *ret, struct gh_err *err) GH_MUST_USE;
/* Those that have deliveries waiting, and when the first of them is due. */
enum gh_code store_delivery_waiting(
    struct store *st, struct gh_arena *a, struct store_channels *ret, struct gh_err *err) GH_MUST_USE;
/* The channel's delivery that is due and longest so; *ret_id 0: none. */
enum gh_code store_delivery_next(
    struct store *st, const char *channel, int64_t now, int64_t *ret_id, struct gh_err *err) GH_MUST_USE;
/* Deliveries on their way. */
struct store_delivery_ids {
	size_t n;
	int64_t *rows;
};
enum gh_code store_delivery_sending(
    struct store *st, struct gh_arena *a, struct store_delivery_ids *ret, struct gh_err *err) GH_MUST_USE;

/* The newest rehearsal of a plan that has ended: how long its way up took. */
struct store_rehearsed {
	bool there, good, failed;
	int64_t took_us;
};
enum gh_code store_message_rehearsed(
    struct store *st, const char *digest, struct store_rehearsed *ret, struct gh_err *err) GH_MUST_USE;

#endif
