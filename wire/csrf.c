#include "base/ban.h"
#include "wire/csrf.h"

void
wire_csrf(const unsigned char token[GH_TOKEN_LEN], enum wire_op op, const char *subject,
    char ret[GH_SHA256_HEX_LEN])
{
	const char *name = wire_op_name(op);
	unsigned char sum[GH_SHA256_LEN];
	GH_TEXT text = { 0 };

	if (name == NULL)
		gh_bug("no operation %u", (unsigned)op);
	gh_text_put(&text, "gatehouse form\n");
	gh_text_put(&text, name);
	gh_text_putc(&text, '\n');
	gh_text_put(&text, subject);
	gh_hmac(token, GH_TOKEN_LEN, text.data, text.len, sum);
	gh_hex(sum, sizeof(sum), ret);
}

static void
tagged(const char *tag, const unsigned char token[GH_TOKEN_LEN], unsigned char ret[GH_SHA256_LEN])
{
	GH_SHA256 s = { 0 };

	gh_sha256_start(&s);
	gh_sha256_add(&s, tag, strlen(tag));
	gh_sha256_add(&s, token, GH_TOKEN_LEN);
	gh_sha256_end(&s, ret);
}

void
wire_token_verifier(const unsigned char token[GH_TOKEN_LEN], unsigned char ret[GH_SHA256_LEN])
{
	tagged("gatehouse web", token, ret);
}

void
wire_token_digest(const unsigned char token[GH_TOKEN_LEN], unsigned char ret[GH_SHA256_LEN])
{
	tagged("gatehouse runner", token, ret);
}
