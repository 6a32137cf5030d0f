#include "base/ban.h"
#include "migration/convention.h"

/* liquibase */

const struct convention convention_liquibase = {
	.name = "liquibase",
};
