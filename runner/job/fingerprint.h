/*
 * What a database's catalog says, as a list of objects with their definitions and one digest over them: own
 * queries on pg_catalog, because two dumps of one schema are not equal.  What an extension has brought is
 * the extension's; rows are not part of it, nor is the last value of a sequence.
 *
 * A column's place in its table is an object of its own ("order of columns"), so that two databases that
 * differ in nothing else can be told.
 */
#ifndef GH_JOB_FINGERPRINT_H
#define GH_JOB_FINGERPRINT_H

#include "base/hash.h"
#include "runner/job/pg.h"

struct fingerprint_object {
	const char *kind, *name; /* "column", "public.orders.note" */
	const char *definition;
};
struct fingerprint {
	char digest[2 *
	    GH_SHA256_HEX_LEN]; /* over all kinds, names and definitions; of a restorable one two */
	size_t n;
	struct fingerprint_object *objects; /* by kind and name, in byte order */
};

/*
 * Reads it, in the transaction that is open, else in one of its own; changes nothing.  server: roles,
 * memberships, settings of roles and databases, databases and tablespaces as well.
 */
enum gh_code fingerprint_take(
    struct pg *pg, bool server, struct gh_arena *a, struct fingerprint *ret, struct gh_err *err) GH_MUST_USE;
/*
 * The part of a database's that its backup brings back anywhere, for comparing the two: without what is the
 * machine's (versions of extensions, tablespaces), what no dump has (invalid indexes), and how the server
 * writes an expression (a cast comes back in another place).  Its digest is two, joined by a dot: of the
 * objects, and of their owners and privileges, which are objects of their own here.
 */
enum gh_code fingerprint_restorable(
    struct pg *pg, struct gh_arena *a, struct fingerprint *ret, struct gh_err *err) GH_MUST_USE;
#define FINGERPRINT_RIGHTS "rights of the " /* how their kind begins: "rights of the table" */
bool fingerprint_of_rights(const struct fingerprint_object *o);
/* Puts the objects of a restorable one in order and makes its digest. */
void fingerprint_restorable_seal(struct fingerprint *f);
/* An expression as the server writes it, without casts, parentheses and white space outside of quotes. */
const char *fingerprint_loosen(const char *s, struct gh_arena *a);
void fingerprint_hash_one(struct gh_sha256 *sha, const struct fingerprint_object *o);
/* NULL: there is no such object. */
const struct fingerprint_object *fingerprint_find(
    const struct fingerprint *f, const char *kind, const char *name);

enum fingerprint_verdict { FINGERPRINT_EXACT = 1, FINGERPRINT_COLUMN_ORDER, FINGERPRINT_DIFFERS };

struct fingerprint_difference {
	enum fingerprint_verdict verdict;
	size_t n;     /* how many objects differ, the order of columns counted only when nothing else does */
	size_t shown; /* lines: at most `most` */
	const char **lines; /* "column public.orders.note: only before" */
};
/* before and after name the two in the lines: "before the migration", "after its way back". */
struct fingerprint_words {
	const char *before, *after;
	size_t most;
};
void fingerprint_compare(const struct fingerprint *before, const struct fingerprint *after,
    const struct fingerprint_words *w, struct gh_arena *a, struct fingerprint_difference *ret);

#endif
