#include "base/ban.h"
#include "runner/follow_kind.h"
#include "store/backup.h"
#include "store/failure_write.h"
#include "store/run_write.h"

/* What a job found out about a failure.  Reconcile clears what an earlier look had found. */

static enum gh_code
fact_put(struct store *st, const struct follow_run *run, const struct wire_event *e, struct gh_arena *a,
    struct gh_err *err)
{
	struct wire_in in = e->fields;
	struct store_run_fact f = { 0 };

	f.kind = wire_text(&in, a);
	f.object = wire_text(&in, a);
	f.good = wire_u8(&in) != 0;
	f.text = wire_text(&in, a);
	GH_TRY(follow_kind_end(&in, "FACT", err));
	return store_run_fact_add(st, run->id, &f, err);
}

const struct follow_kind follow_fact = {
	.kind = WIRE_J_FACT,
	.reconcile = true,
	.put = fact_put,
};

static enum gh_code
cause_put(struct store *st, const struct follow_run *run, const struct wire_event *e, struct gh_arena *a,
    struct gh_err *err)
{
	struct wire_in in = e->fields;
	struct store_cause_new c = { 0 };

	c.title = wire_text(&in, a);
	c.sql = wire_text(&in, a);
	c.columns = wire_text(&in, a);
	c.rows = wire_text(&in, a);
	c.more = wire_u8(&in) != 0;
	c.text = wire_text(&in, a);
	GH_TRY(follow_kind_end(&in, "CAUSE", err));
	GH_TRY(store_cause_add(st, run->id, &c, err));
	return store_event_add(st, run->id, "cause", gh_printf(a, "%s: %s", c.title, c.text), e->at_us, err);
}

const struct follow_kind follow_cause = {
	.kind = WIRE_J_CAUSE,
	.reconcile = true,
	.put = cause_put,
};

static bool
action_known(const char *kind)
{
	static const char *const kinds[] = { "retry", "down", "mark", "drop-index", "restore", "repair" };
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (strcmp(kinds[i], kind) == 0)
			return true;
	}
	return false;
}

/* A job knows the backup by its file, a request takes its number. */
static enum gh_code
backup_number(struct store *st, struct gh_arena *a, const char **goal, struct gh_err *err)
{
	struct store_backup b;
	struct gh_err why = { 0 };
	enum gh_code code = store_backup_find(st, a, *goal, &b, &why);

	if (code == GH_OK)
		*goal = gh_printf(a, "%" PRId64, b.id);
	if (code == GH_OK || code == GH_NOT_FOUND)
		return GH_OK;
	*err = why;
	return code;
}

static enum gh_code
action_put(struct store *st, const struct follow_run *run, const struct wire_event *e, struct gh_arena *a,
    struct gh_err *err)
{
	struct wire_in in = e->fields;
	struct store_action x = { 0 };

	x.kind = wire_text(&in, a);
	x.goal = wire_text(&in, a);
	x.text = wire_text(&in, a);
	GH_TRY(follow_kind_end(&in, "ACTION", err));
	if (strcmp(x.kind, "restore") == 0)
		GH_TRY(backup_number(st, a, &x.goal, err));
	/* What a newer job may offer is not for this store. */
	return action_known(x.kind) ? store_action_add(st, run->id, &x, err) : GH_OK;
}

const struct follow_kind follow_action = {
	.kind = WIRE_J_ACTION,
	.reconcile = true,
	.put = action_put,
};
