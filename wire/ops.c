#include "base/ban.h"
#include "wire/ops.h"

const char *
wire_op_name(unsigned op)
{
	switch (op) {
#define WIRE_OP_NAME(name, number, text)                                                                     \
	case number:                                                                                         \
		return text;
		WIRE_OPS(WIRE_OP_NAME)
#undef WIRE_OP_NAME
	default:
		return NULL;
	}
}
