/*
 * Within the SQL part: a walk through a parse tree, whatever its nodes are.
 */
#ifndef GH_MIGRATION_SQL_WALK_H
#define GH_MIGRATION_SQL_WALK_H

#include "migration/sql_node.h"

/*
 * Calls see for m and for every message beneath it, parents first; beneath one for which see returns false
 * nothing is visited.  What a message is says its descriptor: m->descriptor ==
 * &pg_query__range_var__descriptor.
 */
void sql_walk(const ProtobufCMessage *m, bool (*see)(const ProtobufCMessage *m, void *to), void *to);

#endif
