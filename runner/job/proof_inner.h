/*
 * What the files of proof.h share.
 */
#ifndef GH_JOB_PROOF_INNER_H
#define GH_JOB_PROOF_INNER_H

#include "runner/job/proof.h"
#include "runner/job/tool.h"

/* p->bad, the first only; GH_OK, so that `return proof_bad(...)` ends a level. */
enum gh_code proof_bad(struct proof *p, const char *fmt, ...) GH_PRINTF(2, 3);

/* proof_open.c: opens it, unless it is open.  p->bad: it is not there, or nothing that we would have made. */
enum gh_code proof_file_open(struct proof *p, struct gh_err *err) GH_MUST_USE;
/* proof_file.c: WIRE_CHECKSUMMED, without its frame. */
enum gh_code proof_file_check(struct proof *p, struct gh_err *err) GH_MUST_USE;
void proof_file_close(struct proof *p);
/* proof_sidecar.c: says by a frame, and in the evidence, whether what lies beside it is what was written. */
void proof_sidecar_check(struct proof *p);
/* What is in it can be read: false with the reason when it is encrypted and there is no key. */
bool proof_file_legible(const struct proof *p, const char **ret_why);
/* Runs the tool, whose give is proof_file_give with p->source, on plain bytes from the start. */
enum gh_code proof_file_run(
    struct proof *p, const char *activity, const struct tool *t, struct gh_err *err) GH_MUST_USE;
enum gh_code proof_file_give(void *arg, const void **ret, size_t *ret_len, struct gh_err *err) GH_MUST_USE;
/* After all was given: reads what is left; p->bad when it is another file than before. */
enum gh_code proof_file_finish(struct proof *p, struct gh_err *err) GH_MUST_USE;
/* What pg_restore takes for its last argument, NULL: standard input. */
const char *proof_file_argument(const struct proof *p);

/* What pg_restore says on standard error, line by line: its first error, and what it was about. */
struct proof_words {
	char line[1024], first[1024], entry[256];
	size_t len;
	bool cut;  /* first was longer */
	bool code; /* a function or the like was at work */
};
void proof_words_hear(struct proof_words *w, const void *data, size_t len);
/* One sentence; "it said nothing". */
const char *proof_words_text(struct proof_words *w, struct gh_arena *a);
/*
 * What fails in this way says nothing about the backup: no room, no connection, no right, another machine.
 * own: in a cluster of ours.  In doubt it is the backup.  After proof_words_text.
 */
bool proof_words_of_place(const struct proof_words *w, bool own);

/* proof_watch.c: whether pg_restore gets on; begin with { .p, .into }. */
struct proof_watch {
	struct proof *p;
	const struct proof_into *into;
	struct pg pg; /* beside the database that is filled */
	int64_t alive_at, asked_at, seen;
	char waits[128];
};
void proof_watch_alive(struct proof_watch *w);
/* GH_UNAVAILABLE when nothing moved for too long. */
enum gh_code proof_watch_look(struct proof_watch *w, struct gh_err *err) GH_MUST_USE;
void proof_watch_done(struct proof_watch *w);

/* proof_list.c: WIRE_LISTED, without its frame. */
enum gh_code proof_list_check(struct proof *p, struct gh_err *err) GH_MUST_USE;
/* "public", "orders" of "public.orders"; false: that is no name. */
bool proof_name_split(const char *name, struct gh_arena *a, const char **ret_schema, const char **ret_table);

/* WIRE_RESTORED and WIRE_COUNTED, without their frames. */
enum gh_code proof_restore_check(
    struct proof *p, const struct proof_into *into, struct gh_err *err) GH_MUST_USE;
enum gh_code proof_count_check(
    struct proof *p, const struct proof_into *into, struct pg *pg, struct gh_err *err) GH_MUST_USE;

/* proof_catalog.c: the record's objects as the sidecar has them; NULL: it has others, or none. */
const struct fingerprint *proof_catalog(struct proof *p);
/* "catalog": [...] of a sidecar, and back; false: it has none. */
bool proof_catalog_read(const char *json, size_t len, struct gh_arena *a, struct fingerprint *ret);

/* proof_script.c: what the dump's SQL says of its database and of its roles; ret_roles of n, each once. */
struct proof_script {
	const char *encoding, *collate, *ctype, *icu; /* "" unknown */
	size_t n_roles;
	const char **roles;
};
enum gh_code proof_script_read(struct proof *p, struct proof_script *ret, struct gh_err *err) GH_MUST_USE;
/* Of one line; for tests. */
void proof_script_line(struct proof_script *s, const char *line, struct gh_arena *a);

/* proof_place.c */
struct proof_place {
	struct proof *p;
	struct pg admin; /* superuser of the cluster; on the server a connection beside the database */
	struct cluster cluster;
	bool own;
	const char *database; /* on the server; NULL none made yet */
	struct proof_into into;
	const char *before; /* on the server: what the role owned and had set */
};
enum gh_code proof_place(struct proof_place *w, struct gh_err *err) GH_MUST_USE;
/* The empty database, like the one that was dumped; *ret_note is how it is not. */
enum gh_code proof_database(struct proof_place *w, const char *name, const struct proof_script *s,
    const char **ret_note, struct gh_err *err) GH_MUST_USE;
/* Never fails: logs. */
void proof_place_done(struct proof_place *w);

/* proof_server.c */
enum gh_code proof_server_make(
    struct proof_place *w, const struct proof_script *s, struct gh_err *err) GH_MUST_USE;
/* After a restore: p->bad when it has reached beyond its database; what it did there is undone. */
enum gh_code proof_server_look(struct proof_place *w, struct gh_err *err) GH_MUST_USE;
void proof_server_done(struct proof_place *w);

/* proof_walls.c: what pg_restore may read and nothing else; into NULL: it connects nowhere.  NULL only when
 * this kernel cannot confine, and then the note says so for the evidence; "". */
const struct gh_confine *proof_walls(struct proof *p, const struct proof_into *into);
const char *proof_walls_note(void);
void proof_progress(
    struct proof *p, const char *activity, const char *text, int64_t done, int64_t total, const char *unit);

#endif
