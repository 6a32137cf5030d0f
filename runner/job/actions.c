#include "base/ban.h"
#include "runner/job/failure.h"

/* What may be done next: only what would be accepted, and why it is valid. */

static void
say_action(struct job *j, const char *kind, const char *goal, const char *sentence)
{
	struct wire_out o;

	say_start(j, WIRE_J_ACTION, &o);
	say_put(&o, kind);
	say_put(&o, goal);
	say_put(&o, sentence);
	say_end(j, &o);
}

static void
say(struct failure *f, const char *kind, const char *goal, const char *sentence)
{
	say_action(f->x.pg->job, kind, goal, sentence);
}

static const char *
name(const struct failure *f, size_t i)
{
	return plan_called(f->x.plan->migrations[i].key, f->x.plan->migrations[i].version);
}

/* The first that is not in; n_migrations when all are. */
static size_t
first_out(const struct failure *f)
{
	size_t i = 0;

	while (i < f->x.plan->n_migrations && f->state[i] == FAILURE_IN)
		i++;
	return i;
}

static const char *
range(const struct failure *f, size_t from, size_t to)
{
	struct gh_arena *a = f->x.pg->job->arena;

	return to - from == 1
	    ? gh_printf(a, "%s", name(f, from))
	    : gh_printf(a, "%zu migrations, %s to %s", to - from, name(f, from), name(f, to - 1));
}

/* Nothing is in the way of the next try. */
static void
retry(struct failure *f)
{
	const struct plan *p = f->x.plan;
	struct gh_arena *a = f->x.pg->job->arena;
	size_t from = first_out(f), n = p->n_migrations;

	if (f->outcome == WIRE_NEEDS_PERSON || f->blocked || from == n || f->n_invalid > 0)
		return;
	if (p->down)
		say(f, "retry", gh_printf(a, "%zu", n - from),
		    gh_printf(a, "Ask again when the cause is corrected: %s would be taken back.",
			range(f, from, n)));
	else
		say(f, "retry", p->migrations[n - 1].key,
		    gh_printf(a, "Ask again when the cause is corrected: %s would run.%s", range(f, from, n),
			from > 0 ? gh_printf(a, " What is applied before (%s) stays.", range(f, 0, from))
				 : ""));
}

/* What stayed of the run. */
static void
down(struct failure *f)
{
	const struct plan *p = f->x.plan;
	size_t n = first_out(f), i;

	if (p->down || n == 0 || f->outcome == WIRE_NEEDS_PERSON || f->blocked)
		return;
	/* With rollback_on_failure the plan has the way back; else only the store knows whether there is one.
	 */
	for (i = 0; p->policy.rollback_on_failure && i < n; i++) {
		if (!p->migrations[i].has_back)
			return;
	}
	say(f, "down", gh_printf(f->x.pg->job->arena, "%zu", n),
	    gh_printf(f->x.pg->job->arena,
		"Take back what this run has applied, by its down SQL: %s. Then the database is as it was "
		"before, "
		"as far as the down SQL goes.",
		range(f, 0, n)));
}

/* Everything that it makes is there, and only its row is missing. */
static void
mark(struct failure *f)
{
	size_t at = failure_at(f);

	if (f->x.plan->down || at == f->x.plan->n_migrations || !f->all_there || f->recorded ||
	    f->n_invalid > 0 || f->x.convention->one_row)
		return;
	say(f, "mark", f->x.plan->migrations[at].key,
	    gh_printf(f->x.pg->job->arena,
		"Record %s as applied without running it: every object that it makes is there. The run "
		"proves that "
		"again, asks the verify queries and writes the tracking row, nothing else.",
		name(f, at)));
}

static void
drop_index(struct failure *f)
{
	struct gh_arena *a = f->x.pg->job->arena;
	size_t i;

	for (i = 0; i < f->n_invalid; i++)
		say(f, "drop-index", gh_printf(a, "%" PRId64 "/%" PRId64, f->run, f->invalid[i].position),
		    gh_printf(a,
			"Drop the invalid index %s (DROP INDEX CONCURRENTLY): it is of no use to any query "
			"and in "
			"the way of the next try.",
			f->invalid[i].name));
}

/* The runner knows the number of the file. */
static void
restore(struct failure *f)
{
	struct gh_arena *a = f->x.pg->job->arena;

	if (f->backup[0] == '\0' || (f->outcome != WIRE_NEEDS_PERSON && first_out(f) == 0))
		return;
	say(f, "restore", f->backup,
	    gh_printf(a,
		"Ask to go back to the backup of before the run, %s: it is restored into a new database and "
		"proved, "
		"then that takes the place of this one, which is kept under another name. What was written "
		"since "
		"the backup is counted, table by table, before anybody approves.",
		f->backup));
}

static void
repair(struct job *j)
{
	if (j->outcome == WIRE_NEEDS_PERSON)
		say_action(j, "repair", "",
		    "A person brings the database and the tracking table into order by hand, writes into the "
		    "incident what was done and what proves it, and closes it; until then nothing else runs "
		    "on "
		    "this target.");
}

void
actions_say(struct failure *f)
{
	/* A repair that failed is asked for again from the run that it was for. */
	if (f->x.plan->act == PLAN_RUN) {
		retry(f);
		drop_index(f);
		mark(f);
		down(f);
	}
	restore(f);
	repair(f->x.pg->job);
}

void
actions_restore(struct job *j, const struct plan *p)
{
	if (j->outcome == WIRE_FAILED_CLEAN && p->act == PLAN_RESTORE)
		say_action(j, "restore", gh_printf(j->arena, "%" PRId64, p->restore.backup),
		    "Ask again when the cause is corrected: the same backup would be restored.");
	repair(j);
}
