#include "base/ban.h"
#include "migration/sql_wire.h"
#include "base/io.h"

#define TOUCHES_MAX 100000 /* of a statement; findings, too */

/* ---- the question ---- */

void
sql_wire_put_question(struct wire_out *out, const struct sql_text *t)
{
	size_t i;

	wire_put_text(out, t->file);
	wire_put_i64(out, t->first_line);
	wire_put_u8(out, (uint8_t)t->mode);
	wire_put_bool(out, t->row_outside);
	wire_put_bool(out, t->may_be_empty);
	wire_put_bool(out, t->down);
	wire_put_bool(out, t->verify);
	wire_put_bool(out, t->has_down);
	wire_put_bool(out, t->one_way);
	wire_put_text(out, t->head);
	wire_put_text(out, t->opt_out);
	wire_put_i64(out, t->lock_timeout_ms);
	wire_put_bytes(out, t->back, t->back == NULL ? 0 : strlen(t->back));
	wire_put_bytes(out, t->sql, t->len);
	wire_put_u32(out, (uint32_t)t->n_pieces);
	for (i = 0; i < t->n_pieces; i++) {
		wire_put_i64(out, (int64_t)t->pieces[i].offset);
		wire_put_i64(out, (int64_t)t->pieces[i].len);
	}
}

/* Text within the frame: valid UTF-8 without NUL. */
static const char *
take_sql(struct wire_in *in, struct gh_arena *a, size_t *ret_len)
{
	const char *p = wire_bytes(in, ret_len);

	if (in->bad == NULL && !gh_utf8_valid(p, *ret_len, NULL))
		in->bad = "SQL that is not UTF-8";
	return in->bad == NULL ? gh_strndup(a, p, *ret_len) : "";
}

static void
take_pieces(struct wire_in *in, struct gh_arena *a, struct sql_text *ret)
{
	struct convention_piece *pieces;
	size_t i, from = 0;

	ret->n_pieces = wire_u32(in);
	if (in->bad == NULL && ret->n_pieces > SQL_STATEMENTS_MAX)
		in->bad = "too many pieces";
	if (in->bad != NULL)
		return;
	pieces = gh_alloc_n(a, ret->n_pieces, sizeof(*pieces));
	for (i = 0; i < ret->n_pieces && in->bad == NULL; i++) {
		int64_t offset = wire_i64(in), len = wire_i64(in);

		if (offset < (int64_t)from || len < 0 || offset > (int64_t)ret->len ||
		    len > (int64_t)ret->len - offset)
			in->bad = "a piece lies outside of its text";
		pieces[i] = (struct convention_piece){ .offset = (size_t)offset, .len = (size_t)len };
		from = (size_t)(offset + len);
	}
	ret->pieces = pieces;
}

static void
take_question(struct wire_in *in, struct gh_arena *a, struct sql_text *ret)
{
	uint8_t mode;
	size_t ignored;

	*ret = (struct sql_text){ .file = wire_text(in, a), .first_line = wire_i64(in) };
	mode = wire_u8(in);
	if (mode > CONVENTION_PIPELINE)
		in->bad = "no such mode";
	ret->mode = (enum convention_mode)mode;
	ret->row_outside = wire_bool(in);
	ret->may_be_empty = wire_bool(in);
	ret->down = wire_bool(in);
	ret->verify = wire_bool(in);
	ret->has_down = wire_bool(in);
	ret->one_way = wire_bool(in);
	ret->head = wire_text(in, a);
	if (*ret->head == '\0')
		ret->head = NULL;
	ret->opt_out = wire_text(in, a);
	if (*ret->opt_out == '\0')
		ret->opt_out = NULL;
	ret->lock_timeout_ms = wire_i64(in);
	ret->back = take_sql(in, a, &ignored);
	ret->sql = take_sql(in, a, &ret->len);
	take_pieces(in, a, ret);
}

/* ---- the answer ---- */

/* What comes from the parser may be cut within a character. */
static void
put(struct wire_out *out, const char *s)
{
	size_t len = s == NULL ? 0 : strlen(s), at = 0;
	GH_TEXT clean = { 0 };

	if (len == 0 || gh_utf8_valid(s, len, NULL)) {
		wire_put_text(out, s);
		return;
	}
	gh_text_put_n(&clean, s, len);
	while (!gh_utf8_valid(gh_text_str(&clean), len, &at))
		clean.data[at] = '?';
	wire_put_text(out, gh_text_str(&clean));
}

