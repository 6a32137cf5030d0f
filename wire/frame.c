#include "base/ban.h"
#include "wire/frame.h"
#include "base/io.h"

static const unsigned char *
take(struct wire_in *in, size_t n)
{
	const unsigned char *p = in->at;

	if (in->bad != NULL)
		return NULL;
	if ((size_t)(in->end - in->at) < n) {
		in->bad = "the frame ends too early";
		return NULL;
	}
	in->at += n;
	return p;
}

uint8_t
wire_u8(struct wire_in *in)
{
	const unsigned char *p = take(in, 1);

	return p == NULL ? 0 : p[0];
}

uint16_t
wire_u16(struct wire_in *in)
{
	const unsigned char *p = take(in, 2);

	return p == NULL ? 0 : (uint16_t)((unsigned)p[0] << 8 | p[1]);
}

uint32_t
wire_u32(struct wire_in *in)
{
	const unsigned char *p = take(in, 4);

	return p == NULL ? 0 : (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

int64_t
wire_i64(struct wire_in *in)
{
	uint64_t hi = wire_u32(in);
	uint64_t lo = wire_u32(in);

	return (int64_t)(hi << 32 | lo);
}

bool
wire_bool(struct wire_in *in)
{
	uint8_t v = wire_u8(in);

	if (v > 1 && in->bad == NULL)
		in->bad = "a yes or no is neither";
	return in->bad == NULL && v == 1;
}

const void *
wire_bytes(struct wire_in *in, size_t *ret_len)
{
	uint32_t len = wire_u32(in);
	const unsigned char *p = take(in, len);

	*ret_len = p == NULL ? 0 : len;
	return p == NULL ? (const unsigned char *)"" : p;
}

const char *
wire_text(struct wire_in *in, struct gh_arena *a)
{
	size_t len;
	const char *p = wire_bytes(in, &len);

	if (in->bad == NULL && !gh_utf8_valid(p, len, NULL))
		in->bad = "a text is not UTF-8 or holds a NUL";
	return in->bad != NULL ? "" : gh_strndup(a, p, len);
}

void
wire_secret(struct wire_in *in, struct gh_secret *ret)
{
	size_t len;
	const void *p = wire_bytes(in, &len);

	if (in->bad == NULL && !gh_secret_set(ret, p, len))
		in->bad = "a password is too long";
}

enum gh_code
wire_end(struct wire_in *in, struct gh_err *err)
{
	if (in->bad == NULL && in->at != in->end)
		in->bad = "the frame is longer than its fields";
	if (in->bad != NULL)
		return gh_fail(err, GH_BAD_INPUT, "malformed message: %s", in->bad);
	return GH_OK;
}

static void
put(struct wire_out *out, const void *p, size_t len)
{
	gh_text_put_n(out->text, p, len);
	if (out->text->full && out->bad == NULL)
		out->bad = "the message is too long";
}

void
wire_put_u8(struct wire_out *out, uint8_t v)
{
	put(out, &v, 1);
}

void
wire_put_u16(struct wire_out *out, uint16_t v)
{
	unsigned char b[2] = { (unsigned char)(v >> 8), (unsigned char)v };

	put(out, b, sizeof(b));
}

void
wire_put_u32(struct wire_out *out, uint32_t v)
{
	unsigned char b[4] = { (unsigned char)(v >> 24), (unsigned char)(v >> 16), (unsigned char)(v >> 8),
		(unsigned char)v };

	put(out, b, sizeof(b));
}

void
wire_put_i64(struct wire_out *out, int64_t v)
{
	wire_put_u32(out, (uint32_t)((uint64_t)v >> 32));
	wire_put_u32(out, (uint32_t)(uint64_t)v);
}

void
wire_put_bool(struct wire_out *out, bool v)
{
	wire_put_u8(out, v ? 1 : 0);
}

void
wire_put_bytes(struct wire_out *out, const void *p, size_t len)
{
	if (len > UINT32_MAX) {
		out->bad = "a field is too long";
		return;
	}
	wire_put_u32(out, (uint32_t)len);
	put(out, p, len);
}

void
wire_put_text(struct wire_out *out, const char *s)
{
	wire_put_bytes(out, s == NULL ? "" : s, s == NULL ? 0 : strlen(s));
}

void
wire_put_secret(struct wire_out *out, const struct gh_secret *s)
{
	wire_put_bytes(out, s->data, s->len);
}
