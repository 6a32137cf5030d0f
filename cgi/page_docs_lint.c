#include "base/ban.h"
#include "cgi/show.h"

/* GET /docs/lint: every rule of lint, what it costs, when it is quiet and what is safe instead. */
struct rule {
	const char *id, *title, *level, *cost, *quiet, *safe, *scale;
};
static const struct rule rules[] = {
#include "cgi/lint_rules.gen.h"
};
#define RULES (sizeof(rules) / sizeof(rules[0]))

static enum gh_code
page_docs_lint_run(struct req *req, struct view *v, struct gh_err *err)
{
	struct view *list = view_list(v, "rules");
	size_t i;

	(void)err;
	for (i = 0; i < RULES; i++) {
		const struct rule *r = &rules[i];
		struct view *item = view_item(list);

		view_text(item, "id", r->id);
		view_text(item, "title", r->title);
		view_text(item, "level", r->level);
		show_mark(item, "mark", r->level);
		view_text(item, "cost", r->cost);
		view_text(item, "quiet", r->quiet);
		view_text(item, "safe", r->safe);
		view_text(item, "scale", r->scale);
	}
	view_text(v, "lede",
	    gh_printf(req->arena,
		"%zu rules. A finding is graver on a large, busy table than on an empty one; each gives SQL "
		"that is "
		"safe, with the real names.",
		RULES));
	show_formats(req, v);
	return GH_OK;
}

const struct page page_docs_lint = {
	.path = "/docs/lint",
	.tpl = TPL_DOCS_LINT,
	.title = "Lint",
	.nav = "migrations",
	.csv = "rules",
	.run = page_docs_lint_run,
};
