/*
 * Coming up and going down: folders, store, secrets.
 */
#ifndef GH_RUNNER_START_H
#define GH_RUNNER_START_H

#include "runner/runner.h"

/*
 * Makes what is missing beneath the data folder, and the socket folder; GH_CONFLICT, with the command that
 * helps, when one of them is somebody else's or may be written by others.
 */
enum gh_code start_folders(const struct config *c, struct gh_err *err) GH_MUST_USE;

/* A runner on the configuration, which it owns from now on: stores and loop open, nothing served yet. */
enum gh_code start_runner(struct config *c, struct runner **ret, struct gh_err *err) GH_MUST_USE;
void start_runner_free(struct runner *r);

/* SIGHUP: reads the configuration again.  The old one stays when there is a mistake, or when what cannot
 * change did. */
void start_reread(struct runner *r);

#endif
