#include "base/ban.h"
#include "migration/convention.h"

/* node-pg-migrate */

const struct convention convention_node_pg_migrate = {
	.name = "node-pg-migrate",
};
