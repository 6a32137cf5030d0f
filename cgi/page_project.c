#include "base/ban.h"
#include "cgi/show.h"

#include "wire/journal.h"

/* GET /projects/{name}: what Gatehouse makes of a folder: the convention and why, and every file with its
 * reason. */
#define FILES_A_PAGE 200

/* What a file can be taken for, refused ones first: they want something done. */
static const enum wire_file kinds[] = { WIRE_FILE_REFUSED, WIRE_FILE_CODE, WIRE_FILE_IGNORED, WIRE_FILE_UP,
	WIRE_FILE_DOWN, WIRE_FILE_BOTH, WIRE_FILE_REPEATABLE, WIRE_FILE_VERIFY, WIRE_FILE_INDEX };
#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

/* v.kinds: [{as, n, url, current}], and how many files there are in all. */
static enum gh_code
show_counts(
    struct req *req, struct view *v, const struct store_project *p, const char *as, struct gh_err *err)
{
	struct view *list = view_list(v, "kinds");
	struct store_file_counts counts;
	int64_t all = 0;
	bool known = *as == '\0';
	size_t i, k;

	GH_TRY(store_file_count(req->store, req->arena, p->id, &counts, err));
	for (k = 0; k < KINDS; k++) {
		const char *word = wire_file_name(kinds[k]);

		known = known || strcmp(word, as) == 0;
		for (i = 0; i < counts.n; i++) {
			struct view *item;

			if (strcmp(counts.rows[i].taken_as, word) != 0)
				continue;
			item = view_item(list);
			view_text(item, "as", word);
			view_int(item, "n", counts.rows[i].n);
			view_url(item, "url", "/projects/%s?as=%s", p->name, word);
			view_bool(item, "current", strcmp(word, as) == 0);
			show_mark_as(item, "mark", word,
			    gh_printf(req->arena, "%" PRId64 " %s", counts.rows[i].n, show_word(word)));
			all += counts.rows[i].n;
		}
	}
	view_int(v, "all", all);
	view_bool(v, "any_kind", *as != '\0');
	return known ? GH_OK : gh_fail(err, GH_BAD_INPUT, "no file is taken as \"%.20s\"", as);
}

static enum gh_code
show_files(struct req *req, struct view *v, const struct store_project *p, const char *as, struct gh_err *err)
{
	struct view *list = view_list(v, "files");
	const struct store_file_filter filter = { p->id, as, req_query(req, "after"), FILES_A_PAGE };
	struct store_files files;
	size_t i;

	GH_TRY(store_file_list(req->store, req->arena, &filter, &files, err));
	for (i = 0; i < files.n; i++) {
		const struct store_file *f = &files.rows[i];
		struct view *item = view_item(list);

		view_text(item, "file", f->file);
		view_text(item, "taken_as", f->taken_as);
		show_mark(item, "mark", f->taken_as);
		view_text(item, "key", f->key);
		view_text(
		    item, "url", *f->key == '\0' ? "" : show_url(req, "/migrations/%s/%s", p->name, f->key));
		view_text(item, "reason", f->reason);
		view_text(item, "digest", f->digest);
	}
	view_text(v, "next_url",
	    !files.more
		? ""
		: show_url(req, "/projects/%s?as=%s&after=%s", p->name, as, files.rows[files.n - 1].file));
	show_list(req, v, files.n);
	return GH_OK;
}

static enum gh_code
show_notes(struct req *req, struct view *v, const struct store_project *p, struct gh_err *err)
{
	struct view *list = view_list(v, "notes");
	struct store_texts notes;
	size_t i;

	GH_TRY(store_project_note_list(req->store, req->arena, p->id, &notes, err));
	for (i = 0; i < notes.n; i++)
		view_text(view_item(list), "text", notes.rows[i]);
	view_bool(v, "any_notes", notes.n > 0);
	return GH_OK;
}

static enum gh_code
show_targets(struct req *req, struct view *v, const struct store_project *p, struct gh_err *err)
{
	struct view *list = view_list(v, "targets");
	struct store_targets targets;
	size_t i;

	GH_TRY(store_target_list(req->store, req->arena, p->id, &targets, err));
	for (i = 0; i < targets.n; i++) {
		const struct store_target *t = &targets.rows[i];
		struct view *item = view_item(list);

		view_text(item, "name", t->name);
		view_text(item, "environment", t->environment);
		view_text(item, "table", t->tracking_table);
		show_mark(item, "mark",
		    !t->reachable             ? (t->checked_at == 0 ? "unread" : "unreachable")
			: !t->tracking_known  ? "untracked"
			: *t->blocked != '\0' ? "blocked"
					      : "ok");
		view_text(item, "text",
		    !t->reachable             ? t->problem
			: !t->tracking_known  ? t->tracking_text
			: *t->blocked != '\0' ? t->blocked
					      : t->tracking_text);
	}
	view_bool(v, "any_targets", targets.n > 0);
	return GH_OK;
}

static enum gh_code
page_project_run(struct req *req, struct view *v, struct gh_err *err)
{
	const char *as = req_query(req, "as");
	struct store_project p;

	GH_TRY(store_project_get(req->store, req->arena, req_param(req, "name"), &p, err));
	view_text(v, "title", gh_printf(req->arena, "Folder of %s", p.name));
	view_text(v, "name", p.name);
	view_url(v, "matrix_url", "/migrations?project=%s", p.name);
	view_url(v, "url", "/projects/%s", p.name);
	view_text(v, "folder", p.folder);
	view_text(v, "convention", p.convention);
	view_text(v, "chosen", *p.convention == '\0' ? "" : p.configured ? "configured" : "found out");
	view_text(v, "detected", p.detected_text);
	view_text(v, "rule", p.rule);
	view_bool(v, "one_transaction", p.one_transaction);
	view_time(v, "read_at", p.read_at);
	view_text(v, "problem", p.problem);
	view_text(v, "folder_problem", p.folder_problem);
	view_text(v, "lede",
	    gh_printf(
		req->arena, "%s in %s.", show_count(req, p.migrations, "migration", "migrations"), p.folder));
	view_text(v, "as", as);
	GH_TRY(show_counts(req, v, &p, as, err));
	GH_TRY(show_notes(req, v, &p, err));
	GH_TRY(show_targets(req, v, &p, err));
	GH_TRY(show_files(req, v, &p, as, err));
	show_formats(req, v);
	return GH_OK;
}

const struct page page_project = {
	.path = "/projects/{name}",
	.tpl = TPL_PROJECT,
	.nav = "migrations",
	.csv = "files",
	.query = { "as", "after" },
	.run = page_project_run,
};
