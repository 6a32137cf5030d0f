#include "base/ban.h"
#include "cgi/backup_view.h"
#include "base/duration.h"
#include "cgi/request_conditions.h"

#include "base/clock.h"
#include "wire/journal.h"

const char *
backup_origin(struct req *req, const struct store_backup *b)
{
	if (strcmp(b->kind, "run") == 0 && b->run_id != 0)
		return gh_printf(req->arena, "run %" PRId64, b->run_id);
	if (strcmp(b->kind, "hand") == 0)
		return *b->person == '\0' ? "by hand" : gh_printf(req->arena, "by hand, %s", b->person);
	if (strcmp(b->kind, "hook") == 0)
		return gh_printf(req->arena, "hook %s", b->source);
	if (strcmp(b->kind, "outside") == 0)
		return gh_printf(req->arena, "outside, %s", b->source);
	return b->kind;
}

/* The word beside the steps of one that is not there any more. */
static const char *
gone(const struct store_backup *b)
{
	if (strcmp(b->state, "missing") == 0)
		return "missing";
	return strcmp(b->state, "expired") == 0 ? "expired" : "";
}

static void
numbers(struct req *req, struct view *item, const struct store_backup *b)
{
	view_int(item, "table_count", b->table_count);
	view_int(item, "row_count", b->row_count);
	view_text(item, "tables", b->table_count < 0 ? "" : show_number(req, b->table_count));
	view_text(item, "rows", b->row_count < 0 ? "" : show_number(req, b->row_count));
	view_bytes(item, "size", b->size);
	view_bytes(item, "plain_size", b->plain_size);
	view_bytes(item, "database_bytes", b->database_bytes);
	/* Of a file of others only one time is known. */
	view_span(item, "took", b->ended_at == b->started_at ? -1 : b->ended_at - b->started_at);
	view_time(item, "started_at", b->started_at);
	view_time(item, "ended_at", b->ended_at);
	view_time(item, "proved_at", b->proved_at);
	view_span(item, "prove_took", b->proved_at == 0 ? -1 : b->prove_us);
	view_time(item, "state_at", b->state_at);
	view_time(item, "seen_at", b->seen_at);
}

void
backup_view(struct req *req, struct view *item, const struct store_backup *b)
{
	view_int(item, "id", b->id);
	view_url(item, "url", "/backups/%d64", b->id);
	view_text(item, "target", b->target);
	view_url(item, "target_url", "/targets/%s", b->target);
	view_text(item, "environment", b->environment);
	view_text(item, "kind", b->kind);
	view_text(item, "origin", backup_origin(req, b));
	view_text(item, "person", b->person);
	view_text(item, "source", b->source);
	view_text(item, "label", b->label);
	numbers(req, item, b);
	view_text(item, "level", b->level);
	view_text(item, "broken", b->broken);
	view_text(item, "state", b->state);
	view_text(item, "gone", gone(b));
	if (*gone(b) == '\0')
		show_proof(item, "proof", b->level, b->broken);
	else
		view_text(item, "proof", "");
	show_mark(item, "gone_mark", *gone(b) == '\0' ? b->state : gone(b));
	/* A time that is over says no more than that it was kept. */
	view_time(item, "keep_until", *gone(b) == '\0' && b->keep_until > req->now_us ? b->keep_until : 0);
	view_text(item, "kept_for", *gone(b) == '\0' ? b->kept_for : "");
	view_text(item, "schema_key", b->schema_key);
	view_int(item, "run", b->run_id);
	if (b->run_id == 0)
		view_text(item, "run_url", "");
	else
		view_url(item, "run_url", "/runs/%d64", b->run_id);
	view_text(item, "file", b->file);
	view_text(item, "name", *b->file != '\0' ? b->file : b->label);
	view_text(item, "format", b->format);
	view_text(item, "encrypted_to", b->encrypted_to);
	view_text(item, "digest", b->digest);
	view_text(item, "fingerprint", b->fingerprint);
	view_text(item, "snapshot", b->snapshot);
	view_text(item, "server_version", b->server_version);
	view_text(item, "client_version", b->client_version);
}

static const struct {
	const char *level, *word;
} levels[] = {
	{ "written", "Written" },
	{ "checksummed", "Checksummed" },
	{ "listed", "Listed" },
	{ "restored", "Restored" },
	{ "counted", "Counted" },
};
#define LEVELS (sizeof(levels) / sizeof(levels[0]))

static size_t
number_of(const char *level)
{
	size_t i;

	for (i = 0; i < LEVELS; i++) {
		if (strcmp(levels[i].level, level) == 0)
			return i + 1;
	}
	return 0;
}

/* Without a proof of its own the level is one that was reached before each look was recorded. */
static void
step(struct view *item, size_t i, const struct store_proof *p, size_t reached)
{
	bool ok = i < reached, failed = p != NULL && strcmp(p->state, "failed") == 0 && !ok;

	view_text(item, "level", levels[i].level);
	view_text(item, "word", levels[i].word);
	view_text(item, "state", ok ? "ok" : failed ? "failed" : "");
	view_text(item, "tone", failed ? "bad" : ok ? i + 1 == LEVELS ? "good" : "wait" : "calm");
	view_text(item, "icon", failed ? "octagon-x" : ok ? "circle-check" : "circle-dashed");
	view_time(item, "at", p == NULL ? 0 : p->ended_at);
	view_span(item, "took", p == NULL ? -1 : p->ended_at - p->started_at);
	view_text(item, "place", p == NULL ? "" : p->place);
	view_text(item, "text",
	    p != NULL ? p->text
		: ok  ? show_proof_text(levels[i].level) + strlen(levels[i].word) + 2
		      : "Nobody has looked yet.");
}

