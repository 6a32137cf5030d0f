#include "base/ban.h"
#include "runner/job/analyse.h"
#include "base/io.h"

#define BOM "\xef\xbb\xbf"

/* "FILE:LINE:COLUMN: what" for a byte before which everything is UTF-8. */
static const char *
at_byte(
    const struct analyse_entry *e, const struct gh_text *t, size_t at, struct gh_arena *a, const char *what)
{
	int64_t line = 1, column = 1;
	size_t i;

	for (i = 0; i < at; i++) {
		if (t->data[i] == '\n') {
			line++;
			column = 1;
		} else {
			column += ((unsigned char)t->data[i] & 0xc0) != 0x80;
		}
	}
	return gh_printf(a, "%s:%" PRId64 ":%" PRId64 ": %s", e->shown, line, column, what);
}

/* What is no text cannot be shown or stored as text: each such byte becomes '?'.  It never runs. */
static void
make_text(struct gh_text *t, size_t at)
{
	size_t more;

	while (at < t->len) {
		t->data[at++] = '?';
		if (gh_utf8_valid(t->data + at, t->len - at, &more))
			return;
		at += more;
	}
}

static const char *
check_bytes(const struct analyse_entry *e, struct gh_text *t, struct gh_arena *a)
{
	const char *ret;
	size_t at = 0;

	if (t->len >= 3 && memcmp(t->data, BOM, 3) == 0)
		return gh_printf(
		    a, "%s:1:1: begins with a byte order mark (BOM): save it as UTF-8 without one", e->shown);
	if (gh_utf8_valid(gh_text_str(t), t->len, &at))
		return "";
	ret = at_byte(e, t, at, a,
	    t->data[at] == '\0' ? "a NUL byte: this is not text (UTF-16?), save it as UTF-8"
				: gh_printf(a, "byte 0x%02x is not UTF-8: save the file as UTF-8",
				      (unsigned)(unsigned char)t->data[at]));
	make_text(t, at);
	return ret;
}

enum gh_code
analyse_file_read(const struct gh_folder *f, const struct analyse_entry *e, const struct convention *c,
    struct gh_arena *a, struct analyse_text *ret, struct gh_err *err)
{
	enum convention_as as = e->file.as;
	GH_FD int fd = -1;

	gh_text_clear(&ret->bytes);
	GH_TRY(gh_folder_file(f, e->name, &fd, err));
	GH_TRY(gh_read_all(fd, GH_FOLDER_FILE_SIZE, &ret->bytes, err));
	gh_sha256_hex(gh_text_str(&ret->bytes), ret->bytes.len, ret->digest);
	ret->problem = check_bytes(e, &ret->bytes, a);
	header_read(gh_text_str(&ret->bytes), ret->bytes.len, a, &ret->header);
	if (*ret->problem != '\0') {
		struct convention_part all = { .present = true, .len = ret->bytes.len, .first_line = 1 };

		ret->sides = (struct convention_sides){ 0 };
		*(as == CONVENTION_DOWN ? &ret->sides.down : &ret->sides.up) = all;
		return GH_OK;
	}
	c->sides(gh_text_str(&ret->bytes), ret->bytes.len, as, &ret->sides);
	if (ret->sides.problem != NULL)
		return gh_fail(err, GH_BAD_INPUT, "%s", ret->sides.problem);
	return GH_OK;
}
