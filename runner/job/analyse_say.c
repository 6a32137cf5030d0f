#include "base/ban.h"
#include "runner/job/analyse.h"
#include "runner/job/say.h"

/* Why one that is pending cannot run while an older one is; "" it can. */
static const char *
why_in_order(const struct convention *c, struct gh_arena *a)
{
	const char *tool = c->title == NULL ? c->name : c->title;

	if (c->one_row)
		return gh_printf(
		    a, "%s only records the newest version: what is older would count as applied", tool);
	switch (c->older) {
	case CONVENTION_OLDER_RUNS:
		return "";
	case CONVENTION_OLDER_BLOCKS:
		return gh_printf(
		    a, "%s would refuse the older one afterwards, and everything else with it", tool);
	case CONVENTION_OLDER_SKIPPED:
		return gh_printf(a, "%s would never apply the older one afterwards", tool);
	}
	return "";
}

void
analyse_say_folder(struct job *j, const struct reading *r, const struct convention *c, const char *problem)
{
	struct wire_out o;

	say_start(j, WIRE_J_FOLDER, &o);
	wire_put_text(&o, r->disk.signature);
	say_put(&o, c == NULL ? "" : c->name);
	say_put(&o, c == NULL ? "" : c->rule);
	say_put(&o, problem);
	wire_put_bool(&o, c != NULL && c->one_transaction);
	say_put(&o, c == NULL ? "" : why_in_order(c, j->arena));
	say_end(j, &o);
}

void
analyse_say_file(struct job *j, const struct reading *r, const struct convention_file *e)
{
	struct wire_out o;

	say_start(j, WIRE_J_FILE, &o);
	say_put(&o, e->shown);
	wire_put_u8(&o, (uint8_t)e->as);
	say_put(&o, e->reason);
	say_put(&o, e->key);
	wire_put_text(&o, reading_digest(r, e));
	say_end(j, &o);
}

void
analyse_say_unit(struct job *j, const struct convention_migration *m, size_t position, const struct header *h)
{
	struct wire_out o;
	size_t i;

	say_start(j, WIRE_J_UNIT, &o);
	say_put(&o, m->key);
	wire_put_i64(&o, (int64_t)position);
	say_put(&o, m->version);
	say_put(&o, m->name);
	say_put(&o, m->file);
	say_put(&o, h->description);
	say_put(&o, h->author);
	say_put(&o, h->date);
	wire_put_bool(&o, m->repeatable);
	wire_put_bool(&o, m->code);
	say_put(&o, m->checksum);
	wire_put_i64(&o, (int64_t)m->n_facts);
	for (i = 0; i < m->n_facts; i++) {
		const char *value = m->facts[i].value;

		say_put(&o, m->facts[i].name);
		wire_put_bool(&o, value != NULL);
		wire_put_bytes(&o, value == NULL ? "" : value, value == NULL ? 0 : strlen(value));
	}
	say_end(j, &o);
}

void
analyse_say_query(struct job *j, const struct convention_query *q)
{
	char digest[GH_SHA256_HEX_LEN];
	struct wire_out o;

	gh_sha256_hex(q->sql, q->len, digest);
	say_start(j, WIRE_J_QUERY, &o);
	say_put(&o, q->file);
	wire_put_bytes(&o, q->sql, q->len);
	wire_put_text(&o, digest);
	say_put(&o, q->problem);
	say_end(j, &o);
}

static void
say_touch(struct job *j, const struct sql_touch *t)
{
	struct wire_out o;

	say_start(j, WIRE_J_TOUCH, &o);
	say_put(&o, t->object);
	wire_put_u8(&o, (uint8_t)t->lock);
	wire_put_bool(&o, t->rewrites);
	wire_put_bool(&o, t->scans);
	wire_put_bool(&o, t->writes);
	say_end(j, &o);
}

