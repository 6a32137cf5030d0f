#include "base/ban.h"
#include "tests/support/fake_runner.h"
#include "base/io.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>

struct gh_text *
fake_runner_answer(struct fake_runner *f, enum gh_code code)
{
	struct fake_answer *a = &f->answers[f->n_answers++];

	if (f->n_answers > FAKE_RUNNER_ANSWERS)
		gh_bug("too many answers");
	a->code = code;
	return &a->fields;
}

static bool
read_exactly(int fd, void *buf, size_t len)
{
	char *at = buf;

	while (len > 0) {
		ssize_t n = read(fd, at, len);

		if (n <= 0)
			return false;
		at += n;
		len -= (size_t)n;
	}
	return true;
}

static void
answer_one(int fd, const struct fake_answer *a, int asked)
{
	unsigned char head[4];
	char body[WIRE_FRAME_MAX];
	size_t len;
	GH_TEXT reply = { 0 };
	struct wire_out out = { .text = &reply };

	if (!read_exactly(fd, head, sizeof(head)))
		_exit(1);
	len = (size_t)head[0] << 24 | (size_t)head[1] << 16 | (size_t)head[2] << 8 | head[3];
	if (len > sizeof(body) || !read_exactly(fd, body, len))
		_exit(1);
	if (gh_write_all(asked, head, sizeof(head), NULL) != GH_OK ||
	    gh_write_all(asked, body, len, NULL) != GH_OK)
		_exit(1);
	wire_put_u32(&out, (uint32_t)(2 + a->fields.len + (a->code == GH_OK ? 0 : 4)));
	wire_put_u16(&out, (uint16_t)a->code);
	if (a->code == GH_OK)
		gh_text_put_n(&reply, gh_text_str(&a->fields), a->fields.len);
	else
		wire_put_text(&out, gh_text_str(&a->fields));
	if (gh_write_all(fd, reply.data, reply.len, NULL) != GH_OK)
		_exit(1);
}

void
fake_runner_start(struct fake_runner *f)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), asked;
	size_t i;

	(void)snprintf(f->folder, sizeof(f->folder), "/tmp/gatehouse-fake-XXXXXX");
	if (mkdtemp(f->folder) == NULL || listener < 0)
		gh_bug("no folder or socket");
	(void)snprintf(f->socket, sizeof(f->socket), "%s/sock", f->folder);
	(void)snprintf(f->asked, sizeof(f->asked), "%s/asked", f->folder);
	memcpy(addr.sun_path, f->socket, strlen(f->socket) + 1);
	asked = open(f->asked, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (asked < 0 || bind(listener, (struct sockaddr *)&addr, sizeof(addr)) != 0 ||
	    listen(listener, 8) != 0)
		gh_bug("cannot listen");
	f->pid = fork();
	if (f->pid == 0) {
		for (i = 0; i < f->n_answers; i++) {
			int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);

			answer_one(fd, &f->answers[i], asked);
			(void)close(fd);
		}
		_exit(0);
	}
	(void)close(listener);
	(void)close(asked);
}

void
fake_runner_stop(struct fake_runner *f, struct gh_text *ret_asked)
{
	size_t i;

	(void)kill(f->pid, SIGTERM);
	(void)waitpid(f->pid, NULL, 0);
	if (ret_asked != NULL && gh_file_read(f->asked, 1 << 20, ret_asked, NULL) != GH_OK)
		gh_bug("nothing was kept");
	(void)unlink(f->asked);
	(void)unlink(f->socket);
	(void)rmdir(f->folder);
	for (i = 0; i < f->n_answers; i++)
		gh_text_done(&f->answers[i].fields);
}
