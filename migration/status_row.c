#include "base/ban.h"
#include "base/io.h"
#include "migration/status_row.h"

#define SHOWN_CHECKSUM 20 /* characters of one in a sentence */

const char *
status_tool(const struct standing *s)
{
	return s->c->title == NULL ? s->c->name : s->c->title;
}

bool
status_is(const struct convention_row *row, const char *state)
{
	return strcmp(row->state, state) == 0;
}

bool
status_has_failed(const struct convention_row *row)
{
	return status_is(row, "failed") || status_is(row, "dirty");
}

static const char *
failed_end(const struct standing *s, bool has_file)
{
	if (s->c->failed_blocks)
		return has_file ? "; nothing runs until that is resolved"
				: "; there is no file for it, and nothing runs until that is resolved";
	return has_file ? "; the next up tries it again"
			: "; there is no file for it, so nothing tries it again";
}

static const char *
failed_text(const struct standing *s, const struct convention_row *row, bool has_file)
{
	return gh_printf(s->a, "%s%s%s%s%s%s%s", status_tool(s),
	    status_is(row, "dirty") ? " has left it dirty: it began, and its end was never recorded"
				    : " has recorded that it failed",
	    row->detail[0] == '\0' ? "" : " (", row->detail, row->detail[0] == '\0' ? "" : ")",
	    failed_end(s, has_file),
	    s->c->command_failed == NULL
		? ""
		: gh_printf(s->a, ", which its users do by: %s", s->c->command_failed));
}

static void
set_failed(const struct standing *s, struct convention_status_row *to, const struct convention_row *row)
{
	to->standing = CONVENTION_FAILED;
	to->decision = s->c->failed_blocks ? CONVENTION_BLOCKS : CONVENTION_RUNS;
	to->text = failed_text(s, row, to->migration != NULL);
}

static enum convention_same
compare(const struct standing *s, const struct convention_migration *m, const char *recorded)
{
	if (recorded[0] == '\0' || m->checksum[0] == '\0')
		return CONVENTION_SAME;
	if (s->c->same != NULL)
		return s->c->same(m, recorded);
	return strcmp(m->checksum, recorded) == 0 ? CONVENTION_SAME : CONVENTION_CHANGED;
}

static const char *
cut(const struct standing *s, const char *checksum)
{
	size_t len = gh_utf8_cut(checksum, strlen(checksum), SHOWN_CHECKSUM);

	return checksum[len] == '\0' ? checksum : gh_printf(s->a, "%.*s...", (int)len, checksum);
}

static void
set_edited(const struct standing *s, struct convention_status_row *to)
{
	to->standing = CONVENTION_EDITED;
	if (s->c->changed_blocks)
		to->decision = CONVENTION_BLOCKS;
	to->text =
	    gh_printf(s->a, "changed since it was applied: its checksum was %s, the file's is %s; %s %s",
		cut(s, to->checksum), cut(s, to->migration->checksum), status_tool(s),
		s->c->changed_blocks ? "runs nothing until the file is as it was or the record is corrected"
				     : "does not run it again: bring the change in a new migration");
}

static void
set_applied(const struct standing *s, struct convention_status_row *to, const struct convention_row *row)
{
	enum convention_same same = compare(s, to->migration, row->checksum);

	to->standing = CONVENTION_APPLIED;
	to->decision = CONVENTION_NOTHING;
	if (same == CONVENTION_CANNOT_TELL)
		to->text = "its recorded checksum is of another kind: whether the file was changed since "
			   "cannot be told";
	if (same != CONVENTION_CHANGED)
		return;
	if (!to->migration->repeatable) {
		set_edited(s, to);
		return;
	}
	to->standing = CONVENTION_PENDING;
	to->decision = CONVENTION_RUNS;
	to->text = "changed since it ran last: it is repeatable and runs again";
}

void
status_row_set(const struct standing *s, struct convention_status_row *to, const struct convention_row *row)
{
	if (status_is(row, "gone"))
		return;
	to->applied_at = row->applied_at;
	to->checksum = row->checksum;
	to->by = row->by;
	if (status_has_failed(row)) {
		set_failed(s, to, row);
	} else if (status_is(row, "baseline")) {
		to->standing = CONVENTION_BASELINE;
		to->decision = CONVENTION_NEVER;
		to->text = "where the history of this database begins";
	} else {
		set_applied(s, to, row);
	}
}

void
status_row_missing(
    const struct standing *s, struct convention_status_row *to, const struct convention_row *row)
{
	to->standing = CONVENTION_MISSING;
	to->decision = s->c->missing_blocks ? CONVENTION_BLOCKS : CONVENTION_NOTHING;
	if (status_has_failed(row)) {
		set_failed(s, to, row);
		if (to->decision == CONVENTION_RUNS)
			to->decision = CONVENTION_NOTHING;
		return;
	}
	to->text = gh_printf(s->a, "applied, and there is no file for it: %s %s", status_tool(s),
	    s->c->missing_blocks ? "runs nothing until the file is back or the record is taken out"
				 : "does not mind, but its way back is lost");
}

const char *
status_sentence(const struct standing *s, const struct convention_status_row *r)
{
	return gh_printf(s->a, "%s: %s",
	    r->migration != NULL && r->migration->file[0] != '\0' ? r->migration->file : r->key, r->text);
}

const char *
status_blocked(const struct standing *s)
{
	size_t i;

	if (s->found->problem[0] != '\0')
		return s->found->problem;
	for (i = 0; i < s->ret->n; i++) {
		if (s->ret->rows[i].decision == CONVENTION_BLOCKS)
			return status_sentence(s, &s->ret->rows[i]);
	}
	return "";
}

const struct convention_status_row *
status_stop_at_code(struct standing *s)
{
	const struct convention_status_row *code = NULL;
	bool runs = false;
	size_t i;

	for (i = 0; i < s->ret->n; i++) {
		struct convention_status_row *r = &s->ret->rows[i];

		if (r->decision != CONVENTION_RUNS || r->migration == NULL)
			continue;
		if (code != NULL) {
			r->decision = CONVENTION_BLOCKS;
			r->text = gh_printf(s->a, "comes after %s, which only %s can run",
			    code->migration->file, status_tool(s));
		} else if (r->migration->code) {
			code = r;
			r->decision = CONVENTION_BLOCKS;
			r->text = gh_printf(s->a,
			    "a step in a programming language: Gatehouse cannot run it, nor what comes after "
			    "it "
			    "until %s has run it",
			    status_tool(s));
		} else {
			runs = true;
		}
	}
	return runs ? NULL : code;
}
