noinst_LIBRARIES += libwire.a
libwire_a_SOURCES = \
	wire/client.c wire/client.h \
	wire/control.c wire/control.h \
	wire/csrf.c wire/csrf.h \
	wire/frame.c wire/frame.h \
	wire/journal.c wire/journal.h \
	wire/ops.c wire/ops.h \
	wire/spec.c wire/spec.h \
	wire/table.c wire/table.h \
	wire/words.c
WIRE_LIBS = libwire.a $(BASE_LIBS)
TEST_WIRE_LIBS = $(WIRE_LIBS) $(CMOCKA_LIBS)
check_PROGRAMS += tests/wire/test_frame
tests_wire_test_frame_SOURCES = tests/wire/test_frame.c
tests_wire_test_frame_LDADD = $(TEST_WIRE_LIBS)
check_PROGRAMS += tests/wire/test_journal
tests_wire_test_journal_SOURCES = tests/wire/test_journal.c
tests_wire_test_journal_LDADD = $(TEST_WIRE_LIBS)
check_LIBRARIES += libfakerunner.a
libfakerunner_a_SOURCES = tests/support/fake_runner.c tests/support/fake_runner.h
check_PROGRAMS += tests/wire/test_client
tests_wire_test_client_SOURCES = tests/wire/test_client.c
tests_wire_test_client_LDADD = libfakerunner.a $(TEST_WIRE_LIBS)
check_PROGRAMS += tests/wire/test_spec
tests_wire_test_spec_SOURCES = tests/wire/test_spec.c
tests_wire_test_spec_LDADD = $(TEST_WIRE_LIBS)
check_PROGRAMS += tests/wire/test_control
tests_wire_test_control_SOURCES = tests/wire/test_control.c
tests_wire_test_control_LDADD = $(TEST_WIRE_LIBS)
