/*
 * What the page of a run shows of its batched migrations: how far, how fast, what waits, a chart, rows left
 * out.
 */
#ifndef GH_CGI_RUN_BATCH_H
#define GH_CGI_RUN_BATCH_H

#include "cgi/show.h"

/* v.batches: [{key, mark, sentence, percent, ..., chart, left_rows}], v.any_batches. */
enum gh_code run_batch_show(
    struct req *req, struct view *v, const struct store_run *r, struct gh_err *err) GH_MUST_USE;

#endif
