#include "base/ban.h"
#include "tests/fuzz/fuzz.h"
#include "base/hash.h"
#include "base/io.h"
#include "wire/control.h"

#include <sys/mman.h>

/*
 * The record that tells a run what is wanted.  The first byte chooses: as it is, or with a sum that fits what
 * stands before it; a record that is read is written as the same bytes.
 */

#define SUM_LEN ((size_t)8)

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	GH_FD int fd = memfd_create("control", MFD_CLOEXEC), second = -1;
	unsigned char bytes[256], again[256], sum[GH_SHA256_LEN];
	struct wire_control c;
	struct gh_err err = { 0 };
	size_t len;

	if (fd < 0)
		gh_bug("no memory file");
	if (size < 1 || size > sizeof(bytes))
		return 0;
	len = size - 1;
	memcpy(bytes, data + 1, len);
	if (data[0] % 2 == 1 && len > SUM_LEN) {
		gh_sha256(bytes, len - SUM_LEN, sum);
		memcpy(bytes + len - SUM_LEN, sum, SUM_LEN);
	}
	if (write(fd, bytes, len) != (ssize_t)len)
		gh_bug("no memory");
	if (wire_control_read(fd, &c, &err) != GH_OK) {
		if (err.msg[0] == '\0')
			gh_bug("a refusal without a reason");
		return 0;
	}
	if (len == 0)
		return 0;
	second = memfd_create("control", MFD_CLOEXEC);
	if (second < 0 || wire_control_write(second, &c, &err) != GH_OK ||
	    pread(second, again, sizeof(again), 0) != (ssize_t)len || memcmp(bytes, again, len) != 0)
		gh_bug("a control record does not write as it reads");
	(void)close(second);
	return 0;
}
