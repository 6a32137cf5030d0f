#include "base/ban.h"
#include "store/standing_write.h"
#include "base/io.h"
#include "store/read.gen.h"
#include "store/write.gen.h"

enum gh_code
store_standing_start(struct store *st, struct gh_arena *a, int64_t target_id, struct store_standing_set *ret,
    struct gh_err *err)
{
	*ret = (struct store_standing_set){ .store = st, .target_id = target_id };
	GH_TRY(store_standing_list(st, a, target_id, &ret->old, err));
	ret->seen = gh_alloc_n(a, ret->old.n, sizeof(*ret->seen));
	return GH_OK;
}

/* A key that no file explains: its leading digits are the version, the rest its name. */
static enum gh_code
migration_tracked(struct store *st, int64_t target_id, const struct store_standing_new *s, struct gh_err *err)
{
	STORE_STMT q = NULL;
	size_t digits = strspn(s->key, "0123456789");
	const char *name = s->key + digits;
	char version[64];

	(void)snprintf(version, sizeof(version), "%.*s", digits < sizeof(version) ? (int)digits : 0, s->key);
	while (*name == '_' || *name == '-')
		name++;
	GH_TRY(store_prepare(st, SQL_MIGRATION_TRACKED, &q, err));
	store_bind_int(q, ":id", target_id);
	store_bind_text(q, ":key", s->key);
	store_bind_text(q, ":version", digits == 0 ? s->key : version);
	store_bind_text(q, ":name", digits == 0 ? "" : name);
	store_bind_text(q, ":after", s->after);
	return store_do(st, q, NULL, err);
}

/* The table says the same as before of it, so it is of the same text. */
static bool
same_row(const struct store_standing *old, const struct store_standing_new *s)
{
	if (old == NULL || !old->applied)
		return false;
	return old->ran || (old->applied_at == s->applied_at && strcmp(old->checksum, s->checksum) == 0);
}

/* Which text was applied there, as far as can be known. */
static enum gh_code
digest_of(const struct store_standing_set *set, struct gh_arena *a, const struct store_standing *old,
    const struct store_standing_new *s, const char **ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	*ret = "";
	if (!s->applied)
		return GH_OK;
	if (same_row(old, s) && old->digest[0] != '\0') {
		*ret = old->digest;
		return GH_OK;
	}
	GH_TRY(store_prepare(set->store, SQL_STANDING_DIGEST, &q, err));
	store_bind_int(q, ":target", set->target_id);
	store_bind_text(q, ":key", s->key);
	store_bind_text(q, ":checksum", s->checksum);
	GH_TRY(store_step(set->store, q, &row, err));
	if (row)
		*ret = store_text(q, strcmp(s->standing, "applied") == 0 ? 0 : 1, a);
	return GH_OK;
}

static bool
equal(const struct store_standing *old, const struct store_standing_new *s, const char *digest)
{
	return old != NULL && !old->ran && old->applied == s->applied && old->applied_at == s->applied_at &&
	    strcmp(old->standing, s->standing) == 0 && strcmp(old->decision, s->decision) == 0 &&
	    strcmp(old->checksum, s->checksum) == 0 && strcmp(old->by, s->by) == 0 &&
	    strcmp(old->text, s->text) == 0 && strcmp(old->digest, digest) == 0;
}

/* Whether one that only counts as applied because of a newer one came after it. */
static enum gh_code
came_late(const struct store_standing_set *set, const struct store_standing *old,
    const struct store_standing_new *s, bool *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	*ret =
	    s->late[0] != '\0' && old != NULL && !old->applied && strcmp(old->standing, "out-of-order") == 0;
	if (s->late[0] == '\0' || old != NULL || !set->newest_stays)
		return GH_OK;
	/* One that was away for a while, as another branch has it, is not new. */
	GH_TRY(store_prepare(set->store, SQL_SEEN_BEFORE, &q, err));
	store_bind_int(q, ":target", set->target_id);
	store_bind_text(q, ":key", s->key);
	store_bind_int(q, ":at", set->looked_at);
	GH_TRY(store_step(set->store, q, &row, err));
	*ret = !row;
	return GH_OK;
}

static enum gh_code
put(struct store_standing_set *set, struct gh_arena *a, const struct store_standing *old,
    const struct store_standing_new *s, struct gh_err *err)
{
	const char *digest = "";
	STORE_STMT q = NULL;

	GH_TRY(digest_of(set, a, old, s, &digest, err));
	if (equal(old, s, digest))
		return GH_OK;
	GH_TRY(store_prepare(set->store, SQL_STANDING_PUT, &q, err));
	store_bind_int(q, ":target", set->target_id);
	store_bind_text(q, ":key", s->key);
	store_bind_text(q, ":standing", s->standing);
	store_bind_int(q, ":applied", s->applied);
	store_bind_text(q, ":decision", s->decision);
	store_bind_int(q, ":applied_at", s->applied_at);
	store_bind_text(q, ":checksum", s->checksum);
	store_bind_text(q, ":by", s->by);
	store_bind_text(q, ":text", s->text);
	store_bind_text(q, ":digest", digest);
	return store_do(set->store, q, NULL, err);
}

