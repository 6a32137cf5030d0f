#include "base/ban.h"
#include "migration/convention.h"
#include "migration/found.h"
#include "migration/liquibase_line.h"
#include "migration/liquibase_parse.h"
#include "migration/liquibase_tracking.h"
#include "migration/name.h"
#include "migration/status.h"

/*
 * Liquibase's formatted SQL: several changesets a file, each a migration.  What identifies one is path, id
 * and author; its key here is how the tool prints the three, PATH::ID::AUTHOR.  Liquibase:
 * parser/AbstractFormattedChangeLogParser.java, changelog/ChangeSet.java,
 * sqlgenerator/core/CreateDatabaseChangeLog*Generator.java, lockservice/StandardLockService.java.
 */

static bool
is_sql(const struct convention_file *e)
{
	return !e->folder && e->odd[0] == '\0' && name_ends(e->path, ".sql");
}

static void
liquibase_fit(const struct convention_folder *f, struct convention_fit *ret)
{
	struct convention_folder scratch = *f;
	size_t i, n = 0;

	for (i = 0; i < f->n; i++) {
		const struct convention_text *text;

		if (!is_sql(&f->files[i]))
			continue;
		text = f->read(&scratch, &f->files[i]);
		n += text != NULL && liquibase_formatted(text->sql, text->len);
	}
	if (n > 0)
		*ret = (struct convention_fit){ 3,
			gh_printf(f->arena, "%zu %s with \"--liquibase formatted sql\" on top", n,
			    n == 1 ? "file" : "files") };
}

/* ---- changesets ---- */

/* Why Liquibase would pass over a changeset; "" it would not. */
static const char *
passed_over(const struct convention_folder *f, const struct liquibase_set *s)
{
	const char *contexts = convention_option_find(f, "contexts"),
		   *labels = convention_option_find(f, "labels");

	if (s->ignore)
		return "it says ignore:true";
	if (s->dbms != NULL && !liquibase_for_postgresql(s->dbms))
		return gh_printf(f->arena, "it is for dbms:%s", s->dbms);
	if (contexts != NULL && contexts[0] != '\0' && s->context != NULL &&
	    !liquibase_holds(s->context, contexts))
		return gh_printf(f->arena, "its context %s does not hold for %s", s->context, contexts);
	if (labels != NULL && labels[0] != '\0' &&
	    !liquibase_holds(labels, s->labels == NULL ? "" : s->labels))
		return gh_printf(f->arena, "its labels do not fit %s", labels);
	return "";
}

static void
side_fill(struct convention_folder *f, const struct convention_text *text, const char *file, const char *sql,
    int64_t line, struct convention_side *ret)
{
	(void)f;
	*ret = (struct convention_side){ .present = true,
		.file = file,
		.sql = sql,
		.len = strlen(sql),
		.first_line = line,
		.row_outside = true,
		.problem = text->problem };
}

/* How the tool sends it: split or not, in a transaction or not. */
static void
side_mode(struct convention_folder *f, const struct liquibase_set *s, bool split, const char *delimiter,
    struct convention_side *ret)
{
	ret->mode = s->in_transaction ? CONVENTION_WRAPPED : split ? CONVENTION_EACH : CONVENTION_IMPLICIT;
	if (ret->problem[0] == '\0' && split)
		liquibase_split(f->arena, ret, delimiter);
	else if (ret->len > 0)
		found_piece(f->arena, ret, 0, ret->len);
}

static void
up_fill(struct convention_folder *f, const struct convention_text *text, const char *file,
    const struct liquibase_set *s, struct convention_migration *m)
{
	side_fill(f, text, file, s->sql, s->first_line, &m->up);
	side_mode(f, s, s->split, s->delimiter, &m->up);
	if (s->precondition != 0)
		m->up.problem = gh_printf(f->arena,
		    "%s:%" PRId64
		    ":1: a precondition, which Gatehouse does not ask: let Liquibase run this changeset",
		    file, s->precondition);
	else if (s->run_with != NULL && strcasecmp(s->run_with, "jdbc") != 0)
		m->up.problem = gh_printf(f->arena,
		    "%s:%" PRId64 ":1: runWith:%s, a program that Gatehouse does not have: let Liquibase run "
		    "this changeset",
		    file, s->line, s->run_with);
	else if (!s->fail_on_error)
		m->up.problem = gh_printf(f->arena,
		    "%s:%" PRId64 ":1: failOnError:false goes on after an error, which Gatehouse never does: "
		    "let Liquibase run this changeset",
		    file, s->line);
}

