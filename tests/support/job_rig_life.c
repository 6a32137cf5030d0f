#include "base/ban.h"
#include "tests/support/job_rig.h"

/* Frames about hooks, evidence and control. */

void
rig_frame_life(struct rig_frame *f, struct wire_in *in, struct gh_arena *a)
{
	const char *text = wire_text(in, a);

	switch ((int)f->kind) {
	case WIRE_J_HOOK:
		f->statement = wire_i64(in);
		f->text = gh_printf(a, "%s %" PRId64 " %s", text, f->statement, wire_text(in, a));
		f->state = wire_u8(in);
		f->number = wire_i64(in);
		f->more = wire_text(in, a);
		break;
	case WIRE_J_EVIDENCE:
		f->text = gh_printf(a, "%s %s", text, wire_text(in, a));
		f->state = wire_u8(in);
		f->more = wire_text(in, a);
		break;
	default:
		f->text = text;
		f->more = wire_text(in, a);
		break;
	}
}

void
rig_hook(struct rig *r, enum policy_when when, int64_t timeout_ms, const char *const *args)
{
	struct policy *p = &r->plan.policy;
	struct policy_hook *hooks = gh_alloc_n(&r->arena, p->n_hooks + 1, sizeof(*hooks));
	struct policy_hook *h = &hooks[p->n_hooks];

	if (p->n_hooks > 0)
		memcpy(hooks, p->hooks, p->n_hooks * sizeof(*hooks));
	*h = (struct policy_hook){ .when = when, .timeout_ms = timeout_ms, .args = args };
	while (args[h->n_args] != NULL)
		h->n_args++;
	p->hooks = hooks;
	p->n_hooks++;
}

void
rig_query(struct rig *r, const char *name, const char *sql)
{
	struct plan_query *q = gh_alloc_n(&r->arena, r->plan.n_queries + 1, sizeof(*q));

	if (r->plan.n_queries > 0)
		memcpy(q, r->plan.queries, r->plan.n_queries * sizeof(*q));
	q[r->plan.n_queries++] = (struct plan_query){ .name = name, .sql = sql };
	r->plan.queries = q;
}
