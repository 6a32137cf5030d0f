#include "base/ban.h"
#include "runner/job/elsewhere.h"
#include "base/clock.h"
#include "base/fault.h"

enum gh_code
elsewhere_add(struct elsewhere_list *list, const struct elsewhere_backup *b, struct gh_err *err)
{
	/* NOLINTNEXTLINE(bugprone-sizeof-expression): rows */
	struct elsewhere_backup *rows = list->rows;
	size_t room = list->n == 0 ? 16 : list->n * 2;

	if (list->n == ELSEWHERE_MAX)
		return gh_fail(err, GH_CONFLICT, "it has more than %d backups", ELSEWHERE_MAX);
	/* Full at 0, 16, 32, 64, ... */
	if (list->n == 0 || (list->n >= 16 && (list->n & (list->n - 1)) == 0)) {
		rows = gh_alloc_n(list->arena, room, sizeof(*rows));
		if (list->n > 0)
			memcpy(rows, list->rows, list->n * sizeof(*rows));
		list->rows = rows;
	}
	rows[list->n++] = *b;
	return GH_OK;
}

static int
newest_first(const void *a, const void *b)
{
	const struct elsewhere_backup *x = a, *y = b;

	if (x->ended_at != y->ended_at)
		return x->ended_at > y->ended_at ? -1 : 1;
	return strcmp(y->label, x->label);
}

static int
by_label(const void *a, const void *b)
{
	const struct elsewhere_backup *x = a, *y = b;

	return strcmp(x->label, y->label);
}

static enum gh_code
labels(struct elsewhere_list *list, struct gh_err *err)
{
	size_t i;

	if (list->n > 1)
		qsort(list->rows, list->n, sizeof(*list->rows), by_label);
	for (i = 1; i < list->n; i++) {
		if (strcmp(list->rows[i - 1].label, list->rows[i].label) == 0)
			return gh_fail(
			    err, GH_CONFLICT, "it lists two backups called %s", list->rows[i].label);
	}
	return GH_OK;
}

/* What is not over yet can be no backup, and would stay the newest for ever. */
static void
ahead(struct elsewhere_list *list, int64_t now)
{
	char when[GH_CLOCK_LEN];
	size_t i;

	for (i = 0; i < list->n; i++) {
		struct elsewhere_backup *b = &list->rows[i];

		if (b->ended_at > now + ELSEWHERE_AHEAD && b->broken[0] == '\0')
			b->broken = gh_printf(
			    list->arena, "its end, %s, is in the future", gh_clock_utc(b->ended_at, when));
	}
}

static enum gh_code
list_read(struct job *j, struct elsewhere_list *list, struct gh_err *err)
{
	const struct wire_outside_source *s = list->source;
	GH_TEXT answer = { .limit = ELSEWHERE_ANSWER };

	if (strcmp(s->kind, "folder") == 0)
		return elsewhere_folder(j, list, err);
	GH_TRY(elsewhere_ask(j, s, &answer, err));
	if (strcmp(s->kind, "pgbackrest") == 0)
		return elsewhere_pgbackrest(gh_text_str(&answer), answer.len, j->spec.system_id, list, err);
	return elsewhere_command(gh_text_str(&answer), answer.len, list, err);
}

enum gh_code
elsewhere_look(
    struct job *j, const struct wire_outside_source *s, struct elsewhere_list *ret, struct gh_err *err)
{
	struct gh_err why = { 0 };
	enum gh_code code;

	*ret = (struct elsewhere_list){ .source = s, .arena = j->arena, .looked_at = gh_clock_now() };
	code = list_read(j, ret, &why);
	if (code == GH_OK)
		code = labels(ret, &why);
	if (code != GH_OK)
		return gh_fail(
		    err, GH_CONFLICT, "%s \"%s\" tells no list of backups: %s", s->kind, s->name, why.msg);
	ahead(ret, gh_clock_now());
	if (ret->n > 1)
		qsort(ret->rows, ret->n, sizeof(*ret->rows), newest_first);
	return GH_OK;
}

static void
say_one(struct job *j, const struct elsewhere_list *list, enum wire_outside what,
    const struct elsewhere_backup *b)
{
	struct wire_out o;

	say_start(j, WIRE_J_OUTSIDE, &o);
	wire_put_text(&o, list->source->name);
	wire_put_u8(&o, (uint8_t)what);
	wire_put_i64(&o, list->looked_at);
	say_put(&o, b->label);
	wire_put_i64(&o, b->started_at);
	wire_put_i64(&o, b->ended_at);
	wire_put_i64(&o, b->size);
	wire_put_i64(&o, b->database_bytes);
	say_put(&o, b->server_version);
	say_put(&o, b->client_version);
	wire_put_i64(&o, b->keep_until);
	wire_put_u8(&o, (uint8_t)b->level);
	say_put(&o, b->broken);
	say_end(j, &o);
}

void
elsewhere_say(struct job *j, const struct elsewhere_list *list)
{
	const struct elsewhere_backup whole = { .label = "",
		.size = (int64_t)list->n,
		.database_bytes = -1,
		.server_version = "",
		.client_version = "",
		.broken = "" };
	size_t i;

	for (i = 0; i < list->n; i++) {
		say_one(j, list, WIRE_OUTSIDE_ONE, &list->rows[i]);
		if (i == 0)
			(void)gh_fault("job.elsewhere.said");
	}
	say_one(j, list, WIRE_OUTSIDE_WHOLE, &whole);
}

const struct elsewhere_backup *
elsewhere_newest(const struct elsewhere_list *list)
{
	size_t i;

	for (i = 0; i < list->n; i++) {
		if (list->rows[i].broken[0] == '\0')
			return &list->rows[i];
	}
	return NULL;
}

static void
sum_up(const struct elsewhere_list *list, struct gh_text *ret)
{
	const struct elsewhere_backup *b = elsewhere_newest(list);
	char when[GH_CLOCK_LEN];

	gh_text_putf(ret, "%s%s \"%s\" lists %zu backup%s", ret->len > 0 ? " " : "", list->source->kind,
	    list->source->name, list->n, list->n == 1 ? "" : "s");
	if (b != NULL)
		gh_text_putf(ret, ", the newest good one is %s, which ended %s", b->label,
		    gh_clock_ago(b->ended_at, gh_clock_now(), when));
	else if (list->n > 0)
		gh_text_put(ret, ", none of them good");
	gh_text_put(ret, ".");
	if (list->left_out > 0)
		gh_text_putf(
		    ret, " %zu file%s left out.", list->left_out, list->left_out == 1 ? " was" : "s were");
}

static enum gh_code
outside_run_job(struct job *j, struct gh_err *err)
{
	GH_TEXT text = { .limit = SAY_TEXT_MAX };
	size_t i;

	if (j->spec.n_outside == 0)
		return gh_fail(err, GH_CONFLICT, "nobody else keeps backups of %s", j->spec.target);
	for (i = 0; i < j->spec.n_outside; i++) {
		struct elsewhere_list list;

		say_doing(j, "outside", j->spec.outside[i].name);
		(void)gh_fault("job.elsewhere.before-look");
		GH_TRY(elsewhere_look(j, &j->spec.outside[i], &list, err));
		elsewhere_say(j, &list);
		sum_up(&list, &text);
	}
	GH_TRY(job_flush(j, err));
	job_outcome(j, WIRE_SUCCEEDED, "%s", gh_text_str(&text));
	return GH_OK;
}

const struct job_kind job_outside = {
	.name = WIRE_JOB_OUTSIDE,
	.run = outside_run_job,
};
