#include "base/ban.h"
#include "runner/refresh_read.h"
#include "base/fault.h"
#include "store/backup_write.h"
#include "store/standing_write.h"
#include "store/project_write.h"

/* What a check job found on a target, into the store. */
struct seen {
	struct store *st;
	const struct store_target *before;
	int64_t target, started;
	bool identified, tracking;
	struct store_standing_set standings;
	struct store_table_set table_set;
};

static enum gh_code
identity_frame(struct refresh_reader *r, struct seen *s, struct wire_in *in, struct gh_err *err)
{
	struct store_target_identity i = { 0 };

	i.system_id = wire_text(in, &r->frame);
	i.database = wire_text(in, &r->frame);
	i.database_oid = wire_i64(in);
	i.server_version = wire_text(in, &r->frame);
	(void)wire_i64(in);
	i.role = wire_text(in, &r->frame);
	GH_TRY(wire_end(in, err));
	s->identified = true;
	return store_target_identity(s->st, s->target, &i, s->started, err);
}

static enum gh_code
tracking_frame(struct refresh_reader *r, struct seen *s, struct wire_in *in, struct gh_err *err)
{
	struct store_tracking_new n = { 0 };
	bool exists, known;

	n.table = wire_text(in, &r->frame);
	exists = wire_bool(in);
	known = wire_bool(in);
	n.text = wire_text(in, &r->frame);
	(void)wire_text(in, &r->frame); /* the convention: DETECTED tells, or it is configured */
	n.newest = wire_text(in, &r->frame);
	n.blocked = wire_text(in, &r->frame);
	n.signature = wire_text(in, &r->frame);
	GH_TRY(wire_end(in, err));
	if (s->tracking)
		return gh_fail(err, GH_INTERNAL, "the job told twice of the tracking table");
	/* A table that is not there yet is made by the first run. */
	n.known = known || !exists;
	s->tracking = true;
	GH_TRY(store_target_tracking(s->st, s->target, &n, err));
	GH_TRY(store_table_start(s->st, &r->all, s->target, &s->table_set, err));
	GH_TRY(store_standing_start(s->st, &r->all, s->target, &s->standings, err));
	s->standings.newest_stays = n.newest[0] != '\0' && strcmp(n.newest, s->before->newest_key) == 0;
	s->standings.looked_at = s->before->problem[0] == '\0' ? s->before->checked_at : 0;
	return GH_OK;
}

static bool
is_applied(enum wire_standing standing)
{
	switch (standing) {
	case WIRE_APPLIED:
	case WIRE_EDITED:
	case WIRE_MISSING:
	case WIRE_BASELINE:
		return true;
	case WIRE_PENDING:
	case WIRE_OUT_OF_ORDER:
	case WIRE_TOOL_FAILED:
		break;
	}
	return false;
}

static enum gh_code
standing_frame(struct refresh_reader *r, struct seen *s, struct wire_in *in, struct gh_err *err)
{
	struct store_standing_new n = { 0 };
	enum wire_standing standing;

	n.key = wire_text(in, &r->frame);
	n.present = wire_i64(in) >= 0;
	n.after = wire_text(in, &r->frame);
	standing = (enum wire_standing)wire_u8(in);
	n.decision = wire_decision_name((enum wire_decision)wire_u8(in));
	n.applied_at = wire_i64(in);
	n.checksum = wire_text(in, &r->frame);
	n.by = wire_text(in, &r->frame);
	n.text = wire_text(in, &r->frame);
	n.late = wire_text(in, &r->frame);
	GH_TRY(wire_end(in, err));
	if (!s->tracking)
		return gh_fail(err, GH_INTERNAL, "the job told what is applied before it told where");
	n.standing = wire_standing_name(standing);
	n.applied = is_applied(standing);
	return store_standing_put(&s->standings, &r->frame, &n, err);
}

static enum gh_code
table_frame(struct refresh_reader *r, struct seen *s, struct wire_in *in, struct gh_err *err)
{
	struct store_table t = { 0 };

	t.name = wire_text(in, &r->frame);
	t.row_count = wire_i64(in);
	t.bytes = wire_i64(in);
	t.writes = wire_i64(in);
	t.scans = wire_i64(in);
	t.seconds = wire_i64(in);
	t.fan_out = wire_i64(in);
	GH_TRY(wire_end(in, err));
	if (!s->tracking)
		return gh_fail(
		    err, GH_INTERNAL, "the job told of a table before it told of the tracking table");
	return store_table_put(&s->table_set, &t, err);
}

