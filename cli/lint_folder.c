#include "base/ban.h"
#include "cli/lint_folder.h"
#include "migration/status.h"

#include <sys/stat.h>

/* How a path beneath a folder is shown. */
static const char *
join(struct gh_arena *a, const char *folder, const char *name)
{
	size_t len = strlen(folder);

	if (strcmp(folder, ".") == 0)
		return name;
	return gh_printf(a, "%s%s%s", folder, len > 0 && folder[len - 1] == '/' ? "" : "/", name);
}

static bool
is_sql(const char *path)
{
	size_t len = strlen(path);

	return len > 4 && strcasecmp(path + len - 4, ".sql") == 0;
}

/* What no convention reads is plain SQL when its name says so. */
static void
read_plain(struct cli_lint_folder *f)
{
	struct convention_folder *all = &f->reading.folder;
	size_t i;

	for (i = 0; i < all->n; i++) {
		struct convention_file *e = &all->files[i];

		e->reason = e->key = "";
		if (e->folder || *e->odd != '\0' || !is_sql(e->path)) {
			e->as = CONVENTION_IGNORED;
			e->reason = *e->odd != '\0' ? e->odd : "its name does not end in .sql";
		} else {
			e->as = CONVENTION_UP;
		}
	}
}

static void
choose(struct cli_lint_folder *f, const struct convention *given)
{
	struct convention_detected d;

	f->c = given;
	f->why = "";
	if (given == NULL) {
		convention_detect(&f->reading.folder, &d);
		f->c = d.c;
		f->why = d.why;
		f->several = d.c == NULL && d.n > 1;
	}
	if (f->c != NULL)
		convention_read(f->c, &f->reading.folder, &f->found);
	else
		read_plain(f);
}

/* From the list when it is there already. */
enum gh_code
cli_lint_folder_get(struct cli_lint *l, const char *path, const struct convention *given,
    struct cli_lint_folder **ret, struct gh_err *err)
{
	struct cli_lint_folder *f;
	struct stat st;

	if (stat(path, &st) != 0)
		return gh_fail_errno(err, GH_BAD_INPUT, "%s", path);
	for (f = l->folders; f != NULL; f = f->next) {
		if (f->dev == st.st_dev && f->ino == st.st_ino) {
			*ret = f;
			return GH_OK;
		}
	}
	f = gh_alloc(l->arena, sizeof(*f));
	f->dev = st.st_dev;
	f->ino = st.st_ino;
	f->path = path;
	f->reading.disk.fd = -1;
	GH_TRY(reading_open(&f->reading, path, l->arena, err));
	f->place = gh_alloc_n(l->arena, f->reading.folder.n, sizeof(*f->place));
	choose(f, given);
	f->next = l->folders;
	l->folders = f;
	*ret = f;
	return GH_OK;
}

void
cli_lint_done(struct cli_lint *l)
{
	struct cli_lint_folder *f;

	for (f = l->folders; f != NULL; f = f->next)
		reading_done(&f->reading);
	l->folders = NULL;
}

/* ---- one folder's files and sides ---- */

static void
add_file(struct cli_lint *l, struct cli_lint_folder *f, size_t i)
{
	struct convention_folder *all = &f->reading.folder;
	struct convention_file *e = &all->files[i];
	struct cli_lint_file file = { .as = e->as, .reason = e->reason };
	const struct convention_text *text = NULL;

	if (f->place[i] != 0)
		return;
	file.path = join(l->arena, f->path, e->shown);
	file.convention = f->c == NULL ? "" : f->c->name;
	if (e->as != CONVENTION_IGNORED && e->as != CONVENTION_CODE && !e->folder)
		text = all->read(all, e);
	/* A file that cannot be read is refused in this moment. */
	file.as = e->as;
	file.reason = e->reason;
	if (text != NULL) {
		file.text = text->sql;
		file.len = text->len;
	}
	f->place[i] = 1 + cli_lint_file_add(l, &file);
	if (file.as == CONVENTION_REFUSED)
		cli_lint_problem(l, f->place[i] - 1, "", "refused-file", file.reason);
}

/* Number of the file that a side or problem names; false when it was not asked for. */
static bool
file_of(const struct cli_lint_folder *f, const char *shown, size_t *ret)
{
	const struct convention_folder *all = &f->reading.folder;
	const struct convention_file *e = convention_path(all, shown);
	size_t i;

	for (i = 0; e == NULL && i < all->n; i++) {
		if (strcmp(all->files[i].shown, shown) == 0)
			e = &all->files[i];
	}
	if (e == NULL)
		return false;
	*ret = f->place[e - all->files] - 1;
	return f->place[e - all->files] != 0;
}

/* said: the problem that the up of the same file has; both directions of a file that cannot be split have it.
 */
