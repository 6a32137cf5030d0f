/*
 * Proving on a throw-away cluster: a backup taken by the take job, the record of it as the runner would keep
 * it, and what is done to its file meanwhile.
 */
#ifndef GH_TESTS_PROOF_RIG_H
#define GH_TESTS_PROOF_RIG_H

#include "tests/support/job_rig.h"

struct proof_rig {
	struct rig *rig;
	const char *file, *path; /* of the backup that was taken last */
	struct gh_text tables;   /* of the spec */
};

/*
 * rig_setup with a role "prover" that may create databases, and a table "a" of 50 rows; the rig's own server
 * is the configured one for proofs.  What it is undone by fails the test when a database of a proof is left.
 */
int proof_rig_server_setup(struct proof_rig *p, struct rig *r, void **state);
int proof_rig_server_teardown(struct proof_rig *p, struct rig *r, void **state);

/* Takes a backup of the rig's database and tells the spec its record. */
void proof_rig_take(struct proof_rig *p, struct rig *r);
void proof_rig_done(struct proof_rig *p);
/* Proves it up to that level, in a private cluster unless spec.scratch says otherwise. */
void proof_rig_prove(struct proof_rig *p, const char *level);

/* A pg_restore that first tries to read and to write a file beside the backups, and fails when it can. */
void proof_rig_curious(struct rig *r);

/* The file as it is; freed with GH_TEXT. */
void proof_rig_read(const struct proof_rig *p, struct gh_text *ret);
/* Another file in its place; told: the record has its digest. */
void proof_rig_write(struct proof_rig *p, const void *data, size_t len, bool told);
/* What pg_dump has written, and the same compressed again. */
void proof_rig_unpack(const struct proof_rig *p, struct gh_text *ret);
void proof_rig_pack(struct proof_rig *p, const void *data, size_t len);

/* The level's frame: WIRE_OK, WIRE_FAILED or 0 there is none. */
int proof_rig_level(const struct proof_rig *p, enum wire_level level);
/* Fails the test unless the level failed, with that in its sentence, the one below held, and the job
 * succeeded. */
void proof_rig_caught(const struct proof_rig *p, enum wire_level level, const char *part);
/* Fails the test unless the job failed with that in its sentence, and said nothing of that level. */
void proof_rig_undecided(const struct proof_rig *p, enum wire_level level, const char *part);

#endif
