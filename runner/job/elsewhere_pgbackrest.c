#include "base/ban.h"
#include "runner/job/elsewhere.h"
#include "base/clock.h"

/*
 * What `pgbackrest info --output=json` answers: a list of stanzas, each with its repositories, the databases
 * that were ever backed up, and the backups.  "error" of a backup is what pgBackRest measured itself: pages
 * of the database with a wrong checksum.
 */

#define JSON        __attribute__((cleanup(json_done))) json_t *
#define SECONDS_MAX INT64_C(253402300799)

/* Codes of a stanza and of a repository. */
enum { STATUS_OK = 0, STATUS_NO_BACKUP = 2, STATUS_MIXED = 4 };

static void
json_done(json_t **j)
{
	json_decref(*j);
}

struct stanza {
	json_t *backups, *databases;
	size_t n_bad;
	json_t **bad;          /* backups with an error */
	const char *system_id; /* of the target, "" unknown */
	struct elsewhere_list *list;
};

/* A path of keys, "info.repository.delta"; NULL when something of it is not there. */
static json_t *
at(json_t *v, const char *path)
{
	char key[32];
	size_t len;

	for (; v != NULL && *path != '\0'; path += len + (path[len] == '.' ? 1 : 0)) {
		len = strcspn(path, ".");
		(void)snprintf(key, sizeof(key), "%.*s", (int)len, path);
		v = json_object_get(v, key);
	}
	return v;
}

static const char *
text_at(json_t *v, const char *path)
{
	const char *s = json_string_value(at(v, path));

	return s == NULL ? "" : s;
}

/* -1 when it is not there, or no whole number from 0. */
static int64_t
number_at(json_t *v, const char *path)
{
	json_t *n = at(v, path);

	return json_is_integer(n) && json_integer_value(n) >= 0 ? json_integer_value(n) : -1;
}

/* One that cannot be read would look like one without backups. */
static enum gh_code
status_good(json_t *v, const char *what, struct gh_err *err)
{
	int64_t code = number_at(v, "status.code");

	if (code == STATUS_OK || code == STATUS_NO_BACKUP)
		return GH_OK;
	return gh_fail(err, GH_CONFLICT, "%s: %s", what,
	    text_at(v, "status.message")[0] == '\0' ? "it has no status" : text_at(v, "status.message"));
}

static enum gh_code
statuses(json_t *stanza, const char *name, struct gh_arena *a, struct gh_err *err)
{
	json_t *repos = json_object_get(stanza, "repo"), *repo;
	size_t i;

	/* The repositories say more. */
	json_array_foreach(repos, i, repo)
	{
		GH_TRY(status_good(
		    repo, gh_printf(a, "stanza %s, repository %" PRId64, name, number_at(repo, "key")), err));
	}
	return number_at(stanza, "status.code") == STATUS_MIXED
	    ? GH_OK
	    : status_good(stanza, gh_printf(a, "stanza %s", name), err);
}

/* The database of a backup; NULL when it is not listed. */
static json_t *
database(const struct stanza *s, json_t *backup)
{
	json_t *d;
	size_t i;

	json_array_foreach(s->databases, i, d)
	{
		if (number_at(d, "id") == number_at(backup, "database.id") &&
		    number_at(d, "repo-key") == number_at(backup, "database.repo-key"))
			return d;
	}
	return NULL;
}

/* The first of what it builds on that has an error; "" none. */
static const char *
bad_base(const struct stanza *s, json_t *backup)
{
	json_t *bases = json_object_get(backup, "reference"), *base;
	size_t i, k;

	json_array_foreach(bases, i, base)
	{
		for (k = 0; k < s->n_bad && json_is_string(base); k++) {
			if (strcmp(json_string_value(base), text_at(s->bad[k], "label")) == 0 &&
			    number_at(s->bad[k], "database.repo-key") ==
				number_at(backup, "database.repo-key"))
				return json_string_value(base);
		}
	}
	return "";
}

