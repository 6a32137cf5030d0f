#include "base/ban.h"
#include "migration/convention.h"

/* drizzle */

const struct convention convention_drizzle = {
	.name = "drizzle",
};
