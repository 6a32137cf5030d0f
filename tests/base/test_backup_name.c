#include "base/ban.h"
#include "base/backup_name.h"

#include <setjmp.h>
#include <cmocka.h>

static void
knows_its_own(void **state)
{
	(void)state;
#define IS(kind, file, target) assert_int_equal(gh_backup_name(file, target), GH_BACKUP_NAME_##kind)
	IS(WHOLE, "shop-20261121T101603Z-r7.dump.zst", "shop");
	IS(WHOLE, "shop-20261121T101603Z-t17.dump.zst.sealed", "shop");
	IS(WHOLE, "shop-20261121T101603Z-t17.dir", NULL);
	IS(WHOLE, "shop-eu-20261121T101603Z-r7.dump.zst", NULL);
	IS(SIDECAR, "shop-20261121T101603Z-r7.dump.zst.json", "shop");
	IS(SIDECAR, "shop-20261121T101603Z-r7.dir.json", NULL);
	IS(PART, ".shop-20261121T101603Z-r7.dump.zst.part", "shop");
	IS(PART, ".shop-20261121T101603Z-t7.dir.part", "shop");
}

static void
knows_what_is_not(void **state)
{
	static const char *const others[] = { "", ".", "..", "shop", "shop.dump.zst", ".shop.dump.zst.part",
		"-20261121T101603Z-r7.dump.zst", "shop-2026112xT101603Z-r7.dump.zst",
		"shop-20261121T101603Z-r.dump.zst", "shop-20261121T101603Z-x7.dump.zst",
		"shop-20261121T101603Z-r7x.dump.zst", "shop-20261121T101603Z-r7.dump.zst.part",
		"shop-20261121T101603Z-r7.dump.zst.old", ".shop-20261121T101603Z-r7.dump.zst",
		".shop-20261121T101603Z-r7.dump.zst.json", "shop-20261121T101603Z-r7.tar" };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		assert_int_equal(gh_backup_name(others[i], NULL), GH_BACKUP_NAME_NONE);
	IS(NONE, "shop-eu-20261121T101603Z-r7.dump.zst", "shop");
	IS(NONE, "shop-20261121T101603Z-r7.dump.zst", "shop-eu");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_its_own),
		cmocka_unit_test(knows_what_is_not),
	};

	return cmocka_run_group_tests_name("base/backup_name", tests, NULL, NULL);
}
