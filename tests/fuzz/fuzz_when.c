#include "base/ban.h"
#include "tests/fuzz/fuzz.h"
#include "base/arena.h"
#include "base/clock.h"
#include "cli/when.h"

#define NOW    INT64_C(1795255200000000)
#define MAX_MS INT64_C(86400000)

/* Times and spans as they are written on the command line. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct gh_err err = { 0 };
	GH_ARENA a = { 0 };
	const char *text = gh_strndup(&a, (const char *)data, size);
	int64_t v = -1;

	if (cli_span(text, MAX_MS, &v, &err) == GH_OK && (v < 0 || v > MAX_MS))
		gh_bug("a span beyond its limits");
	err = (struct gh_err){ 0 };
	if (cli_moment(text, NOW, &v, &err) != GH_OK && err.msg[0] == '\0')
		gh_bug("a refusal without a reason");
	return 0;
}
