/*
 * All that the runner does by itself: reads folders and targets, starts queued runs, follows journals,
 * reconciles. The core (main, connections, dispatch) knows only these five functions.
 *
 * A command that needs a folder or a target read first asks the work to do it and returns cmd_defer().  Its
 * transaction is rolled back, the connection keeps the frame, and each conn_resume_deferred() dispatches it
 * again, at most CMD_DEFER_US long.  So whoever ends a refresh calls conn_resume_deferred.  c->arrived stays
 * the same each time: "was it read after this frame came?" is target.checked_at >= c->arrived.
 */
#ifndef GH_RUNNER_WORK_H
#define GH_RUNNER_WORK_H

#include "runner/runner.h"

/*
 * Called once, store open and loop ready, before the sockets are served: writes the configuration's projects
 * and targets to the store, takes up the journals of runs that are under way, sets its timers and watches.
 */
enum gh_code work_start(struct runner *r, struct gh_err *err) GH_MUST_USE;
/* SIGTERM: removes timers and watches, frees r->work.  Jobs that run go on without us. */
void work_stop(struct runner *r);
/* r->config was replaced (SIGHUP); the old one is freed when this returns. */
void work_config(struct runner *r);
/* A command that set c->kick was committed: start what is queued. */
void work_kick(struct runner *r);

#endif
