#include "base/ban.h"
#include "runner/rehearsal.h"
#include "store/rehearsal_write.h"

static bool
is(const struct store_rehearsal *h, const char *state)
{
	return strcmp(h->state, state) == 0;
}

enum gh_code
rehearsal_want(struct store *st, const struct plan *p, const char *digest, int64_t now, struct gh_err *err)
{
	struct store_rehearsal h;
	GH_ARENA a = { 0 };
	int64_t id = 0;

	if (!p->policy.rehearse || p->act != PLAN_RUN)
		return GH_OK;
	GH_TRY(store_rehearsal_find(st, &a, digest, &h, err));
	if (h.id != 0 && !is(&h, "failed"))
		return GH_OK;
	return store_rehearsal_add(st, digest, 0, now, &id, err);
}

enum gh_code
rehearsal_demand(struct store *st, struct gh_arena *a, const struct plan *p, const char *digest,
    const char **ret_why, bool *ret_pending, struct gh_err *err)
{
	struct store_rehearsal h;

	*ret_why = NULL;
	*ret_pending = false;
	if (!p->policy.rehearse || p->act != PLAN_RUN)
		return GH_OK;
	GH_TRY(store_rehearsal_find(st, a, digest, &h, err));
	*ret_pending = is(&h, "queued") || is(&h, "running");
	if (h.id == 0)
		*ret_why = gh_printf(
		    a, "%s wants every plan rehearsed, and this one was not: rehearse it first", p->target);
	else if (*ret_pending)
		*ret_why = gh_printf(a,
		    "%s wants every plan rehearsed: rehearsal %" PRId64
		    " of this one is %s, come back when it has "
		    "ended",
		    p->target, h.id, is(&h, "queued") ? "queued" : "under way");
	else if (is(&h, "failed"))
		*ret_why = gh_printf(a,
		    "%s wants every plan rehearsed, and rehearsal %" PRId64 " could not be carried out: %s",
		    p->target, h.id, h.text);
	else if (!h.good)
		*ret_why = gh_printf(a,
		    "%s wants every plan rehearsed well, and rehearsal %" PRId64
		    " showed something that is not good: read it, mend the migration and ask again",
		    p->target, h.id);
	return GH_OK;
}
