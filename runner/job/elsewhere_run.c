#include "base/ban.h"
#include "runner/job/elsewhere.h"
#include "base/clock.h"
#include "base/duration.h"

/*
 * One of the outside backups as the backup of a run.  The run looks itself, and now: a row of the inventory
 * may tell of a backup that was deleted since.
 */

/* What was found so far. */
struct found {
	struct elsewhere_list list; /* of best */
	const struct elsewhere_backup *best;
	size_t n; /* backups of all lists */
	struct gh_text trouble;
};

static void
add_trouble(struct found *f, const char *text)
{
	gh_text_putf(&f->trouble, "%s%s", f->trouble.len > 0 ? "; " : "", text);
}

static void
look(struct run *r, const struct wire_outside_source *s, struct found *f)
{
	struct elsewhere_list list;
	const struct elsewhere_backup *newest;
	struct gh_err why = { 0 };

	say_doing(r->job, "backup", gh_printf(r->job->arena, "looking at %s \"%s\"", s->kind, s->name));
	if (elsewhere_look(r->job, s, &list, &why) != GH_OK) {
		say_evidence(r->job, "backup", s->name, WIRE_FAILED, why.msg);
		add_trouble(f, why.msg);
		return;
	}
	elsewhere_say(r->job, &list);
	f->n += list.n;
	newest = elsewhere_newest(&list);
	if (newest == NULL)
		add_trouble(f,
		    list.n == 0 ? gh_printf(r->job->arena, "%s \"%s\" lists none", s->kind, s->name)
				: gh_printf(r->job->arena, "the newest of %s \"%s\", %s, is no good: %s",
				      s->kind, s->name, list.rows[0].label, list.rows[0].broken));
	if (newest != NULL && (f->best == NULL || newest->ended_at > f->best->ended_at)) {
		f->list = list;
		f->best = newest;
	}
}

static enum gh_code
judge(struct run *r, struct found *f, struct gh_text *evidence, struct gh_err *err)
{
	const struct elsewhere_backup *b = f->best;
	int64_t limit = r->plan.policy.backup_outside_ms, now = gh_clock_now();
	char most[GH_DURATION_LEN], age[GH_CLOCK_LEN], when[GH_CLOCK_LEN];
	const char *sentence;

	(void)gh_duration_text(limit, most);
	if (b == NULL)
		return gh_fail(err, GH_CONFLICT,
		    "the policy takes a backup that others made within %s, and there is none: %s", most,
		    gh_text_str(&f->trouble));
	(void)gh_clock_span(now > b->ended_at ? now - b->ended_at : 0, age);
	(void)gh_clock_utc(b->ended_at, when);
	if (now - b->ended_at > limit * 1000)
		return gh_fail(err, GH_CONFLICT,
		    "the newest good backup that others made is too old: %s of %s \"%s\" ended at %s, %s "
		    "ago, "
		    "and the policy takes one within %s%s%s",
		    b->label, f->list.source->kind, f->list.source->name, when, age, most,
		    f->trouble.len > 0 ? "; " : "", gh_text_str(&f->trouble));
	sentence = gh_printf(r->job->arena,
	    "The backup %s of %s \"%s\" ended at %s, %s ago: the policy takes one within %s. It is outside "
	    "of "
	    "Gatehouse, which has not opened it.",
	    b->label, f->list.source->kind, f->list.source->name, when, age, most);
	say_evidence(r->job, "backup", f->list.source->name, WIRE_OK, sentence);
	gh_text_put(evidence, sentence);
	return GH_OK;
}

enum gh_code
elsewhere_backup_of_run(struct run *r, struct gh_text *evidence, struct gh_err *err)
{
	struct wire_spec *s = &r->job->spec;
	struct found f = { .trouble = { .limit = SAY_TEXT_MAX } };
	enum gh_code code;
	size_t i;

	s->system_id = r->id.system_id;
	for (i = 0; i < s->n_outside && !job_stopped(r->job); i++)
		look(r, &s->outside[i], &f);
	if (s->n_outside == 0)
		add_trouble(&f, "the configuration names nobody else who keeps backups of this target");
	code = judge(r, &f, evidence, err);
	gh_text_done(&f.trouble);
	GH_TRY(code);
	return job_flush(r->job, err);
}
