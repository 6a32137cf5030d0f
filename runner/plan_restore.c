#include "base/ban.h"
#include "runner/plan_restore.h"
#include "base/duration.h"
#include "base/clock.h"
#include "base/io.h"
#include "store/backup.h"

#define NAME_MAX_BYTES ((size_t)63) /* of a database */

bool
plan_restore_uncounted(const char *goal)
{
	static const char end[] = ", " PLAN_RESTORE_UNCOUNTED;
	size_t len = strlen(goal), n = strlen(end);

	return len > n && strcmp(goal + len - n, end) == 0;
}

enum gh_code
plan_restore_find(struct store *st, struct gh_arena *a, const char *text, struct plan_goal *ret,
    const char **ret_target, struct gh_err *err)
{
	size_t len = strcspn(text, " ");
	const char *which = gh_strndup(a, text, len), *name = text + len + strspn(text + len, " ");
	struct store_backup b;
	int64_t id;

	if (len == 0)
		return gh_fail(err, GH_BAD_INPUT, "say which backup is restored: its number or its file");
	ret->uncounted = ret->act != PLAN_SIDE && strcmp(name, PLAN_RESTORE_UNCOUNTED) == 0;
	if (ret->act != PLAN_SIDE && name[0] != '\0' && !ret->uncounted)
		return gh_fail(err, GH_BAD_INPUT,
		    "only a database beside the target is given a name; what becomes the target's has its "
		    "own");
	if (gh_parse_i64(which, 1, INT64_MAX, &id))
		GH_TRY(store_backup_get(st, a, id, &b, err));
	else
		GH_TRY(store_backup_find(st, a, which, &b, err));
	ret->backup = b.id;
	ret->to = ret->uncounted ? "" : gh_strdup(a, name);
	*ret_target = b.target;
	return GH_OK;
}

static enum gh_code
usable(const struct store_backup *b, const struct store_target *t, struct gh_err *err)
{
	char when[GH_CLOCK_LEN];

	if (b->target_id != t->id)
		return gh_fail(err, GH_CONFLICT,
		    "backup %" PRId64 " is of %s: it is not restored over %s, whose data it does not have",
		    b->id, b->target, t->name);
	if (strcmp(b->kind, "outside") == 0)
		return gh_fail(err, GH_CONFLICT,
		    "backup %" PRId64 " is kept by %s, not here: restore it with the tools of that system",
		    b->id, b->source);
	if (b->file[0] == '\0')
		return gh_fail(err, GH_CONFLICT,
		    "backup %" PRId64 " has no file here: the hook that made it knows where it is", b->id);
	if (strcmp(b->state, "expired") == 0)
		return gh_fail(err, GH_CONFLICT, "backup %" PRId64 " has expired%s%s: its file is gone",
		    b->id, b->state_at == 0 ? "" : ", ",
		    b->state_at == 0 ? "" : gh_clock_utc(b->state_at, when));
	if (strcmp(b->state, "kept") != 0)
		return gh_fail(err, GH_CONFLICT,
		    "the file of backup %" PRId64
		    ", %s, is missing: put it back and look at the folder again",
		    b->id, b->file);
	if (b->broken[0] != '\0')
		return gh_fail(err, GH_CONFLICT, "backup %" PRId64 " is broken: %s", b->id, b->broken);
	if (b->digest[0] == '\0')
		return gh_fail(err, GH_CONFLICT,
		    "what is in the file of backup %" PRId64 " is not known: prove it first", b->id);
	return GH_OK;
}

