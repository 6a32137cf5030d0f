#include "base/ban.h"
#include "migration/convention.h"

/* morph */

const struct convention convention_morph = {
	.name = "morph",
};
