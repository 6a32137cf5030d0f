#include "base/ban.h"
#include "base/mention.h"
#include "base/text.h"

#include <setjmp.h>
#include <cmocka.h>

static void
finds_what_is_named(void **state)
{
	static const struct {
		const char *text, *ids;
	} cases[] = {
		{ "backup 12", "12 " },
		{ "Restore from Backup #12, not BACKUP  7.", "12 7 " },
		{ "backup#3;backup\n\t#4 (backup 5)", "3 4 5 " },
		{ "https://db.example.com/backups/31?x=1 or backup/32", "31 32 " },
		{ "backups 8", "8 " },
		{ "backup 0012", "12 " },
		{ "\xe2\x80\x9c"
		  "backup\xc2\xa0"
		  "12\xe2\x80\x9d",
		    "12 " },
		/* As people write it. */
		{ "backup -12", "12 " },
		{ "backup # 12", "12 " },
		{ "backup-12", "12 " },
		{ "backup no. 12", "12 " },
		{ "Backup No.12 and backup nr 13, backup number 14", "12 13 14 " },
		{ "backup id 12, backup id=13", "12 13 " },
		{ "backup: 12", "12 " },
		{ "backup (12) is gone", "12 " },
		{ "backup (#12)", "12 " },
		{ "backup **12** was it", "12 " },
		{ "backups 12, 13 and 15", "12 13 15 " },
		{ "backup 12 or 13", "12 13 " },
		{ "backups #12, #13, and #15; backups 7/8 & 9", "12 13 15 7 8 9 " },
		{ "backups (12), (13)", "12 13 " },
		{ "backups 12 to 14", "12 14 " },
		{ "backups nos. 3,4,5", "3 4 5 " },
		/* A list ends with what is no number. */
		{ "backup 12, and then 40 orders", "12 " },
		{ "backup 12. 40 orders are gone", "12 " },
		{ "backup 12 and 13a", "12 " },
		{ "backup 12, in 3 of them", "12 " },
		{ "backup 12,", "12 " },
		/* Other words, and other numbers. */
		{ "backup no", "" },
		{ "backup note 12", "" },
		{ "backup of run 12", "" },
		{ "12, 13 and 15", "" },
		{ "backup_12", "" },
		{ "", "" },
		{ "backup", "" },
		{ "backup12", "" },
		{ "backup 12a, backup 12_b", "" },
		{ "nobackup 12, my_backup 12, 2backup 12", "" },
		{ "backup 1234567890123456789", "" },
		{ "backup backup 6", "6 " },
		{ "backup 123456789012345678", "123456789012345678 " },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct gh_mention m = { .text = cases[i].text, .at = cases[i].text };
		GH_TEXT got = { 0 };
		int64_t id = 0;

		while (gh_mention_backup(&m, &id))
			gh_text_putf(&got, "%" PRId64 " ", id);
		if (strcmp(gh_text_str(&got), cases[i].ids) != 0)
			fail_msg("\"%s\" names %s, not %s", cases[i].text, gh_text_str(&got), cases[i].ids);
	}
}

/* After one that was found the next begins anew: "1backup" is no word there either. */
static void
goes_on_behind_it(void **state)
{
	const char *text = "backup 1backup 2 backup 3";
	struct gh_mention m = { .text = text, .at = text };
	int64_t id = 0;

	(void)state;
	assert_true(gh_mention_backup(&m, &id));
	assert_int_equal(id, 3);
	assert_false(gh_mention_backup(&m, &id));
	assert_string_equal(m.at, "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_what_is_named),
		cmocka_unit_test(goes_on_behind_it),
	};

	return cmocka_run_group_tests_name("base/mention", tests, NULL, NULL);
}