static enum gh_code
name_check(const char *name, const char *database, struct gh_err *err)
{
	static const char *const taken[] = { "postgres", "template0", "template1" };
	size_t i, len = strlen(name);

	if (len > NAME_MAX_BYTES)
		return gh_fail(err, GH_BAD_INPUT, "the name of a database is at most %zu bytes long: %s",
		    NAME_MAX_BYTES, name);
	if (strcmp(name, database) == 0)
		return gh_fail(err, GH_BAD_INPUT,
		    "a database beside %s needs another name; without one, the backup becomes %s itself",
		    name, name);
	for (i = 0; i < sizeof(taken) / sizeof(taken[0]); i++) {
		if (strcmp(name, taken[i]) == 0)
			return gh_fail(err, GH_BAD_INPUT, "%s is the server's own database", name);
	}
	for (i = 0; i < len; i++) {
		if ((unsigned char)name[i] <= ' ' || name[i] == 0x7f)
			return gh_fail(
			    err, GH_BAD_INPUT, "the name of a database here has no spaces: \"%s\"", name);
	}
	return GH_OK;
}

/* DATABASE_WORD_NUMBER, the first cut where that is needed: the same whenever it is asked. */
static const char *
made_name(struct gh_arena *a, const char *database, const char *word, int64_t number)
{
	const char *end = gh_printf(a, "_%s_%" PRId64, word, number);
	size_t most = NAME_MAX_BYTES - strlen(end);

	return gh_printf(a, "%.*s%s", (int)gh_utf8_cut(database, strlen(database), most), database, end);
}

/*
 * The numbers of transactions go on when a database is replaced, but its rows all got new ones: a snapshot of
 * before tells nothing about them.
 */
static enum gh_code
snapshot_of(
    struct store *st, struct gh_arena *a, const struct store_backup *b, const char **ret, struct gh_err *err)
{
	struct store_kept_databases list;
	size_t i;

	*ret = b->snapshot;
	GH_TRY(store_kept_database_list(st, a, b->target_id, &list, err));
	for (i = 0; i < list.n; i++) {
		if (strcmp(list.rows[i].kind, "before") == 0 && list.rows[i].kept_at > b->started_at)
			*ret = "";
	}
	return GH_OK;
}

static enum gh_code
tables_fill(struct store *st, struct gh_arena *a, struct plan_restore *r, struct gh_err *err)
{
	struct store_backup_tables list;
	size_t i;

	GH_TRY(store_backup_table_list(st, a, r->backup, &list, err));
	r->n_tables = list.n;
	r->tables = gh_alloc_n(a, list.n, sizeof(*r->tables));
	for (i = 0; i < list.n; i++)
		r->tables[i] = (struct plan_table){ list.rows[i].name, list.rows[i].rows };
	return GH_OK;
}

/* How far anybody has looked into it, a sentence. */
static const char *
level_text(const struct store_backup *b, struct gh_arena *a)
{
	char when[GH_CLOCK_LEN];

	if (strcmp(b->level, "counted") == 0)
		return gh_printf(a, "It was restored and counted%s%s.", b->proved_at == 0 ? "" : ", last ",
		    b->proved_at == 0 ? "" : gh_clock_utc(b->proved_at, when));
	if (strcmp(b->level, "restored") == 0)
		return "It was restored, its rows were not counted.";
	if (strcmp(b->level, "listed") == 0)
		return "It was read back and listed, never restored: whether it can be is shown by this run.";
	return gh_printf(a,
	    "It is only %s, nobody has looked into it: whether it can be restored is shown by this run. "
	    "Prove it "
	    "first where there is time.",
	    strcmp(b->level, "none") == 0 ? "there" : b->level);
}

static const char *
description(const struct plan *p, const struct store_backup *b, struct gh_arena *a)
{
	const struct plan_restore *r = &p->restore;
	const char *what = gh_printf(a,
	    "%s of %s is restored into a new database and compared with what was counted when it was taken. ",
	    b->file, p->target);
	char keep[GH_DURATION_LEN];

	if (p->act == PLAN_SIDE)
		return gh_printf(a,
		    "%sThat database stays beside %s as %s, for a look; %s itself is not touched. %s", what,
		    p->database, r->name, p->database, level_text(b, a));
	return gh_printf(a,
	    "%sThen no new connection to %s is let in, its sessions are ended, and in one transaction it "
	    "becomes "
	    "%s and the new database %s. The old one stays for at least %s, with connections refused, and is "
	    "never dropped by itself. %s",
	    what, p->database, r->keep_name, p->database, gh_duration_text(r->keep_ms, keep),
	    level_text(b, a));
}

