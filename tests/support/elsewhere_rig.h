/*
 * A look at one source outside of a run: a job without a target, a folder of its own, an empty list.
 */
#ifndef GH_TESTS_ELSEWHERE_RIG_H
#define GH_TESTS_ELSEWHERE_RIG_H

#include "runner/job/elsewhere.h"

#include <setjmp.h>
#include <cmocka.h>

/* The server of the kept answers of pgBackRest. */
#define ELSEWHERE_SYSTEM "7710728889375784606"

struct elsewhere_rig {
	struct job job;
	struct gh_arena arena;
	struct wire_outside_source source;
	struct elsewhere_list list;
	struct gh_err err;
	char folder[48]; /* removed with the files in it */
};

/* For cmocka_unit_test_setup_teardown; *state is the rig. */
int elsewhere_rig_setup(void **state);
int elsewhere_rig_teardown(void **state);
/* A path in the folder. */
const char *elsewhere_rig_in(struct elsewhere_rig *f, const char *name);
/* An empty list, no error. */
void elsewhere_rig_afresh(struct elsewhere_rig *f);
/* Fails the test when the words are not in the error. */
void elsewhere_rig_says(const struct elsewhere_rig *f, const char *words);

#endif