static void
down_fill(struct convention_folder *f, const struct convention_text *text, const char *file,
    const struct liquibase_set *s, struct convention_migration *m)
{
	if (s->back == LIQUIBASE_NO_BACK)
		return;
	side_fill(f, text, file, s->back == LIQUIBASE_BACK_SQL ? s->back_sql : "", s->back_line, &m->down);
	m->down.may_be_empty = s->back == LIQUIBASE_BACK_NOTHING;
	if (s->back == LIQUIBASE_BACK_OTHER)
		m->down.problem = gh_printf(f->arena,
		    "%s:%" PRId64 ":1: the way back is another changeset's, which is not done here", file,
		    s->back_line);
	side_mode(f, s, s->back_split, s->back_delimiter, &m->down);
}

static const char *
or_null(const char *text)
{
	return text == NULL || text[0] == '\0' ? NULL : text;
}

static void
migration(struct convention_folder *f, const struct convention_text *text, const char *path,
    const struct convention_file *e, const struct liquibase_set *s, struct convention_migration *m)
{
	struct gh_arena *a = f->arena;

	m->key = gh_printf(a, "%s::%s::%s", path, s->id, s->author);
	m->version = s->id;
	m->name = s->comment[0] != '\0' ? name_printable(s->comment, a) : s->author;
	m->file = e->shown;
	m->repeatable = s->on_change || s->always;
	up_fill(f, text, e->shown, s, m);
	down_fill(f, text, e->shown, s, m);
	m->checksum = liquibase_checksum(a, s->sql);
	found_fact(a, m, "id", s->id);
	found_fact(a, m, "author", s->author);
	found_fact(a, m, "path", path);
	found_fact(a, m, "comments", s->comment);
	found_fact(a, m, "contexts", or_null(s->context));
	found_fact(a, m, "labels", or_null(s->labels));
	found_fact(a, m, "valid", s->valid);
	found_fact(a, m, "always", s->always ? "1" : "0");
}

/* The path by which the tool knows a file: without what it strips, with the prefix that is configured. */
static const char *
path_of(const struct convention_folder *f, const struct convention_file *e, const struct liquibase_set *s)
{
	const char *prefix = convention_option_find(f, "path-prefix"), *path = s->path;

	if (path[0] == '\0')
		return gh_printf(f->arena, "%s%s", prefix == NULL ? "" : prefix, e->path);
	if (strncmp(path, "classpath:", strlen("classpath:")) == 0)
		path += strlen("classpath:");
	while (*path == '/' || (path[0] == '.' && path[1] == '/'))
		path++;
	return path;
}

static void
file_read(struct convention_folder *f, struct convention_file *e, struct convention_found *ret)
{
	const struct convention_text *text = f->read(f, e);
	struct liquibase_log log;
	size_t i;

	if (text == NULL)
		return;
	if (!liquibase_formatted(text->sql, text->len)) {
		found_as(e, CONVENTION_REFUSED, "the first line is not \"--liquibase formatted sql\"", "");
		return;
	}
	found_as(e, CONVENTION_BOTH, "", "");
	liquibase_parse(f, e->shown, text->sql, text->len, &log);
	if (log.problem[0] != '\0') {
		found_problem(f->arena, ret, "%s", log.problem);
		return;
	}
	for (i = 0; i < log.n; i++) {
		const char *why = passed_over(f, &log.sets[i]);

		if (why[0] == '\0')
			migration(f, text, path_of(f, e, &log.sets[i]), e, &log.sets[i], found_add(f, ret));
		else
			found_note(f->arena, ret, "%s:%" PRId64 ": the changeset %s:%s is passed over: %s",
			    e->shown, log.sets[i].line, log.sets[i].author, log.sets[i].id, why);
	}
	if (log.n > 0)
		e->key = ret->n > 0 ? ret->migrations[ret->n - 1].key : "";
}

static bool
is_master(struct convention_folder *f, struct convention_file *e)
{
	static const char *const ends[] = { ".xml", ".yaml", ".yml", ".json" };
	const struct convention_text *text;
	size_t i;

	for (i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
		if (name_ends(e->path, ends[i])) {
			text = f->read(f, e);
			return text != NULL && strstr(text->sql, "databaseChangeLog") != NULL;
		}
	}
	return false;
}

static void
liquibase_read(struct convention_folder *f, struct convention_found *ret)
{
	const char *order = convention_option_find(f, "order");
	size_t i;

	for (i = 0; i < f->n; i++) {
		struct convention_file *e = &f->files[i];

		if (e->folder || e->odd[0] != '\0')
			continue;
		if (is_sql(e)) {
			file_read(f, e, ret);
		} else if (!is_master(f, e)) {
			found_as(e, CONVENTION_IGNORED, "not an .sql file", "");
		} else if (order != NULL && strcmp(order, "name") == 0) {
			found_as(e, CONVENTION_INDEX, "", "");
		} else {
			found_as(e, CONVENTION_REFUSED,
			    "a changelog in another language than SQL: its changesets and the order that it "
			    "gives are not read",
			    "");
			found_problem(f->arena, ret,
			    "%s decides what runs in which order, and only formatted SQL is read here: if it "
			    "includes all files in the order of their names and has no changesets of its "
			    "own, write the option order = name",
			    e->shown);
		}
	}
}

