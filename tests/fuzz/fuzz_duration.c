#include "base/ban.h"
#include "tests/fuzz/fuzz.h"
#include "base/arena.h"
#include "base/duration.h"

#define MAX_MS INT64_C(315360000000)

/* A duration of a policy or of a batch's header: its text form is read as the same. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char text[GH_DURATION_LEN];
	struct gh_err err = { 0 };
	GH_ARENA a = { 0 };
	int64_t ms = -1, again = -1;

	if (gh_duration_read(gh_strndup(&a, (const char *)data, size), 0, MAX_MS, &ms, &err) != GH_OK) {
		if (err.msg[0] == '\0')
			gh_bug("a refusal without a reason");
		return 0;
	}
	if (ms < 0 || ms > MAX_MS)
		gh_bug("a duration beyond its limits");
	if (gh_duration_read(gh_duration_text(ms, text), 0, MAX_MS, &again, &err) != GH_OK || again != ms)
		gh_bug("a duration does not read as it is written");
	return 0;
}
