#include "base/ban.h"
#include "runner/job/hook.h"
#include "base/clock.h"
#include "runner/job/backup.h"
#include "runner/job/elsewhere.h"

/* The hooks of a policy: what they are told, in which order they run, and the phases that are made of them.
 */

#define KEYS_MAX ((size_t)64 << 10) /* the kernel takes no longer variable than twice that */

/* One line each; cut at a whole one. */
static const char *
keys(const struct plan *p, struct gh_arena *a)
{
	GH_TEXT t = { 0 };
	size_t i;

	for (i = 0; i < p->n_migrations; i++) {
		const char *key = p->migrations[i].key;

		if (t.len + strlen(key) + 1 > KEYS_MAX)
			break;
		gh_text_put(&t, t.len == 0 ? "" : "\n");
		gh_text_put(&t, key);
	}
	return gh_strdup(a, gh_text_str(&t));
}

const char *const *
hook_env(const struct run *r, enum wire_phase phase, const char *outcome, struct gh_arena *a)
{
	const struct wire_spec *s = &r->job->spec;
	const struct plan *p = &r->plan;
	const struct {
		const char *name, *value;
	} facts[] = {
		{ "RUN", gh_printf(a, "%" PRId64, s->id) },
		{ "TARGET", p->target },
		{ "ENVIRONMENT", s->environment },
		{ "PROJECT", s->project },
		{ "DIRECTION", p->down ? "down" : "up" },
		{ "GOAL", s->goal },
		{ "REQUEST", gh_printf(a, "%" PRId64, s->request) },
		{ "PERSON", s->person },
		{ "PLAN", s->plan_digest },
		{ "PHASE", wire_phase_name(phase) },
		{ "OUTCOME", outcome },
		{ "MIGRATIONS", keys(p, a) },
	};
	size_t n = sizeof(facts) / sizeof(facts[0]), i;
	const char **env = gh_alloc_n(a, n + 3, sizeof(*env));

	for (i = 0; i < n; i++)
		env[i] = gh_printf(
		    a, "GATEHOUSE_%s=%s", facts[i].name, facts[i].value == NULL ? "" : facts[i].value);
	env[n++] = "PATH=/usr/local/bin:/usr/bin:/bin";
	env[n++] = "LANG=C.UTF-8";
	env[n] = NULL;
	return env;
}

size_t
hook_count(const struct policy *p, enum policy_when when)
{
	size_t i, n = 0;

	for (i = 0; i < p->n_hooks; i++)
		n += p->hooks[i].when == when ? 1 : 0;
	return n;
}

struct place {
	enum policy_when when;
	int64_t position;
	const char *command;
};

static void
say_hook(
    struct job *j, const struct place *at, enum wire_state state, int64_t exit_status, const char *output)
{
	struct wire_out o;

	say_start(j, WIRE_J_HOOK, &o);
	wire_put_text(&o, policy_when_name(at->when));
	wire_put_i64(&o, at->position);
	say_put(&o, at->command);
	wire_put_u8(&o, (uint8_t)state);
	wire_put_i64(&o, exit_status);
	wire_put_text(&o, output);
	say_end(j, &o);
}

static enum gh_code
one(struct run *r, const struct policy_hook *h, const struct place *at, const char *const *env,
    struct gh_err *err)
{
	struct hook_end end;
	int64_t started = gh_clock_now();
	struct gh_err why = { 0 };
	enum gh_code code;

	say_hook(r->job, at, WIRE_STARTED, -1, "");
	say_doing(r->job, "hook", at->command);
	code = hook_run(r->job, h, env, &end, &why);
	/* One that could not be started has said nothing: the reason is all there is. */
	if (end.exit_status < 0)
		gh_text_put(&end.output, why.msg);
	say_hook(
	    r->job, at, code == GH_OK ? WIRE_OK : WIRE_FAILED, end.exit_status, gh_text_str(&end.output));
	if (code == GH_OK && at->when == POLICY_BACKUP)
		backup_say_hook(r, at->command, started, gh_text_str(&end.output));
	gh_text_done(&end.output);
	return code == GH_OK ? GH_OK : gh_fail(err, code, "the hook %s failed: %s", at->command, why.msg);
}

enum gh_code
hook_run_all(struct run *r, enum policy_when when, enum wire_phase phase, bool all, struct gh_err *err)
{
	const struct policy *p = &r->plan.policy;
	const char *const *env = hook_env(r, phase,
	    r->job->outcome != 0       ? wire_outcome_name(r->job->outcome)
		: when == POLICY_AFTER ? wire_outcome_name(WIRE_SUCCEEDED)
				       : "",
	    r->job->arena);
	struct place at = { .when = when, .position = -1 };
	struct gh_err first = { 0 };
	size_t i;

	for (i = 0; i < p->n_hooks; i++) {
		GH_TEXT command = { .limit = SAY_TEXT_MAX };
		struct gh_err why = { 0 };

		if (p->hooks[i].when != when)
			continue;
		hook_command(&p->hooks[i], &command);
		at.position++;
		at.command = gh_text_str(&command);
		if (first.code != GH_OK && !all)
			say_hook(r->job, &at, WIRE_SKIPPED, -1, "");
		else if (one(r, &p->hooks[i], &at, env, &why) != GH_OK && first.code == GH_OK)
			first = why;
	}
	if (first.code != GH_OK)
		*err = first;
	return first.code;
}

static enum gh_code
phase_run(
    struct run *r, enum policy_when when, enum wire_phase phase, struct gh_text *evidence, struct gh_err *err)
{
	size_t n = hook_count(&r->plan.policy, when);
	int64_t from = gh_clock_mono();
	char span[GH_CLOCK_LEN];

	if (n == 0) {
		r->skipped = true;
		gh_text_putf(
		    evidence, "The policy of this target has no hook %s the run.", policy_when_name(when));
		return GH_OK;
	}
	GH_TRY(hook_run_all(r, when, phase, when == POLICY_AFTER, err));
	gh_text_putf(evidence, "%zu hook%s ran in %s.", n, n == 1 ? "" : "s",
	    gh_clock_span(gh_clock_mono() - from, span));
	return GH_OK;
}

enum gh_code
stage_before(struct run *r, struct gh_text *evidence, struct gh_err *err)
{
	return phase_run(r, POLICY_BEFORE, WIRE_BEFORE, evidence, err);
}

enum gh_code
stage_after(struct run *r, struct gh_text *evidence, struct gh_err *err)
{
	return phase_run(r, POLICY_AFTER, WIRE_AFTER, evidence, err);
}

enum gh_code
stage_backups(struct run *r, struct gh_text *evidence, struct gh_err *err)
{
	size_t n = hook_count(&r->plan.policy, POLICY_BACKUP);

	if (!plan_needs_backup(&r->plan)) {
		r->skipped = true;
		gh_text_put(evidence, "Nothing is run that a backup would be for.");
		return GH_OK;
	}
	if (r->plan.policy.backup_outside_ms > 0)
		GH_TRY(elsewhere_backup_of_run(r, evidence, err));
	else if (r->plan.policy.backup || n == 0)
		GH_TRY(stage_backup(r, evidence, err));
	if (n == 0)
		return GH_OK;
	GH_TRY(hook_run_all(r, POLICY_BACKUP, WIRE_BACKUP, false, err));
	gh_text_putf(
	    evidence, "%s%zu backup hook%s ran.", evidence->len > 0 ? " " : "", n, n == 1 ? "" : "s");
	return GH_OK;
}
