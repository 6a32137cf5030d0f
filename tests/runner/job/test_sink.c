#include "base/ban.h"
#include "base/io.h"
#include "runner/job/sink.h"

#include <setjmp.h>
#include <cmocka.h>
#include <zstd.h>

#define FRAME ((size_t)32 << 20)

/* What went in, and what a reader makes of the file. */
struct way {
	struct gh_sha256 in;
	size_t n;
	char path[40];
	int fd;
	struct sink *sink;
};

static void
start(struct way *w, int64_t level, int64_t threads)
{
	const struct wire_spec spec = { .compression = level, .threads = threads };

	*w = (struct way){ .path = "/tmp/gatehouse-sink-XXXXXX" };
	w->fd = mkstemp(w->path);
	assert_true(w->fd >= 0);
	gh_sha256_start(&w->in);
	assert_int_equal(sink_open(&spec, w->fd, &w->sink, NULL), GH_OK);
}

static void
put(struct way *w, const void *data, size_t len)
{
	gh_sha256_add(&w->in, data, len);
	w->n += len;
	assert_int_equal(sink_put(w->sink, data, len, NULL), GH_OK);
}

/* The same bytes come back, in whole frames; the digest is the file's.  Returns how many frames. */
static size_t
end(struct way *w)
{
	static char piece[1 << 17];
	char digest[GH_SHA256_HEX_LEN], file[GH_SHA256_HEX_LEN];
	unsigned char was[GH_SHA256_LEN], is[GH_SHA256_LEN];
	ZSTD_DCtx *z = ZSTD_createDCtx();
	GH_TEXT bytes = { 0 };
	GH_SHA256 out = { 0 };
	ZSTD_inBuffer in = { 0 };
	size_t left = 0, n = 0, frames = 0;

	assert_int_equal(sink_end(w->sink, digest, NULL), GH_OK);
	assert_int_equal(sink_plain(w->sink), w->n);
	assert_int_equal(gh_file_read(w->path, (size_t)100 << 20, &bytes, NULL), GH_OK);
	assert_int_equal(sink_size(w->sink), bytes.len);
	gh_sha256_hex(bytes.data, bytes.len, file);
	assert_string_equal(file, digest);
	gh_sha256_start(&out);
	in = (ZSTD_inBuffer){ .src = bytes.data, .size = bytes.len };
	while (in.pos < in.size) {
		ZSTD_outBuffer o = { .dst = piece, .size = sizeof(piece) };

		left = ZSTD_decompressStream(z, &o, &in);
		assert_false(ZSTD_isError(left));
		gh_sha256_add(&out, piece, o.pos);
		n += o.pos;
		frames += left == 0 ? 1 : 0;
	}
	assert_int_equal(left, 0);
	assert_int_equal(n, w->n);
	gh_sha256_end(&out, is);
	gh_sha256_end(&w->in, was);
	assert_memory_equal(is, was, sizeof(is));
	gh_sha256_done(&w->in);
	(void)ZSTD_freeDCtx(z);
	sink_done(&w->sink);
	(void)close(w->fd);
	assert_int_equal(unlink(w->path), 0);
	return frames;
}

static void
a_little_and_nothing(void **state)
{
	struct way w;

	(void)state;
	start(&w, 3, 0);
	assert_int_equal(end(&w), 1);
	start(&w, 3, 0);
	put(&w, "PGDMP", 5);
	assert_int_equal(end(&w), 1);
}

