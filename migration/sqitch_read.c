#include "base/ban.h"
#include "migration/sqitch_read.h"
#include "base/sum.h"
#include "base/text.h"
#include "migration/found.h"
#include "migration/name.h"
#include "migration/psql.h"
#include "migration/sqitch_conf.h"
#include "migration/sqitch_plan.h"

/* Sqitch asks the system for them when it is not told; a daemon has nobody to ask. */
#define COMMITTER       "Gatehouse"
#define COMMITTER_EMAIL "gatehouse@localhost"

struct project {
	struct convention_folder *f;
	struct sqitch_conf conf;
	struct sqitch_plan plan;
	const char *committer, *committer_email;
	bool no_verify;
};

static const struct convention_text *
conf_read(const struct convention_folder *f, struct sqitch_conf *ret)
{
	struct convention_file *e = convention_path(f, "sqitch.conf");
	struct convention_folder scratch = *f;
	const struct convention_text *text = e == NULL ? NULL : f->read(&scratch, e);

	sqitch_conf_read(f->arena, text == NULL ? NULL : text->sql, text == NULL ? 0 : text->len, ret);
	return text;
}

const struct convention_file *
sqitch_plan_file(const struct convention_folder *f)
{
	struct sqitch_conf conf;

	(void)conf_read(f, &conf);
	return convention_path(f, conf.plan);
}

/* ---- facts ---- */

/* JSON array of the dependencies of one kind, as the registry's arrays have them. */
static const char *
names_json(struct gh_arena *a, const struct sqitch_change *c, bool conflict)
{
	GH_TEXT t = { 0 };
	size_t i, n = 0;

	gh_text_putc(&t, '[');
	for (i = 0; i < c->n_deps; i++) {
		if (c->deps[i].conflict != conflict)
			continue;
		if (n++ > 0)
			gh_text_putc(&t, ',');
		gh_text_put_json(&t, c->deps[i].shown);
	}
	gh_text_putc(&t, ']');
	return gh_strndup(a, gh_text_str(&t), t.len);
}

static void
put_pair(struct gh_text *t, const char *name, const char *value)
{
	gh_text_putf(t, "%s\"%s\":", t->data[t->len - 1] == '{' ? "" : ",", name);
	if (value == NULL)
		gh_text_put(t, "null");
	else
		gh_text_put_json(t, value);
}

static const char *
deps_json(struct project *p, const struct sqitch_change *c)
{
	GH_TEXT t = { 0 };
	size_t i;

	gh_text_putc(&t, '[');
	for (i = 0; i < c->n_deps; i++) {
		const struct sqitch_dep *d = &c->deps[i];

		gh_text_put(&t, i == 0 ? "{" : ",{");
		put_pair(&t, "type", d->conflict ? "conflict" : "require");
		put_pair(&t, "shown", d->shown);
		put_pair(&t, "id", d->target != NULL ? d->target : d->id);
		put_pair(&t, "project", d->project == NULL ? p->plan.project : d->project);
		put_pair(&t, "change", d->change);
		put_pair(&t, "tag", d->tag == NULL ? NULL : gh_printf(p->f->arena, "@%s", d->tag));
		gh_text_putc(&t, '}');
	}
	gh_text_putc(&t, ']');
	return gh_strndup(p->f->arena, gh_text_str(&t), t.len);
}

static void
put_tags(struct project *p, struct gh_text *t, const struct sqitch_change *c)
{
	size_t i;

	for (i = c->first_tag; i < c->first_tag + c->n_tags; i++) {
		const struct sqitch_line *l = &p->plan.tags[i].l;

		gh_text_put(t, t->len == 1 ? "{" : ",{");
		put_pair(t, "id", l->id);
		put_pair(t, "tag", gh_printf(p->f->arena, "@%s", l->name));
		put_pair(t, "change", c->l.id);
		put_pair(t, "note", l->note);
		put_pair(t, "at", l->date);
		put_pair(t, "name", l->planner_name);
		put_pair(t, "email", l->planner_email);
		gh_text_putc(t, '}');
	}
}

/* Tags of the change and of the one before it: Sqitch records tags that came after a deploy with the next. */
static const char *
tags_json(struct project *p, size_t i)
{
	GH_TEXT t = { 0 };

	gh_text_putc(&t, '[');
	if (i > 0)
		put_tags(p, &t, &p->plan.changes[i - 1]);
	put_tags(p, &t, &p->plan.changes[i]);
	gh_text_putc(&t, ']');
	return gh_strndup(p->f->arena, gh_text_str(&t), t.len);
}

