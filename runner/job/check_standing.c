#include "base/ban.h"
#include "runner/job/batch.h"
#include "runner/job/check.h"
#include "runner/job/say.h"
#include "runner/job/sql.gen.h"

static void
say_tracking(struct job *j, const struct reading *r, const struct convention_detected *d,
    const struct check_standing *s)
{
	const struct tracking *t = &s->tracking;
	struct wire_out o;

	say_start(j, WIRE_J_TRACKING, &o);
	say_put(&o, t->qualified == NULL ? "" : t->qualified);
	wire_put_bool(&o, t->exists);
	wire_put_bool(&o, t->known);
	say_put(&o, t->why);
	say_put(&o, d->c == NULL ? "" : d->c->name);
	say_put(&o, t->as == NULL ? "" : tracking_newest(t));
	say_put(&o, s->status.blocked);
	wire_put_text(&o, r->disk.signature);
	say_end(j, &o);
}

static void
say_standing(struct job *j, const struct convention_found *found, const struct convention_status_row *row)
{
	struct wire_out o;

	say_start(j, WIRE_J_STANDING, &o);
	say_put(&o, row->key);
	wire_put_i64(&o, row->migration == NULL ? -1 : row->migration - found->migrations);
	say_put(&o, row->after);
	wire_put_u8(&o, (uint8_t)row->standing);
	wire_put_u8(&o, (uint8_t)row->decision);
	wire_put_i64(&o, row->applied_at);
	say_put(&o, row->checksum);
	say_put(&o, row->by);
	say_put(&o, row->text);
	say_put(&o, row->late);
	say_end(j, &o);
}

/* A table of another shape: nothing is known about its rows, and it is never written to. */
static enum gh_code
not_known(struct pg *pg, struct check_standing *s, struct gh_err *err)
{
	struct tracking *t = &s->tracking;
	const char *whose;

	GH_TRY(check_whose(pg, t->schema, t->table, &whose, err));
	if (whose != NULL)
		t->why = gh_printf(pg->job->arena, "%s; it is as %s makes it", t->why, whose);
	s->status.blocked = gh_printf(
	    pg->job->arena, "the tracking table is not as expected, and is never written to: %s", t->why);
	return GH_OK;
}

/* Flyway and Prisma begin nothing where something is already that they know nothing of. */
static enum gh_code
not_empty(struct pg *pg, const struct convention *c, struct check_standing *s, struct gh_err *err)
{
	const char *params[] = { s->tracking.schema };
	PG_RESULT r = NULL;

	if (c->not_empty == NULL || s->tracking.exists || s->status.blocked[0] != '\0')
		return GH_OK;
	GH_TRY(pg_query(pg, SQL_HAS_RELATIONS, params, 1, &r, err));
	if (PQntuples(r) > 0)
		s->status.blocked = gh_printf(pg->job->arena,
		    "the schema %s has tables, but not %s: %s refuses to begin there; %s", s->tracking.schema,
		    s->tracking.qualified, c->title, c->not_empty);
	return GH_OK;
}

/* Batched migrations on their way. */
static enum gh_code
unfinished(struct pg *pg, struct check_standing *s, struct gh_err *err)
{
	struct batch_cursors list;
	size_t i;

	if (!s->tracking.exists)
		return GH_OK;
	GH_TRY(batch_cursor_list(pg, &s->tracking, &list, err));
	for (i = 0; i < s->status.n && list.n > 0; i++) {
		struct convention_status_row *row = &s->status.rows[i];
		bool in = tracking_has(&s->tracking, row->key);
		const struct batch_cursor *c = batch_cursor_find(&list, row->key, in);

		if (c != NULL)
			row->text = gh_printf(pg->job->arena, "%s%s; the next run goes on from there",
			    in ? WIRE_HALF_BACK : WIRE_UNFINISHED, batch_cursor_text(c, pg->job->arena));
	}
	return GH_OK;
}

enum gh_code
check_standing(struct pg *pg, struct reading *r, const struct convention_detected *d,
    struct check_standing *ret, struct gh_err *err)
{
	const struct wire_spec *spec = &pg->job->spec;
	struct job *j = pg->job;
	size_t i;

	*ret = (struct check_standing){ .tracking = { .why = "" },
		.found = { .problem = "" },
		.status = { .newest = "", .blocked = "" } };
	if (d->c == NULL) {
		ret->tracking.why = ret->status.blocked = d->why;
		say_tracking(j, r, d, ret);
		return GH_OK;
	}
	GH_TRY(tracking_read(pg, d->c, spec->schema, spec->table, &ret->tracking, err));
	convention_read(d->c, &r->folder, &ret->found);
	ret->status.blocked = folder_too_many(&ret->found, j->arena);
	if (*ret->status.blocked != '\0') {
		say_tracking(j, r, d, ret);
		return GH_OK;
	}
	if (ret->tracking.exists && !ret->tracking.known) {
		GH_TRY(not_known(pg, ret, err));
	} else {
		convention_status(
		    d->c, &ret->found, ret->tracking.rows, ret->tracking.n, j->arena, &ret->status);
		GH_TRY(check_failed(pg, d->c, &ret->found, &ret->status, err));
		GH_TRY(not_empty(pg, d->c, ret, err));
		GH_TRY(unfinished(pg, ret, err));
	}
	say_tracking(j, r, d, ret);
	for (i = 0; i < ret->status.n; i++)
		say_standing(j, &ret->found, &ret->status.rows[i]);
	return GH_OK;
}
