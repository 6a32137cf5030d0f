#include "base/ban.h"
#include "migration/convention.h"

/* supabase */

const struct convention convention_supabase = {
	.name = "supabase",
};
