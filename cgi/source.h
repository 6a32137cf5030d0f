/*
 * The worker's connection to the store: opened on first use, opened anew when the file was replaced.
 */
#ifndef GH_CGI_SOURCE_H
#define GH_CGI_SOURCE_H

#include "store/store.h"

struct source {
	const char *folder;
	bool open;
	dev_t dev; /* of the file that is open */
	ino_t ino;
	struct store store;
};

/* GH_UNAVAILABLE when it is not there or of another schema; the message says so. */
enum gh_code source_get(struct source *src, struct store **ret, struct gh_err *err) GH_MUST_USE;
void source_close(struct source *src);

#endif
