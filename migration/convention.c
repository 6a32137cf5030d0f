#include "base/ban.h"
#include "migration/convention.h"

const struct convention *const convention_all[] = {
	&convention_numbered,
	&convention_sections,
	NULL,
};

const struct convention *
convention_find(const char *name)
{
	size_t i;

	for (i = 0; convention_all[i] != NULL; i++) {
		if (strcmp(convention_all[i]->name, name) == 0)
			return convention_all[i];
	}
	return NULL;
}

int
convention_compare(const char *version_a, const char *key_a, const char *version_b, const char *key_b)
{
	size_t len_a, len_b;
	int order;

	version_a += strspn(version_a, "0");
	version_b += strspn(version_b, "0");
	len_a = strlen(version_a);
	len_b = strlen(version_b);
	if (len_a != len_b)
		return len_a < len_b ? -1 : 1;
	order = strcmp(version_a, version_b);
	return order != 0 ? order : strcmp(key_a, key_b);
}

/* True when type is one of the alternatives. */
static bool
type_known(const char *alternatives, const char *type)
{
	size_t len = strlen(type);
	const char *at = alternatives;

	for (;;) {
		size_t one = strcspn(at, "|");

		if (one == len && memcmp(at, type, len) == 0)
			return true;
		if (at[one] == '\0')
			return false;
		at += one + 1;
	}
}

bool
convention_tracking_known(const struct convention *c, const struct convention_column *columns, size_t n,
    struct gh_arena *a, const char **ret_why)
{
	const struct convention_tracking *t = &c->tracking;
	size_t i;

	*ret_why = "";
	for (i = 0; i < n && i < t->n_columns; i++) {
		const struct convention_column *want = &t->columns[i], *have = &columns[i];

		if (strcmp(want->name, have->name) != 0) {
			*ret_why = gh_printf(
			    a, "column %zu of %s is %s, not %s", i + 1, t->qualified, have->name, want->name);
			return false;
		}
		if (!type_known(want->type, have->type)) {
			*ret_why = gh_printf(a, "column %s of %s is %s, not %.*s", want->name, t->qualified,
			    have->type, (int)strcspn(want->type, "|"), want->type);
			return false;
		}
		if (want->not_null != NULL && strcmp(want->not_null, have->not_null) != 0) {
			*ret_why = gh_printf(a, "column %s of %s %s empty", want->name, t->qualified,
			    *want->not_null == 't' ? "may be" : "may not be");
			return false;
		}
	}
	if (n != t->n_columns) {
		*ret_why = gh_printf(a, "%s has %zu columns, not %zu", t->qualified, n, t->n_columns);
		return false;
	}
	return true;
}
