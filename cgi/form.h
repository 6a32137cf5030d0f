/*
 * application/x-www-form-urlencoded, from a query or a body: strict.  A name twice, a broken %, bytes that
 * are not UTF-8, NUL, and more than FORM_FIELDS fields are refused.
 */
#ifndef GH_CGI_FORM_H
#define GH_CGI_FORM_H

#include "cgi/act.h"
#include "cgi/req.h"

#define FORM_BODY_MAX ((size_t)64 << 10)
#define FORM_FIELDS   32

/* Decodes one part of a path, a name or a value; plus: '+' is a space. */
enum gh_code form_unescape(struct gh_arena *a, const char *s, size_t len, bool plus, const char **ret,
    struct gh_err *err) GH_MUST_USE;
enum gh_code form_decode(struct gh_arena *a, const char *s, size_t len, struct req_pair **ret, size_t *ret_n,
    struct gh_err *err) GH_MUST_USE;

/*
 * Sorts pairs into what the act declares, with key and csrf.  An unknown name is GH_BAD_INPUT.  What is
 * missing or too long is GH_BAD_INPUT too, but with *ret_wrong set: the form was understood and only its
 * content is not right.  The values of secrets are moved out of the pairs and wiped there; form_done wipes
 * them.
 */
enum gh_code form_read(struct gh_arena *a, const struct act *act, const struct req_pair *pairs, size_t n,
    struct act_form *ret, bool *ret_wrong, struct gh_err *err) GH_MUST_USE;
void form_done(struct act_form *form);

#endif
