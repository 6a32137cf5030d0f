#include "base/ban.h"
#include "base/io.h"
#include "runner/job/proof_inner.h"

#include <jansson.h>

/*
 * The objects behind the record's fingerprint, so that a difference has a name.  They are in the sidecar,
 * where anybody who may write there could change them; but they count only when their digest is the record's.
 */

#define SIDECAR ((size_t)128 << 20)

void
proof_catalog_put(struct gh_text *ret, const struct fingerprint *f)
{
	size_t i;

	gh_text_put(ret, "\"catalog\": [");
	for (i = 0; i < f->n; i++) {
		gh_text_put(ret, i == 0 ? "\n    [" : ",\n    [");
		gh_text_put_json(ret, f->objects[i].kind);
		gh_text_put(ret, ", ");
		gh_text_put_json(ret, f->objects[i].name);
		gh_text_put(ret, ", ");
		gh_text_put_json(ret, f->objects[i].definition);
		gh_text_put(ret, "]");
	}
	gh_text_put(ret, "\n  ]");
}

static const char *
text_of(const json_t *row, size_t i, struct gh_arena *a)
{
	const char *s = json_string_value(json_array_get(row, i));

	return gh_strdup(a, s == NULL ? "" : s);
}

bool
proof_catalog_read(const char *json, size_t len, struct gh_arena *a, struct fingerprint *ret)
{
	json_error_t why;
	json_t *all = json_loadb(json, len, JSON_REJECT_DUPLICATES, &why), *row;
	const json_t *list = json_object_get(all, "catalog");
	size_t i;

	*ret = (struct fingerprint){ 0 };
	ret->objects = gh_alloc_n(a, json_array_size(list) + 1, sizeof(*ret->objects));
	json_array_foreach(list, i, row)
	{
		ret->objects[ret->n++] = (struct fingerprint_object){ .kind = text_of(row, 0, a),
			.name = text_of(row, 1, a),
			.definition = text_of(row, 2, a) };
	}
	json_decref(all);
	fingerprint_restorable_seal(ret);
	return ret->n > 0;
}

const struct fingerprint *
proof_catalog(struct proof *p)
{
	struct gh_arena *a = p->job->arena;
	struct fingerprint *f = gh_alloc(a, sizeof(*f));
	GH_TEXT json = { 0 };
	GH_FD int fd = open(gh_printf(a, "%s/%s.json", p->folder, p->file),
	    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

	if (fd < 0 || gh_read_all(fd, SIDECAR, &json, NULL) != GH_OK ||
	    !proof_catalog_read(gh_text_str(&json), json.len, a, f) || strcmp(f->digest, p->fingerprint) != 0)
		return NULL;
	return f;
}
