/*
 * Messages and their deliveries: writes.
 */
#ifndef GH_STORE_MESSAGE_WRITE_H
#define GH_STORE_MESSAGE_WRITE_H

#include "store/message.h"
#include "store/write.h"

/* Its facts come with it; deliveries are added one by one. */
enum gh_code store_message_add(struct store *st, const struct store_message *m,
    const struct store_message_facts *facts, int64_t *ret_id, struct gh_err *err) GH_MUST_USE;
enum gh_code store_delivery_add(struct store *st, int64_t message_id, const char *channel, const char *kind,
    int64_t now, struct gh_err *err) GH_MUST_USE;

struct store_delivery_move {
	int64_t id;
	const char *from, *to;
	int64_t attempts, next_at, sent_at; /* sent_at 0: not sent */
	const char *text;
};
/* GH_CONFLICT when it is not in state `from`, or the change is not legal. */
enum gh_code store_delivery_move(
    struct store *st, const struct store_delivery_move *m, struct gh_err *err) GH_MUST_USE;
/* Forgets what is older, with its messages, in one transaction; what still waits stays. */
enum gh_code store_delivery_prune(struct store *st, int64_t before, struct gh_err *err) GH_MUST_USE;

#endif
