#include "base/ban.h"
#include "tests/support/job_folder.h"
#include "migration/sql.h"
#include "migration/status.h"
#include "runner/job/tracking.h"

#include <libpq-fe.h>
#include <setjmp.h>
#include <cmocka.h>

static void
tracking(struct rig *r, const struct convention *c, struct tracking *ret)
{
	struct job j = { .arena = &r->arena, .spec = r->spec };
	struct pg pg = { .job = &j, .at = { .migration = -1, .statement = -1 } };
	struct gh_err err = { 0 };

	pg.conn = PQconnectdb(r->spec.connection);
	if (tracking_read(&pg, c, "", "", ret, &err) != GH_OK)
		fail_msg("%s", err.msg);
	if (ret->exists && !ret->known)
		fail_msg("%s", ret->why);
	pg_close(&pg);
}

void
rig_folder(struct rig *r, struct memory_folder *m, const char *convention, bool down)
{
	const struct convention *c = convention_find(convention);
	struct tracking t;

	rig_convention(r, convention);
	memory_read(m, c);
	assert_string_equal(m->found.problem, "");
	tracking(r, c, &t);
	r->plan.after = tracking_newest(&t);
	r->plan.tracking = t.qualified;
	r->plan.down = down;
	r->plan.n_migrations = 0;
	r->spec.plan = NULL;
}

enum of { UP, DOWN, VERIFY };

static void
side(struct rig *r, const struct convention_side *s, enum of of, struct plan_sql *ret)
{
	const struct sql_text text = { .sql = s->sql,
		.len = s->len,
		.file = s->file,
		.first_line = s->first_line,
		.mode = s->mode,
		.row_outside = s->row_outside,
		.may_be_empty = s->may_be_empty,
		.down = of == DOWN,
		.verify = of == VERIFY,
		.n_pieces = s->n_pieces,
		.pieces = s->pieces };
	struct sql_script script;
	size_t i;

	assert_string_equal(s->problem, "");
	sql_read(&text, &r->arena, &script);
	if (script.problem[0] != '\0')
		fail_msg("%s", script.problem);
	*ret = (struct plan_sql){ .sql = s->sql,
		.sql_len = s->len,
		.row_inside = script.row_inside,
		.n_statements = script.n,
		.statements = gh_alloc_n(&r->arena, script.n, sizeof(*ret->statements)) };
	for (i = 0; i < script.n; i++)
		ret->statements[i] = (struct plan_statement){ .offset = script.statements[i].offset,
			.length = script.statements[i].length,
			.line = script.statements[i].line,
			.group = script.statements[i].group,
			.kind = script.statements[i].kind,
			.object = script.statements[i].object,
			.object_kind = script.statements[i].object_kind };
}

void
rig_take(struct rig *r, struct memory_folder *m, const char *key)
{
	const struct convention_migration *from = memory_get(m, key);
	struct plan_migration *to = &r->migrations[r->plan.n_migrations++];
	size_t i;

	assert_string_equal(from->problem, "");
	*to = (struct plan_migration){ .key = from->key,
		.version = from->version,
		.name = from->name,
		.file = from->file,
		.checksum = from->checksum,
		.repeatable = from->repeatable,
		.n_facts = from->n_facts,
		.facts = gh_alloc_n(&r->arena, from->n_facts, sizeof(*to->facts)) };
	for (i = 0; i < from->n_facts; i++)
		to->facts[i] = (struct plan_fact){ from->facts[i].name, from->facts[i].value };
	side(r, r->plan.down ? &from->down : &from->up, r->plan.down ? DOWN : UP, &to->run);
	if (r->plan.down)
		return;
	to->has_back = from->down.present && from->down.problem[0] == '\0';
	if (to->has_back)
		side(r, &from->down, DOWN, &to->back);
	to->has_verify = from->verify.present;
	if (to->has_verify)
		side(r, &from->verify, VERIFY, &to->verify);
}

static const char *
standing(enum convention_standing s)
{
	switch (s) {
	case CONVENTION_APPLIED:
		return "applied";
	case CONVENTION_PENDING:
		return "pending";
	case CONVENTION_EDITED:
		return "edited";
	case CONVENTION_MISSING:
		return "missing";
	case CONVENTION_OUT_OF_ORDER:
		return "out of order";
	case CONVENTION_FAILED:
		return "failed";
	case CONVENTION_BASELINE:
		return "baseline";
	}
	return "?";
}

const char *
rig_status(struct rig *r, struct memory_folder *m)
{
	const struct convention *c = convention_find(r->plan.convention);
	struct convention_status status;
	GH_TEXT text = { 0 };
	struct tracking t;
	size_t i;

	tracking(r, c, &t);
	convention_status(c, &m->found, t.rows, t.n, &r->arena, &status);
	for (i = 0; i < status.n; i++)
		gh_text_putf(&text, "%s%s %s", i == 0 ? "" : ", ", status.rows[i].key,
		    standing(status.rows[i].standing));
	return gh_strdup(&r->arena, gh_text_str(&text));
}
