#include "base/ban.h"
#include "tests/fuzz/fuzz.h"
#include "base/stamp.h"
#include "runner/job/elsewhere.h"

/* What other systems answer: whatever it is, a list of good labels and times, or a reason. */

static void
answer(struct gh_arena *a, const char *text, size_t size, bool pgbackrest)
{
	static const struct wire_outside_source source = { .name = "s", .kind = "", .stanza = "main" };
	struct elsewhere_list list = { .source = &source, .arena = a };
	struct gh_err err = { 0 };
	enum gh_code code = pgbackrest ? elsewhere_pgbackrest(text, size, "7710728889375784606", &list, &err)
				       : elsewhere_command(text, size, &list, &err);
	size_t i;

	if (code != GH_OK && err.msg[0] == '\0')
		gh_bug("a refusal without a reason");
	for (i = 0; code == GH_OK && i < list.n; i++) {
		const struct elsewhere_backup *b = &list.rows[i];

		if (elsewhere_label(b->label, i, NULL) != GH_OK && !pgbackrest)
			gh_bug("a bad label");
		if (b->started_at < 0 || b->started_at > b->ended_at || b->size < -1 || b->keep_until < 0 ||
		    b->level > WIRE_WRITTEN || b->broken == NULL || b->server_version == NULL)
			gh_bug("a bad value");
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	GH_ARENA a = { 0 };
	const char *text = gh_strndup(&a, (const char *)data, size);
	struct gh_err err = { 0 };
	int64_t at = 0;
	bool timed;

	answer(&a, text, size, true);
	answer(&a, text, size, false);
	if (gh_stamp_read(text, &at) && at < 0)
		gh_bug("a time before 1970");
	if (gh_stamp_check(text, &timed, &err) != GH_OK) {
		if (err.msg[0] == '\0')
			gh_bug("a refusal without a reason");
	} else if (gh_stamp_match(text, "shop-20261121T101603Z.dump", &at) &&
	    (at < 0 || (at != 0 && !timed))) {
		gh_bug("a time from nowhere");
	}
	return 0;
}
