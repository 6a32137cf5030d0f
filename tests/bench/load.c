#include "base/ban.h"
#include "base/clock.h"
#include "base/io.h"
#include "base/text.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

/*
 * Asks for one page over and over, on so many kept connections at once, for so long:
 *
 *   load PORT PATH COOKIE CONNECTIONS MILLISECONDS
 *
 * Prints "requests/s p50_us p99_us bytes" of the answers, all of which must be 200 and of one length.
 */

#define CONNECTIONS 64
#define SAMPLES     1000000

struct connection {
	int fd;
	int64_t sent_at;
	size_t got, wanted; /* bytes of the answer; wanted 0: the head is not complete yet */
	char head[4096];
};

static int64_t samples[SAMPLES];
static size_t n_samples;
static size_t body_bytes;

static __attribute__((noreturn, format(printf, 1, 2))) void
die(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	(void)vfprintf(stderr, fmt, ap);
	va_end(ap);
	(void)fputc('\n', stderr);
	exit(1);
}

static int64_t
number(const char *text, int64_t max)
{
	int64_t v;

	if (!gh_parse_i64(text, 1, max, &v))
		die("load: %s is not a number from 1 to %" PRId64, text, max);
	return v;
}

static void
ask(struct connection *c, const char *request)
{
	size_t len = strlen(request);

	c->got = c->wanted = 0;
	c->sent_at = gh_clock_mono();
	if (write(c->fd, request, len) != (ssize_t)len)
		die("load: cannot send: %s", strerror(errno));
}

static void
open_connection(struct connection *c, int port)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
	int one = 1;

	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (c->fd < 0 || connect(c->fd, (struct sockaddr *)&to, sizeof(to)) != 0)
		die("load: cannot connect: %s", strerror(errno));
	(void)setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
}

/* The head is there: how long is the whole answer? */
static void
head_read(struct connection *c)
{
	static const char name[] = "\r\nContent-Length: ";
	const char *end, *at;
	char digits[24] = "";
	int64_t length;

	c->head[c->got < sizeof(c->head) ? c->got : sizeof(c->head) - 1] = '\0';
	end = strstr(c->head, "\r\n\r\n");
	if (end == NULL) {
		if (c->got >= sizeof(c->head))
			die("load: the head is too long");
		return;
	}
	if (strncmp(c->head, "HTTP/1.1 200", 12) != 0)
		die("load: not 200: %.60s", c->head);
	at = strcasestr(c->head, name);
	if (at == NULL || at > end)
		die("load: the answer has no Content-Length");
	at += sizeof(name) - 1;
	memcpy(digits, at, strspn(at, "0123456789") < sizeof(digits) ? strspn(at, "0123456789") : 0);
	length = number(digits, INT32_MAX);
	if (body_bytes != 0 && body_bytes != (size_t)length)
		die("load: answers of %zu and of %" PRId64 " bytes", body_bytes, length);
	body_bytes = (size_t)length;
	c->wanted = (size_t)(end + 4 - c->head) + (size_t)length;
}

/* Reads what there is; true when the answer is complete.  nginx ends a connection after 1000 answers:
 * *ret_ended. */
static bool
take(struct connection *c, bool *ret_ended)
{
	char rest[65536];
	bool in_head = c->wanted == 0;
	ssize_t n = in_head ? read(c->fd, c->head + c->got, sizeof(c->head) - 1 - c->got)
			    : read(c->fd, rest, sizeof(rest));

	*ret_ended = c->got == 0 && (n == 0 || (n < 0 && errno == ECONNRESET));
	if (*ret_ended)
		return false;
	if (n <= 0)
		die("load: the connection ended in the middle of an answer");
	c->got += (size_t)n;
	if (in_head)
		head_read(c);
	return c->wanted != 0 && c->got >= c->wanted;
}

static int
by_value(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

int
main(int argc, char **argv)
{
	static struct connection all[CONNECTIONS];
	struct pollfd fds[CONNECTIONS];
	GH_TEXT request = { 0 };
	int64_t until, began;
	nfds_t n, i;
	int port;

	if (argc != 6)
		die("usage: load PORT PATH COOKIE CONNECTIONS MILLISECONDS");
	gh_text_putf(&request, "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: %s\r\n\r\n", argv[2], argv[3]);
	n = (nfds_t)number(argv[4], CONNECTIONS);
	port = (int)number(argv[1], 65535);
	began = gh_clock_mono();
	until = began + number(argv[5], 600000) * 1000;
	for (i = 0; i < n; i++) {
		open_connection(&all[i], port);
		fds[i] = (struct pollfd){ .fd = all[i].fd, .events = POLLIN };
		ask(&all[i], gh_text_str(&request));
	}
	while (gh_clock_mono() < until && n_samples < SAMPLES) {
		if (poll(fds, n, 10000) <= 0)
			die("load: no answer in 10 s");
		for (i = 0; i < n; i++) {
			bool again = false;

			if (fds[i].revents == 0)
				continue;
			if (!take(&all[i], &again) && !again)
				continue;
			if (again) {
				(void)close(all[i].fd);
				open_connection(&all[i], port);
				fds[i].fd = all[i].fd;
				ask(&all[i], gh_text_str(&request));
				continue;
			}
			if (n_samples < SAMPLES)
				samples[n_samples++] = gh_clock_mono() - all[i].sent_at;
			ask(&all[i], gh_text_str(&request));
		}
	}
	if (n_samples == 0)
		die("load: no answer at all");
	qsort(samples, n_samples, sizeof(samples[0]), by_value);
	(void)printf("%.1f %" PRId64 " %" PRId64 " %zu\n",
	    (double)n_samples * 1e6 / (double)(gh_clock_mono() - began), samples[n_samples / 2],
	    samples[n_samples * 99 / 100], body_bytes);
	return 0;
}
