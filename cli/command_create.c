#include "base/ban.h"
#include "base/clock.h"
#include "base/io.h"
#include "cli/cli.h"
#include "migration/name.h"
#include "migration/reading.h"
#include "migration/status.h"

#include <sys/syscall.h>
#include <linux/openat2.h>

/*
 * Writes the files of a new migration as the folder's convention wants them.  Offline: no runner is asked.
 * Nothing is overwritten and nothing is written outside the folder.
 */

#define DESCRIPTION_MAX 200 /* bytes */
#define SLUG_MAX        80

/* All words of the call as one line. */
static enum gh_code
description_of(struct cli *c, const char **ret, struct gh_err *err)
{
	GH_TEXT text = { 0 };
	const char *p;
	int i;

	for (i = 0; i < c->n_args; i++)
		gh_text_putf(&text, "%s%s", i > 0 ? " " : "", c->args[i]);
	if (text.len == 0)
		return gh_fail(
		    err, GH_BAD_INPUT, "describe the change: gatehouse create \"add user photos\"");
	if (text.len > DESCRIPTION_MAX)
		return gh_fail(err, GH_BAD_INPUT, "the description is longer than %d bytes", DESCRIPTION_MAX);
	if (!gh_utf8_valid(gh_text_str(&text), text.len, NULL))
		return gh_fail(err, GH_BAD_INPUT, "the description is not UTF-8");
	for (p = gh_text_str(&text); *p != '\0'; p++) {
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			return gh_fail(err, GH_BAD_INPUT, "the description holds a control character");
	}
	*ret = gh_strdup(c->arena, gh_text_str(&text));
	return GH_OK;
}

/* Lower case, everything else one underscore. */
static enum gh_code
slug_of(struct gh_arena *a, const char *description, const char **ret, struct gh_err *err)
{
	char *slug = gh_alloc(a, SLUG_MAX + 1);
	size_t n = 0;

	for (; *description != '\0' && n < SLUG_MAX; description++) {
		unsigned char ch = (unsigned char)*description;

		if (ch < 0x80 && isalnum(ch))
			slug[n++] = (char)tolower(ch);
		else if (n > 0 && slug[n - 1] != '_')
			slug[n++] = '_';
	}
	while (n > 0 && slug[n - 1] == '_')
		n--;
	slug[n] = '\0';
	if (n == 0)
		return gh_fail(
		    err, GH_BAD_INPUT, "the description gives no file name: use some letters from a to z");
	*ret = slug;
	return GH_OK;
}

static enum gh_code
convention_of(struct cli *c, const struct convention_folder *f, const char *path,
    const struct convention **ret, struct gh_err *err)
{
	struct convention_detected detected;
	GH_TEXT names = { 0 };
	size_t i;

	if (c->convention != NULL) {
		*ret = convention_find(c->convention);
		if (*ret == NULL)
			return gh_fail(err, GH_BAD_INPUT,
			    "there is no convention \"%s\": gatehouse.conf(5) lists them", c->convention);
		return GH_OK;
	}
	convention_detect(f, &detected);
	*ret = detected.c;
	if (detected.c != NULL)
		return GH_OK;
	for (i = 0;
	     i < detected.n && detected.candidates[i].fit.strength == detected.candidates[0].fit.strength;
	     i++)
		gh_text_putf(&names, "%s%s", i > 0 ? ", " : "", detected.candidates[i].c->name);
	if (detected.n > 0)
		return gh_fail(err, GH_CONFLICT,
		    "several conventions fit %s: choose one with --convention: %s", path,
		    gh_text_str(&names));
	return gh_fail(err, GH_NOT_FOUND,
	    "no convention fits what is in %s: name one with --convention, as gatehouse.conf(5) lists them",
	    path);
}

static int
open_beneath(int dir, const char *path, uint64_t flags, uint64_t mode)
{
	struct open_how how = { .flags = flags | O_CLOEXEC,
		.mode = mode,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS };

	return (int)syscall(SYS_openat2, dir, path, &how, sizeof(how));
}

/* Makes the folders that the path needs; *ret_dir is that of its last part. */
static enum gh_code
parent_make(int top, const char *path, int *ret_dir, struct gh_err *err)
{
	GH_FD int dir = open_beneath(top, ".", O_RDONLY | O_DIRECTORY, 0);
	const char *slash;

	for (; dir >= 0 && (slash = strchr(path, '/')) != NULL; path = slash + 1) {
		char part[NAME_MAX_BYTES + 1];
		int next;

		if ((size_t)(slash - path) >= sizeof(part))
			return gh_fail(err, GH_BAD_INPUT, "the name %s is too long", path);
		memcpy(part, path, (size_t)(slash - path));
		part[slash - path] = '\0';
		if (mkdirat(dir, part, 0777) == 0) {
			if (fsync(dir) != 0)
				return gh_fail_errno(err, GH_UNAVAILABLE, "cannot keep the folder %s", part);
		} else if (errno != EEXIST) {
			return gh_fail_errno(err, GH_FORBIDDEN, "cannot make the folder %s", part);
		}
		next = open_beneath(dir, part, O_RDONLY | O_DIRECTORY, 0);
		gh_fd_done(&dir);
		dir = next;
	}
	if (dir < 0)
		return gh_fail_errno(err, GH_FORBIDDEN, "cannot open the folder of %s", path);
	*ret_dir = gh_fd_take(&dir);
	return GH_OK;
}

