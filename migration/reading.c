#include "base/ban.h"
#include "migration/reading.h"
#include "base/io.h"
#include "migration/name.h"

#define BOM "\xef\xbb\xbf"

struct reading_kept {
	bool tried;
	const char *refused; /* NULL: the text is there */
	struct convention_text text;
};

/* Files above the folder that tell which tool it is for. */
static const char *const beside[] = { "Cargo.toml", "diesel.toml", "go.mod", "package.json", "dbconfig.yml",
	"sqitch.conf", "sqitch.plan", "alembic.ini", "manage.py", "Gemfile", "mix.exs", "artisan",
	"knexfile.js", "knexfile.ts", "ormconfig.json", ".sequelizerc", "flyway.conf", "flyway.toml",
	"liquibase.properties", "atlas.hcl", ".gmrc", "tern.conf", "hasura.yaml", "drizzle.config.ts",
	"schema.prisma" };
#define BESIDE (sizeof(beside) / sizeof(beside[0]))

/* "FILE:LINE:COLUMN: what" for a byte before which everything is UTF-8. */
static const char *
at_byte(struct gh_arena *a, const char *shown, const char *sql, size_t at, const char *what)
{
	int64_t line = 1, column = 1;
	size_t i;

	for (i = 0; i < at; i++) {
		if (sql[i] == '\n') {
			line++;
			column = 1;
		} else {
			column += ((unsigned char)sql[i] & 0xc0) != 0x80;
		}
	}
	return gh_printf(a, "%s:%" PRId64 ":%" PRId64 ": %s", shown, line, column, what);
}

/* What is no text cannot be shown or stored as text: each such byte becomes '?'.  It never runs. */
static const char *
make_text(struct gh_arena *a, const char *sql, size_t len, size_t at)
{
	char *ret = gh_strndup(a, sql, len);
	size_t more;

	while (at < len) {
		ret[at++] = '?';
		if (gh_utf8_valid(ret + at, len - at, &more))
			break;
		at += more;
	}
	return ret;
}

static const char *
what_is_wrong(struct gh_arena *a, const struct convention_text *t, size_t at)
{
	unsigned char c = (unsigned char)t->sql[at];

	if (t->raw_len >= 2 && (memcmp(t->raw, "\xff\xfe", 2) == 0 || memcmp(t->raw, "\xfe\xff", 2) == 0))
		return "this is UTF-16: save the file as UTF-8";
	if (c == '\0')
		return "a NUL byte: this is not text (UTF-16?), save it as UTF-8";
	return gh_printf(a, "byte 0x%02x is not UTF-8: save the file as UTF-8", (unsigned)c);
}

void
reading_text(
    struct gh_arena *a, const char *shown, const char *raw, size_t raw_len, struct convention_text *ret)
{
	size_t at = 0;

	*ret = (struct convention_text){
		.raw = raw, .raw_len = raw_len, .sql = raw, .len = raw_len, .problem = ""
	};
	if (raw_len >= 3 && memcmp(raw, BOM, 3) == 0) {
		ret->bom = true;
		ret->sql += 3;
		ret->len -= 3;
	}
	if (gh_utf8_valid(ret->sql, ret->len, &at))
		return;
	ret->problem = at_byte(a, shown, ret->sql, at, what_is_wrong(a, ret, at));
	ret->sql = make_text(a, ret->sql, ret->len, at);
}

/* As many bytes as the file has had when it was opened; more or fewer is another file. */
static enum gh_code
read_whole(int fd, size_t size, struct gh_arena *a, const char **ret, struct gh_err *err)
{
	char *bytes = gh_alloc(a, size + 1), more;
	size_t len = 0;
	ssize_t n;

	for (;;) {
		n = len < size ? read(fd, bytes + len, size - len) : read(fd, &more, 1);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return gh_fail_errno(err, GH_FORBIDDEN, "cannot be read");
		if ((n == 0) != (len == size))
			return gh_fail(err, GH_FORBIDDEN, "changed while it was read: read the folder again");
		if (n == 0)
			break;
		len += (size_t)n;
	}
	*ret = bytes;
	return GH_OK;
}

