#include "base/ban.h"
#include "tests/fuzz/fuzz.h"
#include "migration/sql_wire.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct wire_in in = { .at = data, .end = data + size };
	GH_ARENA a = { .limit = SQL_ARENA_LIMIT };
	struct gh_err err = { 0 };
	struct sql_script s;
	size_t i;

	if (sql_wire_take(&in, 100, &a, &s, &err) != GH_OK)
		return 0;
	for (i = 0; i < s.n; i++) {
		if (s.statements[i].offset < 0 || s.statements[i].offset + s.statements[i].length > 100)
			gh_bug("an answer about text that is not there");
	}
	return 0;
}
