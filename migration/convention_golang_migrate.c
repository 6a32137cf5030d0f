#include "base/ban.h"
#include "migration/convention.h"

/* golang-migrate */

const struct convention convention_golang_migrate = {
	.name = "golang-migrate",
};
