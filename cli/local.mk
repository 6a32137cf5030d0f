noinst_LIBRARIES += libcli.a
libcli_a_SOURCES = \
	cli/call.c cli/cli.h \
	cli/backup.h \
	cli/command_approve.c \
	cli/command_backup.c \
	cli/command_backup_expire.c cli/command_backup_open.c cli/command_backup_restore.c \
	cli/command_backup_show.c \
	cli/command_backup_task.c \
	cli/command_control.c \
	cli/command_create.c \
	cli/command_deliveries.c \
	cli/command_incidents.c \
	cli/command_lint.c \
	cli/command_people.c \
	cli/command_plan.c \
	cli/command_read.c \
	cli/command_rehearse.c \
	cli/command_request.c \
	cli/command_run.c \
	cli/follow.c \
	cli/lint.h cli/lint_child.c cli/lint_folder.c cli/lint_folder.h cli/lint_gather.c \
	cli/lint_json.c cli/lint_list.c cli/lint_sarif.c cli/lint_text.c \
	cli/options.c cli/options.h \
	cli/part.c \
	cli/password.c \
	cli/print.c \
	cli/when.c cli/when.h
bin_PROGRAMS += gatehouse
gatehouse_SOURCES = cli/main.c
gatehouse_LDADD = libcli.a $(WIRE_LIBS) $(SQL_LIBS) $(ZSTD_LIBS)

TEST_CLI_LIBS = libcli.a libfakerunner.a $(TEST_WIRE_LIBS) $(ZSTD_LIBS)
check_PROGRAMS += tests/cli/test_command_create
tests_cli_test_command_create_SOURCES = tests/cli/test_command_create.c
tests_cli_test_command_create_LDADD = libcli.a $(WIRE_LIBS) $(MIGRATION_LIBS) $(CMOCKA_LIBS)
check_PROGRAMS += tests/cli/test_options
tests_cli_test_options_SOURCES = tests/cli/test_options.c
tests_cli_test_options_LDADD = $(TEST_CLI_LIBS)
check_PROGRAMS += tests/cli/test_print
tests_cli_test_print_SOURCES = tests/cli/test_print.c
tests_cli_test_print_LDADD = $(TEST_CLI_LIBS)
check_PROGRAMS += tests/cli/test_command
tests_cli_test_command_SOURCES = tests/cli/test_command.c tests/cli/call.h
tests_cli_test_command_LDADD = $(TEST_CLI_LIBS)
check_PROGRAMS += tests/cli/test_command_plan
tests_cli_test_command_plan_SOURCES = tests/cli/test_command_plan.c tests/cli/call.h
tests_cli_test_command_plan_LDADD = $(TEST_CLI_LIBS)
check_PROGRAMS += tests/cli/test_lint
tests_cli_test_lint_SOURCES = tests/cli/test_lint.c
tests_cli_test_lint_LDADD = libcli.a $(WIRE_LIBS) $(SQL_LIBS) $(CMOCKA_LIBS)
check_PROGRAMS += tests/cli/test_command_control
tests_cli_test_command_control_SOURCES = tests/cli/test_command_control.c tests/cli/call.h
tests_cli_test_command_control_LDADD = $(TEST_CLI_LIBS)
check_PROGRAMS += tests/cli/test_when
tests_cli_test_when_SOURCES = tests/cli/test_when.c
tests_cli_test_when_LDADD = libcli.a $(TEST_WIRE_LIBS)
check_PROGRAMS += tests/cli/test_command_backup
tests_cli_test_command_backup_SOURCES = tests/cli/test_command_backup.c tests/cli/call.h
tests_cli_test_command_backup_LDADD = $(TEST_CLI_LIBS)
check_PROGRAMS += tests/cli/test_command_backup_task
tests_cli_test_command_backup_task_SOURCES = tests/cli/test_command_backup_task.c tests/cli/call.h
tests_cli_test_command_backup_task_LDADD = $(TEST_CLI_LIBS)
check_PROGRAMS += tests/cli/test_command_backup_restore
tests_cli_test_command_backup_restore_SOURCES = tests/cli/test_command_backup_restore.c tests/cli/call.h
tests_cli_test_command_backup_restore_LDADD = $(TEST_CLI_LIBS)
check_PROGRAMS += tests/cli/test_command_backup_open
tests_cli_test_command_backup_open_SOURCES = tests/cli/test_command_backup_open.c
tests_cli_test_command_backup_open_LDADD = $(TEST_CLI_LIBS)
