/*
 * Channels of the fixture's configuration: "chat" (slack, all events) and "prod" (webhook, production only,
 * approval and after).  Their secret stands in a file of its own.
 */
#ifndef GH_TESTS_FIXTURE_MESSAGE_H
#define GH_TESTS_FIXTURE_MESSAGE_H

#include "tests/support/fixture_plan.h"

extern struct config_notify fixture_channels[2];
void fixture_notify(struct fixture_runner *f);
/* A delivery of channel "chat" in that state, with its message about a request; gives its id. */
int64_t fixture_delivery(struct fixture_runner *f, const char *state);

#endif
