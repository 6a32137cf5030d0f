#include "base/ban.h"
#include "tests/support/job_rig.h"

#include <setjmp.h>
#include <cmocka.h>

static struct pg_cluster cluster;
static struct rig *bound;

void
rig_bind(struct rig *r)
{
	bound = r;
}

int
rig_group_start(void **state)
{
	struct gh_err err = { 0 };

	(void)state;
	gh_hash_start();
	if (pg_cluster_start(&cluster, false, &err) == GH_OK)
		return 0;
	(void)fprintf(stderr, "%s\n", err.msg);
	pg_cluster_stop(&cluster);
	return 1;
}

int
rig_group_stop(void **state)
{
	(void)state;
	pg_cluster_stop(&cluster);
	return 0;
}

int
rig_setup(void **state)
{
	(void)state;
	rig_start(bound, &cluster);
	return 0;
}

int
rig_teardown(void **state)
{
	(void)state;
	rig_done(bound);
	return 0;
}

void
rig_track(struct rig *r, const char *values)
{
	(void)rig_sql(r,
	    "CREATE TABLE public.schema_migrations (version varchar(255) PRIMARY KEY, "
	    "applied_at timestamp DEFAULT current_timestamp)");
	(void)rig_sql(r, "ALTER TABLE public.schema_migrations OWNER TO shop");
	(void)rig_sql(
	    r, gh_printf(&r->arena, "INSERT INTO public.schema_migrations (version) VALUES %s", values));
}

void
rig_expect(const struct rig *r, enum wire_outcome outcome, const char *part)
{
	if (rig_outcome(r) != outcome)
		fail_msg("outcome %s: %s", wire_outcome_name(rig_outcome(r)), rig_sentence(r));
	if (strstr(rig_sentence(r), part) == NULL)
		fail_msg("\"%s\" is not in: %s", part, rig_sentence(r));
}

const struct rig_frame *
rig_find(const struct rig *r, enum wire_journal_kind kind, size_t nth)
{
	size_t i;

	for (i = 0; i < r->n_frames; i++) {
		if (r->frames[i].kind == kind && nth-- == 0)
			return &r->frames[i];
	}
	return NULL;
}

enum wire_outcome
rig_outcome(const struct rig *r)
{
	const struct rig_frame *f = rig_find(r, WIRE_J_OUTCOME, 0);

	return f == NULL ? 0 : (enum wire_outcome)f->state;
}

const char *
rig_sentence(const struct rig *r)
{
	const struct rig_frame *f = rig_find(r, WIRE_J_OUTCOME, 0);

	return f == NULL ? "" : f->text;
}

static const struct rig_frame *
last(const struct rig *r, enum wire_journal_kind kind, int64_t migration, int64_t statement, int phase)
{
	const struct rig_frame *found = NULL;
	size_t i;

	for (i = 0; i < r->n_frames; i++) {
		const struct rig_frame *f = &r->frames[i];

		if (f->kind == kind && f->migration == migration && f->statement == statement &&
		    f->phase == phase)
			found = f;
	}
	return found;
}

static enum wire_state
state(const struct rig_frame *f)
{
	return f == NULL ? 0 : (enum wire_state)f->state;
}

enum wire_state
rig_migration(const struct rig *r, int64_t i)
{
	return state(last(r, WIRE_J_MIGRATION, i, -1, 0));
}

enum wire_state
rig_statement(const struct rig *r, int64_t i, int64_t k)
{
	return state(last(r, WIRE_J_STATEMENT, i, k, 0));
}

enum wire_state
rig_phase(const struct rig *r, enum wire_phase p)
{
	return state(last(r, WIRE_J_PHASE, -1, -1, (int)p));
}

const char *
rig_evidence(const struct rig *r, enum wire_phase p)
{
	const struct rig_frame *f = last(r, WIRE_J_PHASE, -1, -1, (int)p);

	return f == NULL ? "" : f->text;
}

void
rig_batch_frame(struct rig_frame *f, struct wire_in *in, struct gh_arena *a)
{
	f->migration = wire_i64(in);
	if (f->kind == WIRE_J_BATCH_ROW) {
		f->text = wire_text(in, a);
		f->more = wire_text(in, a);
		(void)wire_text(in, a);
		return;
	}
	f->more = wire_text(in, a);
	(void)wire_text(in, a); /* cursor */
	(void)wire_i64(in);     /* batches */
	f->number = wire_i64(in);
	(void)wire_i64(in); /* passed */
	(void)wire_i64(in); /* expected */
	f->statement = wire_i64(in);
	(void)wire_i64(in); /* duration */
	(void)wire_i64(in); /* pause */
	f->text = wire_text(in, a);
	(void)wire_i64(in); /* left out */
}

const struct rig_frame *
rig_saying(const struct rig *r, enum wire_journal_kind kind, const char *part)
{
	size_t i;

	for (i = 0; i < r->n_frames; i++) {
		if (r->frames[i].kind == kind && strstr(r->frames[i].text, part) != NULL)
			return &r->frames[i];
	}
	return NULL;
}
