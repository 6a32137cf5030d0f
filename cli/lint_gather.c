#include "base/ban.h"
#include "cli/lint_folder.h"
#include "base/io.h"
#include "migration/name.h"

#include <sys/stat.h>

static bool
is_taken(enum convention_as as)
{
	return as != CONVENTION_IGNORED && as != CONVENTION_CODE && as != CONVENTION_INDEX && as != 0;
}

/* The file within a folder, when the folder's convention takes it. */
static bool
taken_in(struct cli_lint *l, const char *folder, const char *name, const struct convention *given,
    struct cli_lint_folder **ret, size_t *ret_i)
{
	struct cli_lint_folder *f = NULL;
	const struct convention_file *e;
	struct gh_err ignored = { 0 };

	if (cli_lint_folder_get(l, folder, given, &f, &ignored) != GH_OK || f->c == NULL)
		return false;
	e = convention_path(&f->reading.folder, name);
	if (e == NULL || !is_taken(e->as))
		return false;
	*ret = f;
	*ret_i = (size_t)(e - f->reading.folder.files);
	return true;
}

/* Around it no convention is known: what it holds is plain SQL. */
static void
gather_plain(struct cli_lint *l, const char *path, const struct stat *st)
{
	struct cli_lint_file file = {
		.path = name_printable(path, l->arena), .convention = "", .as = CONVENTION_UP, .reason = ""
	};
	struct convention_text text;
	GH_TEXT bytes = { 0 };
	struct gh_err why = { 0 };
	const char *raw;

	if (gh_folder_plain(st, &why) != GH_OK ||
	    gh_file_read(path, GH_FOLDER_FILE_SIZE, &bytes, &why) != GH_OK) {
		file.as = CONVENTION_REFUSED;
		file.reason = gh_strdup(l->arena, why.msg);
		cli_lint_problem(l, cli_lint_file_add(l, &file), "", "refused-file", file.reason);
		return;
	}
	raw = gh_strndup(l->arena, gh_text_str(&bytes), bytes.len);
	reading_text(l->arena, file.path, raw, bytes.len, &text);
	file.text = text.sql;
	file.len = text.len;
	cli_lint_folder_plain(l, cli_lint_file_add(l, &file), &text);
}

/* The folder that it lies in, or the one above: some tools keep each migration in a folder of its own. */
static enum gh_code
gather_file(struct cli_lint *l, const char *path, const struct convention *given, const struct stat *st,
    struct gh_err *err)
{
	char *folder = gh_strdup(l->arena, path);
	struct cli_lint_folder *f = NULL;
	const char *name = path;
	char *slash;
	size_t i = 0, up;

	if (!S_ISREG(st->st_mode)) {
		gather_plain(l, path, st);
		return GH_OK;
	}
	for (up = 0; up < 2; up++) {
		slash = strrchr(folder, '/');
		if (slash == folder)
			break;
		name = slash == NULL ? path : path + (slash - folder) + 1;
		if (slash != NULL)
			*slash = '\0';
		if (taken_in(l, slash == NULL ? "." : folder, name, given, &f, &i)) {
			cli_lint_folder_take_file(l, f, i);
			return GH_OK;
		}
		if (slash == NULL)
			break;
		folder = gh_strdup(l->arena, folder);
	}
	if (given != NULL)
		return gh_fail(err, GH_BAD_INPUT, "%s is no migration of %s", path, given->name);
	gather_plain(l, path, st);
	return GH_OK;
}

static enum gh_code
gather_folder(struct cli_lint *l, const char *path, const struct convention *given, struct gh_err *err)
{
	struct cli_lint_folder *f = NULL;

	GH_TRY(cli_lint_folder_get(l, path, given, &f, err));
	if (f->several)
		return gh_fail(err, GH_BAD_INPUT, "%s: %s (here: --convention NAME)", path, f->why);
	cli_lint_folder_take(l, f);
	return GH_OK;
}

static enum gh_code
convention_of(const char *name, const struct convention **ret, struct gh_err *err)
{
	char names[400] = "";
	size_t i, len = 0;

	*ret = NULL;
	if (name == NULL || (*ret = convention_find(name)) != NULL)
		return GH_OK;
	for (i = 0; convention_all[i] != NULL && len < sizeof(names); i++)
		len += (size_t)snprintf(
		    names + len, sizeof(names) - len, "%s%s", i == 0 ? "" : ", ", convention_all[i]->name);
	return gh_fail(err, GH_BAD_INPUT, "there is no convention \"%s\": %s", name, names);
}

enum gh_code
cli_lint_gather(struct cli_lint *l, const char *path, const char *convention, struct gh_err *err)
{
	const struct convention *given = NULL;
	char *clean = gh_strdup(l->arena, path);
	size_t len = strlen(clean);
	struct stat st;

	GH_TRY(convention_of(convention, &given, err));
	while (len > 1 && clean[len - 1] == '/')
		clean[--len] = '\0';
	while (strncmp(clean, "./", 2) == 0 && clean[2] != '/' && clean[2] != '\0')
		clean += 2;
	if (lstat(clean, &st) != 0)
		return gh_fail_errno(err, GH_BAD_INPUT, "%s", path);
	if (S_ISLNK(st.st_mode)) {
		struct stat behind;

		if (stat(clean, &behind) == 0 && S_ISDIR(behind.st_mode))
			st = behind;
	}
	if (S_ISDIR(st.st_mode))
		return gather_folder(l, clean, given, err);
	return gather_file(l, clean, given, &st, err);
}