static void
facts(struct project *p, size_t i, struct convention_migration *m)
{
	const struct sqitch_change *c = &p->plan.changes[i];
	struct gh_arena *a = p->f->arena;

	found_fact(a, m, "project", p->plan.project);
	found_fact(a, m, "uri", p->plan.uri);
	found_fact(a, m, "change", c->l.name);
	found_fact(a, m, "note", c->l.note);
	found_fact(a, m, "planned_at", c->l.date);
	found_fact(a, m, "planner_name", c->l.planner_name);
	found_fact(a, m, "planner_email", c->l.planner_email);
	found_fact(a, m, "committer_name", p->committer);
	found_fact(a, m, "committer_email", p->committer_email);
	found_fact(a, m, "requires", names_json(a, c, false));
	found_fact(a, m, "conflicts", names_json(a, c, true));
	found_fact(a, m, "dependencies", deps_json(p, c));
	found_fact(a, m, "tags", tags_json(p, i));
}

/* ---- scripts ---- */

/*
 * The file name of a change without its extension: that of a reworked one has a tag, the nearest before the
 * change that reworks it for which there is a deploy script.
 */
static const char *
script_stem(struct project *p, size_t i)
{
	struct gh_arena *a = p->f->arena;
	const struct sqitch_change *c = &p->plan.changes[i];
	const char *first = NULL;
	size_t k, t;

	if (c->reworked == 0)
		return c->l.name;
	for (k = c->reworked; k-- > i;) {
		const struct sqitch_change *between = &p->plan.changes[k];

		for (t = between->first_tag; t < between->first_tag + between->n_tags; t++) {
			const char *stem = gh_printf(a, "%s@%s", c->l.name, p->plan.tags[t].l.name);

			if (convention_path(p->f,
				gh_printf(a, "%s%s.%s", p->conf.again_deploy, stem, p->conf.extension)) !=
			    NULL)
				return stem;
			if (first == NULL)
				first = stem;
		}
	}
	return first == NULL ? c->l.name : first;
}

static struct convention_file *
script(struct project *p, const char *folder, const char *stem, enum convention_as as, const char *key,
    struct convention_side *ret)
{
	const char *path = gh_printf(p->f->arena, "%s%s.%s", folder, stem, p->conf.extension);
	struct convention_file *e = convention_path(p->f, path);
	const struct convention_text *text;

	if (e == NULL || e->folder)
		return NULL;
	text = p->f->read(p->f, e);
	if (text == NULL)
		return NULL;
	found_as(e, as, "", key);
	/* psql passes over a byte order mark. */
	*ret = (struct convention_side){
		.present = true,
		.file = e->shown,
		.sql = text->sql,
		.len = text->len,
		.mode = CONVENTION_EACH,
		.row_outside = true,
		.may_be_empty = true,
		.problem = text->problem,
	};
	if (ret->problem[0] == '\0')
		ret->problem = psql_needed(p->f->arena, e->shown, ret->sql, ret->len);
	return e;
}

static void
migration(struct project *p, size_t i, struct convention_migration *m)
{
	const struct sqitch_change *c = &p->plan.changes[i];
	struct gh_arena *a = p->f->arena;
	const char *stem = script_stem(p, i);
	bool again = c->reworked != 0;
	struct convention_file *deploy;

	m->key = c->l.id;
	m->version = stem;
	m->name = c->l.note[0] == '\0' ? c->l.name : gh_strndup(a, c->l.note, strcspn(c->l.note, "\n\r"));
	m->name = name_printable(m->name, a);
	m->problem = c->problem;
	facts(p, i, m);
	deploy =
	    script(p, again ? p->conf.again_deploy : p->conf.deploy, stem, CONVENTION_UP, m->key, &m->up);
	(void)script(
	    p, again ? p->conf.again_revert : p->conf.revert, stem, CONVENTION_DOWN, m->key, &m->down);
	(void)script(
	    p, again ? p->conf.again_verify : p->conf.verify, stem, CONVENTION_VERIFY, m->key, &m->verify);
	/* sqitch deploy itself runs them with --verify only. */
	if (p->no_verify)
		m->verify =
		    (struct convention_side){ .present = false, .file = "", .sql = "", .problem = "" };
	if (deploy == NULL) {
		m->file = gh_printf(
		    a, "%s%s.%s", again ? p->conf.again_deploy : p->conf.deploy, stem, p->conf.extension);
		if (m->problem[0] == '\0')
			m->problem =
			    gh_printf(a, "%s: the deploy script of %s is missing", m->file, c->l.name);
	} else {
		const struct convention_text *text = p->f->read(p->f, deploy);
		char hex[GH_SUM_HEX_MAX];

		gh_sum_hex(GH_SUM_SHA1, text->raw, text->raw_len, hex);
		m->checksum = gh_strdup(a, hex);
		m->file = deploy->shown;
	}
}

