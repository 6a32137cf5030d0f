#include "base/ban.h"
#include "migration/sql_reading.h"

#define KIND(name) PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_##name

#define ONLY_ONE "%s: only one BEGIN ... COMMIT around the whole file is possible, the run brings its own"
#define ONE_MESSAGE                                                                                          \
	"%s cannot run in a transaction, and PostgreSQL makes one of all that is sent together: put it "     \
	"into "                                                                                              \
	"a file of its own"

/* Statements on their way into transactions. */
struct grouping {
	struct sql_reading *r;
	size_t n; /* statements kept so far */
	struct sql_statement *statements;
	struct sql_seen *seen;
	int64_t group; /* number of the newest */
	bool open;     /* statements go into it */
	bool own;      /* by a BEGIN of the file's */
	size_t begin;  /* that BEGIN */
	bool stripped;
};

static void
problem(struct sql_reading *r, size_t i, const char *format)
{
	const struct sql_statement *s = &r->script->statements[i];

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	sql_reading_problem(r, (size_t)s->offset, gh_printf(r->arena, format, s->kind));
#pragma GCC diagnostic pop
}

static bool
begins(const struct sql_seen *s)
{
	return s->transaction && (s->what == KIND(BEGIN) || s->what == KIND(START));
}

/* ROLLBACK ends as well where the run rolls back anyway. */
static bool
ends(const struct sql_reading *r, const struct sql_seen *s)
{
	return s->transaction && (s->what == KIND(COMMIT) || (r->text->verify && s->what == KIND(ROLLBACK)));
}

/* BEGIN and COMMIT that the run's own can stand for. */
static bool
check_plain(struct sql_reading *r, size_t i)
{
	const struct sql_seen *s = &r->seen[i];

	if (!begins(s) && !ends(r, s))
		problem(r, i,
		    "%s: a migration that takes back its own work, or leaves it to somebody else, cannot be "
		    "run");
	else if (!s->plain)
		problem(r, i,
		    begins(s) ? "%s with options: write them as SET TRANSACTION behind a plain BEGIN"
			      : "%s AND CHAIN: write COMMIT and BEGIN");
	return *r->script->problem == '\0';
}

/* Takes over statement i into a group, 0: by itself. */
static void
keep(struct grouping *g, size_t i, int64_t group)
{
	struct sql_reading *r = g->r;

	g->statements[g->n] = r->script->statements[i];
	g->statements[g->n].group = group;
	g->seen[g->n] = r->seen[i];
	g->n++;
}

static void
add(struct grouping *g, size_t i)
{
	if (!g->open) {
		g->group++;
		g->open = true;
	}
	keep(g, i, g->group);
}

/* ---- our own and the tool's transaction around everything ---- */

/* All in one; a BEGIN ... COMMIT around everything is taken out. */
static void
group_wrapped(struct grouping *g)
{
	struct sql_reading *r = g->r;
	size_t n = r->script->n, i;
	bool around = n >= 2 && begins(&r->seen[0]) && ends(r, &r->seen[n - 1]) && r->seen[0].plain &&
	    r->seen[n - 1].plain;

	for (i = 0; i < n; i++) {
		if (around && (i == 0 || i == n - 1))
			continue;
		if (r->seen[i].transaction) {
			problem(r, around && begins(&r->seen[i]) ? i : (around ? 0 : i), ONLY_ONE);
			return;
		}
		add(g, i);
	}
	g->stripped = around;
}

static void
refuse_alone(struct sql_reading *r, bool stripped)
{
	const struct sql_script *s = r->script;
	const char *how = r->text->opt_out;
	size_t i;

	for (i = 0; i < s->n; i++) {
		if (!s->statements[i].alone)
			continue;
		if (stripped && r->text->mode == CONVENTION_AUTO)
			problem(r, i, "%s cannot run inside the file's BEGIN ... COMMIT: leave them out");
		else
			sql_reading_problem(r, (size_t)s->statements[i].offset,
			    gh_printf(r->arena,
				"%s cannot run in a transaction, which the tool opens for the whole file: %s",
				s->statements[i].kind,
				how == NULL ? "it has no way to do without one" : how));
	}
}

/* One transaction, or each statement by itself when one must be. */
static void
group_auto(struct grouping *g)
{
	struct sql_reading *r = g->r;
	size_t i, alone = 0;

	group_wrapped(g);
	for (i = 0; i < g->n; i++)
		alone += g->statements[i].alone;
	if (*r->script->problem != '\0' || alone == 0)
		return;
	if (g->stripped) {
		refuse_alone(r, true);
		return;
	}
	for (i = 0; i < g->n; i++) {
		g->statements[i].group = 0;
		if (g->seen[i].savepoint)
			problem(r, i, "%s needs a transaction, which this file cannot have");
	}
	if (alone < g->n)
		sql_reading_note(r, (size_t)g->statements[0].offset,
		    "some statements cannot run in a transaction, so each of this file runs by itself and "
		    "stays when a later one fails");
}

