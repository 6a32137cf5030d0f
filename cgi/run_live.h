/*
 * Parts of the page of a run while it is under way: what it does now, what a person may tell it, and whom it
 * met on the way.
 */
#ifndef GH_CGI_RUN_LIVE_H
#define GH_CGI_RUN_LIVE_H

#include "cgi/show.h"

/* v.now: {activity, sentence, tone, icon, elapsed, counts, percent, left} or "". */
enum gh_code run_live_now(
    struct req *req, struct view *v, const struct store_run *r, struct gh_err *err) GH_MUST_USE;
/* v.controls: [{url, label, danger}], for who is signed in; v.control: what was asked and by whom, "";
 * v.window_end. */
void run_live_controls(
    struct req *req, struct view *v, const struct store_run *r, const struct store_run_detail *d);
/* v.episodes: [{title, ...sessions}], v.any_episodes. */
enum gh_code run_live_episodes(
    struct req *req, struct view *v, const struct store_run *r, struct gh_err *err) GH_MUST_USE;

#endif
