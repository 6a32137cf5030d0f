#include "base/ban.h"
#include "migration/sql_walk.h"

static const void *
member(const ProtobufCMessage *m, unsigned offset)
{
	return (const char *)(const void *)m + offset;
}

static void
walk_field(const ProtobufCMessage *m, const ProtobufCFieldDescriptor *f,
    bool (*see)(const ProtobufCMessage *, void *), void *to)
{
	ProtobufCMessage *const *many;
	size_t n, i;

	if (f->label == PROTOBUF_C_LABEL_REPEATED) {
		n = *(const size_t *)member(m, f->quantifier_offset);
		many = *(ProtobufCMessage *const *const *)member(m, f->offset);
		for (i = 0; i < n; i++)
			sql_walk(many[i], see, to);
		return;
	}
	/* Of a union only the member that is there. */
	if ((f->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0 &&
	    *(const uint32_t *)member(m, f->quantifier_offset) != f->id)
		return;
	sql_walk(*(ProtobufCMessage *const *)member(m, f->offset), see, to);
}

void
sql_walk(const ProtobufCMessage *m, bool (*see)(const ProtobufCMessage *, void *), void *to)
{
	unsigned i;

	if (m == NULL || !see(m, to))
		return;
	if (m->descriptor == &pg_query__node__descriptor) {
		/* Its union has a member for each kind of node, all of them pointers to messages. */
		if (((const PgQuery__Node *)m)->node_case != PG_QUERY__NODE__NODE__NOT_SET)
			sql_walk((const ProtobufCMessage *)((const PgQuery__Node *)m)->select_stmt, see, to);
		return;
	}
	for (i = 0; i < m->descriptor->n_fields; i++) {
		if (m->descriptor->fields[i].type == PROTOBUF_C_TYPE_MESSAGE)
			walk_field(m, &m->descriptor->fields[i], see, to);
	}
}
