#include "base/ban.h"
#include "migration/convention.h"

/* hasura */

const struct convention convention_hasura = {
	.name = "hasura",
};
