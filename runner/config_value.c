#include "base/ban.h"
#include "runner/config_parse.h"
#include "base/duration.h"
#include "base/io.h"

const char *
config_text(struct config_reader *r, cfg_t *sec, const char *key)
{
	const char *s = cfg_getstr(sec, key);

	if (s == NULL)
		return NULL;
	if (s[0] == '\0') {
		config_mistake(r, config_line(r, sec, key), "%s is empty", key);
		return NULL;
	}
	if (!gh_utf8_valid(s, strlen(s), NULL)) {
		config_mistake(r, config_line(r, sec, key), "%s is not UTF-8", key);
		return NULL;
	}
	return gh_strdup(r->arena, s);
}

const char *
config_path(struct config_reader *r, cfg_t *sec, const char *key, const char *fallback)
{
	const char *s = config_text(r, sec, key);
	size_t len;

	if (s == NULL) {
		if (fallback == NULL && cfg_getstr(sec, key) == NULL)
			config_mistake(r, config_line(r, sec, NULL), "%s is missing", key);
		return fallback;
	}
	if (s[0] != '/') {
		config_mistake(
		    r, config_line(r, sec, key), "%s must be an absolute path, not \"%s\"", key, s);
		return fallback;
	}
	len = strlen(s);
	while (len > 1 && s[len - 1] == '/')
		len--;
	return gh_strndup(r->arena, s, len);
}

int64_t
config_number(
    struct config_reader *r, cfg_t *sec, const char *key, int64_t min, int64_t max, int64_t fallback)
{
	const char *s = config_text(r, sec, key);
	int64_t v;

	if (s == NULL)
		return fallback;
	if (!gh_parse_i64(s, min, max, &v)) {
		config_mistake(r, config_line(r, sec, key),
		    "%s must be a whole number from %" PRId64 " to %" PRId64 ", not \"%s\"", key, min, max,
		    s);
		return fallback;
	}
	return v;
}

int64_t
config_duration(
    struct config_reader *r, cfg_t *sec, const char *key, int64_t min_ms, int64_t max_ms, int64_t fallback)
{
	const char *s = config_text(r, sec, key);
	struct gh_err err = { 0 };
	int64_t v = 0;

	if (s == NULL)
		return fallback;
	if (gh_duration_read(s, min_ms, max_ms, &v, &err) == GH_OK)
		return v;
	config_mistake(r, config_line(r, sec, key), "%s %s", key, err.msg);
	return fallback;
}

bool
config_bool(struct config_reader *r, cfg_t *sec, const char *key, bool fallback)
{
	static const char *const yes[] = { "true", "yes", "on" }, *const no[] = { "false", "no", "off" };
	const char *s = config_text(r, sec, key);
	size_t i;

	if (s == NULL)
		return fallback;
	for (i = 0; i < sizeof(yes) / sizeof(yes[0]); i++) {
		if (strcmp(s, yes[i]) == 0)
			return true;
		if (strcmp(s, no[i]) == 0)
			return false;
	}
	config_mistake(r, config_line(r, sec, key), "%s must be true or false, not \"%s\"", key, s);
	return fallback;
}

bool
config_name_good(const char *name)
{
	size_t len = strlen(name);

	return len >= 1 && len <= 64 && isalnum((unsigned char)name[0]) &&
	    strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.") == len;
}
