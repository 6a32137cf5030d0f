#include "base/ban.h"
#include "base/io.h"
#include "base/seal.h"
#include "cli/backup.h"

#include <zstd.h>

/*
 * Keys for encrypted backups, and the way from a backup's file to what pg_dump wrote.  Offline: no runner is
 * asked, so that it works where nothing is left but the file and the key.
 */

#define PIECE ((size_t)128 << 10)

struct opening {
	int in, out;
	struct gh_unseal seal; /* in NULL: it is not sealed */
	ZSTD_DCtx *zstd;
	size_t left; /* what zstd still wants; 0 at the end of a whole frame */
	char packed[PIECE], plain[PIECE];
};

static enum gh_code
get(void *arg, void *buf, size_t len, size_t *ret_len, struct gh_err *err)
{
	const struct opening *o = arg;
	ssize_t n;

	do {
		n = read(o->in, buf, len);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return gh_fail_errno(err, GH_UNAVAILABLE, "cannot read the backup");
	*ret_len = (size_t)n;
	return GH_OK;
}

static enum gh_code
decompress(struct opening *o, const void *data, size_t len, struct gh_err *err)
{
	ZSTD_inBuffer in = { .src = data, .size = len };

	while (in.pos < in.size) {
		ZSTD_outBuffer out = { .dst = o->plain, .size = sizeof(o->plain) };

		o->left = ZSTD_decompressStream(o->zstd, &out, &in);
		if (ZSTD_isError(o->left))
			return gh_fail(
			    err, GH_BAD_INPUT, "the backup is damaged: %s", ZSTD_getErrorName(o->left));
		GH_TRY(gh_write_all(o->out, o->plain, out.pos, err));
	}
	return GH_OK;
}

static enum gh_code
copy(struct opening *o, struct gh_err *err)
{
	const void *piece = o->packed;
	size_t len = 0;

	do {
		if (o->seal.in != NULL)
			GH_TRY(gh_unseal_next(&o->seal, &piece, &len, err));
		else
			GH_TRY(get(o, o->packed, sizeof(o->packed), &len, err));
		GH_TRY(decompress(o, piece, len, err));
	} while (len > 0);
	if (o->left != 0)
		return gh_fail(err, GH_BAD_INPUT, "the backup is damaged: it ends too early");
	return GH_OK;
}

enum gh_code
cli_backup_unpack(int in, const struct gh_seal_key *key, int out, struct gh_err *err)
{
	char head[sizeof(GH_SEAL_MAGIC)] = "";
	ssize_t n = pread(in, head, sizeof(head) - 1, 0);
	bool sealed = n == (ssize_t)sizeof(head) - 1 && strcmp(head, GH_SEAL_MAGIC) == 0;
	struct opening *o;
	enum gh_code code = GH_OK;

	if (n < 0)
		return gh_fail_errno(err, GH_UNAVAILABLE, "cannot read the backup");
	if (sealed && key == NULL)
		return gh_fail(err, GH_BAD_INPUT, "it is encrypted: give the key file with --key");
	o = calloc(1, sizeof(*o));
	if (o == NULL)
		gh_bug("out of memory");
	*o = (struct opening){ .in = in, .out = out, .left = 1, .zstd = ZSTD_createDCtx() };
	if (o->zstd == NULL)
		gh_bug("out of memory");
	o->seal = (struct gh_unseal){ .get = get, .arg = o };
	if (sealed)
		code = gh_unseal_start(&o->seal, key, err);
	if (code == GH_OK)
		code = copy(o, err);
	gh_unseal_done(&o->seal);
	(void)ZSTD_freeDCtx(o->zstd);
	free(o);
	return code;
}

static enum gh_code
backup_open(struct cli *c, enum cli_exit *ret, struct gh_err *err)
{
	GH_SEAL_KEY key;
	GH_FD int in = -1;
	GH_FD int secret = -1;
	struct stat st;

	*ret = CLI_OK;
	if (c->n_args != 1)
		return gh_fail(err, GH_BAD_INPUT, "which file? gatehouse backup open FILE [--key KEY-FILE]");
	if (isatty(STDOUT_FILENO) == 1)
		return gh_fail(err, GH_BAD_INPUT,
		    "what pg_dump wrote is not for a terminal: send standard output to a file or to "
		    "pg_restore");
	in = open(c->args[0], O_RDONLY | O_CLOEXEC);
	if (in < 0 || fstat(in, &st) != 0)
		return gh_fail_errno(err, GH_NOT_FOUND, "cannot open %s", c->args[0]);
	if (S_ISDIR(st.st_mode))
		return gh_fail(err, GH_BAD_INPUT,
		    "%s is a backup in the directory format: pg_restore reads it as it is", c->args[0]);
	if (c->key == NULL)
		return cli_backup_unpack(in, NULL, STDOUT_FILENO, err);
	secret = open(c->key, O_RDONLY | O_CLOEXEC);
	if (secret < 0)
		return gh_fail_errno(err, GH_NOT_FOUND, "cannot open %s", c->key);
	GH_TRY(gh_seal_key_read(secret, &key, err));
	return cli_backup_unpack(in, &key, STDOUT_FILENO, err);
}

static enum gh_code
backup_key(struct cli *c, enum cli_exit *ret, struct gh_err *err)
{
	char text[GH_SEAL_TEXT_LEN];
	GH_SEAL_KEY key;

	*ret = CLI_OK;
	if (c->n_args != 1)
		return gh_fail(err, GH_BAD_INPUT, "into which file? gatehouse backup key FILE");
	gh_seal_key_make(&key);
	GH_TRY(gh_seal_key_write(c->args[0], &key, err));
	gh_seal_key_text(key.public_key, text);
	if (c->json)
		(void)printf("{\"public_key\": \"%s\"}\n", text);
	else
		(void)printf("backup_encrypt_to = \"%s\"\n", text);
	return GH_OK;
}

const struct cli_command cli_backup_open = {
	.name = "open",
	.usage = "FILE [--key KEY-FILE]",
	.help = "write to standard output what pg_dump wrote, for pg_restore; no runner is asked",
	.run = backup_open,
};

const struct cli_command cli_backup_key = {
	.name = "key",
	.usage = "FILE",
	.help = "make a key for encrypted backups: its secret half into FILE, the line for gatehouse.conf to "
		"standard output",
	.run = backup_key,
};
