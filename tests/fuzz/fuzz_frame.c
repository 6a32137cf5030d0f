#include "base/ban.h"
#include "tests/fuzz/fuzz.h"
#include "wire/spec.h"

/* The first byte is a recipe: which kinds of field are read, in which order. */
static void
read_fields(struct wire_in *in, struct gh_arena *a)
{
	uint8_t recipe = wire_u8(in);
	struct gh_secret secret;
	size_t len, i;

	for (i = 0; i < 8 && in->bad == NULL; i++) {
		switch ((recipe + i) % 6) {
		case 0:
			(void)wire_u16(in);
			break;
		case 1:
			(void)wire_i64(in);
			break;
		case 2:
			(void)wire_bool(in);
			break;
		case 3:
			if (strlen(wire_text(in, a)) > WIRE_FRAME_MAX)
				gh_bug("a text is longer than its frame");
			break;
		case 4:
			(void)wire_bytes(in, &len);
			break;
		default:
			wire_secret(in, &secret);
			break;
		}
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct wire_in in = { .at = data, .end = data + size };
	GH_ARENA a = { 0 };
	struct wire_spec spec;
	struct gh_err err = { 0 };

	read_fields(&in, &a);
	if (wire_end(&in, &err) != GH_OK && err.msg[0] == '\0')
		gh_bug("a refusal without a reason");
	in = (struct wire_in){ .at = data, .end = data + size };
	if (wire_spec_read(&in, &a, &spec, NULL) == GH_OK) {
		GH_TEXT t = { 0 };
		struct wire_out out = { .text = &t };

		wire_spec_put(&out, &spec);
		if (t.len != size || memcmp(t.data, data, size) != 0)
			gh_bug("a spec does not write as it reads");
	}
	return 0;
}
