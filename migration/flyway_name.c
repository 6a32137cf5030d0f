#include "base/ban.h"
#include "migration/flyway_name.h"
#include "migration/name.h"
#include "migration/version.h"

const char *
flyway_canon(const char *version, struct gh_arena *a)
{
	char *ret = gh_strdup(a, version), *out = ret, *end;
	const char *p = version;

	while (*p != '\0') {
		size_t len = strcspn(p, ".");

		while (len > 1 && *p == '0') {
			p++;
			len--;
		}
		if (out > ret)
			*out++ = '.';
		memmove(out, p, len);
		out += len;
		p += len;
		p += *p == '.';
	}
	*out = '\0';
	for (end = out; end - ret > 2 && end[-1] == '0' && end[-2] == '.'; end -= 2)
		end[-2] = '\0';
	return ret;
}

int
flyway_version_compare(const char *a, const char *b)
{
	while (*a != '\0' && *b != '\0') {
		size_t x = strcspn(a, "."), y = strcspn(b, ".");

		if (x != y)
			return x < y ? -1 : 1;
		if (strncmp(a, b, x) != 0)
			return strncmp(a, b, x);
		a += x + (a[x] == '.');
		b += y + (b[y] == '.');
	}
	return (*a != '\0') - (*b != '\0');
}

/* Digits, with single dots or underscores between them. */
static bool
is_version(const char *v)
{
	for (;;) {
		size_t digits = strspn(v, "0123456789");

		if (digits == 0)
			return false;
		v += digits;
		if (*v == '\0')
			return true;
		if (*v != '.' && *v != '_')
			return false;
		v++;
	}
}

static const char *
replaced(struct gh_arena *a, const char *s, char with)
{
	char *ret = gh_strdup(a, s), *p;

	for (p = ret; *p != '\0'; p++) {
		if (*p == '_')
			*p = with;
	}
	return ret;
}

/* "beforeMigrate", "afterEachStatement__x": what Flyway runs around its own work. */
static bool
is_callback(const char *stem)
{
	return (strncmp(stem, "before", 6) == 0 && isupper((unsigned char)stem[6])) ||
	    (strncmp(stem, "after", 5) == 0 && isupper((unsigned char)stem[5])) ||
	    strncmp(stem, "createSchema", 12) == 0;
}

static const char *
stem_of(const char *name, struct gh_arena *a, bool *ret_code)
{
	static const char *const ends[] = { ".sql", ".java", ".class", ".kt" };
	size_t i, len = strlen(name);

	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		*ret_code = i > 0;
		if (name_ends(name, ends[i]))
			return gh_strndup(a, name, len - strlen(ends[i]));
	}
	return NULL;
}

/* The description and, of all but R, the version. */
static void
parts(const char *rest, struct gh_arena *a, struct flyway_name *ret)
{
	const char *line = strstr(rest, "__"), *version;

	version = line == NULL ? rest : gh_strndup(a, rest, (size_t)(line - rest));
	ret->description = line == NULL ? "" : replaced(a, line + 2, ' ');
	if (ret->kind == 'R') {
		if (*version != '\0')
			ret->refused = "a repeatable migration has no version: name it R__description.sql";
		return;
	}
	if (*version == '\0')
		ret->refused =
		    gh_printf(a, "the version is missing: name it %c1.2__description.sql", ret->kind);
	else if (!is_version(version))
		ret->refused = gh_printf(a,
		    "\"%s\" is no version (digits with dots or underscores between them): Flyway skips the "
		    "file "
		    "silently unless validateMigrationNaming is set",
		    version);
	ret->version = replaced(a, version, '.');
	ret->canon = flyway_canon(ret->version, a);
}

void
flyway_name_read(const char *name, struct gh_arena *a, struct flyway_name *ret)
{
	const char *stem;

	*ret = (struct flyway_name){ .version = "", .canon = "", .description = "" };
	stem = stem_of(name, a, &ret->code);
	if (stem == NULL || strchr(stem, '$') != NULL)
		return;
	if (strchr("VURB", *stem) != NULL && *stem != '\0') {
		ret->kind = *stem;
		parts(stem + 1, a, ret);
		/* Sources beside the migrations are no steps unless their names say so. */
		if (ret->code && ret->refused != NULL)
			*ret = (struct flyway_name){ .version = "", .canon = "", .description = "" };
	} else if (!ret->code && is_callback(stem)) {
		ret->kind = 'c';
	} else if (!ret->code && strchr("vurb", *stem) != NULL && strstr(stem, "__") != NULL) {
		ret->refused = gh_printf(a, "Flyway only takes a capital %c at the beginning of the name",
		    (char)toupper((unsigned char)*stem));
	}
}
