#include "base/ban.h"
#include "base/fault.h"

#ifdef GH_FAULTS

#include "base/io.h"

#define LIMIT 4096

/* Whether text begins with the word and a space follows it. */
static bool
first_word(const char *text, const char *word)
{
	size_t len = strlen(word);

	return strncmp(text, word, len) == 0 && text[len] == ' ';
}

static void
trace(const char *path, const char *point)
{
	char file[PATH_MAX], line[256];
	GH_FD int fd = -1;

	(void)snprintf(file, sizeof(file), "%s.trace", path);
	fd = open(file, O_WRONLY | O_APPEND | O_CLOEXEC);
	if (fd < 0)
		return;
	(void)snprintf(
	    line, sizeof(line), "%s %s %ld\n", point, program_invocation_short_name, (long)getpid());
	(void)!write(fd, line, strlen(line));
}

/* The lines after the first; none: no file. */
static void
use_up(const char *path, const char *rest)
{
	if (*rest == '\0' || gh_file_replace(path, rest, strlen(rest), 0600, NULL) != GH_OK)
		(void)unlink(path);
}

/* Our parent, when it is the runner: a job whose runner is gone has another. */
static void
kill_runner(void)
{
	char file[64];
	GH_TEXT name = { 0 };
	pid_t parent = getppid();

	(void)snprintf(file, sizeof(file), "/proc/%ld/comm", (long)parent);
	/* The kernel keeps 15 characters of a name. */
	if (parent > 1 && gh_file_read(file, 64, &name, NULL) == GH_OK &&
	    strcmp(gh_text_str(&name), "gatehouse-runne\n") == 0)
		(void)kill(parent, SIGKILL);
}

static void
pause_ms(long ms)
{
	struct timespec left = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000 };

	while (nanosleep(&left, &left) != 0 && errno == EINTR)
		;
}

static bool
act(const char *action)
{
	if (strcmp(action, "kill-runner") == 0 || strcmp(action, "kill-both") == 0)
		kill_runner();
	if (strcmp(action, "kill") == 0 || strcmp(action, "kill-both") == 0)
		(void)raise(SIGKILL);
	if (strcmp(action, "stop") == 0)
		(void)raise(SIGSTOP);
	if (strncmp(action, "delay-", 6) == 0)
		pause_ms(strtol(action + 6, NULL, 10));
	return strcmp(action, "fail") == 0 || strcmp(action, "enospc") == 0;
}

bool
gh_fault(const char *point)
{
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): set before any thread */
	const char *path = getenv("GATEHOUSE_FAULT");
	GH_TEXT text = { 0 };
	static char counted[128];
	static unsigned long passed;
	char *rest, *action, *nth;

	if (path == NULL)
		return false;
	trace(path, point);
	if (gh_file_read(path, LIMIT, &text, NULL) != GH_OK || text.len == 0 || !first_word(text.data, point))
		return false;
	rest = text.data + strcspn(text.data, "\n");
	if (*rest == '\n')
		*rest++ = '\0';
	action = text.data + strlen(point) + 1;
	nth = strchr(action, ' ');
	if (strcmp(counted, text.data) != 0) {
		passed = 0;
		(void)snprintf(counted, sizeof(counted), "%s", text.data);
	}
	if (nth != NULL && ++passed < strtoul(nth + 1, NULL, 10))
		return false;
	passed = 0;
	action[strcspn(action, " ")] = '\0';
	use_up(path, rest);
	return act(action);
}

bool
gh_fault_of(const char *family, const char *name, const char *names)
{
	size_t len = strlen(name);
	const char *at = names;
	char point[128];

	while (at != NULL && !(strncmp(at, name, len) == 0 && (at[len] == ' ' || at[len] == '\0'))) {
		at = strchr(at, ' ');
		at += at == NULL ? 0 : 1;
	}
	if (at == NULL)
		gh_bug("the fault point %s%s is not among the ones named: %s", family, name, names);
	(void)snprintf(point, sizeof(point), "%s%s", family, name);
	return gh_fault(point);
}

#endif
