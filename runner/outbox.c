#include "base/ban.h"
#include "runner/outbox.h"
#include "base/clock.h"
#include "base/log.h"
#include "runner/work_state.h"

#include <dirent.h>

#define POLL_US (GH_SECOND / 2)

static bool
busy(const struct outbox *o, const char *channel)
{
	size_t i;

	for (i = 0; i < OUTBOX_AT_ONCE; i++) {
		if (o->slots[i].busy && strcmp(o->slots[i].channel, channel) == 0)
			return true;
	}
	return false;
}

/* Where the channel's turn is kept; the one served longest ago makes room. */
static struct outbox_turn *
turn_of(struct outbox *o, const char *channel)
{
	struct outbox_turn *oldest = &o->served[0];
	size_t i;

	for (i = 0; i < OUTBOX_CHANNELS; i++) {
		if (strcmp(o->served[i].channel, channel) == 0)
			return &o->served[i];
		if (o->served[i].turn < oldest->turn)
			oldest = &o->served[i];
	}
	(void)snprintf(oldest->channel, sizeof(oldest->channel), "%s", channel);
	oldest->turn = 0;
	return oldest;
}

/* The channel that is due and was served longest ago; NULL when none is. */
static const char *
next_channel(struct outbox *o, const struct store_channels *list, int64_t now)
{
	const char *ret = NULL;
	int64_t best = 0;
	size_t i;

	for (i = 0; i < list->n; i++) {
		const struct store_channel *c = &list->rows[i];
		int64_t turn;

		if (c->next_at > now || busy(o, c->name))
			continue;
		turn = turn_of(o, c->name)->turn;
		if (ret == NULL || turn < best) {
			ret = c->name;
			best = turn;
		}
	}
	return ret;
}

static struct outbox_slot *
free_slot(struct outbox *o)
{
	size_t i;

	for (i = 0; i < OUTBOX_AT_ONCE; i++) {
		if (!o->slots[i].busy)
			return &o->slots[i];
	}
	return NULL;
}

/* Starts one delivery; false when there is nothing to do now. */
static enum gh_code
start_one(struct runner *r, bool *ret_more, struct gh_err *err)
{
	struct outbox *o = r->work->outbox;
	struct outbox_slot *slot = free_slot(o);
	GH_ARENA a = { 0 };
	struct store_channels list = { 0 };
	int64_t now = gh_clock_now(), id = 0;
	const char *channel;

	*ret_more = false;
	if (slot == NULL)
		return GH_OK;
	GH_TRY(store_delivery_waiting(r->store, &a, &list, err));
	channel = next_channel(o, &list, now);
	if (channel == NULL)
		return GH_OK;
	turn_of(o, channel)->turn = ++o->turns;
	GH_TRY(store_delivery_next(r->store, channel, now, &id, err));
	if (id == 0)
		return GH_OK;
	*ret_more = true;
	return outbox_slot_start(slot, id, err);
}

static void
due_fn(void *data)
{
	struct runner *r = data;

	r->work->outbox->due = 0;
	outbox_soon(r);
}

/* Wakes when the next one is due; one whose channel is busy is looked at when that has ended. */
static enum gh_code
wait_for_next(struct runner *r, struct gh_err *err)
{
	struct outbox *o = r->work->outbox;
	GH_ARENA a = { 0 };
	struct store_channels list = { 0 };
	int64_t now = gh_clock_now(), next = 0;
	size_t i;

	loop_timer_remove(r->loop, o->due);
	o->due = 0;
	if (free_slot(o) == NULL)
		return GH_OK;
	GH_TRY(store_delivery_waiting(r->store, &a, &list, err));
	for (i = 0; i < list.n; i++) {
		if (!busy(o, list.rows[i].name) && (next == 0 || list.rows[i].next_at < next))
			next = list.rows[i].next_at;
	}
	if (next == 0)
		return GH_OK;
	/* The wall clock may have been set: look now and then. */
	next = next > now ? next - now : GH_SECOND;
	o->due = loop_timer_add(r->loop, next < GH_MINUTE ? next : GH_MINUTE, 0, due_fn, r);
	return GH_OK;
}

