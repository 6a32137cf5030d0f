#include "base/ban.h"
#include "runner/message.h"
#include "base/duration.h"
#include "migration/plan.h"
#include "runner/plan_facts.h"
#include "store/finding.h"
#include "store/migration.h"

#define TABLES_NAMED 8
#define HURTS        5 /* strength of the first lock that writers wait for: SHARE */

static bool
down(const struct message *m)
{
	return strcmp(m->request.direction, "down") == 0;
}

/* How many of the plan's migrations were not looked into. */
static int64_t
rest(const struct message *m)
{
	return m->request.migrations - (int64_t)m->plan.n;
}

/* As long as the newest runs on the target that comes last before this one. */
enum gh_code
message_estimate(struct message *m, const char **ret, struct gh_err *err)
{
	struct store_rehearsed rehearsed = { 0 };
	const char *where = "";
	int64_t sum = 0, known = 0;
	char span[GH_CLOCK_LEN];
	size_t i;

	for (i = 0; i < m->plan.n; i++) {
		struct store_durations d = { 0 };

		GH_TRY(store_duration_list(m->st, m->a, m->target.id, m->plan.rows[i].key, down(m), &d, err));
		if (d.n == 0)
			continue;
		known++;
		sum += d.rows[d.n - 1].us;
		where = d.rows[d.n - 1].target;
	}
	GH_TRY(store_message_rehearsed(m->st, m->request.plan_digest, &rehearsed, err));
	if (known > 0 && known == m->request.migrations)
		*ret = gh_printf(m->a, "about %s, as on %s", gh_clock_span(sum, span), where);
	else if (rehearsed.there && !rehearsed.failed)
		*ret =
		    gh_printf(m->a, "about %s, as in its rehearsal", gh_clock_span(rehearsed.took_us, span));
	else if (known > 0)
		*ret = gh_printf(m->a,
		    "at least %s, as on %s; %" PRId64 " of %" PRId64 " never ran on an earlier target",
		    gh_clock_span(sum, span), where, m->request.migrations - known, m->request.migrations);
	else
		*ret = "not known: it never ran on an earlier target";
	return GH_OK;
}

/* ---- downtime --------------------------------------------------------------------------------------------
 */

struct downtime {
	struct store_tables tables;
	bool known;  /* a table that is not among them is not there */
	bool unread; /* some SQL was not analysed */
	bool long_one;
	size_t n, left;
	struct store_statement_touch worst[TABLES_NAMED];
	const struct store_table *table[TABLES_NAMED];
};

static int
by_name(const void *key, const void *row)
{
	return strcmp(key, ((const struct store_table *)row)->name);
}

static const struct store_table *
table_of(const struct downtime *d, const char *name, struct gh_arena *a)
{
	const struct store_table *ret;

	if (d->tables.n == 0 || name[0] == '\0')
		return NULL;
	ret = bsearch(name, d->tables.rows, d->tables.n, sizeof(*d->tables.rows), by_name);
	if (ret != NULL)
		return ret;
	return bsearch(
	    gh_printf(a, "public.%s", name), d->tables.rows, d->tables.n, sizeof(*d->tables.rows), by_name);
}

static void
touch_add(struct downtime *d, const struct store_statement_touch *t, struct gh_arena *a)
{
	const struct store_table *table = table_of(d, t->object, a);
	struct store_statement_touch *w;
	size_t i;

	/* Nobody waits for a table that is only made here. */
	if (t->strength < HURTS || (table == NULL && d->known))
		return;
	d->long_one = d->long_one || t->rewrites || t->scans || t->writes;
	for (i = 0; i < d->n && strcmp(d->worst[i].object, t->object) != 0; i++)
		;
	if (i == TABLES_NAMED) {
		d->left++;
		return;
	}
	w = &d->worst[i];
	if (i == d->n) {
		*w = *t;
		d->table[d->n++] = table;
		return;
	}
	w->strength = t->strength > w->strength ? t->strength : w->strength;
	w->rewrites = w->rewrites || t->rewrites;
	w->scans = w->scans || t->scans;
	w->writes = w->writes || t->writes;
}