static void
migration_fill(struct plan_built *b, const struct store_backup *backup, bool uncounted,
    struct store_plan_migration_new *row)
{
	struct gh_arena *a = &b->arena;
	struct plan_migration *m = gh_alloc(a, sizeof(*m));
	char digest[GH_SHA256_HEX_LEN], when[GH_CLOCK_LEN];

	(void)gh_clock_utc(backup->ended_at, when);
	*m = (struct plan_migration){ .key = gh_printf(a, PLAN_RESTORE_KEY "%" PRId64, backup->id),
		.version = "",
		.name = gh_printf(a, "restore backup %" PRId64 " of %s", backup->id, when),
		.file = backup->file,
		.checksum = "" };
	m->run.sql = "";
	gh_sha256_hex("", 0, digest);
	b->plan.n_migrations = 1;
	b->plan.migrations = m;
	b->goal = b->plan.act == PLAN_SIDE ? gh_printf(a, "backup %" PRId64 " of %s beside it, as %s",
						 backup->id, when, b->plan.restore.name)
					   : gh_printf(a, "backup %" PRId64 " of %s%s", backup->id, when,
						 uncounted ? ", " PLAN_RESTORE_UNCOUNTED : "");
	*row = (struct store_plan_migration_new){ .key = m->key,
		.version = "",
		.name = m->name,
		.description = description(&b->plan, backup, a),
		.author = "",
		.digest = gh_strdup(a, digest) };
}

static void
store_fill(struct plan_built *b, const struct store_backup *backup)
{
	const struct plan_restore *r = &b->plan.restore;
	struct store_plan_restore *s = gh_alloc(&b->arena, sizeof(*s));

	*s = (struct store_plan_restore){ .backup = r->backup,
		.file = r->file,
		.digest = r->digest,
		.encrypted_to = r->encrypted_to,
		.size = r->size,
		.taken_at = r->taken_at,
		.schema_key = r->schema,
		.tables = backup->table_count,
		.rows = backup->row_count,
		.name = r->name,
		.keep_name = r->keep_name,
		.keep_ms = r->keep_ms };
	b->rows.restore = s;
}

enum gh_code
plan_restore_fill(struct store *st, struct plan_built *b, const struct plan_goal *goal,
    struct store_plan_migration_new *row, struct gh_err *err)
{
	struct plan *p = &b->plan;
	struct plan_restore *r = &p->restore;
	bool side = goal->act == PLAN_SIDE;
	struct store_backup backup;

	GH_TRY(store_backup_get(st, &b->arena, goal->backup, &backup, err));
	GH_TRY(usable(&backup, &b->target, err));
	GH_TRY(store_going_check(st, backup.id, err));
	*r = (struct plan_restore){ .backup = backup.id,
		.file = backup.file,
		.format = backup.format,
		.encrypted_to = backup.encrypted_to,
		.digest = backup.digest,
		.size = backup.size < 0 ? 0 : backup.size,
		.taken_at = backup.ended_at,
		.schema = backup.schema_key,
		.fingerprint = backup.fingerprint,
		.name = p->database,
		.keep_name = "",
		.keep_ms = goal->keep_ms };
	if (side)
		r->name =
		    goal->to[0] != '\0' ? goal->to : made_name(&b->arena, p->database, "backup", backup.id);
	else
		r->keep_name = made_name(&b->arena, p->database, "before", p->database_oid);
	if (side)
		GH_TRY(name_check(r->name, p->database, err));
	GH_TRY(snapshot_of(st, &b->arena, &backup, &r->snapshot, err));
	GH_TRY(tables_fill(st, &b->arena, r, err));
	p->act = goal->act;
	p->down = true;
	if (side)
		p->after = "";
	migration_fill(b, &backup, goal->uncounted, row);
	store_fill(b, &backup);
	return GH_OK;
}