static enum gh_code
sizes_frame(struct refresh_reader *r, struct seen *s, struct wire_in *in, struct gh_err *err)
{
	int64_t bytes = wire_i64(in), tables = wire_i64(in);

	(void)wire_i64(in); /* of the largest table, and its name */
	(void)wire_text(in, &r->frame);
	GH_TRY(wire_end(in, err));
	return store_target_sizes(s->st, s->target, bytes, tables, err);
}

/* What a restore has left, and somebody may have dropped since. */
static enum gh_code
database_frame(struct refresh_reader *r, struct seen *s, struct wire_in *in, struct gh_err *err)
{
	struct store_kept_databases list;
	int64_t oid;
	bool there;
	size_t i;

	(void)wire_text(in, &r->frame);
	(void)wire_text(in, &r->frame);
	oid = wire_i64(in);
	(void)wire_i64(in);
	there = wire_bool(in);
	GH_TRY(wire_end(in, err));
	GH_TRY(store_kept_database_list(s->st, &r->frame, s->target, &list, err));
	for (i = 0; i < list.n && !there; i++) {
		if (list.rows[i].oid == oid && strcmp(list.rows[i].state, "kept") == 0)
			GH_TRY(store_kept_database_gone(s->st, list.rows[i].id, s->started, err));
	}
	return GH_OK;
}

static enum gh_code
frame(struct refresh_reader *r, void *data, struct wire_event *e, struct gh_err *err)
{
	switch ((int)e->kind) {
	case WIRE_J_IDENTITY:
		return identity_frame(r, data, &e->fields, err);
	case WIRE_J_TRACKING:
		return tracking_frame(r, data, &e->fields, err);
	case WIRE_J_STANDING:
		return standing_frame(r, data, &e->fields, err);
	case WIRE_J_SIZES:
		return sizes_frame(r, data, &e->fields, err);
	case WIRE_J_TABLE:
		return table_frame(r, data, &e->fields, err);
	case WIRE_J_DATABASE:
		return database_frame(r, data, &e->fields, err);
	default:
		return GH_OK;
	}
}

/*
 * A target's own tracking table weighs more than the folder alone, but two targets of a project cannot be of
 * two tools.
 */
static enum gh_code
detected(struct store *st, const struct store_target *t, const struct refresh_reader *r, struct gh_err *err)
{
	struct store_project p;
	GH_ARENA a = { 0 };

	if (!r->detected || r->convention[0] == '\0')
		return GH_OK;
	GH_TRY(store_project_get(st, &a, t->project, &p, err));
	if (p.configured)
		return GH_OK;
	if (strcmp(p.convention, r->convention) == 0 && p.found_on[0] == '\0')
		return GH_OK;
	if (p.found_on[0] == '\0' || strcmp(p.found_on, t->name) == 0)
		return store_project_detected(st, p.id, r->convention, r->why, t->name, err);
	if (strcmp(p.convention, r->convention) == 0)
		return GH_OK;
	return gh_fail(err, GH_CONFLICT,
	    "%s looks like %s (%s), but %s made project %s one of %s: write convention = \"...\" into the "
	    "project's "
	    "section of gatehouse.conf",
	    t->name, r->convention, r->why, p.found_on, p.name, p.convention);
}

static enum gh_code
finish(struct seen *s, const struct store_target *t, const struct refresh_reader *r, struct gh_err *err)
{
	if (s->tracking) {
		GH_TRY(store_standing_end(&s->standings, err));
		GH_TRY(store_table_end(&s->table_set, err));
	}
	return detected(s->st, t, r, err);
}

enum gh_code
refresh_target_apply(
    struct store *st, const struct store_target *t, const struct refresh_result *res, struct gh_err *err)
{
	REFRESH_READER r = { .fd = -1 };
	struct seen s = { .st = st, .before = t, .target = t->id, .started = res->started };
	struct gh_err why = { 0 };
	GH_ARENA a = { 0 };
	STORE_TX tx = { 0 };
	const char *text;

	GH_TRY(store_begin(st, &tx, err));
	(void)gh_fault("runner.target.before-read");
	if (refresh_read_all(&r, res->journal, frame, &s, &why) == GH_OK && r.outcome == WIRE_SUCCEEDED &&
	    s.identified && finish(&s, t, &r, &why) == GH_OK)
		return store_commit(&tx, err);
	store_tx_done(&tx);
	tx = (struct store_tx){ 0 };
	text = why.code != GH_OK ? why.msg : refresh_failure(&r, "check", res, &a);
	/* Who was identified and then refused is reachable: what is wrong there is not the network. */
	return store_target_problem(st, t->id, s.identified, text, res->started, err);
}
