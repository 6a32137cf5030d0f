#include "base/ban.h"
#include "runner/outbox.h"
#include "base/clock.h"
#include "base/fault.h"
#include "base/io.h"
#include "base/log.h"
#include "runner/job.h"
#include "runner/refresh_read.h"

#include <sys/wait.h>

#define ATTEMPTS 8
#define DELAY_US GH_MINUTE

static void
journal_name(struct outbox_slot *s, int64_t attempt)
{
	(void)snprintf(s->journal, sizeof(s->journal), "%s/notify.%" PRId64 ".%" PRId64 ".journal",
	    s->runner->config->jobs, s->id, attempt);
}

/* What an attempt came to. */
struct ending {
	enum wire_outcome outcome; /* 0: nobody said */
	const char *text;
	bool again_now; /* it was interrupted by our own end, not by the other side */
};

static enum gh_code
settle(struct outbox_slot *s, const struct ending *e, struct gh_err *err)
{
	struct store *st = s->runner->store;
	GH_ARENA a = { 0 };
	struct store_delivery d;
	const struct config_notify *n;
	int64_t now = gh_clock_now(), attempts = ATTEMPTS, delay = DELAY_US;
	struct store_delivery_move m = { .id = s->id, .from = "sending", .text = e->text };

	GH_TRY(store_delivery_get(st, &a, s->id, &d, err));
	n = config_notify_find(s->runner->config, d.channel);
	if (n != NULL) {
		attempts = n->attempts;
		delay = n->retry_delay_ms * 1000;
	}
	m.attempts = d.attempts;
	m.next_at = now;
	if (e->outcome == WIRE_SUCCEEDED) {
		m.to = "sent";
		m.sent_at = now;
	} else if (e->outcome == WIRE_NEEDS_PERSON) {
		m.to = "failed";
	} else if (d.attempts >= attempts) {
		m.to = "failed";
		m.text = gh_printf(&a, "%s (tried %" PRId64 " times)", e->text, d.attempts);
	} else {
		m.to = "waiting";
		m.next_at = e->again_now ? now : now + outbox_backoff(delay, d.attempts);
	}
	(void)gh_fault("runner.delivery.before-settle");
	GH_TRY(store_delivery_move(st, &m, err));
	(void)gh_fault("runner.delivery.settled");
	gh_log_info("delivery.end",
	    "delivery=%" PRId64 " channel=%s attempt=%" PRId64 " state=%s text=\"%s\"", s->id, d.channel,
	    d.attempts, m.to, m.text);
	return GH_OK;
}

/* Frees the slot; one that the store did not take is looked at again, by its journal. */
static void
done(struct outbox_slot *s, const struct ending *e)
{
	struct runner *r = s->runner;
	struct gh_err err = { 0 };

	loop_timer_remove(r->loop, s->deadline);
	s->deadline = 0;
	if (settle(s, e, &err) != GH_OK) {
		gh_log_err("outbox.settle", &err);
		s->pid = 0;
		outbox_poll(r);
		return;
	}
	(void)unlink(s->journal);
	*s = (struct outbox_slot){ .runner = r };
	outbox_soon(r);
}

static enum gh_code
no_frame(struct refresh_reader *reader, void *data, struct wire_event *event, struct gh_err *err)
{
	(void)reader;
	(void)data;
	(void)event;
	(void)err;
	return GH_OK;
}

/* The job has ended: what its journal says. */
static void
read_and_done(struct outbox_slot *s, struct ending *e)
{
	REFRESH_READER reader = { .fd = -1 };
	struct gh_err err = { 0 };

	if (refresh_read_all(&reader, s->journal, no_frame, NULL, &err) != GH_OK) {
		gh_log_err("outbox.read", &err);
	} else if (reader.outcome != 0) {
		e->outcome = reader.outcome;
		e->text = reader.sentence;
		e->again_now = false;
	}
	done(s, e);
}

static void
child_fn(void *data, pid_t pid, int status)
{
	struct outbox_slot *s = data;
	GH_ARENA a = { 0 };
	struct ending e = { .text = s->killed
		    ? "it took too long and was ended"
		    : gh_printf(&a, "the job %s before it said how it went", refresh_died(status, &a)) };

	(void)pid;
	read_and_done(s, &e);
}

static void
deadline_fn(void *data)
{
	struct outbox_slot *s = data;

	s->deadline = 0;
	s->killed = true;
	gh_log_warn("outbox.deadline", "delivery=%" PRId64 " pid=%ld", s->id, (long)s->pid);
	(void)kill(s->pid, SIGKILL);
}

static enum gh_code
spec_fill(struct store *st, struct gh_arena *a, const struct store_delivery *d, const struct config_notify *n,
    struct wire_spec *ret, struct gh_err *err)
{
	struct store_message m;
	struct store_message_facts facts = { 0 };
	struct wire_option *options;
	size_t i;