enum gh_code
store_standing_put(struct store_standing_set *set, struct gh_arena *a, const struct store_standing_new *s,
    struct gh_err *err)
{
	const struct store_standing *old = store_standing_of(&set->old, s->key);
	struct store_standing_new is = *s;
	bool late;

	if (old != NULL)
		set->seen[old - set->old.rows] = true;
	if (!s->present)
		GH_TRY(migration_tracked(set->store, set->target_id, s, err));
	GH_TRY(came_late(set, old, s, &late, err));
	if (late) {
		is.standing = "out-of-order";
		is.decision = "never";
		is.applied = false;
		/* The first sentence names the version of then. */
		is.text = old == NULL ? s->late : old->text;
	}
	return put(set, a, old, &is, err);
}

static enum gh_code
forget(
    struct store *st, unsigned sql, const char *param, int64_t target_id, const char *key, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, sql, &q, err));
	store_bind_int(q, ":target", target_id);
	store_bind_text(q, param, key);
	return store_do(st, q, NULL, err);
}

enum gh_code
store_standing_end(struct store_standing_set *set, struct gh_err *err)
{
	size_t i;

	for (i = 0; i < set->old.n; i++) {
		if (!set->seen[i])
			GH_TRY(forget(set->store, SQL_STANDING_DELETE, ":key", set->target_id,
			    set->old.rows[i].key, err));
	}
	return GH_OK;
}

enum gh_code
store_table_start(
    struct store *st, struct gh_arena *a, int64_t target_id, struct store_table_set *ret, struct gh_err *err)
{
	*ret = (struct store_table_set){ .store = st, .target_id = target_id };
	GH_TRY(store_table_list(st, a, target_id, &ret->old, err));
	ret->seen = gh_alloc_n(a, ret->old.n, sizeof(*ret->seen));
	return GH_OK;
}

static int
by_name(const void *key, const void *row)
{
	return strcmp(key, ((const struct store_table *)row)->name);
}

enum gh_code
store_table_put(struct store_table_set *set, const struct store_table *t, struct gh_err *err)
{
	const struct store_table *old = set->old.n == 0
	    ? NULL
	    : bsearch(t->name, set->old.rows, set->old.n, sizeof(*set->old.rows), by_name);
	STORE_STMT q = NULL;

	if (old != NULL)
		set->seen[old - set->old.rows] = true;
	GH_TRY(store_prepare(set->store, SQL_TABLE_PUT, &q, err));
	store_bind_int(q, ":target", set->target_id);
	store_bind_text(q, ":name", t->name);
	store_bind_int(q, ":row_count", t->row_count);
	store_bind_int(q, ":bytes", t->bytes);
	store_bind_int(q, ":writes", t->writes);
	store_bind_int(q, ":scans", t->scans);
	store_bind_int(q, ":seconds", t->seconds);
	store_bind_int(q, ":fan_out", t->fan_out);
	return store_do(set->store, q, NULL, err);
}

enum gh_code
store_table_end(struct store_table_set *set, struct gh_err *err)
{
	size_t i;

	for (i = 0; i < set->old.n; i++) {
		if (!set->seen[i])
			GH_TRY(forget(set->store, SQL_TABLE_DELETE, ":name", set->target_id,
			    set->old.rows[i].name, err));
	}
	return GH_OK;
}

enum gh_code
store_standing_ran(
    struct store *st, int64_t run_id, int64_t migration, bool done, int64_t at, struct gh_err *err)
{
	STORE_STMT ran = NULL;
	STORE_STMT undone = NULL;
	STORE_STMT newest = NULL;

	/* Each knows the directions that it is for. */
	if (done) {
		GH_TRY(store_prepare(st, SQL_STANDING_RAN, &ran, err));
		store_bind_int(ran, ":run", run_id);
		store_bind_int(ran, ":migration", migration);
		store_bind_int(ran, ":at", at);
		GH_TRY(store_do(st, ran, NULL, err));
	}
	GH_TRY(store_prepare(st, SQL_STANDING_UNDONE, &undone, err));
	store_bind_int(undone, ":run", run_id);
	store_bind_int(undone, ":migration", migration);
	store_bind_int(undone, ":taken_back", !done);
	GH_TRY(store_do(st, undone, NULL, err));
	GH_TRY(store_prepare(st, SQL_TARGET_NEWEST, &newest, err));
	store_bind_int(newest, ":run", run_id);
	return store_do(st, newest, NULL, err);
}
