#include "base/ban.h"
#include "base/io.h"
#include "base/text.h"

#include <fcgiapp.h>
#include <sys/wait.h>

/*
 * The least that a page behind FastCGI can cost: sends so many bytes and nothing else.
 *
 *   bare SOCKET WORKERS BYTES
 */

static void
serve(int fd, const char *body, int bytes)
{
	FCGX_Request request;

	if (FCGX_Init() != 0 || FCGX_InitRequest(&request, fd, 0) != 0)
		_exit(1);
	while (FCGX_Accept_r(&request) == 0) {
		(void)FCGX_FPrintF(request.out,
		    "Status: 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n"
		    "Cache-Control: no-store\r\n\r\n",
		    bytes);
		(void)FCGX_PutStr(body, bytes, request.out);
		FCGX_Finish_r(&request);
	}
	_exit(0);
}

int
main(int argc, char **argv)
{
	int64_t workers, bytes, i;
	char *body;
	int fd;

	if (argc != 4 || !gh_parse_i64(argv[2], 1, 64, &workers) ||
	    !gh_parse_i64(argv[3], 1, 1 << 24, &bytes)) {
		(void)fprintf(stderr, "usage: bare SOCKET WORKERS BYTES\n");
		return 2;
	}
	(void)umask(0);
	fd = FCGX_OpenSocket(argv[1], 128);
	body = malloc((size_t)bytes);
	if (fd < 0 || body == NULL) {
		(void)fprintf(stderr, "bare: cannot listen on %s\n", argv[1]);
		return 1;
	}
	memset(body, 'x', (size_t)bytes);
	for (i = 1; i < workers; i++)
		if (fork() == 0)
			break;
	serve(fd, body, (int)bytes);
	return 0;
}
