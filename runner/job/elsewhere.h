/*
 * Outside backups: those that other systems make and keep.  Gatehouse asks for a list (pgbackrest, a command
 * of the operator's) or reads the names in a folder; it writes nothing there and opens no backup.  A list is
 * taken as a whole or not at all, so a look that fails changes no row.
 *
 *   elsewhere.c             the job, a look and its frames
 *   elsewhere_ask.c         programs that are asked, and JSON
 *   elsewhere_pgbackrest.c  what `pgbackrest info --output=json` answers
 *   elsewhere_command.c     what a command of the operator's answers
 *   elsewhere_folder.c      files
 *   elsewhere_run.c         one of them as the backup of a run
 */
#ifndef GH_JOB_ELSEWHERE_H
#define GH_JOB_ELSEWHERE_H

#include "runner/job/run.h"

#include <jansson.h>

#define ELSEWHERE_MAX    5000                     /* backups of one source */
#define ELSEWHERE_ANSWER ((size_t)4 << 20)        /* bytes of JSON */
#define ELSEWHERE_LABEL  ((size_t)255)            /* bytes */
#define ELSEWHERE_TEXT   ((size_t)500)            /* of what is wrong with one */
#define ELSEWHERE_QUIET  (60 * INT64_C(1000000))  /* a file that changed within that time may still grow */
#define ELSEWHERE_AHEAD  (300 * INT64_C(1000000)) /* how far clocks may differ */

struct elsewhere_backup {
	const char *label;
	int64_t started_at, ended_at;
	int64_t size, database_bytes; /* -1 unknown */
	const char *server_version;   /* "" unknown */
	const char *client_version;
	int64_t keep_until; /* 0 unknown */
	int level;          /* 0 none, WIRE_WRITTEN */
	const char *broken; /* "" nothing is wrong with it */
};

struct elsewhere_list {
	const struct wire_outside_source *source;
	struct gh_arena *arena;
	int64_t looked_at; /* when the look began */
	size_t n;
	struct elsewhere_backup *rows; /* newest first once elsewhere_look has returned */
	size_t left_out;               /* files that are no backups, said in LOG frames */
};

/*
 * Looks at one source: the whole list, or a failure whose message names the source.  A backup that ends in
 * the future is broken.
 */
enum gh_code elsewhere_look(struct job *j, const struct wire_outside_source *s, struct elsewhere_list *ret,
    struct gh_err *err) GH_MUST_USE;
/* OUTSIDE frames. */
void elsewhere_say(struct job *j, const struct elsewhere_list *list);
/* The newest with which nothing is wrong; NULL when there is none. */
const struct elsewhere_backup *elsewhere_newest(const struct elsewhere_list *list);
/* Adds a row; GH_CONFLICT when there are too many. */
enum gh_code elsewhere_add(
    struct elsewhere_list *list, const struct elsewhere_backup *b, struct gh_err *err) GH_MUST_USE;

/* Runs the source's program; its standard output.  GH_CONFLICT says why there is none. */
enum gh_code elsewhere_ask(
    struct job *j, const struct wire_outside_source *s, struct gh_text *ret, struct gh_err *err) GH_MUST_USE;
/* Freed by json_decref. */
enum gh_code elsewhere_json(const char *text, size_t len, json_t **ret, struct gh_err *err) GH_MUST_USE;

/* The label of backup i, from 0: there, one line, not too long. */
enum gh_code elsewhere_label(const char *label, size_t i, struct gh_err *err) GH_MUST_USE;

/* What the answers hold.  system_id: of the target's server, "" unknown. */
enum gh_code elsewhere_pgbackrest(const char *text, size_t len, const char *system_id,
    struct elsewhere_list *ret, struct gh_err *err) GH_MUST_USE;
enum gh_code elsewhere_command(
    const char *text, size_t len, struct elsewhere_list *ret, struct gh_err *err) GH_MUST_USE;
enum gh_code elsewhere_folder(struct job *j, struct elsewhere_list *ret, struct gh_err *err) GH_MUST_USE;

/* The backup of a run: one that others made, as the policy allows.  GH_CONFLICT: there is none. */
enum gh_code elsewhere_backup_of_run(struct run *r, struct gh_text *evidence, struct gh_err *err) GH_MUST_USE;

#endif
