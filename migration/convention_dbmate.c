#include "base/ban.h"
#include "migration/convention.h"

/* dbmate */

const struct convention convention_dbmate = {
	.name = "dbmate",
};
