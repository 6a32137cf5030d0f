#include "base/ban.h"
#include "migration/convention.h"

/* atlas */

const struct convention convention_atlas = {
	.name = "atlas",
};
