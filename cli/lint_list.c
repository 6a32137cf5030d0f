#include "base/ban.h"
#include "cli/lint.h"

/* Room for one more; the smaller piece is left in the arena. */
static void *
grown(struct gh_arena *a, void *items, size_t n, size_t *cap, size_t size)
{
	void *more;

	if (n < *cap)
		return items;
	*cap = *cap == 0 ? 64 : *cap * 2;
	more = gh_alloc_n(a, *cap, size);
	if (n > 0)
		memcpy(more, items, n * size);
	return more;
}

size_t
cli_lint_file_add(struct cli_lint *l, const struct cli_lint_file *f)
{
	l->files = grown(l->arena, l->files, l->n_files, &l->cap_files, sizeof(*f));
	l->files[l->n_files] = *f;
	return l->n_files++;
}

void
cli_lint_side_add(struct cli_lint *l, const struct cli_lint_side *s)
{
	l->sides = grown(l->arena, l->sides, l->n_sides, &l->cap_sides, sizeof(*s));
	l->sides[l->n_sides++] = *s;
}

void
cli_lint_finding_add(struct cli_lint *l, const struct cli_lint_finding *f)
{
	l->findings = grown(l->arena, l->findings, l->n_findings, &l->cap_findings, sizeof(*f));
	l->findings[l->n_findings++] = *f;
	if (f->is.ignored != NULL)
		l->ignored++;
	else
		l->counts[f->is.level]++;
}

/* ":12" at *at: takes it. */
static bool
take_number(const char **at, int64_t *ret)
{
	const char *s = *at;
	int64_t v = 0;

	if (*s++ != ':' || *s < '1' || *s > '9')
		return false;
	while (*s >= '0' && *s <= '9' && v < INT32_MAX)
		v = v * 10 + (*s++ - '0');
	*ret = v;
	*at = s;
	return true;
}

/* The file's name in front: with or without the folders above it. */
static const char *
behind_name(const char *problem, const char *path)
{
	const char *name = path;
	size_t len;

	for (;;) {
		len = strlen(name);
		if (len > 0 && strncmp(problem, name, len) == 0 && problem[len] == ':')
			return problem + len;
		name = strchr(name, '/');
		if (name == NULL)
			return NULL;
		name++;
	}
}

void
cli_lint_problem_read(
    const struct cli_lint *l, struct cli_lint_finding *f, const char *rule, const char *problem)
{
	const char *at = behind_name(problem, l->files[f->file].path);

	f->is = (struct lint_finding){
		.rule = rule, .level = LINT_ERROR, .line = 1, .column = 1, .table = "", .rewrite = ""
	};
	if (at != NULL) {
		if (take_number(&at, &f->is.line))
			(void)take_number(&at, &f->is.column);
		if (strncmp(at, ": ", 2) == 0)
			problem = at + 2;
	}
	f->is.message = gh_strdup(l->arena, problem);
}

void
cli_lint_problem(struct cli_lint *l, size_t file, const char *side, const char *rule, const char *problem)
{
	struct cli_lint_finding f = { .file = file, .side = side };

	cli_lint_problem_read(l, &f, rule, problem);
	cli_lint_finding_add(l, &f);
}

const char *
cli_lint_line(const struct cli_lint_file *f, int64_t line, size_t *ret_len)
{
	const char *at = f->text, *end, *stop;

	if (at == NULL)
		return NULL;
	for (end = at + f->len; line > 1; line--) {
		at = memchr(at, '\n', (size_t)(end - at));
		if (at == NULL)
			return NULL;
		at++;
	}
	stop = memchr(at, '\n', (size_t)(end - at));
	*ret_len = (size_t)((stop == NULL ? end : stop) - at);
	if (*ret_len > 0 && at[*ret_len - 1] == '\r')
		--*ret_len;
	return at;
}

const char *
cli_lint_level(enum lint_level level)
{
	static const char *const words[] = {
		[LINT_NOTICE] = "notice", [LINT_WARNING] = "warning", [LINT_ERROR] = "error"
	};

	return words[level];
}