static void
say_sql(struct job *j, const char *key, enum wire_side side, const struct sql_statement *s)
{
	struct wire_out o;
	size_t i;

	say_start(j, WIRE_J_SQL, &o);
	say_put(&o, key);
	wire_put_u8(&o, (uint8_t)side);
	wire_put_i64(&o, s->offset);
	wire_put_i64(&o, s->length);
	wire_put_i64(&o, s->line);
	wire_put_i64(&o, s->group);
	wire_put_bool(&o, s->alone);
	wire_put_bool(&o, s->destructive);
	wire_put_bool(&o, s->reversible);
	say_put(&o, s->kind);
	say_put(&o, s->object);
	say_put(&o, s->object_kind);
	say_end(j, &o);
	for (i = 0; i < s->n_touches; i++)
		say_touch(j, &s->touches[i]);
}

static void
say_finding(struct job *j, const char *key, enum wire_side side, const struct lint_finding *f)
{
	struct wire_out o;

	say_start(j, WIRE_J_FINDING, &o);
	say_put(&o, key);
	wire_put_u8(&o, (uint8_t)side);
	wire_put_i64(&o, f->statement);
	say_put(&o, f->rule);
	wire_put_u8(&o, (uint8_t)f->level);
	wire_put_u8(&o, (uint8_t)f->scale);
	wire_put_i64(&o, f->line);
	wire_put_i64(&o, f->column);
	say_put(&o, f->table);
	say_put(&o, f->message);
	say_put(&o, f->rewrite);
	wire_put_bool(&o, f->ignored != NULL);
	say_put(&o, f->ignored == NULL ? "" : f->ignored);
	say_end(j, &o);
}

static const struct convention_side *
side_of(const struct convention_migration *m, enum wire_side side)
{
	return side == WIRE_SIDE_UP ? &m->up : side == WIRE_SIDE_DOWN ? &m->down : &m->verify;
}

void
analyse_say_side(
    struct job *j, const struct convention_migration *m, enum wire_side side, const struct sql_script *s)
{
	const struct convention_side *of = side_of(m, side);
	char digest[GH_SHA256_HEX_LEN];
	struct wire_out o;
	size_t i;

	gh_sha256_hex(of->sql, of->len, digest);
	say_start(j, WIRE_J_SIDE, &o);
	say_put(&o, m->key);
	wire_put_u8(&o, (uint8_t)side);
	say_put(&o, of->present ? of->file : m->file);
	wire_put_bytes(&o, of->sql, of->len);
	wire_put_text(&o, digest);
	wire_put_i64(&o, of->first_line);
	wire_put_bool(&o, s->transactional);
	wire_put_bool(&o, s->row_inside);
	wire_put_bool(&o, s->stripped);
	wire_put_bool(&o, s->not_analysed);
	wire_put_text(&o, s->tokens);
	say_put(&o, s->problem);
	say_put(&o, s->note);
	wire_put_bytes(&o, s->marks, s->n_marks);
	say_end(j, &o);
	for (i = 0; i < s->n; i++)
		say_sql(j, m->key, side, &s->statements[i]);
	for (i = 0; i < s->findings.n; i++)
		say_finding(j, m->key, side, &s->findings.items[i]);
}

enum gh_code
analyse_side(struct analyse_parser *p, const struct convention *c, const struct convention_migration *m,
    enum wire_side side, struct gh_arena *a, struct sql_script *ret, struct gh_err *err)
{
	const struct convention_side *of = side_of(m, side);
	const struct sql_text text = { .sql = of->sql,
		.len = of->len,
		.file = of->file,
		.first_line = of->first_line,
		/* Every run brings one: a target's policy has it at 1 or more. */
		.lock_timeout_ms = 1,
		.mode = of->mode,
		.row_outside = of->row_outside,
		.may_be_empty = of->may_be_empty,
		.down = side == WIRE_SIDE_DOWN,
		.verify = side == WIRE_SIDE_VERIFY,
		.opt_out = c->opt_out,
		.one_way = convention_one_way(c),
		.head = of->head,
		.has_down = side == WIRE_SIDE_UP && m->down.present,
		.back = side == WIRE_SIDE_UP && m->down.present ? m->down.sql : "",
		.n_pieces = of->n_pieces,
		.pieces = of->pieces };

	*ret = (struct sql_script){ .transactional = true, .problem = of->problem, .note = "" };
	if (side == WIRE_SIDE_UP && ret->problem[0] == '\0')
		ret->problem = m->problem;
	return ret->problem[0] != '\0' ? GH_OK : analyse_parser_read(p, &text, a, ret, err);
}
