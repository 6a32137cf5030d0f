#include "base/ban.h"
#include "runner/follow_frame.h"
#include "base/clock.h"

static void
read_identity(struct wire_in *in, struct gh_arena *a, struct follow_frame *f)
{
	f->system_id = wire_text(in, a);
	f->word = wire_text(in, a);
	f->number = wire_i64(in);
	f->server_version = wire_text(in, a);
	(void)wire_i64(in); /* as a number: for programs that compare */
	f->role = wire_text(in, a);
}

static void
read_error(struct wire_in *in, struct gh_arena *a, struct follow_frame *f)
{
	struct follow_error *e = &f->error;

	f->migration = wire_i64(in);
	f->statement = wire_i64(in);
	e->sqlstate = wire_text(in, a);
	e->message = wire_text(in, a);
	e->detail = wire_text(in, a);
	e->hint = wire_text(in, a);
	e->position = wire_i64(in);
	e->schema = wire_text(in, a);
	e->table = wire_text(in, a);
	e->column = wire_text(in, a);
	e->constraint = wire_text(in, a);
	e->line = wire_i64(in);
}

/* The kinds that say where in the plan they are. */
static void
read_place(const struct wire_event *ev, struct wire_in *in, struct gh_arena *a, struct follow_frame *f)
{
	f->migration = wire_i64(in);
	if (ev->kind != WIRE_J_MIGRATION)
		f->statement = wire_i64(in);
	if (ev->kind == WIRE_J_MIGRATION || ev->kind == WIRE_J_STATEMENT)
		f->state = (enum wire_state)wire_u8(in);
	if (ev->kind == WIRE_J_STATEMENT)
		f->number = wire_i64(in);
	if (ev->kind == WIRE_J_MIGRATION) {
		f->text = wire_text(in, a);
		return;
	}
	f->word = wire_text(in, a);
	if (ev->kind == WIRE_J_NOTICE)
		f->text = wire_text(in, a);
}

static void
read_fields(const struct wire_event *ev, struct wire_in *in, struct gh_arena *a, struct follow_frame *f)
{
	switch ((int)ev->kind) {
	case WIRE_J_START:
		f->number = wire_i64(in);
		(void)wire_text(in, a); /* the kind of job: we started it */
		f->word = wire_text(in, a);
		break;
	case WIRE_J_OUTCOME:
		f->outcome = (enum wire_outcome)wire_u8(in);
		f->text = wire_text(in, a);
		break;
	case WIRE_J_LOG:
		f->text = wire_text(in, a);
		break;
	case WIRE_J_PHASE:
		f->phase = (enum wire_phase)wire_u8(in);
		f->state = (enum wire_state)wire_u8(in);
		f->text = wire_text(in, a);
		break;
	case WIRE_J_BACKEND:
		f->number = wire_i64(in);
		f->word = wire_text(in, a);
		break;
	case WIRE_J_IDENTITY:
		read_identity(in, a, f);
		break;
	case WIRE_J_MIGRATION:
	case WIRE_J_STATEMENT:
	case WIRE_J_INTENT:
	case WIRE_J_NOTICE:
		read_place(ev, in, a, f);
		break;
	case WIRE_J_ERROR:
		read_error(in, a, f);
		break;
	case WIRE_J_RETRY:
		f->number = wire_i64(in);
		f->wait_ms = wire_i64(in);
		f->text = wire_text(in, a);
		break;
	default:
		/* The target's state, and what a newer job may say: no event, no row. */
		f->kind = WIRE_J_LOG;
		in->at = in->end;
		break;
	}
}

/* The words of states: a number that has none is not for the store. */
static bool
words_known(const struct follow_frame *f)
{
	switch ((int)f->kind) {
	case WIRE_J_PHASE:
		return wire_phase_name(f->phase)[0] != '?' && wire_state_name(f->state)[0] != '?';
	case WIRE_J_MIGRATION:
	case WIRE_J_STATEMENT:
		return wire_state_name(f->state)[0] != '?';
	case WIRE_J_OUTCOME:
		return wire_outcome_name(f->outcome)[0] != '?';
	default:
		return true;
	}
}

