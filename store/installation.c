#include "base/ban.h"
#include "store/installation.h"
#include "store/read.gen.h"

enum gh_code
store_installation_get(struct store *st, char ret[STORE_INSTALLATION_LEN], struct gh_err *err)
{
	GH_ARENA a = { 0 };
	STORE_STMT q = NULL;
	int row = 0;

	GH_TRY(store_prepare(st, SQL_INSTALLATION_GET, &q, err));
	GH_TRY(store_step(st, q, &row, err));
	if (!row)
		return gh_fail(err, GH_INTERNAL, "the store does not say whose it is");
	(void)snprintf(ret, STORE_INSTALLATION_LEN, "%s", store_text(q, 0, &a));
	return GH_OK;
}
