/*
 * Proving a backup, level by level:
 *
 *   checksummed  the file is there, is a regular one, and read back it is what was written, to its last byte
 *   listed       pg_restore lists the rows of every table of the record
 *   restored     pg_restore --exit-on-error into an empty database
 *   counted      that database has as many rows in each table, and the same catalog
 *
 * What a backup is compared with is the record that the runner keeps of it, never what lies beside the file.
 * That is compared with the record as well: where it differs, the backup is none the worse, and it is said.
 *
 * Two things can go wrong, and are never mixed up.  What is wrong with the backup is p->bad: the level's
 * PROOF frame is "failed", nothing is looked at after it, and the call gives GH_OK.  What says nothing about
 * it (no room, no server, no key, asked to stop) is an error: no frame, and the backup is what it was.
 *
 *   proof.c          the levels in their order, and their frames
 *   proof_open.c     the file: opened once, and what it is
 *   proof_file.c     read, hashed, unsealed, unpacked
 *   proof_sidecar.c  what lies beside it
 *   proof_words.c    what pg_restore says
 *   proof_list.c     what pg_restore lists
 *   proof_restore.c  pg_restore into a database
 *   proof_walls.c    what it may meanwhile
 *   proof_watch.c    whether it gets on
 *   proof_count.c    rows and catalog
 *   proof_script.c   what the dump says of its database and its roles
 *   proof_place.c    where: a private cluster, or a database of the configured server
 *   proof_server.c   the configured server: who may be there, what is left behind
 */
#ifndef GH_JOB_PROOF_H
#define GH_JOB_PROOF_H

#include "runner/job/cluster.h"
#include "runner/job/fingerprint.h"

struct proof_table {
	const char *name; /* "public.orders", quoted where SQL needs it */
	int64_t rows;     /* counted at the snapshot, -1 unknown */
	int64_t restored; /* -1: not counted yet */
};

struct proof_source;

struct proof {
	/* told: the record */
	struct job *job;
	const char *folder, *file;  /* file: beneath folder, one name */
	const char *format;         /* "custom", "directory" */
	const char *encrypted_to;   /* "" in the clear */
	const char *digest;         /* hex */
	int64_t size;               /* -1 unknown */
	const char *fingerprint;    /* fingerprint_restorable, "" unknown: proof_catalogued */
	const char *target;         /* its name */
	bool compares;              /* what lies beside the file as well: it has a record */
	const char *sidecar_digest; /* hex, "" unknown */
	size_t n_tables;
	struct proof_table *tables;
	/* A record of before tables were written down has only these: it names none.  -1 unknown. */
	int64_t all_tables, all_rows;
	bool silent; /* frames are held until the journal has named the backup: proof_say_held */

	/* found */
	enum wire_level level; /* the highest that held, WIRE_WRITTEN before the first */
	const char *bad; /* what is wrong with the backup, a sentence without its full stop; NULL nothing */
	const char *evidence;               /* of the level that was looked at last */
	int64_t server_major, client_major; /* of the server that was dumped, of its pg_dump; after listing */
	int64_t since;                      /* wall: of the level that is looked at */
	struct proof_source *source;        /* the file, NULL: not open */
	size_t n_held;
	struct proof_held {
		enum wire_level level;
		bool bad;
		int64_t started_at, ended_at;
		const char *place, *text;
	} held[WIRE_COUNTED];
};

/* The record names no table, though there are some: only their number and that of their rows are compared. */
static inline bool
proof_nameless(const struct proof *p)
{
	return p->n_tables == 0 && p->all_tables != 0;
}

/* Such a record has something to compare with. */
static inline bool
proof_countable(const struct proof *p)
{
	return !proof_nameless(p) || (p->all_tables >= 0 && p->all_rows >= 0);
}

/* What the catalog was is in the record.  Without it rows are compared, and the level stays "restored". */
static inline bool
proof_catalogued(const struct proof *p)
{
	return strlen(p->fingerprint) == 2 * (size_t)GH_SHA256_HEX_LEN - 1;
}
#define PROOF_NO_CATALOG                                                                                     \
	"what the catalog was is not in its record: it cannot be more than \"restored\", another backup can"

/* A member of the sidecar: what the fingerprint was made of. */
void proof_catalog_put(struct gh_text *ret, const struct fingerprint *f);

/* The record as the spec of a prove or restore job has it. */
enum gh_code proof_told(struct job *j, struct proof *ret, struct gh_err *err) GH_MUST_USE;

/*
 * All levels up to that one, each with its frame, in a place of its own that is gone afterwards.  Stops at
 * the first that does not hold (p->bad), and at "restored", rows compared, when what the catalog was is not
 * known.  Levels that p has reached already are not looked at again.
 */
enum gh_code proof_to(struct proof *p, enum wire_level level, struct gh_err *err) GH_MUST_USE;
/* Opens the file: GH_CONFLICT when it is encrypted and its key is not here; p->bad when there is none, or no
 * file. */
enum gh_code proof_readable(struct proof *p, struct gh_err *err) GH_MUST_USE;
/* Says the frames that were held; none is from now on. */
void proof_say_held(struct proof *p);
/* Closes the file. */
void proof_done(struct proof *p);

/*
 * The last two levels for whoever has a database of its own for them.  First proof_to(p, WIRE_LISTED): that
 * opens the file, which is then read again from the same descriptor and must have the same digest.
 */
enum proof_where {
	PROOF_CLUSTER, /* a private cluster: what fails there is the backup's fault, or a lack of room */
	PROOF_SERVER,  /* the configured server: owners and privileges are not restored there */
	PROOF_TARGET,  /* a new database of the target's own server: its roles and tablespaces are there */
};
struct proof_into {
	enum proof_where where;
	const char *connection; /* libpq keywords of an empty database */
	const char *database;   /* its name */
	const char
	    *beside; /* libpq keywords of another database of that server, which nothing restored can shut */
	const char *place;      /* for the frame */
	const char *pg_restore; /* NULL: the spec's */
	const char *folder;     /* that pg_restore must be able to see: the cluster's; NULL none */
	int64_t jobs;           /* of a directory, 0 and 1 one after the other */
};
/* WIRE_RESTORED: its frame, or p->bad. */
enum gh_code proof_restore(struct proof *p, const struct proof_into *into, struct gh_err *err) GH_MUST_USE;
/* WIRE_COUNTED on a connection to that database: PROOF_TABLE frames and its frame, or p->bad; no frame when
 * the rows are as many and there is no catalog to compare with. */
enum gh_code proof_count(
    struct proof *p, const struct proof_into *into, struct pg *pg, struct gh_err *err) GH_MUST_USE;

#endif
