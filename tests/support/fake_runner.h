/*
 * A runner that answers one call after the other with what it was told, and keeps what it was asked: for
 * tests of the wire's clients.  It is a child process on a socket in a folder of its own.
 */
#ifndef GH_TESTS_SUPPORT_FAKE_RUNNER_H
#define GH_TESTS_SUPPORT_FAKE_RUNNER_H

#include "wire/frame.h"

#define FAKE_RUNNER_ANSWERS 8

struct fake_answer {
	enum gh_code code;
	struct gh_text fields; /* or, with a code, the message */
};

struct fake_runner {
	char folder[40], socket[64], asked[64]; /* asked: file to which every call is appended */
	struct fake_answer answers[FAKE_RUNNER_ANSWERS];
	size_t n_answers;
	pid_t pid;
};

/* Writes of the answer: start with fake_runner_answer, put fields into the returned text. */
struct gh_text *fake_runner_answer(struct fake_runner *f, enum gh_code code);
void fake_runner_start(struct fake_runner *f);
/* Ends it and reads the calls: each u32 length, u16 op, token, fields. */
void fake_runner_stop(struct fake_runner *f, struct gh_text *ret_asked);

#endif
