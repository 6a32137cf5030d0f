#include "base/ban.h"
#include "tests/fuzz/fuzz.h"
#include "base/io.h"
#include "cgi/form.h"

/* A body, decoded and sorted into the fields of an act: what comes out is text, and bounded. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct act act = {
		.fields = {
			{ "line", "Line", ACT_LINE, true, 64 },
			{ "text", "Text", ACT_TEXT, false, 256 },
			{ "number", "Number", ACT_INT, false, 100 },
			{ "secret", "Secret", ACT_SECRET, false, 0 },
		},
	};
	struct gh_err err = { 0 };
	GH_ARENA a = { 0 };
	struct act_form form;
	struct req_pair *pairs;
	size_t n, i;
	bool wrong;

	if (form_decode(&a, (const char *)data, size, &pairs, &n, &err) != GH_OK)
		return 0;
	for (i = 0; i < n; i++) {
		if (!gh_utf8_valid(pairs[i].name, strlen(pairs[i].name), NULL) ||
		    !gh_utf8_valid(pairs[i].value, strlen(pairs[i].value), NULL))
			gh_bug("a field is not UTF-8");
	}
	if (form_read(&a, &act, pairs, n, &form, &wrong, &err) == GH_OK &&
	    (strlen(form.values[0].text) > 64 || strpbrk(form.values[0].text, "\r\n") != NULL ||
		form.values[0].text[0] == '\0' || form.values[2].number > 100))
		gh_bug("a value passed its limit");
	form_done(&form);
	return 0;
}
