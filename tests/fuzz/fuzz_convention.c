#include "base/ban.h"
#include "tests/fuzz/fuzz.h"
#include "base/io.h"
#include "migration/header.h"
#include "migration/name.h"
#include "migration/reading.h"
#include "migration/status.h"

/*
 * Input: a line with the convention's name (one that is not known: its first byte chooses; with --part it
 * says nothing), then parts, each begun by a line: "=== PATH" (a file, its content follows), "=+= NAME" (an
 * option, its value follows) or
 * "=@= KEY STATE CHECKSUM" (a row of the tracking table).
 */

#define FILES_MAX 64
#define ROWS_MAX  64

struct memory {
	const char *bytes[FILES_MAX];
	size_t len[FILES_MAX];
	struct convention_text text[FILES_MAX];
	bool read[FILES_MAX];
};

struct input {
	struct gh_arena arena;
	struct memory memory;
	struct convention_folder folder;
	struct convention_file files[FILES_MAX];
	struct convention_option options[8];
	struct convention_row rows[ROWS_MAX];
	size_t n_rows;
};

static const struct convention_text *
text_read(struct convention_folder *f, struct convention_file *file)
{
	struct memory *m = f->io;
	size_t i = (size_t)(file - f->files);

	if (file->folder || file->odd[0] != '\0')
		return NULL;
	if (!m->read[i])
		reading_text(f->arena, file->shown, m->bytes[i], m->len[i], &m->text[i]);
	m->read[i] = true;
	return &m->text[i];
}

static void
add_file(struct input *in, const char *path, const char *bytes, size_t len)
{
	struct convention_folder *f = &in->folder;
	size_t i, at;

	if (f->n == FILES_MAX || *path == '\0')
		return;
	for (at = 0; at < f->n && strcmp(f->files[at].path, path) < 0; at++)
		continue;
	if (at < f->n && strcmp(f->files[at].path, path) == 0)
		return;
	for (i = f->n++; i > at; i--) {
		f->files[i] = f->files[i - 1];
		in->memory.bytes[i] = in->memory.bytes[i - 1];
		in->memory.len[i] = in->memory.len[i - 1];
	}
	f->files[at] = (struct convention_file){ .path = path,
		.shown = name_printable(path, &in->arena),
		.folder = bytes == NULL,
		.odd = bytes != NULL && strstr(path, "link") != NULL ? "a symbolic link" : "",
		.size = (int64_t)len,
		.reason = "",
		.key = "" };
	in->memory.bytes[at] = bytes;
	in->memory.len[at] = len;
}

static void
add_path(struct input *in, const char *path, const char *bytes, size_t len)
{
	const char *slash;

	if (path[0] == '/' || path[strlen(path) - (*path != '\0')] == '/' || strstr(path, "//") != NULL)
		return;
	for (slash = strchr(path, '/'); slash != NULL; slash = strchr(slash + 1, '/'))
		add_file(in, gh_strndup(&in->arena, path, (size_t)(slash - path)), NULL, 0);
	add_file(in, path, gh_strndup(&in->arena, bytes, len), len);
}

static void
add_row(struct input *in, const char *key)
{
	static const char *const states[] = { "applied", "failed", "dirty", "baseline", "gone" };
	char *state = strchr(gh_strdup(&in->arena, key), ' ');
	struct convention_row *r = &in->rows[in->n_rows];
	const char *sum = "";
	size_t i;

	if (in->n_rows == ROWS_MAX)
		return;
	*r = (struct convention_row){ .state = "applied", .checksum = "", .by = "", .detail = "" };
	r->key = gh_strndup(&in->arena, key, strcspn(key, " "));
	if (state != NULL) {
		sum = strchr(state + 1, ' ');
		for (i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
			if (strncmp(state + 1, states[i], strlen(states[i])) == 0)
				r->state = states[i];
		}
	}
	r->checksum = sum == NULL || *sum == '\0' ? "" : sum + 1;
	in->n_rows++;
}

