/*
 * What several pages say of backups.
 *
 *   backup_view.c    one backup, its five steps, whether one could go back
 *   backup_chart.c   sizes over time as a line
 *   backup_task.c    what is being taken and proved now
 */
#ifndef GH_CGI_BACKUP_VIEW_H
#define GH_CGI_BACKUP_VIEW_H

#include "cgi/show.h"
#include "store/backup.h"
#include "store/project.h"

/* item: all that a list says of it. */
void backup_view(struct req *req, struct view *item, const struct store_backup *b);
/* "run 12", "by hand, lead", "schedule", "hook snapshot", "outside, pgbackrest" */
const char *backup_origin(struct req *req, const struct store_backup *b);
/* v.steps [{level, word, tone, icon, at, took, place, text}]: the five levels with the newest look at each.
 */
void backup_steps(struct view *v, const struct store_backup *b, const struct store_proofs *proofs);

/* Whether one could go back today, to when, and how long it took when it was last proved. */
struct backup_answer {
	const char *tone, *icon, *word; /* "Yes", "Perhaps", "No" */
	const char *text;
};
void backup_answer(struct req *req, const struct store_target *t, struct backup_answer *ret);
/* v.answer = {tone, icon, word, text} */
void backup_answer_view(struct req *req, struct view *v, const struct store_target *t);

#define BACKUP_CHART 40 /* backups in a picture */
/* v.chart = {line, dots [{x, y, tone, title}], sentence}, or "" with fewer than two; newest first in list. */
void backup_chart(struct req *req, struct view *v, const struct store_backups *list);

struct store_task;
/* "Backup of shop_staging", "Proof of backup 4", "Look at managed" */
const char *backup_task_word(struct req *req, const struct store_task *k);
/* v.tasks [{...}] that wait or run, or have failed as the last of their kind; ids 0: any. */
enum gh_code backup_tasks(
    struct req *req, struct view *v, int64_t target_id, int64_t backup_id, struct gh_err *err) GH_MUST_USE;

#endif
