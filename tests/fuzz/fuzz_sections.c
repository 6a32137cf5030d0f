#include "base/ban.h"
#include "tests/fuzz/fuzz.h"
#include "base/io.h"
#include "migration/convention.h"
#include "migration/header.h"
#include "migration/name.h"

static void
check_part(const struct convention_part *p, size_t size)
{
	if (p->present && (p->offset > size || p->len > size - p->offset || p->first_line < 1))
		gh_bug("a side lies outside of its file");
}

static void
try_name(const struct convention *c, const char *name, struct gh_arena *a)
{
	struct convention_file f;

	c->classify(name, a, &f);
	if ((f.as == CONVENTION_IGNORED || f.as == CONVENTION_REFUSED) != (*f.reason != '\0'))
		gh_bug("a file name without a reason, or a reason without need");
	if (*f.reason == '\0' && (*f.key == '\0' || *f.version == '\0'))
		gh_bug("a file name is taken without a key");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *name, *shown;
	GH_ARENA a = { 0 };
	struct convention_sides s;
	struct header h;
	char *text;

	name = gh_strndup(&a, (const char *)data, size > 255 ? 255 : size);
	shown = name_printable(name, &a);
	if (!gh_utf8_valid(shown, strlen(shown), NULL))
		gh_bug("a name for people is not text");
	try_name(&convention_numbered, name, &a);
	try_name(&convention_sections, name, &a);
	if (!gh_utf8_valid((const char *)data, size, NULL))
		return 0;
	text = malloc(size + 1); /* exactly so large that a read too far is seen */
	if (text == NULL)
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	header_read(text, size, &a, &h);
	if (strlen(h.description) > HEADER_TEXT_MAX ||
	    !gh_utf8_valid(h.description, strlen(h.description), NULL))
		gh_bug("a header value is too long or cut within a character");
	convention_sections.sides(text, size, CONVENTION_BOTH, &s);
	check_part(&s.up, size);
	check_part(&s.down, size);
	if ((s.problem == NULL) != s.up.present)
		gh_bug("a file without a side and without a reason");
	free(text);
	return 0;
}
