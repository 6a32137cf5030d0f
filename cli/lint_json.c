#include "base/ban.h"
#include "cli/lint.h"

/*
 * The shape that gatehouse(1) promises; keys may be added, none changes its meaning without another
 * "version".
 */

static void
put_key(struct gh_text *out, const char *key, const char *value)
{
	gh_text_putf(out, "\"%s\": ", key);
	gh_text_put_json(out, value);
}

static void
put_finding(const struct cli_lint *l, const struct cli_lint_finding *f, struct gh_text *out)
{
	gh_text_put(out, "{");
	put_key(out, "file", l->files[f->file].path);
	gh_text_putf(out, ", \"line\": %" PRId64 ", \"column\": %" PRId64 ", ", f->is.line, f->is.column);
	put_key(out, "level", cli_lint_level(f->is.level));
	gh_text_put(out, ", ");
	put_key(out, "rule", f->is.rule);
	gh_text_put(out, ", ");
	put_key(out, "side", f->side);
	gh_text_put(out, ", ");
	put_key(out, "table", f->is.table);
	gh_text_put(out, ", ");
	put_key(out, "message", f->is.message);
	gh_text_put(out, ", ");
	put_key(out, "rewrite", f->is.rewrite);
	gh_text_put(out, ", \"ignored\": ");
	if (f->is.ignored == NULL)
		gh_text_put(out, "null");
	else
		gh_text_put_json(out, f->is.ignored);
	gh_text_put(out, "}");
}

static void
put_file(const struct cli_lint_file *f, struct gh_text *out)
{
	static const char *const as[] = { "ignored", [CONVENTION_UP] = "up", [CONVENTION_DOWN] = "down",
		[CONVENTION_BOTH] = "both", [CONVENTION_IGNORED] = "ignored",
		[CONVENTION_REFUSED] = "refused", [CONVENTION_REPEATABLE] = "repeatable",
		[CONVENTION_VERIFY] = "verify", [CONVENTION_CODE] = "code", [CONVENTION_INDEX] = "index" };

	gh_text_put(out, "{");
	put_key(out, "file", f->path);
	gh_text_put(out, ", ");
	put_key(out, "convention", f->convention);
	gh_text_put(out, ", ");
	put_key(out, "as", as[f->as]);
	gh_text_put(out, ", ");
	put_key(out, "reason", f->reason);
	gh_text_put(out, "}");
}

void
cli_lint_json(const struct cli_lint *l, struct gh_text *out)
{
	size_t i;

	gh_text_put(out, "{\"version\": 1, \"findings\": [");
	for (i = 0; i < l->n_findings; i++) {
		gh_text_put(out, i == 0 ? "\n  " : ",\n  ");
		put_finding(l, &l->findings[i], out);
	}
	gh_text_put(out, l->n_findings == 0 ? "], \"files\": [" : "\n], \"files\": [");
	for (i = 0; i < l->n_files; i++) {
		gh_text_put(out, i == 0 ? "\n  " : ",\n  ");
		put_file(&l->files[i], out);
	}
	gh_text_putf(out,
	    "%s], \"counts\": {\"error\": %zu, \"warning\": %zu, \"notice\": %zu, \"ignored\": %zu}}\n",
	    l->n_files == 0 ? "" : "\n", l->counts[LINT_ERROR], l->counts[LINT_WARNING],
	    l->counts[LINT_NOTICE], l->ignored);
}