enum gh_code
follow_frame_read(
    const struct wire_event *e, struct gh_arena *a, struct follow_frame *ret, struct gh_err *err)
{
	struct wire_in in = e->fields;

	*ret = (struct follow_frame){ .kind = e->kind,
		.at = e->at_us,
		.migration = -1,
		.statement = -1,
		.text = "",
		.word = "",
		.system_id = "",
		.server_version = "",
		.role = "" };
	read_fields(e, &in, a, ret);
	if (wire_end(&in, NULL) != GH_OK)
		return gh_fail(err, GH_INTERNAL,
		    "the journal is corrupt: a frame of kind %d has wrong fields", (int)e->kind);
	if (!words_known(ret))
		return gh_fail(err, GH_INTERNAL,
		    "the journal is corrupt: a frame of kind %d has an unknown word", (int)e->kind);
	/* An intent has more places than statements: wire/journal.h, enum wire_intent. */
	if (ret->migration < -1 || ret->statement < (e->kind == WIRE_J_INTENT ? INT32_MIN : -1) ||
	    ret->migration > INT32_MAX || ret->statement > INT32_MAX)
		return gh_fail(err, GH_INTERNAL, "the journal is corrupt: a place outside any plan");
	if (ret->wait_ms < 0 || ret->wait_ms > INT32_MAX)
		return gh_fail(err, GH_INTERNAL, "the journal is corrupt: a time that never was");
	return GH_OK;
}

/* "0012_add_x", or its position when the plan is not known. */
static const char *
migration_text(const struct follow_frame *f, const struct plan *plan, struct gh_arena *a)
{
	if (plan != NULL && f->migration >= 0 && (size_t)f->migration < plan->n_migrations)
		return plan->migrations[f->migration].key;
	return gh_printf(a, "migration %" PRId64, f->migration + 1);
}

/* "0012_add_x, line 4, CREATE INDEX" */
static const char *
place_text(const struct follow_frame *f, const struct plan *plan, struct gh_arena *a)
{
	const char *key = migration_text(f, plan, a);
	const struct plan_sql *sql;

	if (f->migration < 0)
		return "";
	if (f->statement < 0 || plan == NULL || (size_t)f->migration >= plan->n_migrations)
		return key;
	sql = &plan->migrations[f->migration].run;
	if ((size_t)f->statement >= sql->n_statements)
		return key;
	return gh_printf(a, "%s, line %" PRId64 ", %s", key, sql->statements[f->statement].line,
	    sql->statements[f->statement].kind);
}

static const char *
capital(const char *word, struct gh_arena *a)
{
	char *ret = gh_strdup(a, word);

	ret[0] = (char)toupper((unsigned char)ret[0]);
	return ret;
}

/* "Backup: done. EVIDENCE" */
static const char *
phase_text(const struct follow_frame *f, struct gh_arena *a)
{
	const char *name = capital(wire_phase_name(f->phase), a), *sep = f->text[0] == '\0' ? "" : ": ";

	switch (f->state) {
	case WIRE_STARTED:
		return gh_printf(a, "%s begins%s%s", name, sep, f->text);
	case WIRE_OK:
		return gh_printf(a, "%s done%s%s", name, sep, f->text);
	case WIRE_SKIPPED:
		return gh_printf(a, "%s skipped%s%s", name, sep, f->text);
	case WIRE_FAILED:
	case WIRE_ROLLED_BACK:
	case WIRE_TAKEN_BACK:
	case WIRE_IN_DOUBT:
		break;
	}
	return gh_printf(a, "%s failed%s%s", name, sep, f->text);
}

