/*
 * Pages: one GET each, one file each (cgi/page_NOUN.c), one line in cgi/pages.h.  run fills the view; the
 * engine renders HTML, JSON (?format=json) or CSV (?format=csv), sets the ETag and answers 304.
 */
#ifndef GH_CGI_PAGE_H
#define GH_CGI_PAGE_H

#include "cgi/req.h"
#include "cgi/templates.gen.h"

#define PAGE_QUERY 12

struct page {
	const char *path;  /* "/runs/{id}": {id} is a positive number, other names are any text without '/' */
	unsigned needs;    /* ROLE_..., one is enough; 0: any signed-in person */
	enum tpl_id tpl;   /* templates/NAME.mustache is TPL_NAME */
	const char *title; /* {{title}} where the view has none of its own */
	const char *nav;   /* the entry of the navigation that is current: "runs"; NULL none */
	const char *csv;   /* the list that ?format=csv prints; NULL: no CSV */
	bool polls;        /* asked for again and again: cached with its ETag instead of no-store */
	const char *query[PAGE_QUERY]; /* names of query fields; any other name is a 400.  `format` is always
					  allowed */
	enum gh_code (*run)(struct req *req, struct view *v, struct gh_err *err);
};

/*
 * What the engine adds around the page's view, for the partials head, nav and foot.  `title`, and `layout`:
 *   signed_in, person, is_viewer, is_lead, is_auditor, is_admin, roles {role}; nav {key, url, label,
 * current}; signout {csrf, key}; footer; runner_up; version (for /static/...?v=), program
 */

#endif
