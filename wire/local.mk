noinst_LIBRARIES += libwire.a
libwire_a_SOURCES = \
	wire/client.c wire/client.h \
	wire/csrf.c wire/csrf.h \
	wire/frame.c wire/frame.h \
	wire/journal.c wire/journal.h \
	wire/ops.c wire/ops.h \
	wire/spec.c wire/spec.h \
	wire/table.c wire/table.h \
	wire/words.c
WIRE_LIBS = libwire.a $(BASE_LIBS)
TEST_WIRE_LIBS = $(WIRE_LIBS) $(CMOCKA_LIBS)
