#include "base/ban.h"
#include "tests/fuzz/fuzz.h"
#include "migration/policy.h"

/* The text of a policy, in plans and in the store: what is read is written as the same bytes. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct gh_err err = { 0 };
	GH_ARENA a = { 0 };
	GH_TEXT t = { 0 };
	struct policy p;

	if (policy_read((const char *)data, size, &a, &p, &err) != GH_OK) {
		if (err.msg[0] == '\0')
			gh_bug("a refusal without a reason");
		return 0;
	}
	if (policy_write(&p, &t, NULL) != GH_OK || t.len != size || memcmp(t.data, data, size) != 0)
		gh_bug("a policy does not write as it reads");
	return 0;
}
