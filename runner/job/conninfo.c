#include "base/ban.h"
#include "runner/job/conninfo.h"

#include <libpq-fe.h>

void
conninfo_put(struct gh_text *t, const char *key, const char *value)
{
	gh_text_putf(t, "%s%s='", t->len == 0 ? "" : " ", key);
	for (; *value != '\0'; value++) {
		if (*value == '\'' || *value == '\\')
			gh_text_putc(t, '\\');
		gh_text_putc(t, *value);
	}
	gh_text_putc(t, '\'');
}

enum gh_code
conninfo_elsewhere(
    struct gh_arena *a, const char *connection, const char *database, const char **ret, struct gh_err *err)
{
	char *why = NULL;
	PQconninfoOption *all = PQconninfoParse(connection, &why), *o;
	GH_TEXT t = { 0 };

	if (all == NULL) {
		(void)gh_fail(err, GH_BAD_INPUT, "the connection cannot be read: %s",
		    why == NULL ? "out of memory" : why);
		PQfreemem(why);
		return GH_BAD_INPUT;
	}
	for (o = all; o->keyword != NULL; o++) {
		if (o->val != NULL && strcmp(o->keyword, "dbname") != 0)
			conninfo_put(&t, o->keyword, o->val);
	}
	PQconninfoFree(all);
	conninfo_put(&t, "dbname", database);
	*ret = gh_strdup(a, gh_text_str(&t));
	return GH_OK;
}
