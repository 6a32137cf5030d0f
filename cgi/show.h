/*
 * What several pages show in the same way: states as word, shape and colour; the proof of a backup; choices
 * of a filter; links to the other forms of a list.
 */
#ifndef GH_CGI_SHOW_H
#define GH_CGI_SHOW_H

#include "cgi/page.h"
#include "store/project.h"
#include "store/run.h"

/* v.NAME = {word, tone, icon, turns}, for HTML only; state is a word of the store. */
void show_mark(struct view *v, const char *name, const char *state);
/* The same with another word: "3 pending". */
void show_mark_as(struct view *v, const char *name, const char *state, const char *word);
/* The word that show_mark shows: "failed-clean" gives "failed clean". */
const char *show_word(const char *state);
/* v.NAME = {word, tone, text, steps [{state}]}, for HTML only; broken: why its newest look failed, "" it did
 * not. */
void show_proof(struct view *v, const char *name, const char *level, const char *broken);
const char *show_proof_text(const char *level);

/* v.NAME = [{value, word, selected}], for HTML only; GH_BAD_INPUT when selected is none of the values. */
enum gh_code show_choices(struct view *v, const char *name, const char *const *values, const char *selected,
    struct gh_err *err) GH_MUST_USE;
/* v.targets = [{name, environment, selected}], for HTML only; *ret_id is the selected one's, 0 for none.
 * GH_BAD_INPUT: there is no such target. */
enum gh_code show_target_choices(
    struct req *req, struct view *v, const char *selected, int64_t *ret_id, struct gh_err *err) GH_MUST_USE;

/* v.json_url and v.csv_url: this page in another form, with its filters. */
void show_formats(struct req *req, struct view *v);
/* v.next_url: this page with its filters and before=NEXT; "" when next is 0. */
void show_next(struct req *req, struct view *v, int64_t next);
/* v.any and v.filtered (some filter is set). */
void show_list(struct req *req, struct view *v, size_t n);

/* A path made as view_url makes it. */
const char *show_url(struct req *req, const char *fmt, ...);
/* "18,204" */
const char *show_number(struct req *req, int64_t n);
/* "1 migration", "1,200 migrations" */
const char *show_count(struct req *req, int64_t n, const char *one, const char *many);
/* What a run does, in words: "2 migrations up", "a backup restored" */
const char *show_what(struct req *req, const char *act, int64_t migrations, const char *direction);
/* What it is to reach, as a heading: "to 0012", "restore backup 9 of ..." */
const char *show_goal(struct req *req, const char *act, const char *goal);
/* The page of a ledger subject ("request/12"); "" when it has none. */
const char *show_subject_url(struct req *req, const char *subject);

#endif
