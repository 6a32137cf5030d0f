#include "base/ban.h"
#include "runner/follow_kind.h"
#include "base/clock.h"
#include "store/guard_write.h"
#include "store/run_write.h"

#define SESSIONS 64 /* kept of one episode */

/* The newest only, and no event: a page asks for it as often as it looks. */
static enum gh_code
progress_put(struct store *st, const struct follow_run *run, const struct wire_event *e, struct gh_arena *a,
    struct gh_err *err)
{
	struct wire_in in = e->fields;
	struct store_progress p = { .at = e->at_us };

	p.migration = wire_i64(&in);
	p.statement = wire_i64(&in);
	p.activity = wire_text(&in, a);
	p.text = wire_text(&in, a);
	p.done = wire_i64(&in);
	p.total = wire_i64(&in);
	p.unit = wire_text(&in, a);
	p.since = wire_i64(&in);
	GH_TRY(follow_kind_end(&in, "PROGRESS", err));
	return store_progress_put(st, run->id, &p, err);
}

const struct follow_kind follow_progress = {
	.kind = WIRE_J_PROGRESS,
	.put = progress_put,
};

static void
read_sessions(struct wire_in *in, struct gh_arena *a, struct store_episode *e)
{
	struct store_episode_session *list = gh_alloc_n(a, SESSIONS, sizeof(*list));
	unsigned n = wire_u8(in), i;

	for (i = 0; i < n && in->bad == NULL; i++) {
		struct store_episode_session s = { .blocker = strcmp(wire_text(in, a), "blocker") == 0 };

		s.pid = wire_i64(in);
		s.user = wire_text(in, a);
		s.application = wire_text(in, a);
		s.state = wire_text(in, a);
		s.query = wire_text(in, a);
		s.waited_ms = wire_i64(in);
		if (e->n < SESSIONS)
			list[e->n++] = s;
	}
	e->sessions = list;
}

/* "session 4711 (shop, psql)" */
static const char *
who(const struct store_episode_session *s, struct gh_arena *a)
{
	if (s->user[0] == '\0' && s->application[0] == '\0')
		return gh_printf(
		    a, "session %" PRId64 "%s%s", s->pid, s->state[0] == '\0' ? "" : ", ", s->state);
	return gh_printf(a, "session %" PRId64 " (%s%s%s)", s->pid, s->user,
	    s->user[0] == '\0' || s->application[0] == '\0' ? "" : ", ", s->application);
}

static const struct store_episode_session *
first(const struct store_episode *e, bool blocker, size_t *ret_n)
{
	const struct store_episode_session *found = NULL;
	size_t i;

	*ret_n = 0;
	for (i = 0; i < e->n; i++) {
		if (e->sessions[i].blocker != blocker)
			continue;
		if (found == NULL)
			found = &e->sessions[i];
		++*ret_n;
	}
	return found;
}

/* "How it ended" in words. */
static const char *
ending(const struct store_episode *e)
{
	static const struct {
		const char *word, *text;
	} words[] = { { "granted", "the lock was granted" }, { "timed-out", "lock_timeout ended the wait" },
		{ "gave-way", "the statement gave way" }, { "failed", "the statement failed" },
		{ "ended", "nobody waits any more" } };
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(e->ending, words[i].word) == 0)
			return words[i].text;
	}
	return e->ending;
}

static const char *
sentence(const struct store_episode *e, struct gh_arena *a)
{
	const char *on = e->relation[0] == '\0'
	    ? ""
	    : gh_printf(a, " on %s%s%s%s", e->relation, e->mode[0] == '\0' ? "" : " (", e->mode,
		  e->mode[0] == '\0' ? "" : ")");
	char span[GH_CLOCK_LEN];
	size_t n = 0;
	const struct store_episode_session *s = first(e, !e->queue, &n);
	const char *others = n > 1 ? gh_printf(a, " and %zu more", n - 1) : "";

	if (e->ended_at == 0 && e->queue)
		return gh_printf(a, "%s%s %s behind the statement%s.", s == NULL ? "Somebody" : who(s, a),
		    others, n > 1 ? "wait" : "waits", on);
	if (e->ended_at == 0)
		return gh_printf(
		    a, "The statement waits%s for %s%s.", on, s == NULL ? "a lock" : who(s, a), others);
	return gh_printf(a, "%s%s ended after %s: %s.",
	    e->queue ? "The queue behind the statement" : "The wait", on,
	    gh_clock_span(e->ended_at - e->started_at, span), ending(e));
}

/* One event when it begins and one when it ends; between them only its rows change. */
static enum gh_code
is_known(struct store *st, struct gh_arena *a, int64_t run_id, int64_t number, bool *ret, struct gh_err *err)
{
	struct store_episodes list = { 0 };
	size_t i;

	*ret = false;
	GH_TRY(store_episode_list(st, a, run_id, &list, err));
	for (i = 0; i < list.n; i++)
		*ret = *ret || list.rows[i].number == number;
	return GH_OK;
}

static enum gh_code
episode_put(struct store *st, const struct follow_run *run, const struct wire_event *e, struct gh_arena *a,
    struct gh_err *err)
{
	struct wire_in in = e->fields;
	struct store_episode x = { .number = wire_i64(&in) };
	const char *kind = wire_text(&in, a);
	bool known;

	x.queue = strcmp(kind, "queue") == 0;
	x.migration = wire_i64(&in);
	x.statement = wire_i64(&in);
	x.started_at = wire_i64(&in);
	x.ended_at = wire_i64(&in);
	x.relation = wire_text(&in, a);
	x.mode = wire_text(&in, a);
	x.ending = wire_text(&in, a);
	read_sessions(&in, a, &x);
	GH_TRY(follow_kind_end(&in, "EPISODE", err));
	if (!x.queue && strcmp(kind, "blocked") != 0)
		return gh_fail(
		    err, GH_BAD_INPUT, "the journal is corrupt: \"%s\" is no kind of episode", kind);
	if (x.started_at < 0 || x.ended_at < 0)
		return gh_fail(err, GH_BAD_INPUT, "the journal is corrupt: an episode at no time");
	GH_TRY(is_known(st, a, run->id, x.number, &known, err));
	GH_TRY(store_episode_put(st, run->id, &x, err));
	if (known && x.ended_at == 0)
		return GH_OK;
	return store_event_add(st, run->id, "episode", sentence(&x, a), e->at_us, err);
}

const struct follow_kind follow_episode = {
	.kind = WIRE_J_EPISODE,
	.put = episode_put,
};