static enum gh_code
migration_look(struct message *m, struct downtime *d, const char *key, struct gh_err *err)
{
	const char *side = down(m) ? "down" : "up";
	struct store_migration found;
	struct store_side *text = NULL;
	struct store_statement_touches touches = { 0 };
	struct gh_err none = { 0 };
	size_t i;

	if (store_migration_get(m->st, m->a, m->target.project, key, &found, &none) != GH_OK) {
		d->unread = true;
		return GH_OK;
	}
	GH_TRY(store_side_find(m->st, m->a, found.id, side, &text, err));
	d->unread = d->unread || text == NULL || text->not_analysed;
	GH_TRY(store_statement_touch_list(m->st, m->a, found.id, side, &touches, err));
	for (i = 0; i < touches.n; i++)
		touch_add(d, &touches.rows[i], m->a);
	return GH_OK;
}

enum gh_code
message_downtime(struct message *m, const char **ret, struct gh_err *err)
{
	struct downtime d = { 0 };
	GH_TEXT t = { .limit = 4000 };
	size_t i;

	GH_TRY(store_table_list(m->st, m->a, m->target.id, &d.tables, err));
	d.known = d.tables.n > 0 || m->target.table_count == 0;
	for (i = 0; i < m->plan.n; i++)
		GH_TRY(migration_look(m, &d, m->plan.rows[i].key, err));
	d.unread = d.unread || rest(m) > 0;
	if (d.n == 0)
		gh_text_put(&t,
		    d.unread ? "not known: not all of the SQL could be looked into"
			     : "none: no table that is in use is locked against reads or writes");
	else
		gh_text_put(&t, d.long_one ? "possible: it " : "none to speak of: it ");
	for (i = 0; i < d.n; i++)
		gh_text_putf(
		    &t, "%s%s", i == 0 ? "" : "; ", plan_touch_text(&d.worst[i], d.table[i], d.known, m->a));
	if (d.left > 0)
		gh_text_put(&t, "; and other tables");
	if (d.n > 0 && d.unread)
		gh_text_put(&t, "; not all of the SQL could be looked into");
	*ret = gh_strdup(m->a, gh_text_str(&t));
	return GH_OK;
}

/* ---- the way back ----------------------------------------------------------------------------------------
 */

/* What leads back where no down SQL does; NULL: that of an upward plan. */
static const char *
way_back(const struct message *m)
{
	if (strcmp(m->act, "side") == 0)
		return "not needed: the database of the target is not touched";
	if (strcmp(m->act, "restore") == 0)
		return "the database of before is kept under another name, and can be given its name again";
	return down(m) ? "applying the migrations again" : NULL;
}

enum gh_code
message_rollback(struct message *m, const char **ret, struct gh_err *err)
{
	struct store_rehearsed rehearsed = { 0 };
	const char *none = "", *how;
	size_t i, back = 0;

	*ret = way_back(m);
	if (*ret != NULL)
		return GH_OK;
	for (i = 0; i < m->plan.n; i++) {
		const struct store_plan_migration *p = &m->plan.rows[i];

		back += p->has_back ? 1 : 0;
		if (!p->has_back && none[0] == '\0')
			none = plan_called(p->key, p->version);
	}
	GH_TRY(store_message_rehearsed(m->st, m->request.plan_digest, &rehearsed, err));
	how = !rehearsed.there ? "not rehearsed"
	    : rehearsed.good   ? "rehearsed, it leads back exactly"
			       : "its rehearsal did not lead back exactly";
	if (back == m->plan.n && rest(m) == 0)
		*ret = gh_printf(m->a, "down SQL of %s is available (%s)",
		    back == 1 ? plan_called(m->plan.rows[0].key, m->plan.rows[0].version) : "all migrations",
		    how);
	else if (back > 0)
		*ret = gh_printf(m->a,
		    "down SQL of %zu of the %s%zu migrations is available (%s); %s has none", back,
		    rest(m) > 0 ? "first " : "", m->plan.n, how, none[0] == '\0' ? "what follows may" : none);
	else
		*ret = m->target.backup ? "no down SQL: only the backup leads back"
					: "no down SQL and no backup: a person has to write the way back";
	return GH_OK;
}

const char *
message_backup(const struct message *m)
{
	const char *text = m->target.policy;
	char age[GH_DURATION_LEN];
	struct policy p = { 0 };

	/* A target that the configuration no longer has may have an older one. */
	if (policy_read(text, strlen(text), m->a, &p, NULL) == GH_OK && p.backup_outside_ms > 0)
		return gh_printf(m->a,
		    "one that others took within %s counts: it is looked for before anything is changed",
		    gh_duration_text(p.backup_outside_ms, age));
	return m->target.backup ? "taken and checked before anything is changed"
				: "none: the policy of this target asks for none";
}