static int
by_checksum(const void *x, const void *y)
{
	const struct convention_migration *const *m = x, *const *n = y;
	int order = strcmp((*m)->checksum, (*n)->checksum);

	return order != 0 ? order : *m < *n ? -1 : *m > *n;
}

/* The registry holds a script's sum once a project: UNIQUE (project, script_hash). */
static void
twins(struct convention_folder *f, struct convention_found *found)
{
	struct convention_migration **by;
	size_t i;

	if (found->n < 2)
		return;
	/* NOLINTNEXTLINE(bugprone-sizeof-expression): pointers */
	by = gh_alloc_n(f->arena, found->n, sizeof(*by));
	for (i = 0; i < found->n; i++)
		by[i] = &found->migrations[i];
	/* NOLINTNEXTLINE(bugprone-sizeof-expression): pointers */
	qsort(by, found->n, sizeof(*by), by_checksum);
	for (i = 1; i < found->n; i++) {
		if (by[i]->checksum == NULL || strcmp(by[i]->checksum, by[i - 1]->checksum) != 0 ||
		    by[i]->checksum[0] == '\0' || by[i]->problem[0] != '\0')
			continue;
		by[i]->problem = gh_printf(f->arena,
		    "%s: the same bytes as %s: Sqitch records a script by its sum, and a project can have "
		    "each sum once; change a comment",
		    by[i]->file, by[i - 1]->file);
	}
}

static bool
beneath(const struct convention_file *e, const char *folder)
{
	return folder[0] != '\0' && strncmp(e->path, folder, strlen(folder)) == 0;
}

/* What the plan does not name. */
static void
others(struct project *p)
{
	size_t i;

	for (i = 0; i < p->f->n; i++) {
		struct convention_file *e = &p->f->files[i];

		if (e->as != 0 || e->folder || e->odd[0] != '\0')
			continue;
		if (beneath(e, p->conf.deploy) || beneath(e, p->conf.revert) || beneath(e, p->conf.verify) ||
		    beneath(e, p->conf.again_deploy) || beneath(e, p->conf.again_revert) ||
		    beneath(e, p->conf.again_verify))
			found_as(e, CONVENTION_IGNORED,
			    gh_printf(p->f->arena,
				p->plan.problem[0] != '\0' ? "%s, which says what it is, cannot be read"
							   : "no change in %s has a script of this name",
				p->conf.plan),
			    "");
		else
			found_as(e, CONVENTION_IGNORED, "not a script of Sqitch's folders", "");
	}
}

static void
options(struct project *p)
{
	const char *name = convention_option_find(p->f, "user.name"),
		   *email = convention_option_find(p->f, "user.email"),
		   *verify = convention_option_find(p->f, "verify");

	p->no_verify = verify != NULL && strcmp(verify, "false") == 0;
	p->committer = name != NULL ? name : p->conf.user_name[0] != '\0' ? p->conf.user_name : COMMITTER;
	p->committer_email = email != NULL  ? email
	    : p->conf.user_email[0] != '\0' ? p->conf.user_email
					    : COMMITTER_EMAIL;
}

void
sqitch_read(struct convention_folder *f, struct convention_found *ret)
{
	struct project p = { .f = f };
	const struct convention_text *text = conf_read(f, &p.conf);
	struct convention_file *file = convention_path(f, p.conf.plan), *conf;
	size_t i;

	conf = convention_path(f, "sqitch.conf");
	if (conf != NULL && text != NULL)
		found_as(conf, CONVENTION_INDEX, "", "");
	text = file == NULL ? NULL : f->read(f, file);
	if (text == NULL) {
		found_problem(f->arena, ret, "%s is not there: it says which changes there are", p.conf.plan);
		return;
	}
	found_as(file, CONVENTION_INDEX, "", "");
	if (text->problem[0] != '\0' || text->bom) {
		found_problem(f->arena, ret, "%s",
		    text->problem[0] != '\0'
			? text->problem
			: gh_printf(f->arena,
			      "%s:1:1: begins with a byte order mark (BOM): save it as UTF-8 without one",
			      file->shown));
		return;
	}
	sqitch_plan_read(f->arena, file->shown, text->sql, text->len, &p.plan);
	if (p.plan.problem[0] != '\0') {
		found_problem(f->arena, ret, "%s", p.plan.problem);
		others(&p);
		return;
	}
	options(&p);
	for (i = 0; i < p.plan.n; i++)
		migration(&p, i, found_add(f, ret));
	for (i = 0; i < ret->n; i++) {
		if (ret->migrations[i].checksum == NULL)
			ret->migrations[i].checksum = "";
	}
	twins(f, ret);
	others(&p);
}
