/*
 * The file while it is proved (proof_open.c, proof_file.c).
 */
#ifndef GH_JOB_PROOF_SOURCE_H
#define GH_JOB_PROOF_SOURCE_H

#include "base/seal.h"
#include "runner/job/proof_inner.h"

#include <zstd.h>

#define PROOF_PIECE ((size_t)128 << 10)

struct proof_source {
	struct proof *p;
	int fd;             /* the file, or its folder */
	bool folder;        /* the directory format */
	int64_t size, done; /* of the file */
	ZSTD_DCtx *zstd;
	struct gh_sha256 sha;
	struct gh_unseal unseal;
	struct gh_seal_key key;
	bool has_key;
	ZSTD_inBuffer in;
	size_t frame_left; /* what zstd still wants; 0 at the end of a whole frame */
	bool eof, raw_eof;
	const char *wrong; /* with what is in the file; NULL nothing */
	const char *activity;
	char packed[PROOF_PIECE], plain[PROOF_PIECE];
};

#endif
