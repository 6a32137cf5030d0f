/*
 * What promotion asks: which targets are before one, and with which SQL a migration ran there.
 */
#ifndef GH_STORE_GATE_H
#define GH_STORE_GATE_H

#include "store/store.h"

struct store_gate_target {
	int64_t id;
	const char *name, *environment;
};
struct store_gate_targets {
	size_t n;
	struct store_gate_target *rows;
};
/* The project's targets of the nearest environment before that position that has any. */
enum gh_code store_gate_targets(struct store *st, struct gh_arena *a, int64_t project_id, int64_t position,
    struct store_gate_targets *ret, struct gh_err *err) GH_MUST_USE;

struct store_gate {
	bool known, applied;
	const char *standing, *digest; /* digest: of the up that ran there, "" not known */
	int64_t applied_at;
	const char *tokens_there,
	    *tokens_here; /* of the SQL without comments and white space, "" not known */
};
struct store_gate_ask {
	int64_t project_id, target_id;
	const char *key, *digest; /* digest: of the up that is to run */
};
enum gh_code store_gate_get(struct store *st, struct gh_arena *a, const struct store_gate_ask *ask,
    struct store_gate *ret, struct gh_err *err) GH_MUST_USE;

#endif
