#include "base/ban.h"
#include "migration/convention.h"

/* graphile-migrate */

const struct convention convention_graphile_migrate = {
	.name = "graphile-migrate",
};
