/*
 * What the work keeps between two turns of the loop.  Each part owns its own; NULL before it is started.
 */
#ifndef GH_RUNNER_WORK_STATE_H
#define GH_RUNNER_WORK_STATE_H

#include "runner/work.h"

struct refresh;
struct follow;
struct reconcile;
struct outbox;
struct rehearsal;
struct counting;
struct tasks;

struct work {
	struct refresh *refresh;
	struct follow *follow;
	struct reconcile *reconcile;
	struct outbox *outbox;
	struct rehearsal *rehearsal;
	struct counting *counting;
	struct tasks *tasks;
	int64_t shelf, shelf_soon; /* timers: look at the folder of backups */
	int64_t tick;              /* timer: what time alone brings about */
};

#endif
