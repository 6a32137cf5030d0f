/*
 * Parts of read.run that are files of their own: each a table, its columns in the comment of its function.
 */
#ifndef GH_RUNNER_READ_RUN_H
#define GH_RUNNER_READ_RUN_H

#include "runner/read.h"

/* What it does now: at most one row. */
enum gh_code read_run_progress(struct cmd_ctx *c, int64_t id, struct gh_err *err) GH_MUST_USE;
/* A row for each session that was met; an episode without any has one row. */
enum gh_code read_run_episodes(struct cmd_ctx *c, int64_t id, size_t after, struct gh_err *err) GH_MUST_USE;
/* Hooks with what they said; what was looked at; after a failure the causes (a row for each row of their
 * results), what is in the catalog and what may be done; batched migrations. */
enum gh_code read_run_hooks(struct cmd_ctx *c, int64_t id, size_t after, struct gh_err *err) GH_MUST_USE;
enum gh_code read_run_evidence(struct cmd_ctx *c, int64_t id, size_t after, struct gh_err *err) GH_MUST_USE;
enum gh_code read_run_causes(struct cmd_ctx *c, int64_t id, size_t after, struct gh_err *err) GH_MUST_USE;
enum gh_code read_run_facts(struct cmd_ctx *c, int64_t id, size_t after, struct gh_err *err) GH_MUST_USE;
enum gh_code read_run_actions(struct cmd_ctx *c, int64_t id, size_t after, struct gh_err *err) GH_MUST_USE;
enum gh_code read_run_batches(struct cmd_ctx *c, int64_t id, size_t after, struct gh_err *err) GH_MUST_USE;

#endif