/* At the borders of samples and frames. */
static void
more_than_a_frame(void **state)
{
	static char rows[(size_t)33 << 20];
	static const size_t steps[] = { 65536, 1 << 20, sizeof(rows), 99991 };
	size_t i, at, n;
	struct way w;

	(void)state;
	for (at = 0; at + 40 < sizeof(rows); at += n)
		n = (size_t)snprintf(
		    rows + at, sizeof(rows) - at, "%zu\tcustomer %zu\tpaid\n", at, at * 7919 % 20011);
	for (i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		start(&w, i == 3 ? 5 : 3, i == 2 ? 2 : 0);
		for (at = 0; at < sizeof(rows); at += n) {
			n = sizeof(rows) - at < steps[i] ? sizeof(rows) - at : steps[i];
			put(&w, rows + at, n);
		}
		if (i == 0)
			put(&w, rows, FRAME - ((size_t)1 << 20));
		assert_true(end(&w) >= (i == 2 ? 1 : 2));
	}
	start(&w, 3, 0);
	put(&w, rows, FRAME / 2);
	put(&w, rows, FRAME / 2);
	assert_int_equal(end(&w), 1);
}

#define RANDOM 400000
static uint32_t numbers[RANDOM];

/* Bytes of the file of one sample, and of what zstd makes of it by itself at that level. */
static void
compare(const char *rows, size_t len, int64_t *ret_ours, int64_t *ret_alone)
{
	static char packed[ZSTD_COMPRESSBOUND(1 << 20)];
	char digest[GH_SHA256_HEX_LEN];
	struct way w;

	start(&w, 3, 0);
	put(&w, rows, len);
	assert_int_equal(sink_end(w.sink, digest, NULL), GH_OK);
	*ret_ours = sink_size(w.sink);
	*ret_alone = (int64_t)ZSTD_compress(packed, sizeof(packed), rows, len, 3);
	gh_sha256_done(&w.in);
	sink_done(&w.sink);
	(void)close(w.fd);
	assert_int_equal(unlink(w.path), 0);
}

static void
numbers_are_compressed_better_than_by_that_level(void **state)
{
	static char rows[1 << 20];
	int64_t ours, alone;
	size_t at, n, i;

	(void)state;
	gh_random(numbers, sizeof(numbers));
	for (at = 0, i = 0; at + 120 < sizeof(rows) && i + 3 < RANDOM; at += n, i += 3)
		n = (size_t)snprintf(rows + at, sizeof(rows) - at,
		    "%zu\t%u\tpaid\t%u.%02u\torder of customer %u, %08x\n", i, numbers[i] % 200000,
		    numbers[i + 1] % 1000, numbers[i + 1] % 97, numbers[i + 2] % 200000, numbers[i]);
	compare(rows, at, &ours, &alone);
	assert_true(ours < alone);
}

/* What comes again is far away: the level that was asked for, and a checksum. */
static void
lines_that_come_again_are_compressed_as_by_that_level(void **state)
{
	static char rows[1 << 20];
	int64_t ours, alone;
	size_t at, n, i;

	(void)state;
	gh_random(numbers, sizeof(numbers));
	for (at = 0, i = 0; at + 120 < sizeof(rows) && i < RANDOM; at += n, i++) {
		uint32_t kind = numbers[i] % 5000;

		n = (size_t)snprintf(rows + at, sizeof(rows) - at, "%08x%08x%08x%08x%08x%08x\n",
		    numbers[kind], numbers[kind + 1], numbers[kind + 2], numbers[kind + 3], numbers[kind + 4],
		    numbers[kind + 5]);
	}
	compare(rows, at, &ours, &alone);
	assert_true(ours <= alone + 64);
}

static void
a_level_that_was_asked_for_is_taken(void **state)
{
	static char rows[1 << 20];
	struct way w;

	(void)state;
	gh_random(rows, sizeof(rows));
	start(&w, 19, 1);
	put(&w, rows, sizeof(rows));
	assert_int_equal(end(&w), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_little_and_nothing),
		cmocka_unit_test(more_than_a_frame),
		cmocka_unit_test(numbers_are_compressed_better_than_by_that_level),
		cmocka_unit_test(lines_that_come_again_are_compressed_as_by_that_level),
		cmocka_unit_test(a_level_that_was_asked_for_is_taken),
	};

	gh_hash_start();
	return cmocka_run_group_tests_name("runner/job/sink", tests, NULL, NULL);
}
