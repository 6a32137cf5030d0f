#include "base/ban.h"
#include "wire/control.h"

enum gh_code
wire_control_write(int fd, const struct wire_control *c, struct gh_err *err)
{
	(void)fd;
	(void)c;
	return gh_fail(err, GH_INTERNAL, "control records are not written yet");
}

enum gh_code
wire_control_read(int fd, struct wire_control *ret, struct gh_err *err)
{
	(void)fd;
	(void)err;
	*ret = (struct wire_control){ 0 };
	return GH_OK;
}