static enum gh_code
keep(struct reading *r, const struct convention_file *file, struct reading_kept *k, struct gh_err *err)
{
	struct gh_arena *a = r->folder.arena;
	const char *bytes = "";
	GH_FD int fd = -1;
	struct stat st;
	size_t size;

	GH_TRY(gh_folder_file(&r->disk, file->path, &fd, err));
	if (fstat(fd, &st) != 0)
		return gh_fail_errno(err, GH_FORBIDDEN, "cannot be read");
	size = (size_t)st.st_size;
	if (size > READING_TEXTS - r->bytes)
		return gh_fail(err, GH_FORBIDDEN,
		    "the files before it are almost %zu MiB together: no more is read", READING_TEXTS >> 20);
	r->bytes += size;
	GH_TRY(read_whole(fd, size, a, &bytes, err));
	reading_text(a, file->shown, bytes, size, &k->text);
	return GH_OK;
}

static const struct convention_text *
reading_file(struct convention_folder *f, struct convention_file *file)
{
	struct reading *r = f->io;
	struct reading_kept *k = &r->kept[file - f->files];

	if (file->folder)
		return NULL;
	if (!k->tried) {
		struct gh_err why = { 0 };

		k->tried = true;
		if (file->odd[0] != '\0')
			k->refused = gh_printf(f->arena, "not read: %s", file->odd);
		else if (keep(r, file, k, &why) != GH_OK)
			k->refused = gh_strdup(f->arena, why.msg);
	}
	if (k->refused == NULL)
		return &k->text;
	file->as = CONVENTION_REFUSED;
	file->reason = k->refused;
	return NULL;
}

static const char *
odd(const struct gh_folder_entry *e, struct gh_arena *a)
{
	static const char prefix[] = "not a file but ";
	struct gh_err why = { 0 };

	if (S_ISDIR(e->st.st_mode))
		return e->closed;
	if (gh_folder_plain(&e->st, &why) == GH_OK)
		return "";
	return gh_strdup(
	    a, strncmp(why.msg, prefix, strlen(prefix)) == 0 ? why.msg + strlen(prefix) : why.msg);
}

static void
look_around(struct reading *r)
{
	static const char *const above[] = { "..", "../.." };
	const char **found = gh_alloc_n(r->folder.arena, BESIDE * 2, sizeof(char *));
	char path[64];
	size_t i, up;

	for (up = 0; up < 2; up++) {
		for (i = 0; i < BESIDE; i++) {
			(void)snprintf(path, sizeof(path), "%s/%s", above[up], beside[i]);
			if (faccessat(r->disk.fd, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0)
				found[r->folder.n_beside++] = beside[i];
		}
	}
	r->folder.beside = found;
}

enum gh_code
reading_open(struct reading *r, const char *path, struct gh_arena *a, struct gh_err *err)
{
	const size_t need =
	    4 * READING_TEXTS; /* as read, made text, with placeholders replaced, and change */
	size_t i;

	GH_TRY(gh_folder_open(path, a, &r->disk, err));
	if (a->limit < a->used + need)
		a->limit = a->used + need;
	r->bytes = 0;
	r->kept = gh_alloc_n(a, r->disk.n, sizeof(*r->kept));
	r->folder = (struct convention_folder){ .arena = a,
		.n = r->disk.n,
		.files = gh_alloc_n(a, r->disk.n, sizeof(*r->folder.files)),
		.schema = "",
		.table = "",
		.root = gh_strdup(a, path),
		.read = reading_file,
		.io = r };
	for (i = 0; i < r->disk.n; i++) {
		const struct gh_folder_entry *e = &r->disk.entries[i];

		r->folder.files[i] = (struct convention_file){ .path = e->path,
			.shown = name_printable(e->path, a),
			.folder = S_ISDIR(e->st.st_mode),
			.odd = odd(e, a),
			.size = (int64_t)e->st.st_size,
			.reason = "",
			.key = "" };
	}
	look_around(r);
	return GH_OK;
}

void
reading_done(struct reading *r)
{
	gh_folder_done(&r->disk);
}

const char *
reading_digest(const struct reading *r, const struct convention_file *file)
{
	const struct reading_kept *k = &r->kept[file - r->folder.files];
	char hex[GH_SHA256_HEX_LEN];

	if (!k->tried || k->refused != NULL)
		return "";
	gh_sha256_hex(k->text.raw, k->text.raw_len, hex);
	return gh_strdup(r->folder.arena, hex);
}
