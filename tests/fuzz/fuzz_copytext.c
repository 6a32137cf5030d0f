#include "base/ban.h"
#include "tests/fuzz/fuzz.h"
#include "base/copytext.h"

/* The rows that show a cause, as a job's journal has them: whatever is read can be written and read again. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	GH_ARENA a = { 0 };
	GH_TEXT t = { 0 };
	const char *text = gh_strndup(&a, (const char *)data, size), *at = text, *again, *one, *other;
	bool first = true, end = false, end_again = false;

	if (text[0] != '\0' && text[strlen(text) - 1] != '\n')
		at = text = gh_printf(&a, "%s\n", text);
	while (gh_copytext_next(&at, &a, &one, &end)) {
		gh_copytext_put(&t, first, one);
		if (end)
			gh_copytext_end(&t);
		first = end;
	}
	if (at != text + strlen(text) || !first)
		gh_bug("rows that are not read to their end");
	at = text;
	again = gh_text_str(&t);
	while (gh_copytext_next(&at, &a, &one, &end)) {
		if (!gh_copytext_next(&again, &a, &other, &end_again) || end != end_again)
			gh_bug("a field was lost");
		if ((one == NULL) != (other == NULL) || (one != NULL && strcmp(one, other) != 0))
			gh_bug("a field is another after writing");
	}
	if (*again != '\0')
		gh_bug("a field came from nowhere");
	return 0;
}