void
backup_steps(struct view *v, const struct store_backup *b, const struct store_proofs *proofs)
{
	struct view *list = view_list(v, "steps");
	size_t i, k, reached = number_of(b->level);

	for (i = 0; i < LEVELS; i++) {
		const struct store_proof *newest = NULL;

		for (k = 0; k < proofs->n && newest == NULL; k++) {
			if (strcmp(proofs->rows[k].level, levels[i].level) == 0)
				newest = &proofs->rows[k];
		}
		step(view_item(list), i, newest, reached);
	}
}

/* What can be said of the newest one where none is proved. */
static void
unproved(struct req *req, const struct store_target *t, struct backup_answer *ret)
{
	char utc[GH_CLOCK_LEN], ago[GH_CLOCK_LEN];

	if (t->last_backup == 0 && request_outside_ms(req, t->policy) > 0) {
		*ret = (struct backup_answer){ "wait", "circle-question-mark", "Not from here",
			"None of its backups is kept here: those that others keep are restored with their "
			"tools." };
		return;
	}
	if (t->last_backup == 0) {
		*ret = t->backup ? (struct backup_answer){ "bad", "octagon-x", "No",
			"There is no backup of it that could be restored." }
				 : (struct backup_answer){ "calm", "minus", "No",
					   "No backup is asked for, and there is none." };
		return;
	}
	if (*t->last_backup_broken != '\0') {
		*ret = (struct backup_answer){ "bad", "octagon-x", "No",
			gh_printf(req->arena, "The newest backup is broken, and none is proved: %s",
			    t->last_backup_broken) };
		return;
	}
	*ret = (struct backup_answer){ "wait", "circle-question-mark", "Perhaps",
		gh_printf(req->arena,
		    "To %s (%s), if its newest backup can be restored: it is %s, and nobody has restored it.",
		    gh_clock_utc(t->last_backup_at, utc), gh_clock_ago(t->last_backup_at, req->now_us, ago),
		    strcmp(t->last_backup_level, "none") == 0 ? "not looked at" : t->last_backup_level) };
}

void
backup_answer(struct req *req, const struct store_target *t, struct backup_answer *ret)
{
	char utc[GH_CLOCK_LEN], taken[GH_CLOCK_LEN], proved[GH_CLOCK_LEN], newer[GH_CLOCK_LEN],
	    span[GH_CLOCK_LEN];
	const char *rest = "";

	if (t->proved_backup == 0) {
		unproved(req, t, ret);
		return;
	}
	if (t->last_backup != t->proved_backup && *t->last_backup_broken != '\0')
		rest = gh_printf(req->arena, " The newest, of %s, is broken: %s",
		    gh_clock_ago(t->last_backup_at, req->now_us, newer), t->last_backup_broken);
	else if (t->last_backup != t->proved_backup)
		rest = gh_printf(req->arena, " A newer one, of %s, is only %s.",
		    gh_clock_ago(t->last_backup_at, req->now_us, newer), t->last_backup_level);
	*ret = (struct backup_answer){ "good", "circle-check", "Yes",
		gh_printf(req->arena,
		    "To %s (%s): backup %" PRId64 " was restored and its rows counted %s, which took %s.%s",
		    gh_clock_utc(t->proved_backup_at, utc),
		    gh_clock_ago(t->proved_backup_at, req->now_us, taken), t->proved_backup,
		    gh_clock_ago(t->proved_at, req->now_us, proved), gh_clock_span(t->prove_us, span),
		    rest) };
}

/* What is done by the clock, as it is configured; "" nothing. */
static const char *
routine(struct req *req, const struct store_target *t)
{
	struct gh_arena *a = req->arena;
	char within[GH_DURATION_LEN], every[GH_DURATION_LEN];
	const char *soon = strcmp(t->prove_level, "counted") == 0 ? "restored and counted" : t->prove_level;

	if (*t->backup_schedule == '\0' && t->prove_within_ms == 0 && t->prove_every_ms == 0)
		return "";
	return gh_printf(a, "By the clock: %s%s%s%s%s%s.",
	    *t->backup_schedule == '\0' ? "no backup" : gh_printf(a, "a backup (%s)", t->backup_schedule),
	    t->prove_within_ms == 0 ? "" : gh_printf(a, ", the newest %s within ", soon),
	    t->prove_within_ms == 0 ? "" : gh_duration_text(t->prove_within_ms, within),
	    t->prove_every_ms == 0 ? "" : ", the newest again every ",
	    t->prove_every_ms == 0 ? "" : gh_duration_text(t->prove_every_ms, every),
	    t->prove_every_ms == 0 || strcmp(t->prove_level, "counted") == 0 ? "" : ", until it is counted");
}

/* What should have been counted and is not; "" nothing. */
static const char *
late(struct req *req, const struct store_target *t)
{
	char utc[GH_CLOCK_LEN], ago[GH_CLOCK_LEN];

	if (t->overdue_at == 0)
		return "";
	return gh_printf(req->arena,
	    "Overdue: by %s (%s) a backup that is new enough had to be %s%s, and none was.",
	    gh_clock_utc(t->overdue_at, utc), gh_clock_ago(t->overdue_at, req->now_us, ago),
	    strcmp(t->prove_level, "counted") == 0 ? "restored and " : "", t->prove_level);
}

void
backup_answer_view(struct req *req, struct view *v, const struct store_target *t)
{
	struct view *item = view_object(v, "answer");
	struct backup_answer a;

	backup_answer(req, t, &a);
	view_text(item, "tone", a.tone);
	view_text(item, "icon", a.icon);
	view_text(item, "word", a.word);
	view_text(item, "text", a.text);
	view_text(v, "routine", routine(req, t));
	view_text(v, "late", late(req, t));
}
