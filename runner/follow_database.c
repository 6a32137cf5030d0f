#include "base/ban.h"
#include "migration/plan.h"
#include "runner/follow_kind.h"
#include "store/backup_write.h"
#include "store/run_write.h"

/* A database that a restore has left: the one of before under another name, or one beside the target. */

/* Reconcile says again what the run may have said. */
static enum gh_code
is_there(struct store *st, const struct follow_run *run, const char *kind, struct gh_arena *a, bool *ret,
    struct gh_err *err)
{
	struct store_kept_databases list;
	size_t i;

	*ret = false;
	GH_TRY(store_kept_database_list(st, a, run->target_id, &list, err));
	for (i = 0; i < list.n; i++)
		*ret = *ret || (list.rows[i].run_id == run->id && strcmp(list.rows[i].kind, kind) == 0);
	return GH_OK;
}

static enum gh_code
database_put(struct store *st, const struct follow_run *run, const struct wire_event *e, struct gh_arena *a,
    struct gh_err *err)
{
	struct wire_in in = e->fields;
	struct store_kept_database d = {
		.target_id = run->target_id, .run_id = run->id, .kept_at = e->at_us, .drop_after = e->at_us
	};
	bool there;
	int64_t id;

	d.kind = wire_text(&in, a);
	d.name = wire_text(&in, a);
	d.oid = wire_i64(&in);
	d.bytes = wire_i64(&in);
	(void)wire_u8(&in);
	GH_TRY(follow_kind_end(&in, "DATABASE", err));
	if (strcmp(d.kind, "before") != 0 && strcmp(d.kind, "side") != 0)
		return gh_fail(err, GH_BAD_INPUT, "the journal is corrupt: a database is \"%s\"", d.kind);
	GH_TRY(is_there(st, run, d.kind, a, &there, err));
	if (there)
		return GH_OK;
	if (run->plan != NULL && plan_restores(run->plan))
		d.drop_after += run->plan->restore.keep_ms * 1000;
	GH_TRY(store_kept_database_add(st, &d, &id, err));
	return store_event_add(st, run->id, "log",
	    strcmp(d.kind, "before") == 0
		? gh_printf(a, "the database of before is kept as %s, with connections refused", d.name)
		: gh_printf(a, "the backup is restored as the database %s", d.name),
	    e->at_us, err);
}

const struct follow_kind follow_database = {
	.kind = WIRE_J_DATABASE,
	.reconcile = true,
	.put = database_put,
};
