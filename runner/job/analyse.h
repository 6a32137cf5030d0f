/*
 * The analyse job: a project's folder into DETECTED, FOLDER, FILE, NOTE, QUERY, UNIT, SIDE, SQL, TOUCH and
 * FINDING frames.
 *
 *   analyse.c         the kind: what is in the folder, one migration after the other
 *   analyse_say.c     the frames
 *   analyse_parser.c  a child that runs the SQL parser and may die of it
 */
#ifndef GH_JOB_ANALYSE_H
#define GH_JOB_ANALYSE_H

#include "migration/convention.h"
#include "migration/header.h"
#include "migration/sql.h"
#include "migration/sql_child.h"
#include "runner/job/folder.h"
#include "runner/job/job.h"

/* The child.  Cleanup variable: ANALYSE_PARSER p = { .child = { .fd = -1 }, .job = j }; */
struct analyse_parser {
	const struct job *job; /* to hear when it shall stop */
	struct sql_child child;
};
#define ANALYSE_PARSER __attribute__((cleanup(analyse_parser_done))) struct analyse_parser

/*
 * As sql_read, in the child; starts one when none runs.  A child that dies of the text makes that the
 * script's problem and the next call starts another.  Fails only when no child can be started or the job
 * shall stop.
 */
enum gh_code analyse_parser_read(struct analyse_parser *p, const struct sql_text *t, struct gh_arena *a,
    struct sql_script *ret, struct gh_err *err) GH_MUST_USE;
void analyse_parser_done(struct analyse_parser *p);

/*
 * One side of a migration as the parser reads it; a problem that is known before goes first, and then the SQL
 * is not looked at.  Not for a side that is not present.
 */
enum gh_code analyse_side(struct analyse_parser *p, const struct convention *c,
    const struct convention_migration *m, enum wire_side side, struct gh_arena *a, struct sql_script *ret,
    struct gh_err *err) GH_MUST_USE;

/* Frames. */
void analyse_say_folder(
    struct job *j, const struct reading *r, const struct convention *c, const char *problem);
void analyse_say_file(struct job *j, const struct reading *r, const struct convention_file *e);
void analyse_say_unit(
    struct job *j, const struct convention_migration *m, size_t position, const struct header *h);
void analyse_say_query(struct job *j, const struct convention_query *q);
void analyse_say_side(
    struct job *j, const struct convention_migration *m, enum wire_side side, const struct sql_script *s);

#endif
