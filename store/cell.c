#include "base/ban.h"
#include "store/migration.h"
#include "store/read.gen.h"

/* What the statement tells of one migration on one target. */
struct facts {
	bool tracked, present, running, down, error_here;
	const char *last; /* what the last run that touched it did, "" none */
};

static const char *
cell_state(const struct facts *f)
{
	bool undone = strcmp(f->last, "rolled-back") == 0 || strcmp(f->last, "taken-back") == 0;

	if (f->running)
		return "running";
	if (f->tracked)
		return f->present ? "applied" : "missing";
	/* The migration that failed was rolled back too; that it failed is what people need to see. */
	if (!f->down &&
	    (strcmp(f->last, "failed") == 0 || strcmp(f->last, "in-doubt") == 0 || (undone && f->error_here)))
		return "failed";
	if (undone || (f->down && strcmp(f->last, "ok") == 0))
		return "rolled-back";
	return f->present ? "pending" : "absent";
}

static struct store_cell
cell_row(sqlite3_stmt *q, const struct store_migration *m, struct gh_arena *a)
{
	struct facts f = {
		.tracked = store_bool(q, 1),
		.present = m->present,
		.down = strcmp(store_text(q, 4, a), "down") == 0,
		.last = store_text(q, 5, a),
		.error_here = store_bool(q, 6),
		.running = store_int(q, 7) != 0,
	};

	return (struct store_cell){
		.target_id = store_int(q, 0),
		.state = cell_state(&f),
		.applied_at = store_int(q, 2),
		.run = store_int(q, f.running ? 7 : 3),
	};
}

enum gh_code
store_cell_list(struct store *st, struct gh_arena *a, const struct store_migration *m,
    struct store_cells *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	*ret = (struct store_cells){ 0 };
	GH_TRY(store_prepare(st, SQL_CELL_LIST, &q, err));
	store_bind_int(q, ":project", m->project_id);
	store_bind_text(q, ":key", m->key);
	for (;;) {
		GH_TRY(store_step(st, q, &row, err));
		if (!row)
			return GH_OK;
		ret->rows = store_room(a, ret->rows, ret->n, sizeof(*ret->rows));
		ret->rows[ret->n++] = cell_row(q, m, a);
	}
}
