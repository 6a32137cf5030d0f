#include "base/ban.h"
#include "runner/job/analyse.h"
#include "runner/job/say.h"

#define NOTES_MAX 1000

struct analysing {
	struct job *job;
	struct reading *reading;
	const struct convention *convention;
	struct analyse_parser *parser;
	size_t problems;
};

static void
say_note(struct job *j, const char *text)
{
	struct wire_out o;

	say_start(j, WIRE_J_NOTE, &o);
	say_put(&o, text);
	say_end(j, &o);
}

static void
say_notes(struct job *j, const struct convention_found *found)
{
	size_t i;

	for (i = 0; i < found->n_notes && i < NOTES_MAX; i++)
		say_note(j, found->notes[i]);
	if (found->n_notes > NOTES_MAX)
		say_note(j, gh_printf(j->arena, "and %zu more of this kind", found->n_notes - NOTES_MAX));
}

/* The comment on top of the file that the up is from: its sections may begin below it. */
static void
header_find(
    const struct analysing *w, const struct convention_migration *m, struct gh_arena *a, struct header *ret)
{
	const char *shown = m->up.present ? m->up.file : m->file;
	struct convention_file *e = folder_find(w->reading, shown);
	const struct convention_text *text = NULL;

	if (e != NULL && !m->code && e->as != CONVENTION_REFUSED)
		text = w->reading->folder.read(&w->reading->folder, e);
	header_read(text == NULL ? "" : text->sql, text == NULL ? 0 : text->len, a, ret);
}

static enum gh_code
take_sides(struct analysing *w, const struct convention_migration *m, struct gh_arena *a, struct gh_err *err)
{
	const struct {
		enum wire_side side;
		bool there;
	} sides[] = {
		/* What is wrong with the whole is said at its up, even when it has none. */
		{ WIRE_SIDE_UP, m->up.present || m->problem[0] != '\0' },
		{ WIRE_SIDE_DOWN, m->down.present },
		{ WIRE_SIDE_VERIFY, m->verify.present },
	};
	bool problem = false;
	size_t i;

	for (i = 0; i < sizeof(sides) / sizeof(sides[0]); i++) {
		struct sql_script s;

		if (!sides[i].there)
			continue;
		GH_TRY(analyse_side(w->parser, w->convention, m, sides[i].side, a, &s, err));
		problem = problem || s.problem[0] != '\0';
		analyse_say_side(w->job, m, sides[i].side, &s);
	}
	w->problems += problem;
	return GH_OK;
}

static enum gh_code
take(struct analysing *w, const struct convention_migration *m, size_t position, struct gh_err *err)
{
	GH_ARENA a = { .limit = SQL_ARENA_LIMIT };
	struct header h;

	if (job_stopped(w->job))
		return gh_fail(err, GH_UNAVAILABLE, "stopped while the folder was analysed");
	header_find(w, m, &a, &h);
	analyse_say_unit(w->job, m, position, &h);
	return m->code ? GH_OK : take_sides(w, m, &a, err);
}

/* No convention: everything is listed, nothing is read. */
static void
refuse(struct job *j, struct reading *r, const struct convention_detected *d)
{
	size_t i;

	analyse_say_folder(j, r, NULL, d->why);
	for (i = 0; i < r->folder.n; i++) {
		struct convention_file *e = &r->folder.files[i];

		e->as = CONVENTION_IGNORED;
		e->key = "";
		e->reason = e->odd[0] != '\0' ? e->odd : e->folder ? "a folder" : "no convention is chosen";
		analyse_say_file(j, r, e);
	}
	job_outcome(j, WIRE_SUCCEEDED, "no convention is chosen: %s", d->why);
}

/* One query, which the parser understands. */
static enum gh_code
take_query(struct analysing *w, const struct convention_query *q, struct gh_err *err)
{
	GH_ARENA a = { .limit = SQL_ARENA_LIMIT };
	const struct sql_text text = { .sql = q->sql,
		.len = q->len,
		.file = q->file,
		.first_line = 1,
		.mode = CONVENTION_EACH,
		.row_outside = true,
		.verify = true,
		.back = "" };
	struct convention_query said = *q;
	struct sql_script s = { .problem = "" };

	if (q->problem[0] == '\0')
		GH_TRY(analyse_parser_read(w->parser, &text, &a, &s, err));
	if (said.problem[0] == '\0')
		said.problem = s.problem;
	if (said.problem[0] == '\0' && s.n != 1)
		said.problem = gh_printf(&a, "%s: has %zu statements, it must be one query", q->file, s.n);
	w->problems += said.problem[0] != '\0';
	analyse_say_query(w->job, &said);
	return GH_OK;
}

static enum gh_code
take_all(struct analysing *w, struct gh_err *err)
{
	struct reading *r = w->reading;
	struct convention_found found;
	const char *too_many;
	size_t i, refused = 0;

	convention_read(w->convention, &r->folder, &found);
	too_many = folder_too_many(&found, w->job->arena);
	if (*too_many != '\0')
		return gh_fail(err, GH_BAD_INPUT, "%s", too_many);
	analyse_say_folder(w->job, r, w->convention, found.problem);
	for (i = 0; i < r->folder.n; i++) {
		refused += r->folder.files[i].as == CONVENTION_REFUSED;
		analyse_say_file(w->job, r, &r->folder.files[i]);
	}
	say_notes(w->job, &found);
	for (i = 0; i < found.n_queries; i++)
		GH_TRY(take_query(w, &found.queries[i], err));
	for (i = 0; i < found.n; i++)
		GH_TRY(take(w, &found.migrations[i], i, err));
	job_outcome(w->job, WIRE_SUCCEEDED, "%zu migrations, %zu with a problem; %zu files refused", found.n,
	    w->problems, refused);
	return GH_OK;
}

static enum gh_code
run(struct job *j, struct gh_err *err)
{
	ANALYSE_PARSER parser = { .child = { .fd = -1 }, .job = j };
	READING reading = { .disk = { .fd = -1 } };
	struct analysing w = { .job = j, .reading = &reading, .parser = &parser };
	struct convention_detected d;

	if (j->spec.convention[0] != '\0' && convention_find(j->spec.convention) == NULL)
		return gh_fail(err, GH_BAD_INPUT, "no convention is called \"%s\"", j->spec.convention);
	GH_TRY(folder_open(j, &reading, err));
	GH_TRY(folder_detect(j, &reading, &d, err));
	folder_say_detected(j, &d);
	w.convention = d.c;
	if (d.c == NULL)
		refuse(j, &reading, &d);
	else
		GH_TRY(take_all(&w, err));
	return job_flush(j, err);
}

const struct job_kind job_analyse = { .name = WIRE_JOB_ANALYSE, .run = run };