/* ---- as the server does it ---- */

/* BEGIN and COMMIT of the file's own; the server only warns when there is nothing to begin or to end. */
static void
control(struct grouping *g, size_t i)
{
	struct sql_reading *r = g->r;

	if (!check_plain(r, i))
		return;
	g->stripped = true;
	if (begins(&r->seen[i]) == g->own) {
		r->odd = sql_reading_more(r, r->odd, r->n_odd, &r->cap_odd, sizeof(*r->odd));
		r->odd[r->n_odd++] = (struct lint_odd){ .offset = r->script->statements[i].offset,
			.kind = r->script->statements[i].kind };
	}
	if (begins(&r->seen[i])) {
		/* What was sent before in the same message joins it. */
		if (!g->own)
			g->begin = i;
		g->own = true;
		return;
	}
	g->own = g->open = false;
}

/* One message with statements first to last - 1. */
static void
group_message(struct grouping *g, size_t first, size_t last, bool each)
{
	struct sql_reading *r = g->r;
	bool pipeline = r->text->mode == CONVENTION_PIPELINE;
	size_t i;

	for (i = first; i < last && *r->script->problem == '\0'; i++) {
		const struct sql_statement *s = &r->script->statements[i];
		bool single = last - first == 1 && !g->own;

		if (r->seen[i].transaction) {
			control(g, i);
		} else if (s->alone && g->own) {
			problem(r, i, "%s cannot run inside the file's BEGIN ... COMMIT: leave them out");
		} else if (s->alone && !single && !(pipeline && i == 0)) {
			problem(r, i, ONE_MESSAGE);
		} else if ((r->seen[i].savepoint && !g->own) ||
		    (single && each && strcmp(s->kind, "LOCK TABLE") == 0)) {
			problem(r, i, "%s needs a BEGIN of the file's own");
		} else if (s->alone || (single && each)) {
			keep(g, i, 0);
		} else {
			add(g, i);
		}
	}
	if (!g->own)
		g->open = false;
}

static void
group_messages(struct grouping *g)
{
	struct sql_reading *r = g->r;
	/* The pieces of a pipeline are messages before one Sync: one transaction. */
	bool each = r->text->mode == CONVENTION_EACH,
	     pieces = r->text->n_pieces > 0 && r->text->mode != CONVENTION_PIPELINE;
	size_t n = r->script->n, first = 0, last;

	for (; first < n && *r->script->problem == '\0'; first = last) {
		last = each && !pieces ? first + 1 : n;
		if (pieces) {
			for (last = first + 1; last < n && r->seen[last].piece == r->seen[first].piece;)
				last++;
		}
		group_message(g, first, last, each);
	}
	if (g->own && *r->script->problem == '\0')
		problem(r, g->begin, "%s without a COMMIT: it would be rolled back when the connection ends");
}

void
sql_group(struct sql_reading *r)
{
	struct grouping g = { .r = r };
	struct sql_script *s = r->script;
	size_t i;

	if (*s->problem != '\0')
		return;
	g.statements = gh_alloc_n(r->arena, s->n, sizeof(*g.statements));
	g.seen = gh_alloc_n(r->arena, s->n, sizeof(*g.seen));
	switch (r->text->mode) {
	case CONVENTION_AUTO:
		group_auto(&g);
		break;
	case CONVENTION_WRAPPED:
		group_wrapped(&g);
		if (*s->problem == '\0')
			refuse_alone(r, g.stripped);
		break;
	case CONVENTION_IMPLICIT:
	case CONVENTION_EACH:
	case CONVENTION_PIPELINE:
		group_messages(&g);
		break;
	}
	if (*s->problem != '\0')
		return;
	s->n = g.n;
	s->statements = g.statements;
	r->seen = g.seen;
	s->stripped = g.stripped;
	s->transactional = true;
	for (i = 0; i < s->n; i++)
		s->transactional = s->transactional && s->statements[i].group == 1;
	s->row_inside = s->transactional && !r->text->row_outside;
	if (s->n == 0 && !r->text->may_be_empty)
		s->problem = gh_printf(
		    r->arena, "%s:%" PRId64 ":1: nothing to run", r->place.file, r->place.first_line);
}
