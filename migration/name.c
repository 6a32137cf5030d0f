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
name_start(const char *file, struct gh_arena *a, struct convention_file *ret)
{
	size_t len = strlen(file);
	const char *dot = strrchr(file, '.'), *p;

	*ret = (struct convention_file){ .version = "", .name = "", .key = "", .reason = "" };
	for (p = file; *p != '\0' && (unsigned char)*p >= 0x20 && *p != 0x7f; p++)
		continue;
	if (*p != '\0' || !gh_utf8_valid(file, len, NULL)) {
		ret->as = CONVENTION_REFUSED;
		ret->reason = *p != '\0' ? "the name holds a control character" : "the name is not UTF-8";
		return NULL;
	}
	if (*file == '.') {
		ret->as = CONVENTION_IGNORED;
		ret->reason = "hidden: the name begins with a dot";
		return NULL;
	}
	if (dot == NULL || strcasecmp(dot, ".sql") != 0) {
		ret->as = CONVENTION_IGNORED;
		ret->reason = "not an .sql file";
		return NULL;
	}
	if (strcmp(dot, ".sql") != 0 || len > NAME_MAX_BYTES) {
		ret->as = CONVENTION_REFUSED;
		ret->reason = len > NAME_MAX_BYTES
		    ? gh_printf(a, "the name is longer than %d bytes", NAME_MAX_BYTES)
		    : "write .sql in lower case";
		return NULL;
	}
	return gh_strndup(a, file, len - strlen(".sql"));
}
