#include "base/ban.h"
#include "migration/convention.h"

/* goose */

const struct convention convention_goose = {
	.name = "goose",
};