static void
errors(struct stanza *s)
{
	json_t *backup;
	size_t i;

	/* NOLINTNEXTLINE(bugprone-sizeof-expression): pointers */
	s->bad = gh_alloc_n(s->list->arena, json_array_size(s->backups), sizeof(json_t *));
	json_array_foreach(s->backups, i, backup)
	{
		if (json_is_true(json_object_get(backup, "error")))
			s->bad[s->n_bad++] = backup;
	}
}

static const char *
trouble(const struct stanza *s, json_t *backup, json_t *db)
{
	struct gh_arena *a = s->list->arena;
	json_t *id = at(db, "system-id");
	const char *which, *base = bad_base(s, backup);

	if (json_is_true(json_object_get(backup, "error")))
		return "pgBackRest found pages with a wrong checksum in the database";
	if (base[0] != '\0')
		return gh_printf(
		    a, "it builds on %s, in which pgBackRest found pages with a wrong checksum", base);
	if (!json_is_integer(id))
		return "it does not say of which server it is";
	which = gh_printf(a, "%" PRId64, (int64_t)json_integer_value(id));
	if (s->system_id[0] != '\0' && strcmp(which, s->system_id) != 0)
		return gh_printf(
		    a, "it is of another server: system %s, the target is on %s", which, s->system_id);
	return "";
}

static enum gh_code
one(const struct stanza *s, json_t *backup, size_t i, struct gh_err *err)
{
	struct gh_arena *a = s->list->arena;
	const char *label = text_at(backup, "label");
	int64_t from = number_at(backup, "timestamp.start"), to = number_at(backup, "timestamp.stop"),
		repo = number_at(backup, "database.repo-key");
	json_t *db = database(s, backup);
	struct elsewhere_backup b = { .size = number_at(backup, "info.repository.delta"),
		.database_bytes = number_at(backup, "info.size"),
		.level = WIRE_WRITTEN };

	GH_TRY(elsewhere_label(label, i, err));
	if (from < 0 || to < from || to > SECONDS_MAX)
		return gh_fail(err, GH_CONFLICT, "%s has no times", label);
	b.label = repo > 1 ? gh_printf(a, "%s, repository %" PRId64, label, repo) : gh_strdup(a, label);
	b.started_at = from * GH_SECOND;
	b.ended_at = to * GH_SECOND;
	b.server_version = gh_strdup(a, text_at(db, "version"));
	b.client_version = gh_strdup(a, text_at(backup, "backrest.version"));
	b.broken = trouble(s, backup, db);
	return elsewhere_add(s->list, &b, err);
}

static json_t *
find(json_t *list, const char *name)
{
	json_t *v;
	size_t i;

	json_array_foreach(list, i, v)
	{
		if (strcmp(text_at(v, "name"), name) == 0)
			return v;
	}
	return NULL;
}

enum gh_code
elsewhere_pgbackrest(
    const char *text, size_t len, const char *system_id, struct elsewhere_list *ret, struct gh_err *err)
{
	JSON list = NULL;
	const char *name = ret->source->stanza;
	struct stanza s = { .system_id = system_id, .list = ret };
	json_t *stanza, *backup;
	size_t i;

	GH_TRY(elsewhere_json(text, len, &list, err));
	stanza = find(list, name);
	if (stanza == NULL)
		return gh_fail(err, GH_CONFLICT, "there is no stanza %s", name);
	GH_TRY(statuses(stanza, name, ret->arena, err));
	s.backups = json_object_get(stanza, "backup");
	s.databases = json_object_get(stanza, "db");
	if (!json_is_array(s.backups) || !json_is_array(s.databases))
		return gh_fail(err, GH_CONFLICT, "stanza %s has no list of backups", name);
	errors(&s);
	json_array_foreach(s.backups, i, backup)
	{
		GH_TRY(one(&s, backup, i, err));
	}
	return GH_OK;
}
