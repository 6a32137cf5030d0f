#include "base/ban.h"
#include "tests/fuzz/fuzz.h"
#include "cgi/highlight.h"

/* Without our own tags, the markup is the escaped input. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	GH_ARENA a = { 0 };
	GH_TEXT want = { 0 };
	GH_TEXT got = { 0 };
	const char *at;

	if (memchr(data, '\0', size) != NULL)
		return 0;
	gh_text_put_html(&want, (const char *)data, size);
	for (at = highlight_sql(&a, (const char *)data, size).html; *at != '\0'; at++) {
		if (*at == '<')
			at = strchr(at, '>');
		else
			gh_text_putc(&got, *at);
		if (at == NULL)
			gh_bug("a tag is not closed");
	}
	if (strcmp(gh_text_str(&want), gh_text_str(&got)) != 0)
		gh_bug("the text changed");
	return 0;
}