/* One part: its first line says what it is. */
static void
add_part(struct input *in, char kind, const char *p, const char *end)
{
	const char *eol = memchr(p, '\n', (size_t)(end - p)), *name;
	size_t nul;

	if (eol == NULL)
		eol = end;
	nul = strnlen(p, (size_t)(eol - p));
	name = gh_strndup(&in->arena, p, nul);
	if (eol < end)
		eol++;
	if (kind == '@' && gh_utf8_valid(name, strlen(name), NULL))
		add_row(in, name);
	else if (kind == '+' && in->folder.n_options < 8 && gh_utf8_valid(eol, (size_t)(end - eol), NULL))
		in->options[in->folder.n_options++] =
		    (struct convention_option){ name, gh_strndup(&in->arena, eol, (size_t)(end - eol)) };
	else if (kind == '=')
		add_path(in, name, eol, (size_t)(end - eol));
}

const char *
fuzz_part_name(size_t i)
{
	return convention_all[i] == NULL ? NULL : convention_all[i]->name;
}

/* From the input's first line. */
static const struct convention *
convention_of(struct input *in, const char *line, size_t len)
{
	const struct convention *c = convention_find(
	    *fuzz_part != '\0' ? fuzz_part : gh_strndup(&in->arena, line, strnlen(line, len)));
	size_t n = 0;

	while (convention_all[n] != NULL)
		n++;
	return c == NULL && n > 0 ? convention_all[(unsigned char)line[0] % n] : c;
}

static const struct convention *
parse(struct input *in, const char *data, size_t size)
{
	const char *end = data + size, *eol = memchr(data, '\n', size), *p;
	const struct convention *c;

	in->arena.limit = (size_t)256 << 20;
	in->folder = (struct convention_folder){ .arena = &in->arena,
		.files = in->files,
		.options = in->options,
		.schema = "",
		.table = "",
		.root = "",
		.read = text_read,
		.io = &in->memory };
	if (eol == NULL)
		return NULL;
	c = convention_of(in, data, (size_t)(eol - data));
	for (p = eol; p != NULL && end - p > 5;) {
		const char *next = memmem(p + 5, (size_t)(end - p - 5), "\n=", 2);

		while (next != NULL && (end - next < 6 || next[3] != '=' || next[4] != ' '))
			next = memmem(next + 1, (size_t)(end - next - 1), "\n=", 2);
		if (p[1] == '=' && p[3] == '=' && p[4] == ' ')
			add_part(in, p[2], p + 5, next == NULL ? end : next + 1);
		p = next;
	}
	return c;
}

/* ---- what must hold ---- */

static void
text_check(const char *text, const char *what)
{
	if (text == NULL || !gh_utf8_valid(text, strlen(text), NULL))
		gh_bug("%s is no text", what);
}

static void
file_check(const struct convention_file *e)
{
	bool taken = e->as != CONVENTION_IGNORED && e->as != CONVENTION_REFUSED && e->as != CONVENTION_CODE;

	if (e->as < CONVENTION_UP || e->as > CONVENTION_INDEX)
		gh_bug("%s is taken for nothing", e->shown);
	if (!taken && e->reason[0] == '\0')
		gh_bug("%s is not taken, without a reason", e->shown);
	if (taken && e->odd[0] != '\0')
		gh_bug("%s is taken and is no plain file", e->shown);
	text_check(e->reason, "a reason");
	text_check(e->key, "a file's key");
}

