# sources, programs and tests of runner
noinst_LIBRARIES += librunner.a
librunner_a_SOURCES = \
	runner/cmd.h \
	runner/config.c runner/config.h \
	runner/config_dsn.c \
	runner/config_env.c \
	runner/config_general.c \
	runner/config_parse.c runner/config_parse.h \
	runner/config_project.c \
	runner/config_target.c \
	runner/config_value.c \
	runner/conn.h \
	runner/loop.h \
	runner/runner.h \
	runner/signin.h \
	runner/work.h
