#include "base/ban.h"
#include "base/arena.h"
#include "base/hash.h"
#include "base/io.h"
#include "base/seal.h"

#include <setjmp.h>
#include <cmocka.h>

/* The sealed stream in memory. */
struct place {
	struct gh_text bytes;
	size_t at, piece; /* piece: bytes that one read gives at most */
};

static enum gh_code
put(void *arg, const void *data, size_t len, struct gh_err *err)
{
	struct place *p = arg;

	(void)err;
	gh_text_put_n(&p->bytes, data, len);
	return GH_OK;
}

static enum gh_code
get(void *arg, void *buf, size_t len, size_t *ret_len, struct gh_err *err)
{
	struct place *p = arg;
	size_t n = p->bytes.len - p->at;

	(void)err;
	n = n < len ? n : len;
	n = p->piece > 0 && n > p->piece ? p->piece : n;
	if (n > 0)
		memcpy(buf, p->bytes.data + p->at, n);
	p->at += n;
	*ret_len = n;
	return GH_OK;
}

static void
seal(struct place *p, const struct gh_seal_key *k, const char *plain, size_t len, size_t step)
{
	GH_SEAL s = { .put = put, .arg = p };
	char to[GH_SEAL_TEXT_LEN];
	size_t at;

	gh_seal_key_text(k->public_key, to);
	assert_int_equal(gh_seal_start(&s, to, NULL), GH_OK);
	for (at = 0; at < len; at += step)
		assert_int_equal(gh_seal_put(&s, plain + at, len - at < step ? len - at : step, NULL), GH_OK);
	assert_int_equal(gh_seal_end(&s, NULL), GH_OK);
}

static enum gh_code
open_all(struct place *p, const struct gh_seal_key *k, struct gh_text *ret, struct gh_err *err)
{
	GH_UNSEAL u = { .get = get, .arg = p };
	const void *data;
	size_t len;

	p->at = 0;
	GH_TRY(gh_unseal_start(&u, k, err));
	do {
		GH_TRY(gh_unseal_next(&u, &data, &len, err));
		gh_text_put_n(ret, data, len);
	} while (len > 0);
	return GH_OK;
}

static void
opens_what_was_sealed(void **state)
{
	static const size_t sizes[] = { 0, 1, 65535, 65536, 65537, 131072, 200000 };
	static char plain[200000];
	GH_SEAL_KEY k;
	size_t i;

	(void)state;
	gh_seal_key_make(&k);
	gh_random(plain, sizeof(plain));
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct place p = { .piece = 1000 };
		GH_TEXT back = { 0 };

		seal(&p, &k, plain, sizes[i], i == 6 ? 7 : 70000);
		assert_int_equal(p.bytes.len,
		    GH_SEAL_HEAD + sizes[i] +
			GH_SEAL_OVER * (sizes[i] == 0 ? 1 : (sizes[i] + GH_SEAL_PLAIN - 1) / GH_SEAL_PLAIN));
		assert_int_equal(open_all(&p, &k, &back, NULL), GH_OK);
		assert_int_equal(back.len, sizes[i]);
		if (sizes[i] > 0)
			assert_memory_equal(back.data, plain, sizes[i]);
		gh_text_done(&p.bytes);
	}
}

static void
finds_every_cut_and_every_changed_byte(void **state)
{
	struct place p = { 0 };
	GH_SEAL_KEY k;
	size_t i, whole;

	(void)state;
	gh_seal_key_make(&k);
	seal(&p, &k, "one two three", 13, 13);
	whole = p.bytes.len;
	for (i = 0; i < whole; i++) {
		GH_TEXT back = { 0 };

		p.bytes.len = i;
		assert_int_equal(open_all(&p, &k, &back, NULL), GH_BAD_INPUT);
		p.bytes.len = whole;
		p.bytes.data[i] = (char)(p.bytes.data[i] ^ 1);
		/* In the public key it is another recipient's. */
		assert_int_equal(
		    open_all(&p, &k, &back, NULL), i >= 16 && i < 48 ? GH_CONFLICT : GH_BAD_INPUT);
		p.bytes.data[i] = (char)(p.bytes.data[i] ^ 1);
		assert_int_equal(back.len, 0);
	}
	gh_text_put(&p.bytes, "x");
	{
		GH_TEXT back = { 0 };

		assert_int_equal(open_all(&p, &k, &back, NULL), GH_BAD_INPUT);
	}
	gh_text_done(&p.bytes);
}

