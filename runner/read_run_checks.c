#include "base/ban.h"
#include "runner/read_run.h"
#include "store/batch.h"
#include "store/evidence.h"
#include "store/failure.h"
#include "store/hook.h"

/* What was run and looked at around the migrations, and what is known after a failure. */

enum gh_code
read_run_hooks(struct cmd_ctx *c, int64_t id, size_t after, struct gh_err *err)
{
	static const char *const columns[] = { "when", "command", "state", "exit_status", "took", "output" };
	struct store_hooks list = { 0 };
	struct wire_table_out out;
	size_t i;

	GH_TRY(store_hook_list(c->store, c->arena, id, &list, err));
	READ_START(&out, c, columns);
	for (i = after; i < list.n && !read_full(c); i++) {
		const struct store_hook *h = &list.rows[i];

		wire_table_text(&out, h->when);
		wire_table_text(&out, read_text(c, h->command));
		wire_table_text(&out, h->state);
		if (h->exit_status < 0)
			wire_table_text(&out, NULL);
		else
			wire_table_int(&out, h->exit_status);
		read_took(&out, h->started_at, h->ended_at);
		wire_table_text(&out, read_text(c, h->output));
	}
	wire_table_end(&out, read_cursor(c, i < list.n ? (int64_t)i : 0));
	return GH_OK;
}

enum gh_code
read_run_evidence(struct cmd_ctx *c, int64_t id, size_t after, struct gh_err *err)
{
	static const char *const columns[] = { "at", "kind", "name", "state", "text" };
	struct store_evidences list = { 0 };
	struct wire_table_out out;
	size_t i;

	GH_TRY(store_evidence_list(c->store, c->arena, id, &list, err));
	READ_START(&out, c, columns);
	for (i = after; i < list.n && !read_full(c); i++) {
		const struct store_evidence *e = &list.rows[i];

		wire_table_time(&out, e->at);
		wire_table_text(&out, e->kind);
		wire_table_text(&out, read_text(c, e->name));
		wire_table_text(&out, e->state);
		wire_table_text(&out, read_text(c, e->text));
	}
	wire_table_end(&out, read_cursor(c, i < list.n ? (int64_t)i : 0));
	return GH_OK;
}

/* "email: a@example.com, rows: 2" */
static const char *
row_text(struct cmd_ctx *c, const struct store_cause *cause, size_t row)
{
	GH_TEXT t = { .limit = (size_t)READ_TEXT_MAX * 4 };
	size_t k;

	for (k = 0; k < cause->n_columns; k++) {
		const char *value = cause->cells[row * cause->n_columns + k];

		gh_text_putf(
		    &t, "%s%s: %s", k == 0 ? "" : ", ", cause->columns[k], value == NULL ? "NULL" : value);
	}
	return read_text(c, gh_strdup(c->arena, gh_text_str(&t)));
}

enum gh_code
read_run_causes(struct cmd_ctx *c, int64_t id, size_t after, struct gh_err *err)
{
	static const char *const columns[] = { "cause", "title", "text", "row", "more", "sql" };
	struct store_causes list = { 0 };
	struct wire_table_out out;
	size_t i, k, row = 0;
	bool full = false;

	GH_TRY(store_cause_list(c->store, c->arena, id, &list, err));
	READ_START(&out, c, columns);
	for (i = 0; i < list.n && !full; i++) {
		const struct store_cause *cause = &list.rows[i];

		for (k = 0; k == 0 || k < cause->n_rows; k++) {
			full = read_full(c);
			if (full)
				break;
			if (row++ < after)
				continue;
			wire_table_int(&out, (int64_t)i + 1);
			wire_table_text(&out, read_text(c, cause->title));
			wire_table_text(&out, k == 0 ? read_text(c, cause->text) : NULL);
			wire_table_text(&out, k < cause->n_rows ? row_text(c, cause, k) : NULL);
			wire_table_bool(&out, cause->more);
			wire_table_text(&out, k == 0 ? read_text(c, cause->sql) : NULL);
		}
	}
	wire_table_end(&out, read_cursor(c, full ? (int64_t)row : 0));
	return GH_OK;
}

enum gh_code
read_run_facts(struct cmd_ctx *c, int64_t id, size_t after, struct gh_err *err)
{
	static const char *const columns[] = { "fact", "kind", "object", "in_order", "text" };
	struct store_run_facts list = { 0 };
	struct wire_table_out out;
	size_t i;

	GH_TRY(store_run_fact_list(c->store, c->arena, id, &list, err));
	READ_START(&out, c, columns);
	for (i = after; i < list.n && !read_full(c); i++) {
		const struct store_run_fact *f = &list.rows[i];

		wire_table_int(&out, f->position);
		wire_table_text(&out, f->kind);
		wire_table_text(&out, read_text(c, f->object));
		wire_table_bool(&out, f->good);
		wire_table_text(&out, read_text(c, f->text));
	}
	wire_table_end(&out, read_cursor(c, i < list.n ? (int64_t)i : 0));
	return GH_OK;
}

enum gh_code
read_run_actions(struct cmd_ctx *c, int64_t id, size_t after, struct gh_err *err)
{
	static const char *const columns[] = { "action", "goal", "text" };
	struct store_actions list = { 0 };
	struct wire_table_out out;
	size_t i;

	GH_TRY(store_action_list(c->store, c->arena, id, &list, err));
	READ_START(&out, c, columns);
	for (i = after; i < list.n && !read_full(c); i++) {
		wire_table_text(&out, list.rows[i].kind);
		wire_table_text(&out, read_text(c, list.rows[i].goal));
		wire_table_text(&out, read_text(c, list.rows[i].text));
	}
	wire_table_end(&out, read_cursor(c, i < list.n ? (int64_t)i : 0));
	return GH_OK;
}

enum gh_code
read_run_batches(struct cmd_ctx *c, int64_t id, size_t after, struct gh_err *err)
{
	static const char *const columns[] = { "migration", "state", "cursor", "batches", "rows", "passed",
		"expected", "size", "batch_took", "pause", "left_out", "why" };
	struct store_batches list = { 0 };
	struct wire_table_out out;
	size_t i;

	GH_TRY(store_batch_list(c->store, c->arena, id, &list, err));
	READ_START(&out, c, columns);
	for (i = after; i < list.n && !read_full(c); i++) {
		const struct store_batch *b = &list.rows[i];

		wire_table_int(&out, b->migration + 1);
		wire_table_text(&out, b->state);
		wire_table_text(&out, read_text(c, b->cursor));
		wire_table_int(&out, b->batches);
		wire_table_int(&out, b->rows);
		wire_table_int(&out, b->passed);
		if (b->expected < 0)
			wire_table_text(&out, NULL);
		else
			wire_table_int(&out, b->expected);
		wire_table_int(&out, b->size);
		wire_table_span(&out, b->batch_us);
		wire_table_span(&out, b->pause_ms * 1000);
		wire_table_int(&out, b->left_out);
		wire_table_text(&out, read_text(c, b->why));
	}
	wire_table_end(&out, read_cursor(c, i < list.n ? (int64_t)i : 0));
	return GH_OK;
}
