/*
 * The daemon's state: one struct runner, passed to whoever needs it.
 */
#ifndef GH_RUNNER_RUNNER_H
#define GH_RUNNER_RUNNER_H

#include "runner/config.h"
#include "runner/loop.h"
#include "runner/signin.h"
#include "store/installation.h"
#include "store/write.h"

struct conns;
struct plan_doc;
struct work;

struct runner {
	struct config *config; /* the one in force; replaced by SIGHUP */
	struct store *store;   /* store/: the only writer */
	struct store *secrets; /* secrets/: store/secrets.h */
	struct loop *loop;
	struct conns *conns; /* sockets and connections: runner/conn.h; NULL in tests without sockets */
	struct work *work;   /* projects, queue, jobs: runner/work.h */
	struct signin signin;
	struct plan_doc *plan_doc; /* the plan that is being read in parts: runner/plan_doc.h */
	int64_t waste;             /* timer, when there is some: runner/waste.h */
	uid_t own_uid;
	char installation[STORE_INSTALLATION_LEN];
};

#endif
