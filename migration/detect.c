#include "base/ban.h"
#include "migration/status.h"

void
convention_detect(const struct convention_folder *f, struct convention_detected *ret)
{
	(void)f;
	*ret = (struct convention_detected){ .why = "" };
}

void
convention_decide(struct convention_detected *d, struct gh_arena *a)
{
	(void)d;
	(void)a;
}
