#include "base/ban.h"
#include "store/run_write.h"
#include "store/write.gen.h"

enum gh_code
store_phase_put(struct store *st, int64_t run_id, const char *phase, const char *state, const char *evidence,
    int64_t at, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_PHASE_PUT, &q, err));
	store_bind_int(q, ":run", run_id);
	store_bind_text(q, ":phase", phase);
	store_bind_text(q, ":state", state);
	store_bind_text(q, ":evidence", evidence);
	store_bind_int(q, ":at", at);
	return store_do(st, q, NULL, err);
}

enum gh_code
store_run_migration_put(struct store *st, int64_t run_id, int64_t position, const char *state,
    const char *text, int64_t at, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_RUN_MIGRATION_PUT, &q, err));
	store_bind_int(q, ":run", run_id);
	store_bind_int(q, ":position", position);
	store_bind_text(q, ":state", state);
	store_bind_text(q, ":text", text);
	store_bind_int(q, ":at", at);
	return store_do(st, q, "the run has no such migration", err);
}

enum gh_code
store_run_revert(struct store *st, int64_t id, int64_t until, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_RUN_REVERT, &q, err));
	store_bind_int(q, ":id", id);
	store_bind_int(q, ":until", until);
	return store_do(st, q, "the run does not exist", err);
}

enum gh_code
store_run_migration_xid(struct store *st, int64_t run_id, int64_t position, bool together, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_RUN_MIGRATION_XID, &q, err));
	store_bind_int(q, ":run", run_id);
	store_bind_int(q, ":position", position);
	store_bind_int(q, ":together", together);
	return store_do(st, q, NULL, err);
}

enum gh_code
store_run_statement_put(struct store *st, const struct store_run_statement_new *s, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_RUN_STATEMENT_PUT, &q, err));
	store_bind_int(q, ":run", s->run_id);
	store_bind_int(q, ":migration", s->migration);
	store_bind_int(q, ":position", s->position);
	store_bind_text(q, ":state", s->state);
	store_bind_int(q, ":row_count", s->row_count);
	store_bind_text(q, ":tag", s->tag);
	store_bind_int(q, ":at", s->at);
	return store_do(st, q, NULL, err);
}

enum gh_code
store_run_statement_move(struct store *st, int64_t run_id, int64_t migration, const char *state, bool done,
    int64_t at, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_RUN_STATEMENT_MOVE, &q, err));
	store_bind_int(q, ":run", run_id);
	store_bind_int(q, ":migration", migration);
	store_bind_text(q, ":state", state);
	store_bind_int(q, ":done", done);
	store_bind_int(q, ":at", at);
	return store_do(st, q, NULL, err);
}

enum gh_code
store_event_add(
    struct store *st, int64_t run_id, const char *kind, const char *text, int64_t at, struct gh_err *err)
{
	STORE_STMT number = NULL;
	STORE_STMT q = NULL;
	int64_t seq;
	int row = 0;

	GH_TRY(store_prepare(st, SQL_RUN_EVENT, &number, err));
	store_bind_int(number, ":id", run_id);
	GH_TRY(store_step(st, number, &row, err));
	if (!row)
		return gh_fail(err, GH_CONFLICT, "the run does not exist");
	seq = store_int(number, 0);
	store_stmt_done(&number);
	GH_TRY(store_prepare(st, SQL_EVENT_ADD, &q, err));
	store_bind_int(q, ":run_id", run_id);
	store_bind_int(q, ":seq", seq);
	store_bind_int(q, ":at", at);
	store_bind_text(q, ":kind", kind);
	store_bind_text(q, ":text", text);
	return store_do(st, q, NULL, err);
}
