#include "base/ban.h"
#include "cgi/source.h"

enum gh_code
source_get(struct source *src, struct store **ret, struct gh_err *err)
{
	char path[PATH_MAX];
	struct stat st;

	*ret = NULL;
	(void)snprintf(path, sizeof(path), "%s/%s", src->folder, STORE_FILE);
	if (stat(path, &st) != 0) {
		source_close(src);
		return gh_fail(err, GH_UNAVAILABLE,
		    "the store is not there or cannot be read: start the runner, which makes it");
	}
	if (src->open && (st.st_dev != src->dev || st.st_ino != src->ino))
		source_close(src);
	if (!src->open) {
		enum gh_code code;

		src->store = (struct store){ 0 };
		code = store_open(&src->store, src->folder, err);
		if (code != GH_OK) {
			store_close(&src->store);
			return code;
		}
		src->open = true;
		src->dev = st.st_dev;
		src->ino = st.st_ino;
	}
	*ret = &src->store;
	return GH_OK;
}

void
source_close(struct source *src)
{
	if (src->open)
		store_close(&src->store);
	src->open = false;
}