	GH_TRY(store_message_get(st, a, d->message_id, &m, err));
	GH_TRY(store_message_fact_list(st, a, d->message_id, &facts, err));
	options = gh_alloc_n(a, facts.n + 1, sizeof(*options));
	for (i = 0; i < facts.n; i++)
		options[i] = (struct wire_option){ .name = facts.rows[i].name, .value = facts.rows[i].value };
	if (n->contact[0] != '\0')
		options[i++] = (struct wire_option){ .name = "contact", .value = n->contact };
	*ret = (struct wire_spec){ .id = d->id,
		.n_options = i,
		.options = options,
		.target = d->target,
		.channel = n->kind,
		.address = n->server,
		.from = n->from,
		.to = n->to,
		.user = n->user,
		.subject = m.subject,
		.message = m.body,
		.event = m.event,
		.ca_file = n->ca_file,
		.no_tls = !n->tls,
		.timeout_ms = n->timeout_ms,
		.made_us = m.created_at };
	return GH_OK;
}

static enum gh_code
launch(
    struct outbox_slot *s, const struct store_delivery *d, const struct config_notify *n, struct gh_err *err)
{
	struct runner *r = s->runner;
	GH_ARENA a = { 0 };
	GH_FD int secret = -1;
	struct wire_spec spec;
	struct job_order o = {
		.kind = WIRE_JOB_NOTIFY, .id = s->id, .journal = s->journal, .spec = &spec, .limited = true
	};

	GH_TRY(config_notify_secret(n, &secret, err));
	GH_TRY(spec_fill(r->store, &a, d, n, &spec, err));
	o.passfile = secret;
	/* Left over by a runner that was ended right after it had read it. */
	(void)unlink(s->journal);
	GH_TRY(job_start(r, &o, &s->pid, err));
	if (loop_child_add(r->loop, s->pid, child_fn, s, err) != GH_OK) {
		(void)kill(s->pid, SIGKILL);
		return err->code;
	}
	s->deadline = loop_timer_add(r->loop, n->timeout_ms * 1000 + OUTBOX_GRACE_US, 0, deadline_fn, s);
	return GH_OK;
}

enum gh_code
outbox_slot_start(struct outbox_slot *s, int64_t id, struct gh_err *err)
{
	struct runner *r = s->runner;
	GH_ARENA a = { 0 };
	struct store_delivery d;
	const struct config_notify *n;
	struct store_delivery_move m = { .id = id, .from = "waiting", .to = "sending" };
	struct ending e = { 0 };
	struct gh_err why = { 0 };

	GH_TRY(store_delivery_get(r->store, &a, id, &d, err));
	n = config_notify_find(r->config, d.channel);
	m.attempts = d.attempts;
	m.next_at = d.next_at;
	m.text = d.text;
	if (n == NULL || strcmp(n->kind, d.kind) != 0) {
		m.to = "failed";
		m.text = gh_printf(&a, "%s channel \"%s\" is no longer in the configuration",
		    n == NULL ? "the" : "as it was, the", d.channel);
		return store_delivery_move(r->store, &m, err);
	}
	m.attempts++;
	(void)gh_fault("runner.delivery.before-claim");
	GH_TRY(store_delivery_move(r->store, &m, err));
	(void)gh_fault("runner.delivery.claimed");
	s->busy = true;
	s->id = id;
	(void)snprintf(s->channel, sizeof(s->channel), "%s", d.channel);
	journal_name(s, m.attempts);
	if (launch(s, &d, n, &why) != GH_OK) {
		e.text = why.msg;
		done(s, &e);
	}
	(void)gh_fault("runner.delivery.started");
	return GH_OK;
}

enum gh_code
outbox_slot_adopt(struct outbox_slot *s, int64_t id, struct gh_err *err)
{
	GH_ARENA a = { 0 };
	struct store_delivery d;

	GH_TRY(store_delivery_get(s->runner->store, &a, id, &d, err));
	s->busy = true;
	s->id = id;
	(void)snprintf(s->channel, sizeof(s->channel), "%s", d.channel);
	journal_name(s, d.attempts);
	return GH_OK;
}

void
outbox_slot_poll(struct outbox_slot *s)
{
	GH_FD int fd = open(s->journal, O_RDWR | O_CLOEXEC);
	struct ending e = { .text = "the runner was ended meanwhile", .again_now = true };
	struct gh_err err = { 0 };
	bool alive = false, fenced = false;

	if (fd < 0) {
		done(s, &e);
		return;
	}
	if (job_alive(fd, &alive, &err) == GH_OK && !alive &&
	    job_fence(s->journal, e.text, &fenced, &err) == GH_OK && !fenced)
		read_and_done(s, &e);
	else if (fenced)
		done(s, &e);
	if (err.code != GH_OK)
		gh_log_err("outbox.poll", &err);
}
