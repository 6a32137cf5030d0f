#include "base/ban.h"
#include "migration/convention.h"

/* tern */

const struct convention convention_tern = {
	.name = "tern",
};
