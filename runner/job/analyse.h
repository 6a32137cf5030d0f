/*
 * The analyse job: a project's folder into FOLDER, FILE, SIDE and SQL frames.
 *
 *   analyse.c         the kind: one file after the other into the journal
 *   analyse_list.c    what each file is taken for, in the order of the migrations; duplicates, gaps, lone
 * downs analyse_file.c    reading one file: bytes, header, sides analyse_parser.c  a child that runs the SQL
 * parser and may die of it
 */
#ifndef GH_JOB_ANALYSE_H
#define GH_JOB_ANALYSE_H

#include "migration/convention.h"
#include "base/folder.h"
#include "migration/header.h"
#include "migration/sql_child.h"
#include "runner/job/job.h"

/* sql_read in a child (migration/sql_child.h).  Cleanup variable: ANALYSE_PARSER p = { .job = j }; */
struct analyse_parser {
	const struct job *job; /* to hear when it shall stop */
	struct sql_child child;
};
#define ANALYSE_PARSER __attribute__((cleanup(analyse_parser_done))) struct analyse_parser

/* As sql_child_read. */
enum gh_code analyse_parser_read(struct analyse_parser *p, const struct sql_text *t, struct gh_arena *a,
    struct sql_script *ret, struct gh_err *err) GH_MUST_USE;
void analyse_parser_done(struct analyse_parser *p);

struct analyse_entry {
	const char *name;  /* on disk */
	const char *shown; /* for people: control characters escaped */
	struct convention_file file;
	const char *problem; /* of the migration as a whole: a second file with its version; "" none */
};

struct analyse_list {
	size_t n;
	struct analyse_entry *entries; /* ups before their downs; what is not taken comes last */
};

void analyse_list_make(
    const struct gh_folder *f, const struct convention *c, struct gh_arena *a, struct analyse_list *ret);
/* Numbers that are left out between a and b (ups, in order), for the log; 0 none. */
int64_t analyse_list_gap(const struct analyse_entry *a, const struct analyse_entry *b);

/* One file's content. */
struct analyse_text {
	struct gh_text bytes;
	char digest[GH_SHA256_HEX_LEN];
	struct header header;
	struct convention_sides sides;
	const char *problem; /* bytes that are no text: then it is one up side, with '?' for them; "" none */
};

/* GH_FORBIDDEN, GH_BAD_INPUT: the reason why the file is refused. */
enum gh_code analyse_file_read(const struct gh_folder *f, const struct analyse_entry *e,
    const struct convention *c, struct gh_arena *a, struct analyse_text *ret, struct gh_err *err) GH_MUST_USE;

#endif
