/* Every page: its constant in cgi/page_NOUN.c. */
#ifndef GH_CGI_PAGES_H
#define GH_CGI_PAGES_H

#define PAGES(X) X(page_signin)

#endif
