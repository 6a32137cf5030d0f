#include "base/ban.h"
#include "migration/convention.h"

/* sql-migrate */

const struct convention convention_sql_migrate = {
	.name = "sql-migrate",
};
