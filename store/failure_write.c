#include "base/ban.h"
#include "store/failure_write.h"
#include "store/write.gen.h"

enum gh_code
store_run_fact_add(struct store *st, int64_t run_id, const struct store_run_fact *f, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_RUN_FACT_ADD, &q, err));
	store_bind_int(q, ":run", run_id);
	store_bind_text(q, ":kind", f->kind);
	store_bind_text(q, ":object", f->object);
	store_bind_int(q, ":good", f->good);
	store_bind_text(q, ":text", f->text);
	return store_do(st, q, NULL, err);
}

enum gh_code
store_cause_add(struct store *st, int64_t run_id, const struct store_cause_new *c, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_RUN_CAUSE_ADD, &q, err));
	store_bind_int(q, ":run", run_id);
	store_bind_text(q, ":title", c->title);
	store_bind_text(q, ":sql", c->sql);
	store_bind_text(q, ":columns", c->columns);
	store_bind_text(q, ":rows", c->rows);
	store_bind_int(q, ":more", c->more);
	store_bind_text(q, ":text", c->text);
	return store_do(st, q, NULL, err);
}

enum gh_code
store_action_add(struct store *st, int64_t run_id, const struct store_action *x, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_RUN_ACTION_ADD, &q, err));
	store_bind_int(q, ":run", run_id);
	store_bind_text(q, ":kind", x->kind);
	store_bind_text(q, ":goal", x->goal);
	store_bind_text(q, ":text", x->text);
	return store_do(st, q, NULL, err);
}

enum gh_code
store_failure_clear(struct store *st, int64_t run_id, struct gh_err *err)
{
	STORE_STMT facts = NULL;
	STORE_STMT actions = NULL;

	GH_TRY(store_prepare(st, SQL_RUN_FACT_CLEAR, &facts, err));
	store_bind_int(facts, ":run", run_id);
	GH_TRY(store_do(st, facts, NULL, err));
	GH_TRY(store_prepare(st, SQL_RUN_ACTION_CLEAR, &actions, err));
	store_bind_int(actions, ":run", run_id);
	return store_do(st, actions, NULL, err);
}