/* A stream that ends at the end of a message is not whole; nor is one whose messages changed places. */
static void
finds_missing_and_exchanged_messages(void **state)
{
	static char plain[3 * 65536], swap[65536 + 17];
	const size_t m = GH_SEAL_PLAIN + GH_SEAL_OVER;
	struct place p = { 0 };
	GH_SEAL_KEY k;
	GH_TEXT back = { 0 };
	GH_TEXT other = { 0 };

	(void)state;
	gh_seal_key_make(&k);
	seal(&p, &k, plain, sizeof(plain), sizeof(plain));
	p.bytes.len -= m;
	assert_int_equal(open_all(&p, &k, &back, NULL), GH_BAD_INPUT);
	p.bytes.len += m;
	memcpy(swap, p.bytes.data + GH_SEAL_HEAD, m);
	memmove(p.bytes.data + GH_SEAL_HEAD, p.bytes.data + GH_SEAL_HEAD + m, m);
	memcpy(p.bytes.data + GH_SEAL_HEAD + m, swap, m);
	assert_int_equal(open_all(&p, &k, &other, NULL), GH_BAD_INPUT);
	assert_int_equal(other.len, 0);
	gh_text_done(&p.bytes);
}

static void
names_the_key_it_is_sealed_to(void **state)
{
	char to[GH_SEAL_TEXT_LEN];
	struct place p = { 0 };
	GH_SEAL_KEY k;
	GH_SEAL_KEY other;
	GH_TEXT back = { 0 };
	struct gh_err err = { 0 };

	(void)state;
	gh_seal_key_make(&k);
	gh_seal_key_make(&other);
	seal(&p, &k, "secret rows", 11, 11);
	assert_null(memmem(p.bytes.data, p.bytes.len, "secret", 6));
	assert_int_equal(open_all(&p, &other, &back, &err), GH_CONFLICT);
	gh_seal_key_text(k.public_key, to);
	assert_non_null(strstr(err.msg, to));
	gh_text_done(&p.bytes);
}

static void
refuses_what_is_no_key(void **state)
{
	static const char *const bad[] = { "", "x", "AAAA", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
		"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=x" };
	unsigned char key[GH_SEAL_KEY_LEN];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(gh_seal_key_parse(bad[i], key));
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct place p = { 0 };
		GH_SEAL s = { .put = put, .arg = &p };

		assert_int_equal(gh_seal_start(&s, bad[i], NULL), GH_BAD_INPUT);
		assert_int_equal(p.bytes.len, 0);
	}
}

static void
keeps_a_key_in_a_file(void **state)
{
	char folder[] = "/tmp/gatehouse-seal-XXXXXX";
	GH_ARENA a = { 0 };
	GH_SEAL_KEY k;
	GH_SEAL_KEY back;
	GH_FD int fd = -1;
	const char *path;
	struct stat st;

	(void)state;
	assert_non_null(mkdtemp(folder));
	path = gh_printf(&a, "%s/key", folder);
	gh_seal_key_make(&k);
	assert_int_equal(gh_seal_key_write(path, &k, NULL), GH_OK);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(gh_seal_key_write(path, &k, NULL), GH_UNAVAILABLE);
	fd = open(path, O_RDWR | O_CLOEXEC);
	assert_int_equal(gh_seal_key_read(fd, &back, NULL), GH_OK);
	assert_memory_equal(&back, &k, sizeof(k));
	/* Not from where the descriptor stands. */
	assert_int_equal(gh_seal_key_read(fd, &back, NULL), GH_OK);
	assert_int_equal(ftruncate(fd, 150), 0);
	assert_int_equal(gh_seal_key_read(fd, &back, NULL), GH_BAD_INPUT);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(rmdir(folder), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(opens_what_was_sealed),
		cmocka_unit_test(finds_every_cut_and_every_changed_byte),
		cmocka_unit_test(finds_missing_and_exchanged_messages),
		cmocka_unit_test(names_the_key_it_is_sealed_to),
		cmocka_unit_test(refuses_what_is_no_key),
		cmocka_unit_test(keeps_a_key_in_a_file),
	};

	gh_hash_start();
	return cmocka_run_group_tests_name("base/seal", tests, NULL, NULL);
}
