/*
 * The queries of a project that are asked after each run (verify/NAME.sql): reads.
 */
#ifndef GH_STORE_QUERY_H
#define GH_STORE_QUERY_H

#include "store/store.h"

struct store_query {
	const char *file, *digest; /* of its SQL: store_content_read */
	const char *problem;       /* why it cannot be asked, "" */
};
struct store_queries {
	size_t n;
	struct store_query *rows;
};
/* In the order of their names. */
enum gh_code store_query_list(struct store *st, struct gh_arena *a, int64_t project_id,
    struct store_queries *ret, struct gh_err *err) GH_MUST_USE;

#endif