static void
put_statement(struct wire_out *out, const struct sql_statement *s)
{
	size_t i;

	wire_put_i64(out, s->offset);
	wire_put_i64(out, s->length);
	wire_put_i64(out, s->line);
	wire_put_i64(out, s->group);
	wire_put_bool(out, s->alone);
	wire_put_bool(out, s->destructive);
	wire_put_bool(out, s->reversible);
	put(out, s->kind);
	put(out, s->object);
	put(out, s->object_kind);
	wire_put_u32(out, (uint32_t)s->n_touches);
	for (i = 0; i < s->n_touches; i++) {
		const struct sql_touch *t = &s->touches[i];

		put(out, t->object);
		wire_put_u8(out, (uint8_t)t->lock);
		wire_put_bool(out, t->rewrites);
		wire_put_bool(out, t->scans);
		wire_put_bool(out, t->writes);
	}
	wire_put_u32(out, (uint32_t)s->n_losses);
	for (i = 0; i < s->n_losses; i++) {
		put(out, s->losses[i].kind);
		put(out, s->losses[i].object);
		put(out, s->losses[i].column);
	}
}

static void
put_finding(struct wire_out *out, const struct lint_finding *f)
{
	put(out, f->rule);
	wire_put_u8(out, (uint8_t)f->level);
	wire_put_u8(out, (uint8_t)f->scale);
	wire_put_i64(out, f->statement);
	wire_put_i64(out, f->offset);
	wire_put_i64(out, f->length);
	wire_put_i64(out, f->line);
	wire_put_i64(out, f->column);
	put(out, f->table);
	put(out, f->message);
	put(out, f->rewrite);
	wire_put_bool(out, f->ignored != NULL);
	put(out, f->ignored);
}

void
sql_wire_answer(struct wire_in *in, struct wire_out *out)
{
	GH_ARENA a = { .limit = SQL_ARENA_LIMIT };
	struct sql_script s = { .problem = "the question was malformed", .note = "" };
	struct sql_text t;
	size_t i;

	take_question(in, &a, &t);
	if (wire_end(in, NULL) == GH_OK)
		sql_read(&t, &a, &s);
	wire_put_bool(out, s.transactional);
	wire_put_bool(out, s.row_inside);
	wire_put_bool(out, s.stripped);
	wire_put_bool(out, s.not_analysed);
	put(out, s.problem);
	put(out, s.note);
	put(out, s.tokens);
	wire_put_bytes(out, s.marks, s.n_marks);
	wire_put_u32(out, (uint32_t)s.n);
	for (i = 0; i < s.n; i++)
		put_statement(out, &s.statements[i]);
	wire_put_u32(out, (uint32_t)s.findings.n);
	for (i = 0; i < s.findings.n; i++)
		put_finding(out, &s.findings.items[i]);
}

static void
take_touches(struct wire_in *in, struct gh_arena *a, struct sql_statement *s)
{
	size_t i;

	s->n_touches = wire_u32(in);
	if (in->bad == NULL && s->n_touches > TOUCHES_MAX)
		in->bad = "too many touches";
	if (in->bad != NULL || s->n_touches == 0)
		return;
	s->touches = gh_alloc_n(a, s->n_touches, sizeof(*s->touches));
	for (i = 0; i < s->n_touches && in->bad == NULL; i++) {
		struct sql_touch *t = &s->touches[i];
		uint8_t lock;

		t->object = wire_text(in, a);
		lock = wire_u8(in);
		t->rewrites = wire_bool(in);
		t->scans = wire_bool(in);
		t->writes = wire_bool(in);
		if (lock > SQL_ACCESS_EXCLUSIVE)
			in->bad = "no such lock";
		t->lock = (enum sql_lock)lock;
	}
}

/* from: the end of the one before; group: its group. */
static void
take_losses(struct wire_in *in, struct gh_arena *a, struct sql_statement *s)
{
	size_t i;

	s->n_losses = wire_u32(in);
	if (in->bad == NULL && s->n_losses > TOUCHES_MAX)
		in->bad = "too many losses";
	if (in->bad != NULL || s->n_losses == 0)
		return;
	s->losses = gh_alloc_n(a, s->n_losses, sizeof(*s->losses));
	for (i = 0; i < s->n_losses && in->bad == NULL; i++) {
		s->losses[i].kind = wire_text(in, a);
		s->losses[i].object = wire_text(in, a);
		s->losses[i].column = wire_text(in, a);
	}
}

