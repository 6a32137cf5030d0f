#include "base/ban.h"
#include "migration/convention.h"

/* postgrator */

const struct convention convention_postgrator = {
	.name = "postgrator",
};
