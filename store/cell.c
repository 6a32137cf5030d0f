#include "base/ban.h"
#include "store/migration.h"
#include "store/read.gen.h"

/* What the statement tells of one migration on one target. */
struct facts {
	const char *standing; /* "" the target was not looked at, or does not know it */
	bool applied, edited, present, untracked, running, down, error_here;
	const char *last; /* what the last run that touched it did, "" none */
};

static const char *
applied_state(const struct facts *f)
{
	if (strcmp(f->standing, "applied") == 0)
		return f->edited ? "edited" : "applied";
	return f->standing;
}

static const char *
cell_state(const struct facts *f)
{
	bool undone = strcmp(f->last, "rolled-back") == 0 || strcmp(f->last, "taken-back") == 0;

	if (f->running)
		return "running";
	if (f->applied || strcmp(f->standing, "failed") == 0 || strcmp(f->standing, "baseline") == 0)
		return applied_state(f);
	/* The migration that failed was rolled back too; that it failed is what people need to see. */
	if (!f->down &&
	    (strcmp(f->last, "failed") == 0 || strcmp(f->last, "in-doubt") == 0 || (undone && f->error_here)))
		return "failed";
	if (undone || (f->down && strcmp(f->last, "ok") == 0))
		return "rolled-back";
	if (f->standing[0] != '\0')
		return f->standing;
	if (f->untracked)
		return "untracked";
	return f->present ? "pending" : "absent";
}

static struct store_cell
cell_row(sqlite3_stmt *q, struct gh_arena *a)
{
	struct facts f = {
		.standing = store_text(q, 2, a),
		.applied = store_bool(q, 4),
		.edited = store_bool(q, 8),
		.down = strcmp(store_text(q, 11, a), "down") == 0,
		.last = store_text(q, 12, a),
		.error_here = store_bool(q, 13),
		.running = store_int(q, 14) != 0,
		.present = store_bool(q, 15),
		.untracked = store_bool(q, 16),
	};

	return (struct store_cell){
		.migration_id = store_int(q, 0),
		.target_id = store_int(q, 1),
		.state = cell_state(&f),
		.decision = store_text(q, 3, a),
		.applied_at = store_int(q, 5),
		.by = store_text(q, 6, a),
		.text = store_text(q, 7, a),
		.quiet = f.edited && store_bool(q, 9),
		.run = store_int(q, f.running ? 14 : 10),
	};
}

enum gh_code
store_cell_list(struct store *st, struct gh_arena *a, const struct store_migrations *list,
    struct store_cells *ret, struct gh_err *err)
{
	GH_TEXT ids = { 0 };
	STORE_STMT q = NULL;
	int row = 0;
	size_t i;

	*ret = (struct store_cells){ 0 };
	gh_text_put(&ids, "[");
	for (i = 0; i < list->n; i++)
		gh_text_putf(&ids, "%s%" PRId64, i == 0 ? "" : ",", list->rows[i].id);
	gh_text_put(&ids, "]");
	GH_TRY(store_prepare(st, SQL_CELL_LIST, &q, err));
	store_bind_text(q, ":ids", gh_text_str(&ids));
	for (;;) {
		GH_TRY(store_step(st, q, &row, err));
		if (!row)
			return GH_OK;
		ret->rows = store_room(a, ret->rows, ret->n, sizeof(*ret->rows));
		ret->rows[ret->n++] = cell_row(q, a);
	}
}
