#include "base/ban.h"
#include "base/backup_name.h"

#include <stdbool.h>
#include <string.h>

/* Takes the end off. */
static bool
ends(const char *s, size_t *len, const char *end)
{
	size_t n = strlen(end);

	if (*len < n || memcmp(s + *len - n, end, n) != 0)
		return false;
	*len -= n;
	return true;
}

static bool
digits(const char **at, const char *end, size_t n)
{
	size_t i;

	for (i = 0; i < n && *at < end; i++, (*at)++) {
		if (**at < '0' || **at > '9')
			return false;
	}
	return i == n;
}

/* "-20261121T101603Z-r7": shop is not shop-eu. */
static bool
is_tail(const char *at, const char *end)
{
	if (at >= end || *at++ != '-' || !digits(&at, end, 8) || at >= end || *at++ != 'T' ||
	    !digits(&at, end, 6) || end - at < 4 || *at++ != 'Z' || *at++ != '-')
		return false;
	if (*at != 'r' && *at != 't')
		return false;
	for (at++; at < end; at++) {
		if (*at < '0' || *at > '9')
			return false;
	}
	return true;
}

static bool
is_stem(const char *s, size_t len, const char *target)
{
	const char *end = s + len;
	size_t n;

	if (target != NULL)
		return (n = strlen(target)) < len && memcmp(s, target, n) == 0 && is_tail(s + n, end);
	for (n = 1; n < len; n++) {
		if (is_tail(s + n, end))
			return true;
	}
	return false;
}

enum gh_backup_name
gh_backup_name(const char *file, const char *target)
{
	enum gh_backup_name kind = GH_BACKUP_NAME_WHOLE;
	size_t len = strlen(file);

	if (file[0] == '.') {
		kind = GH_BACKUP_NAME_PART;
		file++;
		len--;
		if (!ends(file, &len, GH_BACKUP_PART))
			return GH_BACKUP_NAME_NONE;
	} else if (ends(file, &len, GH_BACKUP_SIDECAR)) {
		kind = GH_BACKUP_NAME_SIDECAR;
	}
	if (!ends(file, &len, GH_BACKUP_SEALED) && !ends(file, &len, GH_BACKUP_CUSTOM) &&
	    !ends(file, &len, GH_BACKUP_DIRECTORY))
		return GH_BACKUP_NAME_NONE;
	return is_stem(file, len, target) ? kind : GH_BACKUP_NAME_NONE;
}
