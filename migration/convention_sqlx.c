#include "base/ban.h"
#include "migration/convention.h"

/* sqlx */

const struct convention convention_sqlx = {
	.name = "sqlx",
};
