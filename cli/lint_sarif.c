#include "base/ban.h"
#include "cli/lint.h"

/*
 * SARIF 2.1.0, as code scanning services and editors read it.  A rule's helpUri would have to be absolute;
 * where the page is served nobody here knows, so that the help is a text.
 */

#define SCHEMA "https://json.schemastore.org/sarif-2.1.0.json"

static const char *
level_of(enum lint_level level)
{
	static const char *const words[] = {
		[LINT_NOTICE] = "note", [LINT_WARNING] = "warning", [LINT_ERROR] = "error"
	};

	return words[level];
}

/* A path as a URI reference: relative stays relative. */
static void
put_uri(struct gh_text *out, const char *path)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/";
	const char *p;

	while (strncmp(path, "./", 2) == 0)
		path += 2;
	gh_text_put(out, *path == '/' ? "\"file://" : "\"");
	for (p = path; *p != '\0'; p++) {
		if (strchr(plain, *p) != NULL)
			gh_text_putc(out, *p);
		else
			gh_text_putf(out, "%%%02X", (unsigned)(unsigned char)*p);
	}
	gh_text_putc(out, '"');
}

static void
put_message(struct gh_text *out, const char *text)
{
	gh_text_put(out, "{\"text\": ");
	gh_text_put_json(out, text);
	gh_text_putc(out, '}');
}

static void
put_rule(struct gh_arena *a, const struct lint_about *r, struct gh_text *out)
{
	gh_text_put(out, "{\"id\": ");
	gh_text_put_json(out, r->id);
	gh_text_put(out, ", \"shortDescription\": ");
	put_message(out, r->title);
	gh_text_put(out, ", \"fullDescription\": ");
	put_message(out, r->cost);
	gh_text_putf(out, ", \"defaultConfiguration\": {\"level\": \"%s\"}, \"help\": ", level_of(r->level));
	put_message(out,
	    gh_printf(a, "%s\n\nSafe: %s\n\n%s\n\nSee docs/lint.md#%s.", r->cost, r->safe, r->quiet, r->id));
	gh_text_putc(out, '}');
}

static void
put_region(const struct cli_lint_file *f, const struct lint_finding *is, struct gh_text *out)
{
	size_t len = 0;
	const char *line = cli_lint_line(f, is->line, &len);

	gh_text_putf(out, "{\"startLine\": %" PRId64 ", \"startColumn\": %" PRId64, is->line, is->column);
	if (line != NULL && len > 0 && len < 500) {
		char *one = strndup(line, len);

		gh_text_put(out, ", \"snippet\": ");
		put_message(out, one);
		free(one);
	}
	gh_text_putc(out, '}');
}

static void
put_result(const struct cli_lint *l, const struct cli_lint_finding *f, struct gh_text *out)
{
	const struct lint_finding *is = &f->is;
	size_t rule;

	gh_text_put(out, "{\"ruleId\": ");
	gh_text_put_json(out, is->rule);
	for (rule = 0; lint_about(rule) != NULL; rule++) {
		if (strcmp(lint_about(rule)->id, is->rule) == 0) {
			gh_text_putf(out, ", \"ruleIndex\": %zu", rule);
			break;
		}
	}
	gh_text_putf(out, ", \"level\": \"%s\", \"message\": ", level_of(is->level));
	put_message(out,
	    *is->rewrite == '\0' ? is->message
				 : gh_printf(l->arena, "%s\n\nSafe:\n\n%s", is->message, is->rewrite));
	gh_text_put(out, ", \"locations\": [{\"physicalLocation\": {\"artifactLocation\": {\"uri\": ");
	put_uri(out, l->files[f->file].path);
	gh_text_put(out, "}, \"region\": ");
	put_region(&l->files[f->file], is, out);
	gh_text_put(out, "}}], \"suppressions\": [");
	if (is->ignored != NULL) {
		gh_text_put(out, "{\"kind\": \"inSource\", \"justification\": ");
		gh_text_put_json(out, is->ignored);
		gh_text_putc(out, '}');
	}
	gh_text_put(out, "]}");
}

/* What was not looked at, so that nothing is passed over silently. */
static void
put_notifications(const struct cli_lint *l, struct gh_text *out)
{
	size_t i, n = 0;

	for (i = 0; i < l->n_files; i++) {
		const struct cli_lint_file *f = &l->files[i];

		if (f->as != CONVENTION_IGNORED && f->as != CONVENTION_CODE)
			continue;
		gh_text_put(out, n++ == 0 ? "\n      {" : ",\n      {");
		gh_text_put(out, "\"level\": \"note\", \"message\": ");
		put_message(out, gh_printf(l->arena, "not looked at: %s", f->reason));
		gh_text_put(
		    out, ", \"locations\": [{\"physicalLocation\": {\"artifactLocation\": {\"uri\": ");
		put_uri(out, f->path);
		gh_text_put(out, "}}}]}");
	}
}

void
cli_lint_sarif(const struct cli_lint *l, struct gh_text *out)
{
	size_t i;

	gh_text_put(out, "{\"$schema\": \"" SCHEMA "\", \"version\": \"2.1.0\", \"runs\": [{\n");
	gh_text_put(out,
	    "  \"tool\": {\"driver\": {\"name\": \"gatehouse\", \"version\": \"" PACKAGE_VERSION
	    "\", \"rules\": [");
	for (i = 0; lint_about(i) != NULL; i++) {
		gh_text_put(out, i == 0 ? "\n    " : ",\n    ");
		put_rule(l->arena, lint_about(i), out);
	}
	gh_text_put(out, "]}},\n  \"columnKind\": \"unicodeCodePoints\",\n");
	gh_text_put(
	    out, "  \"invocations\": [{\"executionSuccessful\": true, \"toolExecutionNotifications\": [");
	put_notifications(l, out);
	gh_text_put(out, "]}],\n  \"results\": [");
	for (i = 0; i < l->n_findings; i++) {
		gh_text_put(out, i == 0 ? "\n    " : ",\n    ");
		put_result(l, &l->findings[i], out);
	}
	gh_text_put(out, "]\n}]}\n");
}
