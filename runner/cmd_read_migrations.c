/*
 * read.migrations: the migrations of a target's project and what each is on that target, newest first.
 *
 *   call   t target | t cursor | i limit
 *   reply  a table; the cursor is "NUMBER:KEY" of the last row.  decision: what its tool's rules make of it
 *          next ("runs", "never", "blocks", "nothing"); reason: why, for people
 */
#include "base/ban.h"
#include "runner/read.h"
#include "base/io.h"
#include "store/migration.h"
#include "store/project.h"

static enum gh_code
place_read(struct cmd_ctx *c, const char *cursor, struct store_place *ret, struct gh_err *err)
{
	const char *colon = strchr(cursor, ':');

	*ret = (struct store_place){ 0 };
	if (cursor[0] == '\0')
		return GH_OK;
	if (colon == NULL || colon[1] == '\0' ||
	    !gh_parse_i64(
		gh_strndup(c->arena, cursor, (size_t)(colon - cursor)), -1, INT64_MAX, &ret->number))
		return gh_fail(err, GH_BAD_INPUT, "the cursor \"%.40s\" is not one of ours", cursor);
	ret->key = colon + 1;
	return GH_OK;
}

static const struct store_cell *
cell_find(const struct store_cells *cells, int64_t migration, int64_t target)
{
	size_t i;

	for (i = 0; i < cells->n; i++) {
		if (cells->rows[i].migration_id == migration && cells->rows[i].target_id == target)
			return &cells->rows[i];
	}
	return NULL;
}

/* What is out of the ordinary. */
static const char *
reason(struct cmd_ctx *c, const struct store_migration *m, const struct store_cell *cell)
{
	const char *text = cell == NULL ? "" : cell->text;

	if (cell != NULL && cell->quiet)
		text = gh_printf(
		    c->arena, "only comments or spaces changed%s%s", text[0] == '\0' ? "" : "; ", text);
	if (m->problem[0] != '\0')
		text = gh_printf(c->arena, "%s%s%s", text, text[0] == '\0' ? "" : "; ", m->problem);
	return read_text(c, text);
}

static void
row(struct cmd_ctx *c, struct wire_table_out *out, const struct store_migration *m,
    const struct store_cell *cell)
{
	wire_table_text(out, m->version);
	wire_table_text(out, m->name);
	wire_table_text(out, cell == NULL ? NULL : cell->state);
	wire_table_time(out, cell == NULL ? 0 : cell->applied_at);
	read_id(out, cell == NULL ? 0 : cell->run);
	wire_table_bool(out, m->has_down);
	wire_table_text(out, cell == NULL || cell->decision[0] == '\0' ? NULL : cell->decision);
	wire_table_text(out, cell == NULL || cell->by[0] == '\0' ? NULL : read_text(c, cell->by));
	wire_table_text(out, read_text(c, m->description));
	wire_table_text(out, m->key);
	wire_table_text(out, reason(c, m, cell));
}

static enum gh_code
cmd_read_migrations_run(struct cmd_ctx *c, struct wire_in *in, struct gh_err *err)
{
	static const char *const columns[] = { "version", "name", "state", "applied_at", "run", "has_down",
		"decision", "by", "description", "key", "reason" };
	const char *name = wire_text(in, c->arena), *cursor = wire_text(in, c->arena), *next = "";
	int64_t limit = wire_i64(in);
	struct store_migrations list = { 0 };
	struct store_cells cells = { 0 };
	struct store_target target;
	struct wire_table_out out;
	struct store_place before;
	size_t i;

	GH_TRY(wire_end(in, err));
	GH_TRY(place_read(c, cursor, &before, err));
	GH_TRY(store_target_get(c->store, c->arena, name, &target, err));
	GH_TRY(store_migration_list(c->store, c->arena, target.project_id, before, limit, &list, err));
	GH_TRY(store_cell_list(c->store, c->arena, &list, &cells, err));
	READ_START(&out, c, columns);
	for (i = 0; i < list.n && !read_full(c); i++)
		row(c, &out, &list.rows[i], cell_find(&cells, list.rows[i].id, target.id));
	if (i > 0 && (i < list.n || list.more))
		next = gh_printf(c->arena, "%" PRId64 ":%s", list.rows[i - 1].number, list.rows[i - 1].key);
	wire_table_end(&out, next);
	return GH_OK;
}

const struct cmd cmd_read_migrations = {
	.op = WIRE_READ_MIGRATIONS,
	.needs = ROLE_ANY,
	.ways = CMD_CLI,
	.run = cmd_read_migrations_run,
};
