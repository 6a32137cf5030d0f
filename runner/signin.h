/*
 * Limits in memory: failed sign-ins by name and address, and ledger entries about refused attempts by the
 * same.
 */
#ifndef GH_RUNNER_SIGNIN_H
#define GH_RUNNER_SIGNIN_H

#include "base/clock.h"
#include "base/hash.h"

#include <stdbool.h>
#include <stddef.h>

#define SIGNIN_FAILURES 5
#define SIGNIN_WINDOW   (15 * GH_MINUTE)
#define SIGNIN_SLOTS    4096
#define SIGNIN_ENTRIES  60 /* ledger entries about refusals nobody is known for, a minute */

struct signin_slot {
	unsigned char
	    who[GH_SHA256_LEN]; /* of name and address: names that were typed wrongly may be passwords */
	int64_t since;          /* monotonic; 0: free */
	int failures;
};

struct signin {
	unsigned char key[GH_SHA256_LEN]; /* of the digests, so that nobody can aim at another's slot */
	bool keyed;
	struct signin_slot slots[SIGNIN_SLOTS];
	int64_t entries_since;
	int entries;
	int64_t dropped; /* refusals that got no ledger entry in this minute */
};

/* True while another attempt may be made. */
bool signin_may(struct signin *s, const char *name, const char *address, int64_t mono);
void signin_failed(struct signin *s, const char *name, const char *address, int64_t mono);
void signin_good(struct signin *s, const char *name, const char *address);

/*
 * May one more refusal be written to the ledger?  *ret_dropped is what was dropped since the last entry, to
 * be said in this one.
 */
bool signin_entry(struct signin *s, int64_t mono, int64_t *ret_dropped);

#endif
