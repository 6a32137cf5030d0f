# make bench: prints numbers and ratios; it judges nothing.
EXTRA_PROGRAMS += tests/bench/load tests/bench/bare tests/bench/direct tests/bench/loop
BENCH_LIBS = libbase.a $(SODIUM_LIBS) $(CRYPTO_LIBS)
tests_bench_load_SOURCES = tests/bench/load.c
tests_bench_load_LDADD = $(BENCH_LIBS)
tests_bench_bare_SOURCES = tests/bench/bare.c
tests_bench_bare_LDADD = $(BENCH_LIBS) $(FCGI_LIBS)
tests_bench_direct_SOURCES = tests/bench/direct.c
tests_bench_direct_LDADD = $(BENCH_LIBS) $(PQ_LIBS)
tests_bench_loop_SOURCES = tests/bench/loop.c
tests_bench_loop_LDADD = $(BENCH_LIBS) $(PQ_LIBS)
CLEANFILES += $(EXTRA_PROGRAMS)
EXTRA_DIST += tests/bench/backup.mjs tests/bench/batch.mjs tests/bench/bench.mjs tests/bench/lint.mjs tests/bench/matrix.mjs tests/bench/measure.mjs tests/bench/migrations.mjs tests/bench/status.mjs

bench: all tests/bench/load tests/bench/bare tests/bench/direct tests/bench/loop
	GATEHOUSE_BUILD=$(abs_builddir) node $(srcdir)/tests/bench/bench.mjs
.PHONY: bench
