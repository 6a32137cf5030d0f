#include "base/ban.h"
#include "migration/lint_habit.h"
#include "migration/sql_name.h"

#pragma GCC diagnostic ignored "-Wswitch-enum"

const char *
lint_written(struct lint *l, PgQuery__Node *const *names, size_t n)
{
	const char *ret = "";
	size_t i;

	for (i = 0; i < n; i++) {
		if (names[i]->node_case != PG_QUERY__NODE__NODE_STRING)
			return "";
		ret = i == 0 ? lint_ident(l, names[i]->string->sval)
			     : sql_name_join(ret, names[i]->string->sval, l->arena);
	}
	return ret;
}

const char *
lint_written_of(const struct lint *l, const PgQuery__RangeVar *r)
{
	return sql_name_written(r, l->arena);
}

const char *
lint_name_of(struct lint *l, const PgQuery__Node *n)
{
	if (n == NULL)
		return "";
	switch (n->node_case) {
	case PG_QUERY__NODE__NODE_LIST:
		return lint_written(l, n->list->items, n->list->n_items);
	case PG_QUERY__NODE__NODE_TYPE_NAME:
		return lint_written(l, n->type_name->names, n->type_name->n_names);
	case PG_QUERY__NODE__NODE_OBJECT_WITH_ARGS:
		return lint_written(l, n->object_with_args->objname, n->object_with_args->n_objname);
	case PG_QUERY__NODE__NODE_STRING:
		return lint_ident(l, n->string->sval);
	default:
		return "";
	}
}

const PgQuery__DropStmt *
lint_drop(const struct lint_at *at, PgQuery__ObjectType type)
{
	if (at->node->node_case != PG_QUERY__NODE__NODE_DROP_STMT || at->node->drop_stmt->remove_type != type)
		return NULL;
	return at->node->drop_stmt;
}

const char *
lint_dropped(struct lint *l, const PgQuery__DropStmt *s, size_t i)
{
	return i < s->n_objects ? lint_name_of(l, s->objects[i]) : "";
}

const char *
lint_last_part(const char *name)
{
	const char *ret = name, *p;
	bool quoted = false;

	for (p = name; *p != '\0'; p++) {
		if (*p == '"')
			quoted = !quoted;
		else if (*p == '.' && !quoted)
			ret = p + 1;
	}
	return ret;
}

const char *
lint_suffixed(struct lint *l, const char *name, const char *suffix)
{
	size_t len = strlen(name);

	if (len > 0 && name[len - 1] == '"')
		return gh_printf(l->arena, "%.*s%s\"", (int)(len - 1), name, suffix);
	return gh_printf(l->arena, "%s%s", name, suffix);
}

const char *
lint_kind_word(struct lint *l, PgQuery__ObjectType type)
{
	char *ret = gh_strdup(l->arena, sql_object_type(type)), *p;

	for (p = ret; *p != '\0'; p++)
		*p = (char)tolower((unsigned char)*p);
	return ret;
}

const char *
lint_literal(struct lint *l, const char *text)
{
	char *ret = gh_alloc(l->arena, 2 * strlen(text) + 3), *out = ret;

	*out++ = '\'';
	for (; *text != '\0'; text++) {
		if (*text == '\'')
			*out++ = '\'';
		*out++ = *text;
	}
	*out = '\'';
	return ret;
}
