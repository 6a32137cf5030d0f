#include "base/ban.h"
#include "cli/lint_folder.h"

#define EXCERPT 160 /* characters of a line that are shown */

/* Control characters would move the terminal's cursor; a tab is one blank, so that the caret fits. */
static void
put_plain(struct gh_text *out, const char *s, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		gh_text_put_n(out, (unsigned char)s[i] < 0x20 || s[i] == 0x7f ? " " : s + i, 1);
}

static bool
begins(const char *s, size_t at)
{
	return ((unsigned char)s[at] & 0xc0) != 0x80;
}

/* The line with a caret under the column; long ones are cut around it. */
static void
put_excerpt(struct gh_text *out, const struct cli_lint_file *f, const struct lint_finding *is)
{
	size_t len = 0, i, from = 0, to = 0;
	const char *line = cli_lint_line(f, is->line, &len);
	int64_t first = is->column > EXCERPT / 2 ? is->column - EXCERPT / 2 : 1, column = 0, n;

	if (line == NULL || len == 0)
		return;
	for (i = 0; i <= len; i++) {
		if (i < len && !begins(line, i))
			continue;
		column++;
		if (column <= first)
			from = i;
		if (column <= first + EXCERPT)
			to = i;
	}
	gh_text_putf(out, "%6" PRId64 " | ", is->line);
	put_plain(out, line + from, to - from);
	gh_text_put(out, "\n       | ");
	for (n = first; n < is->column && n < column; n++)
		gh_text_putc(out, ' ');
	gh_text_put(out, "^\n");
}

static void
put_rewrite(struct gh_text *out, const char *rewrite)
{
	const char *at = rewrite, *end;

	while (*at != '\0') {
		end = strchr(at, '\n');
		if (end == NULL)
			end = at + strlen(at);
		if (end > at) {
			gh_text_put(out, "         ");
			put_plain(out, at, (size_t)(end - at));
		}
		gh_text_putc(out, '\n');
		at = *end == '\0' ? end : end + 1;
	}
}

static void
put_finding(struct gh_text *out, const struct cli_lint_file *f, const struct lint_finding *is)
{
	gh_text_putf(out, "%s:%" PRId64 ":%" PRId64 ": %s %s: ", f->path, is->line, is->column,
	    cli_lint_level(is->level), is->rule);
	put_plain(out, is->message, strlen(is->message));
	gh_text_putc(out, '\n');
	put_excerpt(out, f, is);
	if (*is->rewrite != '\0') {
		gh_text_put(out, "       safe:\n");
		put_rewrite(out, is->rewrite);
	}
}

/* By whose rules it was read, and why. */
static void
put_folder(struct gh_text *out, const struct cli_lint_folder *f)
{
	put_plain(out, f->path, strlen(f->path));
	gh_text_put(out, f->c == NULL ? ": read as plain SQL: " : ": read as ");
	put_plain(out, f->why, strlen(f->why));
	gh_text_putc(out, '\n');
}

static void
put_count(struct gh_text *out, size_t n, const char *word)
{
	gh_text_putf(out, "%zu %s%s", n, word, n == 1 ? "" : "s");
}

void
cli_lint_text(const struct cli_lint *l, struct gh_text *out)
{
	const struct cli_lint_folder *folder;
	size_t i, migrations = 0;

	for (i = 0; i < l->n_findings; i++) {
		const struct cli_lint_finding *f = &l->findings[i];

		if (f->is.ignored == NULL)
			put_finding(out, &l->files[f->file], &f->is);
	}
	for (folder = l->folders; folder != NULL; folder = folder->next) {
		if (folder->whole && *folder->why != '\0')
			put_folder(out, folder);
	}
	/* Nothing is left out silently. */
	for (i = 0; i < l->n_files; i++) {
		const struct cli_lint_file *f = &l->files[i];

		if (f->as == CONVENTION_IGNORED || f->as == CONVENTION_CODE)
			gh_text_putf(out, "%s: not looked at: %s\n", f->path,
			    *f->reason == '\0' ? "no migration" : f->reason);
		else
			migrations++;
	}
	put_count(out, l->counts[LINT_ERROR], "error");
	gh_text_put(out, ", ");
	put_count(out, l->counts[LINT_WARNING], "warning");
	gh_text_put(out, ", ");
	put_count(out, l->counts[LINT_NOTICE], "notice");
	gh_text_put(out, " in ");
	put_count(out, migrations, "file");
	if (l->ignored > 0)
		gh_text_putf(out, "; %zu ignored with a reason", l->ignored);
	gh_text_putc(out, '\n');
}
