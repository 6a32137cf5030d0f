/*
 * The names of SQLSTATEs that migrations meet, as PostgreSQL's manual has them.
 */
#ifndef GH_BASE_SQLSTATE_H
#define GH_BASE_SQLSTATE_H

/* "unique_violation"; the class's name in brackets for a code that is not listed, "" when even that is
 * unknown. */
const char *gh_sqlstate_name(const char *sqlstate);

#endif
