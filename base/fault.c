#include "base/ban.h"
#include "base/fault.h"

#ifdef GH_FAULTS

#include "base/io.h"

bool
gh_fault(const char *point)
{
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): set before any thread */
	const char *path = getenv("GATEHOUSE_FAULT");
	GH_TEXT text = { 0 };
	size_t len = strlen(point);
	static unsigned long passed;
	char *action, *nth;

	if (path == NULL || gh_file_read(path, 256, &text, NULL) != GH_OK)
		return false;
	if (text.len <= len || strncmp(text.data, point, len) != 0 || text.data[len] != ' ')
		return false;
	action = text.data + len + 1;
	action[strcspn(action, "\n")] = '\0';
	nth = strchr(action, ' ');
	if (nth != NULL && ++passed < strtoul(nth + 1, NULL, 10))
		return false;
	(void)unlink(path);
	action[strcspn(action, " ")] = '\0';
	if (strcmp(action, "kill") == 0)
		(void)raise(SIGKILL);
	if (strcmp(action, "stop") == 0)
		(void)raise(SIGSTOP);
	return strcmp(action, "fail") == 0 || strcmp(action, "enospc") == 0;
}

#endif
