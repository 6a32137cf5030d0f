#include "base/ban.h"
#include "runner/job/analyse.h"
#include "runner/job/say.h"

struct analysing {
	struct job *job;
	const struct convention *convention;
	const struct gh_folder *folder;
	struct analyse_parser *parser;
	struct analyse_text *text;
	struct gh_arena *arena; /* for one file */
	size_t migrations, problems, refused;
	const char *refused_key; /* an up that could not be read takes its down with it */
};

static void
say_file(struct analysing *w, const struct analyse_entry *e, const struct header *h, const char *digest)
{
	struct wire_out o;

	say_start(w->job, WIRE_J_FILE, &o);
	say_put(&o, e->shown);
	wire_put_u8(&o, (uint8_t)e->file.as);
	say_put(&o, e->file.version);
	say_put(&o, e->file.name);
	say_put(&o, e->file.key);
	say_put(&o, e->file.reason);
	wire_put_text(&o, digest);
	say_put(&o, h == NULL ? "" : h->description);
	say_put(&o, h == NULL ? "" : h->author);
	say_put(&o, h == NULL ? "" : h->date);
	say_end(w->job, &o);
}

static void
say_side(struct analysing *w, const struct analyse_entry *e, enum wire_side side,
    const struct convention_part *part, const struct sql_script *s)
{
	const char *bytes = gh_text_str(&w->text->bytes) + part->offset;
	char digest[GH_SHA256_HEX_LEN];
	struct wire_out o;
	size_t i;

	gh_sha256_hex(bytes, part->len, digest);
	say_start(w->job, WIRE_J_SIDE, &o);
	say_put(&o, e->file.key);
	wire_put_u8(&o, (uint8_t)side);
	say_put(&o, e->shown);
	wire_put_bytes(&o, bytes, part->len);
	wire_put_text(&o, digest);
	wire_put_i64(&o, part->first_line);
	wire_put_bool(&o, s->transactional);
	wire_put_bool(&o, s->stripped);
	say_put(&o, s->problem);
	say_end(w->job, &o);
	for (i = 0; i < s->n; i++) {
		say_start(w->job, WIRE_J_SQL, &o);
		say_put(&o, e->file.key);
		wire_put_u8(&o, (uint8_t)side);
		wire_put_i64(&o, s->statements[i].offset);
		wire_put_i64(&o, s->statements[i].length);
		wire_put_i64(&o, s->statements[i].line);
		say_put(&o, s->statements[i].kind);
		wire_put_bool(&o, s->statements[i].alone);
		say_put(&o, s->statements[i].object);
		say_put(&o, s->statements[i].object_kind);
		say_end(w->job, &o);
	}
}

static void
refuse(struct analysing *w, struct analyse_entry *e, const char *reason)
{
	e->file.as = CONVENTION_REFUSED;
	e->file.reason = reason;
	w->refused_key = e->file.key;
	w->refused++;
	say_file(w, e, NULL, "");
}

/* What is wrong with a side before anybody looks at its SQL goes first. */
static enum gh_code
read_side(struct analysing *w, const struct analyse_entry *e, const struct convention_part *part,
    struct sql_script *ret, struct gh_err *err)
{
	struct sql_place place = { .file = e->shown, .first_line = part->first_line };

	*ret = (struct sql_script){ .transactional = true, .problem = w->text->problem, .note = "" };
	if (!part->present || *ret->problem != '\0')
		return GH_OK;
	GH_TRY(analyse_parser_read(
	    w->parser, gh_text_str(&w->text->bytes) + part->offset, part->len, place, w->arena, ret, err));
	if (*ret->note != '\0')
		say_log(w->job, "%s: %s", e->shown, ret->note);
	return GH_OK;
}

