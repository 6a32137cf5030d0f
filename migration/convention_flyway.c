#include "base/ban.h"
#include "migration/convention.h"

/* flyway */

const struct convention convention_flyway = {
	.name = "flyway",
};
