/*
 * Acts: one POST each, one file each (cgi/act_NOUN_VERB.c), one line in cgi/acts.h.  An act declares its
 * fields, sends one operation to the runner and says where the browser goes next (303).  Who may do it is
 * decided by the runner alone. Every form also has csrf and key (req_form), which act_call_start passes on.
 */
#ifndef GH_CGI_ACT_H
#define GH_CGI_ACT_H

#include "base/secret.h"
#include "cgi/req.h"
#include "cgi/templates.gen.h"
#include "wire/client.h"

#define ACT_FIELDS 8

enum act_kind {
	ACT_LINE = 1, /* one line of text, spaces trimmed */
	ACT_TEXT,     /* several lines; CR LF becomes LF */
	ACT_INT,      /* "" is 0 */
	ACT_SECRET,   /* never shown again */
};

struct act_field {
	const char *name;
	const char *label; /* how an error names it */
	enum act_kind kind;
	bool required;
	size_t max; /* bytes; ACT_INT: the largest number */
};

struct act_value {
	bool given;
	const char *text; /* never NULL; "" for a secret */
	int64_t number;
	struct gh_secret *secret; /* ACT_SECRET; wiped after the act */
};

struct act;
struct act_form {
	const struct act *act;
	const char *csrf, *key;
	struct act_value values[ACT_FIELDS]; /* in the order of the declaration */
};

struct act_done {
	const char *to;     /* where the 303 goes: a local path */
	const char *cookie; /* Set-Cookie, or NULL */
};

struct act {
	const char *path; /* "/requests/{id}/approve" */
	enum wire_op op;
	bool open;                     /* nobody need be signed in, no csrf */
	const char *back, *back_label; /* way back on the error page: view_url's format with the id */
	/* On failure this template is shown again with `message` and each field by its name; else the error
	 * page. */
	bool again;
	enum tpl_id again_tpl;
	const char *again_title;
	struct act_field fields[ACT_FIELDS];
	enum gh_code (*run)(
	    struct req *req, const struct act_form *form, struct act_done *done, struct gh_err *err);
};

/* A call in the making: key and csrf are in it, fields are appended with wire_put_... on out. */
struct act_call {
	struct gh_text text;
	struct wire_out out;
	struct wire_reply reply;
};
#define ACT_CALL __attribute__((cleanup(act_call_done))) struct act_call
void act_call_start(struct act_call *c, const struct act_form *form);
/* Sends it as the signed-in person; c->reply.fields is then to be read and ended with wire_end. */
enum gh_code act_call_send(
    struct act_call *c, const struct req *req, enum wire_op op, struct gh_err *err) GH_MUST_USE;
void act_call_done(struct act_call *c); /* wipes */

#endif
