#include "base/ban.h"
#include "runner/job/analyse.h"
#include "runner/job/check.h"
#include "migration/object.h"

#define ROWS_MAX    5  /* failed ones that are explained: mostly there is one */
#define OBJECTS_MAX 50 /* looked for, of one migration */

/* What a migration creates, looked for one by one. */
struct objects {
	size_t n, there;
	struct gh_text yes, no; /* names, with commas between them */
};

static void
objects_done(struct objects *o)
{
	gh_text_done(&o->yes);
	gh_text_done(&o->no);
}

static enum gh_code
look_for(struct pg *pg, const struct sql_script *s, struct objects *ret, struct gh_err *err)
{
	size_t i;

	for (i = 0; i < s->n && ret->n < OBJECTS_MAX; i++) {
		const char *params[] = { s->statements[i].object };
		const char *probe = params[0][0] == '\0' ? NULL : object_probe(s->statements[i].object_kind);
		PG_RESULT r = NULL;
		struct gh_text *to;

		if (probe == NULL)
			continue;
		GH_TRY(pg_query(pg, probe, params, 1, &r, err));
		to = PQntuples(r) > 0 ? &ret->yes : &ret->no;
		ret->there += PQntuples(r) > 0;
		ret->n++;
		gh_text_putf(to, "%s%s", to->len == 0 ? "" : ", ", params[0]);
	}
	return GH_OK;
}

static const char *
how_it_ran(const struct sql_script *s)
{
	if (s->not_analysed)
		return "Its SQL is newer than what can be analysed here, so what it does is not known.";
	if (s->transactional)
		return "It is one transaction: all of it took effect, or nothing.";
	return "It is not one transaction, so a part of it may have taken effect.";
}

static const char *
what_is_there(const struct sql_script *s, const struct objects *o, struct gh_arena *a)
{
	if (o->n == 0)
		return "It creates nothing that could be looked for in the database.";
	if (o->there == 0)
		return gh_printf(a, "In the database there is nothing of what it creates (%s)%s.",
		    gh_text_str(&o->no), s->transactional ? ", so nothing of it is in" : "");
	if (o->there == o->n)
		return gh_printf(
		    a, "In the database there is everything that it creates (%s).", gh_text_str(&o->yes));
	return gh_printf(a,
	    "In the database there is %s, and there is not %s: it is half in, or this was there before.",
	    gh_text_str(&o->yes), gh_text_str(&o->no));
}

/*
 * A tool that only keeps the newest version has the one below in the table while it goes back, so the mark
 * may mean the way back of the next one.
 */
static const char *
or_the_next(const struct convention *c, const struct convention_found *found,
    const struct convention_migration *m, struct gh_arena *a)
{
	if (!c->one_row || m + 1 >= found->migrations + found->n)
		return "";
	return gh_printf(a, " The mark may also be of the way back of %s.", m[1].file);
}

static const char *
what_to_do(const struct objects *o)
{
	if (o->n > 0 && o->there == o->n)
		return "Compare the rest of it by hand; when all is in, have the tool record it as applied, "
		       "and "
		       "refresh this target.";
	if (o->there == 0)
		return "When that is confirmed, have the tool take back its record, and refresh this target: "
		       "then it is "
		       "pending and can run again.";
	return "Finish it or take it back by hand, have the tool correct its record, and refresh this "
	       "target.";
}

static enum gh_code
explain(struct pg *pg, struct analyse_parser *parser, const struct convention *c,
    const struct convention_found *found, struct convention_status_row *row, struct gh_err *err)
{
	__attribute__((cleanup(objects_done))) struct objects o = { 0 };
	const struct convention_migration *m = row->migration;
	struct gh_arena *a = pg->job->arena;
	GH_ARENA scratch = { .limit = SQL_ARENA_LIMIT };
	struct sql_script s;

	GH_TRY(analyse_side(parser, c, m, WIRE_SIDE_UP, &scratch, &s, err));
	if (s.problem[0] != '\0') {
		row->text = gh_printf(a, "%s. What it left cannot be told: %s", row->text, s.problem);
		return GH_OK;
	}
	GH_TRY(look_for(pg, &s, &o, err));
	row->text = gh_printf(a, "%s. %s %s%s %s", row->text, how_it_ran(&s), what_is_there(&s, &o, a),
	    or_the_next(c, found, m, a), what_to_do(&o));
	return GH_OK;
}

enum gh_code
check_failed(struct pg *pg, const struct convention *c, const struct convention_found *found,
    struct convention_status *s, struct gh_err *err)
{
	ANALYSE_PARSER parser = { .child = { .fd = -1 }, .job = pg->job };
	size_t i, n = 0;

	for (i = 0; i < s->n && n < ROWS_MAX; i++) {
		struct convention_status_row *row = &s->rows[i];

		if (row->standing != CONVENTION_FAILED || row->migration == NULL ||
		    !row->migration->up.present)
			continue;
		GH_TRY(explain(pg, &parser, c, found, row, err));
		n++;
	}
	return GH_OK;
}
