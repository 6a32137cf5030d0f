#include "base/ban.h"
#include "migration/convention.h"

/* diesel */

const struct convention convention_diesel = {
	.name = "diesel",
};
