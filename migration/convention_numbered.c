#include "base/ban.h"
#include "migration/convention.h"

#if 0 /* being ported */
#include "base/ban.h"
#include "migration/convention.h"
#include "migration/name.h"

/*
 * 006_add_user_photos.sql, with its way back in 006_add_user_photos_down.sql.  The number has three digits or
 * more, the name is lower-case letters, digits and underscores.  The tracking table holds the file name
 * without .sql.
 */

#define PATTERN "three or more digits, an underscore, a lower-case name, .sql"

static void
refuse(struct convention_file *ret, const char *reason)
{
	ret->as = CONVENTION_REFUSED;
	ret->reason = reason;
}

/* The name that would do: digits padded, everything that is not allowed an underscore. */
static const char *
corrected(const char *stem, size_t digits, struct gh_arena *a)
{
	char *rest = gh_strdup(a, stem + digits), *out = rest;
	const char *in;

	for (in = rest; *in != '\0'; in++) {
		unsigned char c = (unsigned char)*in;

		if (isalnum(c) && c < 0x80)
			*out++ = (char)tolower(c);
		else if (out > rest && out[-1] != '_')
			*out++ = '_';
	}
	while (out > rest && out[-1] == '_')
		out--;
	*out = '\0';
	if (*rest == '\0')
		return NULL;
	if (digits == 0)
		return gh_printf(a, "NNN_%s.sql", rest);
	return gh_printf(
	    a, "%.*s%.*s_%s.sql", digits < 3 ? (int)(3 - digits) : 0, "00", (int)digits, stem, rest);
}

static const char *
why_refused(const char *stem, size_t digits, struct gh_arena *a)
{
	const char *better = corrected(stem, digits, a), *rest = stem + digits;

	if (digits > NAME_DIGITS_MAX)
		return gh_printf(a, "the number has more than %d digits", NAME_DIGITS_MAX);
	if (better == NULL)
		return "the name is missing: " PATTERN;
	if (digits == 0)
		return gh_printf(
		    a, "the number is missing: name it %s, with the next free number for NNN", better);
	if (digits < 3)
		return gh_printf(a, "the number is not padded to three digits: name it %s", better);
	if (strchr(rest, '-') != NULL)
		return gh_printf(a, "use an underscore, not a dash: name it %s", better);
	if (*rest != '_')
		return gh_printf(a, "an underscore is missing after the number: name it %s", better);
	return gh_printf(a, "only lower-case letters, digits and underscores: name it %s", better);
}

static bool
ends_with(const char *s, const char *end)
{
	size_t len = strlen(s), end_len = strlen(end);

	return len >= end_len && strcmp(s + len - end_len, end) == 0;
}

static void
classify(const char *file, struct gh_arena *a, struct convention_file *ret)
{
	static const char *const other_downs[] = { ".down", ".undo", ".rollback", ".revert", "_undo",
		"_rollback", "_revert" };
	const char *stem = name_start(file, a, ret);
	size_t digits, i, len;

	if (stem == NULL)
		return;
	digits = strspn(stem, "0123456789");
	for (i = 0; i < sizeof(other_downs) / sizeof(other_downs[0]); i++) {
		if (ends_with(stem, other_downs[i])) {
			refuse(ret,
			    gh_printf(a,
				"looks like a way back (\"%s\"): those are named as their up, ending in "
				"_down.sql",
				other_downs[i]));
			return;
		}
	}
	len = strlen(stem);
	if (digits < 3 || digits > NAME_DIGITS_MAX || stem[digits] != '_' ||
	    len == digits + 1 + strspn(stem + digits + 1, "_") ||
	    stem[digits + 1 + strspn(stem + digits + 1, "abcdefghijklmnopqrstuvwxyz0123456789_")] != '\0') {
		refuse(ret, why_refused(stem, digits, a));
		return;
	}
	ret->as = CONVENTION_UP;
	if (ends_with(stem, "_down")) {
		ret->as = CONVENTION_DOWN;
		len -= strlen("_down");
		if (len <= digits) {
			refuse(
			    ret, "the name is missing: a way back is named as its up, ending in _down.sql");
			return;
		}
	}
	ret->version = gh_strndup(a, stem, digits);
	ret->name = gh_strndup(a, stem + digits + 1, len - digits - 1);
	ret->key = gh_strndup(a, stem, len);
}

static void
sides(const char *text, size_t len, enum convention_as as, struct convention_sides *ret)
{
	struct convention_part all = { .present = true, .len = len, .first_line = 1 };

	(void)text;
	*ret = (struct convention_sides){ 0 };
	*(as == CONVENTION_DOWN ? &ret->down : &ret->up) = all;
}

const struct convention convention_numbered = {
	.name = "numbered",
	.description = "NNN_name.sql, with NNN_name_down.sql for the way back",
	.tracking = {
		.schema = "public",
		.table = "schema_migrations",
		.qualified = "public.schema_migrations",
		.create = "CREATE TABLE public.schema_migrations ("
		          "version varchar(255) PRIMARY KEY, "
		          "applied_at timestamp DEFAULT current_timestamp)",
		.columns = {
			{ "version", "character varying(255)|character varying|text", "t" },
			{ "applied_at", "timestamp without time zone|timestamp with time zone", NULL },
		},
		.n_columns = 2,
		.select = "SELECT version::text, CASE WHEN isfinite(applied_at) "
		          "THEN (extract(epoch FROM applied_at::timestamptz) * 1000000)::bigint ELSE 0 END "
		          "FROM public.schema_migrations ORDER BY version COLLATE \"C\"",
		.find = "SELECT 1 FROM public.schema_migrations WHERE version = $1",
		.insert = "INSERT INTO public.schema_migrations (version, applied_at) VALUES ($1, current_timestamp)",
		.delete = "DELETE FROM public.schema_migrations WHERE version = $1",
	},
	.classify = classify,
	.sides = sides,
};

#endif
const struct convention convention_numbered = {
	.name = "numbered",
};
