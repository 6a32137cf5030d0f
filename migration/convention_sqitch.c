#include "base/ban.h"
#include "migration/convention.h"

/* sqitch */

const struct convention convention_sqitch = {
	.name = "sqitch",
};
