/*
 * read.files: the files of a project's folder, and what each is taken for.
 *
 *   call   t project | t taken_as ("" all) | t cursor | i limit
 *   reply  a table; the cursor is the last row's file.  The first page begins with what holds for the whole
 *          folder: rows whose taken_as is "folder" (the convention, its rule, a problem) or "note"
 */
#include "base/ban.h"
#include "runner/read.h"
#include "store/project.h"

static void
row(struct cmd_ctx *c, struct wire_table_out *out, const char *file, const char *taken_as, const char *key,
    const char *reason)
{
	wire_table_text(out, file[0] == '\0' ? NULL : read_text(c, file));
	wire_table_text(out, taken_as);
	wire_table_text(out, key[0] == '\0' ? NULL : read_text(c, key));
	wire_table_text(out, read_text(c, reason));
}

/* What speaks for the convention, which the text begins with as its makers write it. */
static const char *
why(const struct store_project *p)
{
	const char *colon = strstr(p->detected_text, ": ");

	return p->convention[0] == '\0' || colon == NULL ? p->detected_text : colon + 2;
}

static enum gh_code
head(struct cmd_ctx *c, struct wire_table_out *out, const struct store_project *p, struct gh_err *err)
{
	struct store_texts notes = { 0 };
	size_t i;

	row(c, out, "", "folder", "",
	    gh_printf(c->arena, "%s%s%s%s%s", p->convention[0] == '\0' ? "no convention" : p->convention,
		p->detected_text[0] == '\0' ? "" : ": ", why(p), p->rule[0] == '\0' ? "" : ". ", p->rule));
	if (p->problem[0] != '\0')
		row(c, out, "", "folder", "", p->problem);
	if (p->folder_problem[0] != '\0' && strcmp(p->folder_problem, p->detected_text) != 0)
		row(c, out, "", "folder", "",
		    gh_printf(c->arena, "nothing of it runs: %s", p->folder_problem));
	GH_TRY(store_project_note_list(c->store, c->arena, p->id, &notes, err));
	for (i = 0; i < notes.n && !read_full(c); i++)
		row(c, out, "", "note", "", notes.rows[i]);
	return GH_OK;
}

static enum gh_code
cmd_read_files_run(struct cmd_ctx *c, struct wire_in *in, struct gh_err *err)
{
	static const char *const columns[] = { "file", "taken_as", "migration", "reason" };
	const char *name = wire_text(in, c->arena), *taken_as = wire_text(in, c->arena),
		   *cursor = wire_text(in, c->arena), *next = "";
	int64_t limit = wire_i64(in);
	struct store_files list = { 0 };
	struct store_project p;
	struct wire_table_out out;
	size_t i;

	GH_TRY(wire_end(in, err));
	GH_TRY(store_project_get(c->store, c->arena, name, &p, err));
	GH_TRY(store_file_list(
	    c->store, c->arena, &(struct store_file_filter){ p.id, taken_as, cursor, limit }, &list, err));
	READ_START(&out, c, columns);
	if (cursor[0] == '\0' && taken_as[0] == '\0')
		GH_TRY(head(c, &out, &p, err));
	for (i = 0; i < list.n && !read_full(c); i++)
		row(c, &out, list.rows[i].file, list.rows[i].taken_as, list.rows[i].key, list.rows[i].reason);
	if (i > 0 && (i < list.n || list.more))
		next = list.rows[i - 1].file;
	wire_table_end(&out, next);
	return GH_OK;
}

const struct cmd cmd_read_files = {
	.op = WIRE_READ_FILES,
	.needs = ROLE_ANY,
	.ways = CMD_CLI,
	.run = cmd_read_files_run,
};