static enum gh_code
file_write(int top, const struct convention_new *file, struct gh_err *err)
{
	GH_FD int dir = -1;
	GH_FD int fd = -1;
	const char *name = name_base(file->path);
	enum gh_code code;

	GH_TRY(parent_make(top, file->path, &dir, err));
	fd = open_beneath(dir, name, O_WRONLY | O_CREAT | O_EXCL, 0666);
	if (fd < 0 && errno == EEXIST)
		return gh_fail(err, GH_CONFLICT,
		    "%s exists already and is left as it is: nothing was created", file->path);
	if (fd < 0)
		return gh_fail_errno(err, GH_FORBIDDEN, "cannot create %s", file->path);
	code = gh_write_all(fd, file->text, strlen(file->text), err);
	if (code == GH_OK && (fsync(fd) != 0 || fsync(dir) != 0))
		code = gh_fail_errno(err, GH_UNAVAILABLE, "cannot keep %s", file->path);
	if (code != GH_OK)
		(void)unlinkat(dir, name, 0);
	return code;
}

/* All or none. */
static enum gh_code
files_write(const char *path, const struct convention_create *new, struct gh_err *err)
{
	GH_FD int top = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	enum gh_code code = GH_OK;
	size_t i;

	if (top < 0)
		return gh_fail_errno(err, GH_NOT_FOUND, "cannot open the folder %s", path);
	for (i = 0; code == GH_OK && i < new->n; i++)
		code = file_write(top, &new->files[i], err);
	if (code == GH_OK)
		return GH_OK;
	/* The last one was not written. */
	for (i--; i > 0; i--)
		(void)unlinkat(top, new->files[i - 1].path, 0);
	return code;
}

static void
print(const struct cli *c, const char *path, const struct convention *convention,
    const struct convention_create *new)
{
	GH_TEXT out = { 0 };
	const char *slash = path[strlen(path) - 1] == '/' ? "" : "/";
	size_t i;

	if (c->json) {
		gh_text_put(&out, "{\"convention\": ");
		gh_text_put_json(&out, convention->name);
		gh_text_put(&out, ", \"files\": [");
	}
	for (i = 0; i < new->n; i++) {
		const char *file = gh_printf(c->arena, "%s%s%s", path, slash, new->files[i].path);

		if (!c->json) {
			gh_text_putf(&out, "created %s\n", file);
			continue;
		}
		gh_text_put(&out, i > 0 ? ", " : "");
		gh_text_put_json(&out, file);
	}
	if (c->json)
		gh_text_put(&out, "]}\n");
	(void)fputs(gh_text_str(&out), stdout);
}

static enum gh_code
create(struct cli *c, enum cli_exit *ret, struct gh_err *err)
{
	const char *path = c->folder == NULL || c->folder[0] == '\0' ? "." : c->folder;
	struct convention_create new = { .slug = "", .description = "", .now = gh_clock_now() };
	READING r = { .disk = { .fd = -1 } };
	const struct convention *convention = NULL;
	struct convention_found found;

	GH_TRY(description_of(c, &new.description, err));
	GH_TRY(slug_of(c->arena, new.description, &new.slug, err));
	GH_TRY(reading_open(&r, path, c->arena, err));
	GH_TRY(convention_of(c, &r.folder, path, &convention, err));
	convention_read(convention, &r.folder, &found);
	if (convention->create == NULL)
		return gh_fail(
		    err, GH_CONFLICT, "files of %s are made by the tool itself", convention->title);
	convention->create(&found, c->arena, &new);
	if (new.refused != NULL)
		return gh_fail(err, GH_CONFLICT, "%s: %s", convention->title, new.refused);
	if (new.n == 0)
		gh_bug("%s creates no files and does not say why", convention->name);
	GH_TRY(files_write(path, &new, err));
	print(c, path, convention, &new);
	if (found.problem[0] != '\0')
		(void)fprintf(stderr, "gatehouse: nothing of this folder runs as it is: %s\n", found.problem);
	*ret = CLI_OK;
	return GH_OK;
}

const struct cli_command cli_command_create = {
	.name = "create",
	.usage = "DESCRIPTION [--folder PATH] [--convention NAME]",
	.help = "Write the file of a new migration, without runner and database",
	.run = create,
};