static const char *
migration_event(const struct follow_frame *f, const struct plan *plan, struct gh_arena *a)
{
	const char *key = migration_text(f, plan, a), *what = "?", *text = f->text;
	bool down = plan != NULL && plan->down;

	switch (f->state) {
	case WIRE_STARTED:
		what = down ? "is being taken back" : "begins";
		break;
	case WIRE_OK:
		what = down ? "taken back" : "applied";
		break;
	case WIRE_FAILED:
		what = "failed";
		break;
	case WIRE_SKIPPED:
		what = "not run";
		break;
	case WIRE_ROLLED_BACK:
		/* Why was said when it failed. */
		what = "rolled back: nothing of it is in the database";
		text = "";
		break;
	case WIRE_TAKEN_BACK:
		what = "was applied and is gone again";
		break;
	case WIRE_IN_DOUBT:
		what = "is in doubt";
		break;
	}
	return gh_printf(a, "%s %s%s%s", key, what, text[0] == '\0' ? "" : ": ", text);
}

/* Only what ended makes an event: the rows show what is under way. */
static const char *
statement_event(const struct follow_frame *f, const struct plan *plan, struct gh_arena *a)
{
	const char *place = place_text(f, plan, a);

	if (f->state == WIRE_STARTED)
		return NULL;
	if (f->state != WIRE_OK)
		return gh_printf(a, "%s: %s", place, wire_state_name(f->state));
	if (f->number < 0)
		return gh_printf(a, "%s: done", place);
	return gh_printf(a, "%s: done, %" PRId64 " %s", place, f->number, f->number == 1 ? "row" : "rows");
}

static const char *
error_event(const struct follow_frame *f, const struct plan *plan, struct gh_arena *a)
{
	const struct follow_error *e = &f->error;
	const char *place = place_text(f, plan, a), *sep = place[0] == '\0' ? "" : ": ";

	if (e->sqlstate[0] == '\0')
		return gh_printf(a, "%s%s%s", place, sep, e->message);
	return gh_printf(a, "%s%s%s %s%s%s", place, sep, e->sqlstate, e->message,
	    e->detail[0] == '\0' ? "" : " - ", e->detail);
}

void
follow_frame_event(const struct follow_frame *f, const struct plan *plan, struct gh_arena *a,
    const char **ret_kind, const char **ret_text)
{
	char span[GH_CLOCK_LEN];

	*ret_kind = "log";
	*ret_text = NULL;
	switch ((int)f->kind) {
	case WIRE_J_START:
		*ret_text =
		    gh_printf(a, "The job begins (process %" PRId64 ", gatehouse %s)", f->number, f->word);
		return;
	case WIRE_J_LOG:
		*ret_text = f->text[0] == '\0' ? NULL : f->text;
		return;
	case WIRE_J_IDENTITY:
		*ret_text =
		    gh_printf(a, "Connected to %s as %s, PostgreSQL %s", f->word, f->role, f->server_version);
		return;
	case WIRE_J_PHASE:
		*ret_kind = "phase";
		/* The last phase does nothing: the outcome says the same. */
		*ret_text = f->phase == WIRE_DONE && f->state != WIRE_FAILED ? NULL : phase_text(f, a);
		return;
	case WIRE_J_MIGRATION:
		*ret_kind = "migration";
		*ret_text = migration_event(f, plan, a);
		return;
	case WIRE_J_STATEMENT:
		*ret_kind = "statement";
		*ret_text = statement_event(f, plan, a);
		return;
	case WIRE_J_NOTICE:
		*ret_kind = "notice";
		*ret_text = gh_printf(
		    a, "%s%s%s: %s", place_text(f, plan, a), f->migration < 0 ? "" : ": ", f->word, f->text);
		return;
	case WIRE_J_RETRY:
		*ret_kind = "retry";
		*ret_text = gh_printf(a, "Attempt %" PRId64 " failed, the next in %s: %s", f->number,
		    gh_clock_span(f->wait_ms * 1000, span), f->text);
		return;
	case WIRE_J_ERROR:
		*ret_kind = "error";
		*ret_text = error_event(f, plan, a);
		return;
	case WIRE_J_OUTCOME:
		*ret_kind = "outcome";
		*ret_text = f->text;
		return;
	default:
		return;
	}
}
