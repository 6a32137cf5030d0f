#include "base/ban.h"
#include "runner/job/elsewhere.h"
#include "base/clock.h"
#include "base/stamp.h"

/*
 * The answer of a command: a list of
 *
 *   {"label": "shop-2026-11-21", "started": "2026-11-21T02:00:00Z", "ended": "2026-11-21T02:12:31Z",
 *    "bytes": 123456789, "server_version": "15.8", "keep_until": "2026-12-21T00:00:00Z", "error": null}
 *
 * label and ended must be there.  Times are RFC 3339 or seconds since 1970.  ended null: it is still being
 * made.
 */

#define JSON        __attribute__((cleanup(json_done))) json_t *
#define SECONDS_MAX INT64_C(253402300799) /* the year 9999 */

static void
json_done(json_t **j)
{
	json_decref(*j);
}

static const char *const members[] = { "label", "started", "ended", "bytes", "server_version", "keep_until",
	"error" };

/* A word that is not known may be an error that we would not see. */
static enum gh_code
members_known(json_t *item, size_t i, struct gh_err *err)
{
	const char *key;
	json_t *value;
	size_t k;

	json_object_foreach(item, key, value)
	{
		for (k = 0; k < sizeof(members) / sizeof(members[0]) && strcmp(members[k], key) != 0; k++)
			;
		if (k == sizeof(members) / sizeof(members[0]))
			return gh_fail(err, GH_CONFLICT,
			    "backup %zu has a member \"%.60s\", which is none of label, started, ended, "
			    "bytes, "
			    "server_version, keep_until, error",
			    i + 1, key);
	}
	return GH_OK;
}

static bool
there(json_t *item, const char *key)
{
	return json_object_get(item, key) != NULL && !json_is_null(json_object_get(item, key));
}

/* 0 when it is not there. */
static enum gh_code
moment(json_t *item, const char *key, int64_t *ret, struct gh_err *err)
{
	json_t *v = json_object_get(item, key);

	*ret = 0;
	if (!there(item, key))
		return GH_OK;
	if (json_is_integer(v) && json_integer_value(v) >= 0 && json_integer_value(v) <= SECONDS_MAX) {
		*ret = json_integer_value(v) * GH_SECOND;
		return GH_OK;
	}
	if (json_is_string(v) && gh_stamp_read(json_string_value(v), ret))
		return GH_OK;
	return gh_fail(err, GH_CONFLICT,
	    "%s of %s is no time: \"2026-11-21T02:12:31Z\", or seconds since 1970 as a whole number", key,
	    json_string_value(json_object_get(item, "label")));
}

/* "" when it is not there; one line. */
static enum gh_code
words(json_t *item, const char *key, struct gh_arena *a, const char **ret, struct gh_err *err)
{
	json_t *v = json_object_get(item, key);
	char clean[ELSEWHERE_TEXT + 1];
	char *p;

	*ret = "";
	if (!there(item, key))
		return GH_OK;
	if (!json_is_string(v))
		return gh_fail(err, GH_CONFLICT, "%s of %s is no text", key,
		    json_string_value(json_object_get(item, "label")));
	say_clean(clean, sizeof(clean), json_string_value(v));
	for (p = clean; *p != '\0'; p++) {
		if ((unsigned char)*p < ' ')
			*p = ' ';
	}
	*ret = gh_strdup(a, clean);
	return GH_OK;
}

static enum gh_code
bytes(json_t *item, int64_t *ret, struct gh_err *err)
{
	json_t *v = json_object_get(item, "bytes");

	*ret = -1;
	if (!there(item, "bytes"))
		return GH_OK;
	if (!json_is_integer(v) || json_integer_value(v) < 0)
		return gh_fail(err, GH_CONFLICT, "bytes of %s is no whole number from 0",
		    json_string_value(json_object_get(item, "label")));
	*ret = json_integer_value(v);
	return GH_OK;
}

static enum gh_code
one(json_t *item, size_t i, struct elsewhere_list *ret, struct gh_err *err)
{
	struct elsewhere_backup b = { .client_version = "", .database_bytes = -1 };
	const char *name = json_string_value(json_object_get(item, "label"));

	if (!json_is_object(item))
		return gh_fail(err, GH_CONFLICT, "backup %zu is no object: {\"label\": ...}", i + 1);
	GH_TRY(members_known(item, i, err));
	GH_TRY(elsewhere_label(name == NULL ? "" : name, i, err));
	b.label = gh_strdup(ret->arena, name);
	GH_TRY(moment(item, "started", &b.started_at, err));
	GH_TRY(moment(item, "ended", &b.ended_at, err));
	GH_TRY(moment(item, "keep_until", &b.keep_until, err));
	GH_TRY(bytes(item, &b.size, err));
	GH_TRY(words(item, "server_version", ret->arena, &b.server_version, err));
	GH_TRY(words(item, "error", ret->arena, &b.broken, err));
	if (json_object_get(item, "ended") == NULL)
		return gh_fail(err, GH_CONFLICT, "%s has no time \"ended\"", b.label);
	if (!there(item, "ended"))
		return GH_OK;
	if (!there(item, "started"))
		b.started_at = b.ended_at;
	if (b.started_at > b.ended_at)
		return gh_fail(err, GH_CONFLICT, "%s ended before it started", b.label);
	return elsewhere_add(ret, &b, err);
}

enum gh_code
elsewhere_command(const char *text, size_t len, struct elsewhere_list *ret, struct gh_err *err)
{
	JSON list = NULL;
	json_t *item;
	size_t i;

	GH_TRY(elsewhere_json(text, len, &list, err));
	json_array_foreach(list, i, item)
	{
		GH_TRY(one(item, i, ret, err));
	}
	return GH_OK;
}
