#include "base/ban.h"
#include "base/log.h"
#include "base/clock.h"

static const char *program_name = "gatehouse";

void
gh_log_open(const char *program)
{
	program_name = program;
}

static void
line(const char *level, const char *event, const char *text)
{
	char out[2048], at[GH_CLOCK_LEN];
	size_t len, i;
	int n;

	gh_clock_iso(gh_clock_now(), at);
	n = snprintf(out, sizeof(out) - 1, "%s %s %s %s %s", at, level, program_name, event, text);
	len = n < 0 ? 0 : (size_t)n;
	if (len > sizeof(out) - 2)
		len = sizeof(out) - 2;
	for (i = 0; i < len; i++) {
		if ((unsigned char)out[i] < 0x20 || out[i] == 0x7f)
			out[i] = ' ';
	}
	out[len++] = '\n';
	while (write(STDERR_FILENO, out, len) < 0 && errno == EINTR)
		;
}

void
gh_log_info(const char *event, const char *fmt, ...)
{
	char text[1536];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	line("info", event, text);
}

void
gh_log_warn(const char *event, const char *fmt, ...)
{
	char text[1536];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	line("warn", event, text);
}

void
gh_log_err(const char *event, const struct gh_err *err)
{
	char text[1024];

	(void)snprintf(text, sizeof(text), "code=%s at=%s:%d msg=\"%s\"", gh_code_name(err->code),
	    err->file == NULL ? "?" : err->file, err->line, err->msg);
	line(err->code == GH_INTERNAL ? "error" : "warn", event, text);
}
