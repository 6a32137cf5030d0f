#include "base/ban.h"
#include "runner/job/say.h"
#include "base/clock.h"
#include "base/io.h"

void
say_start(struct job *j, enum wire_journal_kind kind, struct wire_out *ret)
{
	wire_journal_start(&j->journal, kind, ret);
}

void
say_end(struct job *j, struct wire_out *out)
{
	struct gh_err err = { 0 };

	/* After a failed write the file may end in half a frame: nothing may follow it. */
	if (j->bad.code != GH_OK)
		return;
	if (wire_journal_end(&j->journal, out, &err) != GH_OK)
		j->bad = err;
}

void
say_clean(char *ret, size_t size, const char *s)
{
	size_t len = s == NULL ? 0 : gh_utf8_cut(s, strlen(s), size - 1), at = 0;

	if (len > 0)
		memcpy(ret, s, len);
	ret[len] = '\0';
	while (!gh_utf8_valid(ret, len, &at))
		ret[at] = '?';
}

void
say_put(struct wire_out *out, const char *s)
{
	char clean[SAY_TEXT_MAX];

	say_clean(clean, sizeof(clean), s);
	wire_put_text(out, clean);
}

void
say_begin(struct job *j, const char *kind, const char *version)
{
	struct wire_out o;

	say_start(j, WIRE_J_START, &o);
	wire_put_i64(&o, getpid());
	wire_put_text(&o, kind);
	wire_put_text(&o, version);
	say_end(j, &o);
}

void
say_outcome(struct job *j, enum wire_outcome outcome, const char *sentence)
{
	struct wire_out o;

	say_start(j, WIRE_J_OUTCOME, &o);
	wire_put_u8(&o, (uint8_t)outcome);
	say_put(&o, sentence);
	say_end(j, &o);
}

void
say_log(struct job *j, const char *fmt, ...)
{
	char text[SAY_TEXT_MAX];
	struct wire_out o;
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	say_start(j, WIRE_J_LOG, &o);
	say_put(&o, text);
	say_end(j, &o);
}

void
say_phase(struct job *j, enum wire_phase phase, enum wire_state state, const char *evidence)
{
	struct wire_out o;

	say_start(j, WIRE_J_PHASE, &o);
	wire_put_u8(&o, (uint8_t)phase);
	wire_put_u8(&o, (uint8_t)state);
	say_put(&o, evidence);
	say_end(j, &o);
}

void
say_backend(struct job *j, int64_t pid, const char *start)
{
	struct wire_out o;

	say_start(j, WIRE_J_BACKEND, &o);
	wire_put_i64(&o, pid);
	wire_put_text(&o, start);
	say_end(j, &o);
}

void
say_migration(struct job *j, int64_t migration, enum wire_state state, const char *sentence)
{
	struct wire_out o;

	say_start(j, WIRE_J_MIGRATION, &o);
	wire_put_i64(&o, migration);
	wire_put_u8(&o, (uint8_t)state);
	say_put(&o, sentence);
	say_end(j, &o);
}

static void
put_at(struct wire_out *o, struct say_at at)
{
	wire_put_i64(o, at.migration);
	wire_put_i64(o, at.statement);
}

void
say_statement(struct job *j, struct say_at at, enum wire_state state, int64_t rows, const char *tag)
{
	struct wire_out o;

	say_start(j, WIRE_J_STATEMENT, &o);
	put_at(&o, at);
	wire_put_u8(&o, (uint8_t)state);
	wire_put_i64(&o, rows);
	say_put(&o, tag);
	say_end(j, &o);
}

void
say_intent(struct job *j, struct say_at at, const char *xid)
{
	struct wire_out o;

	say_start(j, WIRE_J_INTENT, &o);
	put_at(&o, at);
	wire_put_text(&o, xid);
	say_end(j, &o);
}

void
say_notice(struct job *j, struct say_at at, const char *severity, const char *message)
{
	struct wire_out o;

	say_start(j, WIRE_J_NOTICE, &o);
	put_at(&o, at);
	say_put(&o, severity);
	say_put(&o, message);
	say_end(j, &o);
}

void
say_retry(struct job *j, int64_t attempt, int64_t wait_ms, const char *why)
{
	struct wire_out o;

	say_start(j, WIRE_J_RETRY, &o);
	wire_put_i64(&o, attempt);
	wire_put_i64(&o, wait_ms);
	say_put(&o, why);
	say_end(j, &o);
}

void
say_evidence(struct job *j, const char *kind, const char *name, enum wire_state state, const char *sentence)
{
	struct wire_out o;

	say_start(j, WIRE_J_EVIDENCE, &o);
	wire_put_text(&o, kind);
	say_put(&o, name);
	wire_put_u8(&o, (uint8_t)state);
	say_put(&o, sentence);
	say_end(j, &o);
}

void
say_doing(struct job *j, const char *activity, const char *sentence)
{
	struct wire_out o;

	say_start(j, WIRE_J_PROGRESS, &o);
	put_at(&o, (struct say_at){ .migration = -1, .statement = -1 });
	wire_put_text(&o, activity);
	say_put(&o, sentence);
	wire_put_i64(&o, 0);
	wire_put_i64(&o, 0);
	wire_put_text(&o, "");
	wire_put_i64(&o, gh_clock_now());
	say_end(j, &o);
}