static void
side_check(const struct convention_side *s)
{
	size_t i;

	text_check(s->problem, "a problem");
	text_check(s->file, "a side's file");
	if (!s->present)
		return;
	if (strlen(s->sql) != s->len || !gh_utf8_valid(s->sql, s->len, NULL))
		gh_bug("a side's SQL is no text, or of another length");
	if (s->first_line < 1 || s->file[0] == '\0')
		gh_bug("a side without a place");
	for (i = 0; i < s->n_pieces; i++) {
		if (s->pieces[i].offset > s->len || s->pieces[i].len > s->len - s->pieces[i].offset)
			gh_bug("a piece lies outside of its side");
		if (i > 0 && s->pieces[i].offset < s->pieces[i - 1].offset + s->pieces[i - 1].len)
			gh_bug("pieces lie over each other");
	}
}

static void
found_check(const struct convention_found *found)
{
	size_t i, k;

	text_check(found->problem, "the folder's problem");
	for (i = 0; i < found->n_notes; i++)
		text_check(found->notes[i], "a note");
	for (i = 0; i < found->n; i++) {
		const struct convention_migration *m = &found->migrations[i];

		text_check(m->key, "a key");
		if (m->key[0] == '\0')
			gh_bug("a migration without a key");
		text_check(m->version, "a version");
		text_check(m->name, "a name");
		text_check(m->file, "a file");
		text_check(m->checksum, "a checksum");
		text_check(m->problem, "a migration's problem");
		side_check(&m->up);
		side_check(&m->down);
		side_check(&m->verify);
		for (k = 0; k < m->n_facts; k++) {
			text_check(m->facts[k].name, "a fact's name");
			if (m->facts[k].value != NULL)
				text_check(m->facts[k].value, "a fact");
		}
	}
}

static void
status_check(const struct convention_found *found, const struct convention_status *s)
{
	size_t i;

	if (s->n < found->n)
		gh_bug("migrations without standing");
	for (i = 0; i < s->n; i++) {
		const struct convention_status_row *r = &s->rows[i];

		if (r->standing < CONVENTION_APPLIED || r->standing > CONVENTION_BASELINE ||
		    r->decision < CONVENTION_NOTHING || r->decision > CONVENTION_BLOCKS)
			gh_bug("%s stands nowhere", r->key);
		text_check(r->text, "a standing's text");
		text_check(r->after, "a place");
		if (r->decision == CONVENTION_BLOCKS && r->text[0] == '\0')
			gh_bug("%s blocks without a reason", r->key);
	}
	text_check(s->newest, "the newest");
	text_check(s->blocked, "why it is blocked");
}

/* Each convention's view on one folder must be the same twice: nothing may hang on what was read before. */
static void
read_twice(const struct convention *c, struct input *in, struct convention_found *found)
{
	struct convention_found again;
	size_t i;

	convention_read(c, &in->folder, found);
	convention_read(c, &in->folder, &again);
	if (again.n != found->n)
		gh_bug("read twice, found %zu and %zu", found->n, again.n);
	for (i = 0; i < found->n; i++) {
		if (strcmp(found->migrations[i].key, again.migrations[i].key) != 0)
			gh_bug("read twice, another order");
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input *in = calloc(1, sizeof(*in));
	struct convention_fit fit = { .why = "" };
	struct convention_found found;
	struct convention_status status;
	const struct convention *c;
	struct header h;
	size_t i;

	if (in == NULL)
		return 0;
	c = parse(in, (const char *)data, size);
	if (c != NULL && c->read != NULL) {
		if (c->fit != NULL)
			c->fit(&in->folder, &fit);
		if (fit.strength < 0 || fit.strength > 4 || (fit.strength > 0 && fit.why[0] == '\0'))
			gh_bug("%s fits without a reason", c->name);
		read_twice(c, in, &found);
		for (i = 0; i < in->folder.n; i++)
			file_check(&in->folder.files[i]);
		found_check(&found);
		convention_status(c, &found, in->rows, in->n_rows, &in->arena, &status);
		status_check(&found, &status);
		for (i = 0; i < found.n; i++)
			header_read(found.migrations[i].up.sql, found.migrations[i].up.len, &in->arena, &h);
	}
	gh_arena_done(&in->arena);
	free(in);
	return 0;
}
