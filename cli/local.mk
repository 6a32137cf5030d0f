noinst_LIBRARIES += libcli.a
libcli_a_SOURCES = \
	cli/call.c cli/cli.h \
	cli/command_approve.c \
	cli/command_people.c \
	cli/command_read.c \
	cli/command_request.c \
	cli/command_run.c \
	cli/follow.c \
	cli/options.c cli/options.h \
	cli/password.c \
	cli/print.c
bin_PROGRAMS += gatehouse
gatehouse_SOURCES = cli/main.c
gatehouse_LDADD = libcli.a $(WIRE_LIBS)
