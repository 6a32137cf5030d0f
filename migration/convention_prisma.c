#include "base/ban.h"
#include "migration/convention.h"

/* prisma */

const struct convention convention_prisma = {
	.name = "prisma",
};