static void
look(void *data)
{
	struct runner *r = data;
	struct gh_err err = { 0 };
	bool more = true;
	int i;

	r->work->outbox->soon = 0;
	/* What has left the configuration takes no slot: a few at a time, then the others' turn. */
	for (i = 0; more && i < 100; i++) {
		if (start_one(r, &more, &err) != GH_OK) {
			gh_log_err("outbox.start", &err);
			err = (struct gh_err){ 0 };
			break;
		}
	}
	if (wait_for_next(r, &err) != GH_OK)
		gh_log_err("outbox.wait", &err);
}

void
outbox_soon(struct runner *r)
{
	if (r->work != NULL && r->work->outbox != NULL && r->work->outbox->soon == 0)
		r->work->outbox->soon = loop_timer_add(r->loop, 0, 0, look, r);
}

int64_t
outbox_backoff(int64_t delay_us, int64_t attempt)
{
	for (; attempt > 1 && delay_us < OUTBOX_LONGEST; attempt--)
		delay_us *= 2;
	return delay_us < OUTBOX_LONGEST ? delay_us : OUTBOX_LONGEST;
}

static void
poll_fn(void *data)
{
	struct runner *r = data;
	struct outbox *o = r->work->outbox;
	bool some = false;
	size_t i;

	for (i = 0; i < OUTBOX_AT_ONCE; i++) {
		if (o->slots[i].busy && o->slots[i].pid == 0)
			outbox_slot_poll(&o->slots[i]);
		some = some || (o->slots[i].busy && o->slots[i].pid == 0);
	}
	if (!some) {
		loop_timer_remove(r->loop, o->poll);
		o->poll = 0;
	}
}

void
outbox_poll(struct runner *r)
{
	if (r->work->outbox->poll == 0)
		r->work->outbox->poll = loop_timer_add(r->loop, POLL_US, POLL_US, poll_fn, r);
}

/* Journals that nobody reads any more. */
static void
sweep(const struct runner *r)
{
	const struct outbox *o = r->work->outbox;
	GH_ARENA a = { 0 };
	DIR *dir = opendir(r->config->jobs);
	const struct dirent *e;
	const char *path;
	size_t i;

	if (dir == NULL)
		return;
	while ((e = readdir(dir)) != NULL) { /* NOLINT(concurrency-mt-unsafe): the runner has one thread */
		if (strncmp(e->d_name, "notify.", 7) != 0)
			continue;
		path = gh_printf(&a, "%s/%s", r->config->jobs, e->d_name);
		for (i = 0; i < OUTBOX_AT_ONCE; i++) {
			if (o->slots[i].busy && strcmp(o->slots[i].journal, path) == 0)
				break;
		}
		if (i == OUTBOX_AT_ONCE)
			(void)unlink(path);
	}
	(void)closedir(dir);
}

enum gh_code
outbox_start(struct runner *r, struct gh_err *err)
{
	struct outbox *o = calloc(1, sizeof(*o));
	struct store_delivery_ids ids = { 0 };
	GH_ARENA a = { 0 };
	size_t i;

	if (o == NULL)
		return gh_fail(err, GH_INTERNAL, "out of memory");
	r->work->outbox = o;
	for (i = 0; i < OUTBOX_AT_ONCE; i++)
		o->slots[i].runner = r;
	GH_TRY(store_delivery_sending(r->store, &a, &ids, err));
	for (i = 0; i < ids.n && i < OUTBOX_AT_ONCE; i++)
		GH_TRY(outbox_slot_adopt(&o->slots[i], ids.rows[i], err));
	sweep(r);
	if (ids.n > 0)
		outbox_poll(r);
	outbox_soon(r);
	return GH_OK;
}

void
outbox_stop(struct runner *r)
{
	struct outbox *o = r->work->outbox;
	size_t i;

	if (o == NULL)
		return;
	loop_timer_remove(r->loop, o->soon);
	loop_timer_remove(r->loop, o->due);
	loop_timer_remove(r->loop, o->poll);
	for (i = 0; i < OUTBOX_AT_ONCE; i++) {
		loop_timer_remove(r->loop, o->slots[i].deadline);
		if (o->slots[i].busy && o->slots[i].pid != 0)
			loop_child_remove(r->loop, o->slots[i].pid);
	}
	free(o);
	r->work->outbox = NULL;
}