static void
take_statement(struct wire_in *in, size_t len, struct gh_arena *a, struct sql_statement *s,
    const struct sql_statement *before)
{
	int64_t from = before == NULL ? 0 : before->offset + before->length;

	s->offset = wire_i64(in);
	s->length = wire_i64(in);
	s->line = wire_i64(in);
	s->group = wire_i64(in);
	s->alone = wire_bool(in);
	s->destructive = wire_bool(in);
	s->reversible = wire_bool(in);
	s->kind = wire_text(in, a);
	s->object = wire_text(in, a);
	s->object_kind = wire_text(in, a);
	if (s->offset < from || s->length < 1 || s->offset > (int64_t)len ||
	    s->length > (int64_t)len - s->offset || s->line < 1)
		in->bad = "a statement lies outside of its text";
	if ((s->alone && s->group != 0) || s->group < 0)
		in->bad = "a statement contradicts itself";
	take_touches(in, a, s);
	take_losses(in, a, s);
}

/* Groups are consecutive, each in one stretch. */
static void
check_groups(struct wire_in *in, const struct sql_script *s)
{
	bool all = true;
	int64_t last = 0, open = 0;
	size_t i;

	for (i = 0; i < s->n && in->bad == NULL; i++) {
		int64_t group = s->statements[i].group;

		all = all && group == 1;
		if (group != 0 && group != open && group != last + 1)
			in->bad = "groups are out of order";
		last = group > last ? group : last;
		open = group;
	}
	if (in->bad == NULL && ((s->transactional && !all) || (s->row_inside && !s->transactional)))
		in->bad = "a script contradicts itself";
}

static void
take_finding(struct wire_in *in, size_t len, size_t n, struct gh_arena *a, struct lint_finding *f)
{
	uint8_t level, scale;
	bool ignored;

	f->rule = wire_text(in, a);
	level = wire_u8(in);
	scale = wire_u8(in);
	f->level = (enum lint_level)level;
	f->scale = (enum lint_scale)scale;
	f->statement = wire_i64(in);
	f->offset = wire_i64(in);
	f->length = wire_i64(in);
	f->line = wire_i64(in);
	f->column = wire_i64(in);
	f->table = wire_text(in, a);
	f->message = wire_text(in, a);
	f->rewrite = wire_text(in, a);
	ignored = wire_bool(in);
	f->ignored = wire_text(in, a);
	if (!ignored)
		f->ignored = NULL;
	if (level < LINT_NOTICE || level > LINT_ERROR || scale > LINT_FANOUT || f->statement < -1 ||
	    f->statement >= (int64_t)n || f->offset < 0 || f->length < 0 || f->offset > (int64_t)len ||
	    f->length > (int64_t)len - f->offset || f->line < 1 || f->column < 1)
		in->bad = "a finding makes no sense";
}

enum gh_code
sql_wire_take(struct wire_in *in, size_t len, struct gh_arena *a, struct sql_script *ret, struct gh_err *err)
{
	const char *tokens;
	size_t i;

	*ret = (struct sql_script){ .transactional = wire_bool(in), .row_inside = wire_bool(in) };
	ret->stripped = wire_bool(in);
	ret->not_analysed = wire_bool(in);
	ret->problem = wire_text(in, a);
	ret->note = wire_text(in, a);
	tokens = wire_text(in, a);
	if (strlen(tokens) < sizeof(ret->tokens))
		memcpy(ret->tokens, tokens, strlen(tokens) + 1);
	ret->marks = wire_bytes(in, &ret->n_marks);
	if (in->bad == NULL)
		ret->marks = gh_memdup(a, ret->marks, ret->n_marks);
	ret->n = wire_u32(in);
	if (ret->n > SQL_STATEMENTS_MAX)
		return gh_fail(err, GH_BAD_INPUT, "too many statements");
	ret->statements = gh_alloc_n(a, ret->n, sizeof(*ret->statements));
	for (i = 0; i < ret->n && in->bad == NULL; i++)
		take_statement(in, len, a, &ret->statements[i], i == 0 ? NULL : &ret->statements[i - 1]);
	check_groups(in, ret);
	ret->findings.n = wire_u32(in);
	if (ret->findings.n > TOUCHES_MAX)
		return gh_fail(err, GH_BAD_INPUT, "too many findings");
	ret->findings.items = gh_alloc_n(a, ret->findings.n, sizeof(*ret->findings.items));
	for (i = 0; i < ret->findings.n && in->bad == NULL; i++)
		take_finding(in, len, ret->n, a, &ret->findings.items[i]);
	return wire_end(in, err);
}