static enum gh_code
take(struct analysing *w, struct analyse_entry *e, struct gh_err *err)
{
	struct convention_sides *sides = &w->text->sides;
	struct sql_script up, down;
	struct gh_err why = { 0 };

	if (e->file.as == CONVENTION_DOWN && strcmp(e->file.key, w->refused_key) == 0) {
		refuse(w, e, "a way back whose up is refused");
		return GH_OK;
	}
	if (analyse_file_read(w->folder, e, w->convention, w->arena, w->text, &why) != GH_OK) {
		refuse(w, e, gh_strdup(w->job->arena, why.msg));
		return GH_OK;
	}
	GH_TRY(read_side(w, e, &sides->up, &up, err));
	GH_TRY(read_side(w, e, &sides->down, &down, err));
	if (sides->up.present && *e->problem != '\0' && *up.problem == '\0') {
		up.problem = e->problem;
		up.n = 0;
	}
	if (sides->up.present && up.n == 0 && *up.problem == '\0')
		up.problem =
		    gh_printf(w->arena, "%s:%" PRId64 ":1: nothing to run", e->shown, sides->up.first_line);
	if (down.n == 0 && *down.problem == '\0') {
		if (sides->down.present)
			e->file.reason = "nothing to run: counts as no way back";
		sides->down.present = false;
	}
	say_file(w, e, &w->text->header, w->text->digest);
	if (sides->up.present)
		say_side(w, e, WIRE_SIDE_UP, &sides->up, &up);
	if (sides->down.present)
		say_side(w, e, WIRE_SIDE_DOWN, &sides->down, &down);
	w->migrations += sides->up.present;
	w->problems +=
	    (sides->up.present && *up.problem != '\0') || (sides->down.present && *down.problem != '\0');
	return GH_OK;
}

static enum gh_code
take_all(struct analysing *w, struct analyse_list *list, struct gh_err *err)
{
	const struct analyse_entry *last = NULL;
	enum gh_code code;
	size_t i;

	for (i = 0; i < list->n; i++) {
		struct analyse_entry *e = &list->entries[i];
		GH_ARENA a = { .limit = SQL_ARENA_LIMIT };

		if (job_stopped(w->job))
			return gh_fail(err, GH_UNAVAILABLE, "stopped while the folder was analysed");
		if (e->file.as == CONVENTION_IGNORED || e->file.as == CONVENTION_REFUSED) {
			w->refused += e->file.as == CONVENTION_REFUSED;
			say_file(w, e, NULL, "");
			continue;
		}
		if (e->file.as != CONVENTION_DOWN) {
			if (last != NULL && analyse_list_gap(last, e) > 0)
				say_log(w->job, "%" PRId64 " left out between %s and %s",
				    analyse_list_gap(last, e), last->shown, e->shown);
			last = e;
		}
		w->arena = &a;
		code = take(w, e, err);
		w->arena = NULL;
		GH_TRY(code);
	}
	return GH_OK;
}

static enum gh_code
run(struct job *j, struct gh_err *err)
{
	ANALYSE_PARSER parser = { .fd = -1, .job = j };
	GH_FOLDER folder = { .fd = -1 };
	struct analyse_text text = { 0 };
	struct analysing w = {
		.job = j, .folder = &folder, .parser = &parser, .text = &text, .refused_key = ""
	};
	struct analyse_list list;
	struct wire_out o;
	enum gh_code code;

	w.convention = convention_find(j->spec.convention);
	if (w.convention == NULL)
		return gh_fail(err, GH_BAD_INPUT, "no convention is called \"%s\"", j->spec.convention);
	GH_TRY(gh_folder_open(j->spec.folder, j->arena, &folder, err));
	analyse_list_make(&folder, w.convention, j->arena, &list);
	say_start(j, WIRE_J_FOLDER, &o);
	wire_put_text(&o, folder.signature);
	say_end(j, &o);
	code = take_all(&w, &list, err);
	gh_text_done(&text.bytes);
	GH_TRY(code);
	GH_TRY(job_flush(j, err));
	job_outcome(j, WIRE_SUCCEEDED, "%zu migrations, %zu with a problem; %zu files refused", w.migrations,
	    w.problems, w.refused);
	return GH_OK;
}

const struct job_kind job_analyse = { .name = WIRE_JOB_ANALYSE, .run = run };
