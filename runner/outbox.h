/*
 * The outbox: one gatehouse-job notify for each delivery that is due, at most OUTBOX_AT_ONCE at a time and
 * one a channel, so that a channel that hangs keeps no other waiting.  What fails is tried again with growing
 * delays; what cannot succeed (a 404, a name that a server refuses) is not.
 *
 * First the store says "sending", then the job is started.  A runner that finds a delivery on its way when it
 * starts waits for that job's end, and sends again only what nobody says was sent: at least once.
 */
#ifndef GH_RUNNER_OUTBOX_H
#define GH_RUNNER_OUTBOX_H

#include "runner/runner.h"
#include "store/message_write.h"

#define OUTBOX_AT_ONCE  2
#define OUTBOX_LONGEST  GH_HOUR          /* between two tries */
#define OUTBOX_GRACE_US (30 * GH_SECOND) /* for a job, beyond its own limit of time */
#define OUTBOX_CHANNELS 64

struct outbox_slot {
	struct runner *runner;
	bool busy, killed;
	int64_t id;       /* delivery */
	pid_t pid;        /* 0: the job of a runner that was here before */
	int64_t deadline; /* timer */
	char channel[65];
	char journal[PATH_MAX];
};

struct outbox {
	struct outbox_slot slots[OUTBOX_AT_ONCE];
	int64_t soon, due, poll; /* timers, 0 none */
	int64_t turns;           /* whose turn it is: who was served longest ago */
	struct outbox_turn {
		char channel[65];
		int64_t turn;
	} served[OUTBOX_CHANNELS];
};

enum gh_code outbox_start(struct runner *r, struct gh_err *err) GH_MUST_USE;
void outbox_stop(struct runner *r); /* jobs that run go on without us */
/* Looks for what is due once the loop turns again; may be called within a transaction. */
void outbox_soon(struct runner *r);

/* How long to wait after the given attempt (1: the first) has failed. */
int64_t outbox_backoff(int64_t delay_us, int64_t attempt);

/* Looks at slots whose job is not our child, again and again until there is none. */
void outbox_poll(struct runner *r);

/* The parts: runner/outbox_slot.c. */
/* Starts the delivery in a free slot; a failure to start is a failed attempt. */
enum gh_code outbox_slot_start(struct outbox_slot *s, int64_t id, struct gh_err *err) GH_MUST_USE;
/* Takes up one that another runner has started. */
enum gh_code outbox_slot_adopt(struct outbox_slot *s, int64_t id, struct gh_err *err) GH_MUST_USE;
/* Looks whether an adopted one has ended, and if so how. */
void outbox_slot_poll(struct outbox_slot *s);

#endif
