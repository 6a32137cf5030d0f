#include "base/ban.h"
#include "migration/atlas_sum.h"
#include "base/sum.h"
#include "migration/atlas_scan.h"
#include "migration/name.h"

#include <inttypes.h>

void
atlas_sums_of(
    struct convention_folder *f, struct convention_file *const *files, size_t n, struct atlas_sums *ret)
{
	unsigned char sum[GH_SUM_MAX];
	GH_SUM s = { 0 };
	size_t i;

	*ret = (struct atlas_sums){ .lines = gh_alloc_n(f->arena, n + 1, sizeof(*ret->lines)) };
	gh_sum_start(&s, GH_SUM_SHA256);
	for (i = 0; i < n; i++) {
		const struct convention_text *text = f->read(f, files[i]);
		const char *mode;

		gh_sum_add(&s, files[i]->path, strlen(files[i]->path));
		mode = atlas_first_line(f->arena, text->raw, text->raw_len, "sum");
		if (mode != NULL && strcmp(mode, "ignore") == 0)
			continue;
		gh_sum_add(&s, text->raw, text->raw_len);
		ret->lines[ret->n].name = files[i]->path;
		ret->lines[ret->n++].hash = gh_base64(f->arena, sum, gh_sum_now(&s, sum));
	}
}

const char *
atlas_sums_total(struct gh_arena *a, const struct atlas_sums *s)
{
	unsigned char sum[GH_SUM_MAX];
	GH_SUM total = { 0 };
	size_t i;

	gh_sum_start(&total, GH_SUM_SHA256);
	for (i = 0; i < s->n; i++) {
		gh_sum_add(&total, s->lines[i].name, strlen(s->lines[i].name));
		gh_sum_add(&total, s->lines[i].hash, strlen(s->lines[i].hash));
	}
	return gh_base64(a, sum, gh_sum_now(&total, sum));
}

const char *
atlas_sums_find(const struct atlas_sums *s, const char *name)
{
	size_t i;

	for (i = 0; i < s->n; i++) {
		if (strcmp(s->lines[i].name, name) == 0)
			return s->lines[i].hash;
	}
	return NULL;
}

/* The lines of a sum file; "" or why it is none. */
static const char *
lines_read(struct gh_arena *a, const char *p, const char *end, struct atlas_sums *ret, const char **ret_total)
{
	size_t room = 1;
	const char *at;
	int64_t line;

	for (at = p; at < end; at++)
		room += *at == '\n';
	ret->lines = gh_alloc_n(a, room, sizeof(*ret->lines));
	for (line = 1; p < end; line++) {
		const char *eol = memchr(p, '\n', (size_t)(end - p)), *stop = eol == NULL ? end : eol, *mark;

		if (stop > p && stop[-1] == '\r')
			stop--;
		mark = memmem(p, (size_t)(stop - p), "h1:", 3);
		if (mark == NULL || (line == 1 && mark != p))
			return gh_printf(a,
			    "atlas.sum:%" PRId64 ":1: not a line of a sum file (%s): take the conflict out, "
			    "then atlas migrate hash",
			    line, line == 1 ? "h1:..." : "NAME h1:...");
		if (line == 1) {
			*ret_total = gh_strndup(a, mark + 3, (size_t)(stop - mark - 3));
		} else {
			const char *last = mark;

			while (last > p && (last[-1] == ' ' || last[-1] == '\t'))
				last--;
			ret->lines[ret->n].name = gh_strndup(a, p, (size_t)(last - p));
			ret->lines[ret->n++].hash = gh_strndup(a, mark + 3, (size_t)(stop - mark - 3));
		}
		p = eol == NULL ? end : eol + 1;
	}
	return "";
}

#define HASH_IT "; after a look at it: atlas migrate hash"

/* Names that only one of the two has, then the order, then the content. */
static const char *
difference(struct gh_arena *a, const struct atlas_sums *file, const struct atlas_sums *folder)
{
	size_t i;

	for (i = 0; i < folder->n; i++) {
		if (atlas_sums_find(file, folder->lines[i].name) == NULL)
			return gh_printf(a,
			    "atlas.sum has no line for %s: it was added by hand, or its line was "
			    "lost" HASH_IT,
			    name_printable(folder->lines[i].name, a));
	}
	for (i = 0; i < file->n; i++) {
		if (atlas_sums_find(folder, file->lines[i].name) == NULL)
			return gh_printf(a,
			    "atlas.sum:%zu:1: %s is not in the folder: it was removed or renamed" HASH_IT,
			    i + 2, name_printable(file->lines[i].name, a));
	}
	if (file->n != folder->n)
		return "atlas.sum has a line twice" HASH_IT;
	for (i = 0; i < file->n; i++) {
		if (strcmp(file->lines[i].name, folder->lines[i].name) != 0)
			return gh_printf(a,
			    "atlas.sum:%zu:1: %s stands where %s belongs: the lines are in another order "
			    "than the files" HASH_IT,
			    i + 2, name_printable(file->lines[i].name, a),
			    name_printable(folder->lines[i].name, a));
	}
	for (i = 0; i < file->n; i++) {
		if (strcmp(file->lines[i].hash, folder->lines[i].hash) != 0)
			return gh_printf(a,
			    "atlas.sum:%zu:1: %s was edited after its sum was taken%s" HASH_IT, i + 2,
			    name_printable(file->lines[i].name, a),
			    i + 1 < file->n ? " (the lines below it differ because sums are chained)" : "");
	}
	return "";
}

const char *
atlas_sums_check(struct gh_arena *a, const char *text, size_t len, const struct atlas_sums *folder)
{
	struct atlas_sums file = { 0 };
	const char *total = "", *why = lines_read(a, text, text + len, &file, &total);

	if (why[0] != '\0')
		return why;
	why = difference(a, &file, folder);
	if (why[0] == '\0' && strcmp(total, atlas_sums_total(a, &file)) != 0)
		why = "atlas.sum:1:1: the first line does not fit the others: the file was edited by "
		      "hand" HASH_IT;
	return why;
}
