/*
 * What a backup in the directory format is known by: the digest over one line a file, "SHA-256 SIZE NAME\n",
 * in the byte order of their names.
 */
#ifndef GH_JOB_MANIFEST_H
#define GH_JOB_MANIFEST_H

#include "base/hash.h"
#include "runner/job/job.h"

struct manifest_file {
	const char *name;
	int64_t size;
	char digest[GH_SHA256_HEX_LEN];
};
struct manifest {
	size_t n;
	struct manifest_file *files; /* in order */
	int64_t size;                /* of all of them */
	char digest[GH_SHA256_HEX_LEN];
};
struct manifest_how {
	bool durable; /* each file and the folder, before it is called read */
	/* How many bytes were read; NULL nobody wants to know. */
	void (*saw)(void *arg, int64_t bytes);
	void *arg;
};
/*
 * Reads every file in the folder.  *ret_bad is what is wrong with what is there ("3001.dat is not a regular
 * file"), NULL nothing; a failure says nothing about it.  Ends early when the job shall stop.
 */
enum gh_code manifest_read(struct job *j, int folder, const struct manifest_how *how, struct manifest *ret,
    const char **ret_bad, struct gh_err *err) GH_MUST_USE;

#endif