static void
add_side(struct cli_lint *l, size_t file, const char *name, const struct convention_side *s,
    const struct sql_text *rest, const char *said)
{
	struct cli_lint_side side = { .file = file, .name = name, .problem = s->problem, .sql = *rest };

	if (*s->problem != '\0' && strcmp(s->problem, said) != 0)
		cli_lint_problem(l, file, name, "cannot-run", s->problem);
	side.sql.sql = s->sql;
	side.sql.len = s->len;
	side.sql.file = l->files[file].path;
	side.sql.head = s->head;
	side.sql.first_line = s->first_line;
	side.sql.mode = s->mode;
	side.sql.row_outside = s->row_outside;
	side.sql.may_be_empty = s->may_be_empty;
	side.sql.n_pieces = s->n_pieces;
	side.sql.pieces = s->pieces;
	cli_lint_side_add(l, &side);
}

static void
add_migration(struct cli_lint *l, const struct cli_lint_folder *f, const struct convention_migration *m)
{
	struct sql_text up = { .back = "", .opt_out = f->c->opt_out, .one_way = convention_one_way(f->c) },
			other = up;
	size_t file;

	up.has_down = m->down.present;
	if (m->down.present && *m->down.problem == '\0')
		up.back = m->down.sql;
	if (*m->problem != '\0' && file_of(f, m->file, &file))
		cli_lint_problem(l, file, "", "cannot-run", m->problem);
	if (m->up.present && file_of(f, m->up.file, &file))
		add_side(l, file, "up", &m->up, &up, "");
	other.down = true;
	if (m->down.present && file_of(f, m->down.file, &file))
		add_side(l, file, "down", &m->down, &other, m->up.present ? m->up.problem : "");
	other.down = false;
	other.verify = true;
	if (m->verify.present && file_of(f, m->verify.file, &file))
		add_side(l, file, "verify", &m->verify, &other, "");
}

/* Migrations of which nothing was taken before. */
static void
add_migrations(struct cli_lint *l, const struct cli_lint_folder *f, size_t first_file)
{
	size_t i, file;

	for (i = 0; i < f->found.n; i++) {
		const struct convention_migration *m = &f->found.migrations[i];

		if (!m->code && file_of(f, m->file, &file) && file >= first_file)
			add_migration(l, f, m);
	}
}

/* A text that no convention has taken apart. */
void
cli_lint_folder_plain(struct cli_lint *l, size_t file, const struct convention_text *text)
{
	struct sql_text up = { .back = "", .mode = CONVENTION_AUTO, .one_way = true };
	struct convention_side side = { .present = true, .first_line = 1, .may_be_empty = true };

	side.sql = text->sql;
	side.len = text->len;
	side.problem = text->problem;
	side.head = text->sql;
	if (*side.problem == '\0' && text->bom)
		side.problem = gh_printf(l->arena,
		    "%s:1:1: begins with a byte order mark (BOM): save it as UTF-8 without one",
		    l->files[file].path);
	add_side(l, file, "up", &side, &up, "");
}

static void
add_plain_of(struct cli_lint *l, struct cli_lint_folder *f, size_t i)
{
	struct convention_folder *all = &f->reading.folder;
	const struct convention_text *text;

	if (l->files[f->place[i] - 1].as == CONVENTION_UP && (text = all->read(all, &all->files[i])) != NULL)
		cli_lint_folder_plain(l, f->place[i] - 1, text);
}

/* What holds for the folder and not for one of its files. */
static void
add_folder(struct cli_lint *l, const struct cli_lint_folder *f)
{
	struct cli_lint_file as = {
		.path = f->path, .convention = f->c->name, .as = CONVENTION_INDEX, .reason = ""
	};
	size_t i, file;

	if (*f->found.problem == '\0' && f->found.n_notes == 0)
		return;
	file = cli_lint_file_add(l, &as);
	if (*f->found.problem != '\0')
		cli_lint_problem(l, file, "", "folder", f->found.problem);
	for (i = 0; i < f->found.n_notes; i++) {
		struct cli_lint_finding note = { .file = file, .side = "" };

		note.is = (struct lint_finding){ .rule = "folder-note",
			.level = LINT_NOTICE,
			.line = 1,
			.column = 1,
			.table = "",
			.rewrite = "",
			.message = f->found.notes[i] };
		cli_lint_finding_add(l, &note);
	}
}

void
cli_lint_folder_take(struct cli_lint *l, struct cli_lint_folder *f)
{
	size_t i, first;

	if (f->whole)
		return;
	f->whole = true;
	if (f->c != NULL)
		add_folder(l, f);
	first = l->n_files;
	for (i = 0; i < f->reading.folder.n; i++) {
		const struct convention_file *e = &f->reading.folder.files[i];

		/* Of a folder that is looked into its files speak. */
		if (f->place[i] != 0 || (e->folder && *e->odd == '\0'))
			continue;
		add_file(l, f, i);
		if (f->c == NULL)
			add_plain_of(l, f, i);
	}
	add_migrations(l, f, first);
}

void
cli_lint_folder_take_file(struct cli_lint *l, struct cli_lint_folder *f, size_t i)
{
	size_t first = l->n_files;

	if (f->place[i] != 0)
		return;
	add_file(l, f, i);
	add_migrations(l, f, first);
}
