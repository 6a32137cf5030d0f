#include "base/ban.h"
#include "migration/name.h"
#include "base/io.h"

const char *
name_printable(const char *file, struct gh_arena *a)
{
	size_t len = strlen(file), at;
	char *ret = gh_alloc(a, len * 4 + 1), *out = ret;
	bool utf8 = gh_utf8_valid(file, len, NULL);

	for (at = 0; at < len; at++) {
		unsigned char c = (unsigned char)file[at];

		if (c < 0x20 || c == 0x7f || c == '\\' || (c >= 0x80 && !utf8)) {
			(void)snprintf(out, 5, "\\x%02x", (unsigned)c);
			out += 4;
		} else {
			*out++ = (char)c;
		}
	}
	*out = '\0';
	return ret;
}

const char *
name_base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash == NULL ? path : slash + 1;
}

bool
name_flat(const struct convention_file *e)
{
	return strchr(e->path, '/') == NULL;
}

bool
name_ends(const char *s, const char *end)
{
	size_t len = strlen(s), end_len = strlen(end);

	return len >= end_len && strcmp(s + len - end_len, end) == 0;
}

static const char *
decided(struct convention_file *e, enum convention_as as, const char *reason)
{
	e->as = as;
	e->reason = reason;
	return NULL;
}

const char *
name_start(struct convention_file *e, struct gh_arena *a)
{
	const char *file = name_base(e->path), *dot = strrchr(file, '.'), *p;
	size_t len = strlen(file);

	for (p = file; *p != '\0' && (unsigned char)*p >= 0x20 && *p != 0x7f; p++)
		continue;
	if (*p != '\0')
		return decided(e, CONVENTION_REFUSED, "the name holds a control character");
	if (!gh_utf8_valid(file, len, NULL))
		return decided(e, CONVENTION_REFUSED, "the name is not UTF-8");
	if (*file == '.')
		return decided(e, CONVENTION_IGNORED, "hidden: the name begins with a dot");
	if (e->folder)
		return decided(e, CONVENTION_IGNORED, "a folder: only files of this folder itself are read");
	if (dot == NULL || strcasecmp(dot, ".sql") != 0)
		return decided(e, CONVENTION_IGNORED, "not an .sql file");
	if (len > NAME_MAX_BYTES)
		return decided(
		    e, CONVENTION_REFUSED, gh_printf(a, "the name is longer than %d bytes", NAME_MAX_BYTES));
	if (strcmp(dot, ".sql") != 0)
		return decided(e, CONVENTION_REFUSED, "write .sql in lower case");
	return gh_strndup(a, file, len - strlen(".sql"));
}

const char *
name_start_flat(struct convention_file *e, struct gh_arena *a)
{
	if (!name_flat(e))
		return decided(
		    e, CONVENTION_IGNORED, "in a folder: only files of the migrations' own folder are read");
	return name_start(e, a);
}
