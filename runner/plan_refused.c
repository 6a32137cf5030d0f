#include "base/ban.h"
#include "runner/plan_refused.h"
#include "base/io.h"

#define DATE_DIGITS 8 /* from here on a version is a date and time, which sorts from its left */

static size_t
digits(const char *s)
{
	return strspn(s, "0123456789");
}

/* The number that a file has in its name, as a number of the same kind as version. */
static int64_t
place(const char *file, const char *version)
{
	char text[20] = "0000000000000000000";
	size_t have = digits(file), want = strlen(version), n = have;
	int64_t ret;

	if (want >= DATE_DIGITS && want < sizeof(text)) {
		memcpy(text, file, have < want ? have : want);
		n = want;
	} else if (have < sizeof(text)) {
		memcpy(text, file, have);
	} else {
		return INT64_MAX;
	}
	text[n] = '\0';
	return gh_parse_i64(text, 0, INT64_MAX, &ret) ? ret : INT64_MAX;
}

/* Whether file is called key with one of the endings that mean a way back, .sql apart. */
static bool
is_back_of(const char *file, const char *key)
{
	static const char *const endings[] = { "_down.", ".down.", "_undo.", ".undo.", "_rollback.",
		".rollback.", "_revert.", ".revert." };
	size_t len = strlen(key), i;

	if (strncmp(file, key, len) != 0)
		return false;
	for (i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		if (strncmp(file + len, endings[i], strlen(endings[i])) == 0)
			return true;
	}
	return false;
}

/* The name without its folders. */
static const char *
base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash == NULL ? path : slash + 1;
}

/* A file that has a migration already is in the way of nothing but that: its problem tells. */
static bool
stands_alone(const struct store_file *f)
{
	return f->key[0] == '\0' && digits(base_name(f->file)) > 0;
}

static bool
is_back_of_any(const char *name, const struct store_migrations *list)
{
	size_t i;

	for (i = 0; i < list->n; i++) {
		if (is_back_of(name, list->rows[i].key))
			return true;
	}
	return false;
}

static enum gh_code
refuse(const struct store_file *f, struct gh_err *err)
{
	return gh_fail(err, GH_CONFLICT,
	    "a run must not jump over %s, which is refused (%s): mend it or take it out of the folder",
	    f->file, f->reason);
}

enum gh_code
plan_refused_goal(const struct store_files *files, const char *to, struct gh_err *err)
{
	int64_t number;
	size_t i;

	for (i = 0; i < files->n; i++) {
		const char *file = base_name(files->rows[i].file);
		size_t len = strlen(to);

		if ((strncmp(file, to, len) == 0 && strcmp(file + len, ".sql") == 0) ||
		    (digits(file) > 0 && gh_parse_i64(to, 0, INT64_MAX, &number) &&
			place(file, "") == number))
			return gh_fail(err, GH_CONFLICT, "%s is refused and cannot run: %s",
			    files->rows[i].file, files->rows[i].reason);
	}
	return GH_OK;
}

enum gh_code
plan_refused_up(const struct store_files *files, const struct store_migration *last,
    const struct store_migrations *todo, const struct store_migrations *applied, struct gh_err *err)
{
	int64_t number = 0;
	size_t i;

	/* Where versions are no numbers, a file's name does not say where it would stand. */
	if (last != NULL && !gh_parse_i64(last->version, 0, INT64_MAX, &number))
		return GH_OK;
	for (i = 0; i < files->n; i++) {
		const char *file = base_name(files->rows[i].file);

		if (!stands_alone(&files->rows[i]) || is_back_of_any(file, todo) ||
		    is_back_of_any(file, applied))
			continue;
		if (last == NULL || place(file, last->version) <= number)
			return refuse(&files->rows[i], err);
	}
	return GH_OK;
}

enum gh_code
plan_refused_back(const struct store_files *files, const struct plan_pick *p, struct gh_err *err)
{
	size_t i, k;

	for (i = 0; i < files->n; i++) {
		const struct store_file *f = &files->rows[i];

		for (k = 0; k < p->n; k++) {
			if (!p->rows[k]->has_down && is_back_of(base_name(f->file), p->rows[k]->key))
				return gh_fail(err, GH_CONFLICT,
				    "%s, the way back of %s, is refused (%s): mend it or take it out of the "
				    "folder",
				    f->file, p->rows[k]->key, f->reason);
		}
	}
	return GH_OK;
}