/* ---- standing ---- */

static const char *
fact(const struct convention_migration *m, const char *name)
{
	size_t i;

	for (i = 0; i < m->n_facts; i++) {
		if (strcmp(m->facts[i].name, name) == 0)
			return m->facts[i].value;
	}
	return "";
}

/* Sums of other versions than 9 are over another form of the SQL. */
static enum convention_same
liquibase_same(const struct convention_migration *m, const char *recorded)
{
	const char *p;

	for (p = fact(m, "valid"); *p != '\0'; p += strcspn(p, "\n") + 1) {
		size_t len = strcspn(p, "\n");

		if ((len == strlen(recorded) && strncmp(p, recorded, len) == 0) ||
		    strncasecmp(p, "any\n", 4) == 0 || strncasecmp(p, "1:any\n", 6) == 0)
			return CONVENTION_SAME;
	}
	if (strncmp(recorded, "9:", 2) != 0)
		return CONVENTION_CANNOT_TELL;
	return strcmp(recorded, m->checksum) == 0 ? CONVENTION_SAME : CONVENTION_CHANGED;
}

/* A key from its file's own name on. */
static const char *
file_of(const char *key)
{
	const char *p = strstr(key, "::");

	if (p == NULL)
		return key;
	while (p > key && p[-1] != '/')
		p--;
	return p;
}

/* The same changeset under another path: what was moved, or is called otherwise by the tool, would run again.
 */
static const struct convention_status_row *
moved(const struct convention_status *list, size_t from, const char *key)
{
	size_t i;
	const char *file = file_of(key);

	for (i = from; i < list->n; i++) {
		const char *other = file_of(list->rows[i].key);

		if (list->rows[i].migration == NULL && strcmp(other, file) == 0)
			return &list->rows[i];
	}
	return NULL;
}

static void
liquibase_status(const struct convention_found *found, const struct convention_row *rows, size_t n_rows,
    struct gh_arena *a, struct convention_status *list)
{
	size_t i;

	(void)rows, (void)n_rows;
	for (i = 0; i < found->n; i++) {
		struct convention_status_row *r = &list->rows[i];
		const struct convention_status_row *other;

		if (r->standing == CONVENTION_APPLIED && strcmp(fact(r->migration, "always"), "1") == 0) {
			r->standing = CONVENTION_PENDING;
			r->decision = CONVENTION_RUNS;
			r->text = "runAlways: it runs again with each up";
			continue;
		}
		other = r->decision == CONVENTION_RUNS && r->applied_at == 0 ? moved(list, found->n, r->key)
									     : NULL;
		if (other == NULL)
			continue;
		r->decision = CONVENTION_BLOCKS;
		r->text = gh_printf(a,
		    "the table has it as %s: Liquibase takes the path for a part of its name and would run "
		    "it again; write the option path-prefix, or logicalFilePath into the file",
		    other->key);
	}
}

/* A changeset is a line in a file that has others: where it belongs is for people to say. */
static void
liquibase_create(const struct convention_found *found, struct gh_arena *a, struct convention_create *c)
{
	(void)found;
	c->refused = gh_printf(a,
	    "changesets belong into a changelog that your team orders: add \"--changeset NAME:%s\" at the "
	    "end of the right file, and \"--rollback\" lines behind it",
	    c->slug);
}

const struct convention convention_liquibase = {
	.name = "liquibase",
	.title = "Liquibase",
	.description = "formatted SQL: --changeset author:id and --rollback in .sql files, in the order of "
		       "their names; rows in databasechangelog",
	.rule = "Liquibase runs every changeset that its table does not have, wherever it stands; one that "
		"was changed since stops everything, unless it says runOnChange; one without a file is not "
		"minded, and one that was moved to another file runs again",
	.fit = liquibase_fit,
	.read = liquibase_read,
	.tracking = liquibase_tracking,
	.n_tracking = 1,
	.opt_out = "write runInTransaction:false behind --changeset author:id",
	.changed_blocks = true,
	.same = liquibase_same,
	.status = liquibase_status,
	.lock = liquibase_lock,
	.unlock = liquibase_unlock,
	.create = liquibase_create,
	.command_status = "liquibase status --verbose",
	.command_failed = "correct the changeset, then liquibase update: a failed one is not recorded",
	.options = FOUND_OPTIONS({ "contexts", "which changesets are meant (--contexts)" },
	    { "labels", "the same (--label-filter)" },
	    { "path-prefix",
		"stands before each path in databasechangelog, as the master changelog gives it" },
	    { "order",
		"name: a changelog in XML, YAML or JSON includes all files in the order of their names" },
	    { "NAME", "the value of ${NAME}" }),
};
