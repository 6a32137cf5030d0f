#include "base/ban.h"
#include "tests/support/config_text.h"
#include "base/io.h"

#include <setjmp.h>
#include <cmocka.h>

struct config *
config_text_read(const char *head, const char *text, const char *dollar, struct gh_text *messages)
{
	char path[] = "/tmp/gatehouse-conf-XXXXXX";
	struct config *ret = NULL;
	GH_TEXT file = { 0 };
	GH_TEXT raw = { 0 };
	GH_FD int fd = mkostemp(path, O_CLOEXEC);
	const char *at;

	assert_true(fd >= 0);
	gh_text_put(&file, head);
	for (; *text != '\0'; text++) {
		if (*text == '$' && dollar != NULL)
			gh_text_put(&file, dollar);
		else
			gh_text_putc(&file, *text);
	}
	assert_int_equal(gh_write_all(fd, file.data, file.len, NULL), GH_OK);
	assert_true((config_read(path, NULL, &ret, &raw, NULL) == GH_OK) == (ret != NULL));
	gh_text_clear(messages);
	for (at = strstr(gh_text_str(&raw), path); at != NULL; at = strstr(at, path)) {
		at += strlen(path) + 1;
		gh_text_put_n(messages, at, strcspn(at, "\n") + 1);
	}
	assert_int_equal(unlink(path), 0);
	return ret;
}
