/*
 * Objects that a statement creates, as plans name them ("public.orders", kind "table"), and how to look
 * whether one is there: a constant SQL statement a kind, with $1 the object's name, that gives one row when
 * it is.
 *
 * A name without a schema in the migration is given as public; the statements also find it in the other
 * schemas of the session's search_path.  What a statement creates is there at the end of its own migration
 * (what the same migration takes away again is not named in the plan); a later migration may drop it.
 */
#ifndef GH_MIGRATION_OBJECT_H
#define GH_MIGRATION_OBJECT_H

/* NULL for a kind that is not known: nothing to look for. */
const char *object_probe(const char *kind);

#endif
