#include "base/ban.h"
#include "tests/fuzz/fuzz.h"
#include "cgi/cookie.h"

/* A Cookie header: a token that is found is written again as it stood there. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	unsigned char token[GH_TOKEN_LEN];
	GH_ARENA a = { 0 };
	const char *header, *made;
	bool https = size > 0 && data[0] % 2 == 1, sent;

	if (size == 0)
		return 0;
	header = gh_strndup(&a, (const char *)data + 1, size - 1);
	if (!cookie_token(header, https, token, &sent))
		return 0;
	made = cookie_make(&a, https, token);
	if (!sent || strstr(header, gh_strndup(&a, made, strcspn(made, ";"))) == NULL)
		gh_bug("a token that was not sent");
	return 0;
}
