/*
 * Statements as the Supabase CLI cuts them (supabase/cli: apps/cli-go/pkg/parser/state.go, token.go): by its
 * own state machine, which is not PostgreSQL's lexer.  What it cuts is what it sends and what it stores, so
 * its mistakes are part of the format.
 */
#ifndef GH_MIGRATION_SUPABASE_SPLIT_H
#define GH_MIGRATION_SUPABASE_SPLIT_H

#include "migration/convention.h"

/* Appends a piece for each statement, without its trailing semicolons and blanks around it. */
void supabase_split(struct gh_arena *a, struct convention_side *s);

#endif
