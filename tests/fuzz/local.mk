# libFuzzer programs: built when sanitizers are on and the compiler has a fuzzer (clang).  See tests/fuzz/fuzz.h.
#
#   make fuzz [SECONDS=600] [JOBS=n]
EXTRA_DIST += tests/fuzz/corpus tests/fuzz/run.sh
# libFuzzer asks for the symbol weakly, which would not take it out of the library.
FUZZ_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer -Wl,-u,LLVMFuzzerInitialize
if FUZZ
check_LIBRARIES += libtestfuzz.a
libtestfuzz_a_SOURCES = tests/fuzz/fuzz.c tests/fuzz/fuzz.h
libtestfuzz_a_CPPFLAGS = $(AM_CPPFLAGS) -DGH_FUZZ_CORPUS='"$(abs_top_srcdir)/tests/fuzz/corpus"'

noinst_PROGRAMS += tests/fuzz/fuzz_answer
tests_fuzz_fuzz_answer_SOURCES = tests/fuzz/fuzz_answer.c
tests_fuzz_fuzz_answer_LDFLAGS = $(FUZZ_LDFLAGS)
tests_fuzz_fuzz_answer_LDADD = libtestfuzz.a $(SQL_LIBS)
noinst_PROGRAMS += tests/fuzz/fuzz_batch
tests_fuzz_fuzz_batch_SOURCES = tests/fuzz/fuzz_batch.c
tests_fuzz_fuzz_batch_LDFLAGS = $(FUZZ_LDFLAGS)
tests_fuzz_fuzz_batch_LDADD = libtestfuzz.a $(MIGRATION_LIBS)
noinst_PROGRAMS += tests/fuzz/fuzz_control
tests_fuzz_fuzz_control_SOURCES = tests/fuzz/fuzz_control.c
tests_fuzz_fuzz_control_LDFLAGS = $(FUZZ_LDFLAGS)
tests_fuzz_fuzz_control_LDADD = libtestfuzz.a $(WIRE_LIBS)
noinst_PROGRAMS += tests/fuzz/fuzz_cookie
tests_fuzz_fuzz_cookie_SOURCES = tests/fuzz/fuzz_cookie.c
tests_fuzz_fuzz_cookie_LDFLAGS = $(FUZZ_LDFLAGS)
tests_fuzz_fuzz_cookie_LDADD = libtestfuzz.a $(CGI_LIBS)
noinst_PROGRAMS += tests/fuzz/fuzz_copytext
tests_fuzz_fuzz_copytext_SOURCES = tests/fuzz/fuzz_copytext.c
tests_fuzz_fuzz_copytext_LDFLAGS = $(FUZZ_LDFLAGS)
tests_fuzz_fuzz_copytext_LDADD = libtestfuzz.a $(BASE_LIBS)
noinst_PROGRAMS += tests/fuzz/fuzz_duration
tests_fuzz_fuzz_duration_SOURCES = tests/fuzz/fuzz_duration.c
tests_fuzz_fuzz_duration_LDFLAGS = $(FUZZ_LDFLAGS)
tests_fuzz_fuzz_duration_LDADD = libtestfuzz.a $(BASE_LIBS)
noinst_PROGRAMS += tests/fuzz/fuzz_follow
tests_fuzz_fuzz_follow_SOURCES = tests/fuzz/fuzz_follow.c
tests_fuzz_fuzz_follow_LDFLAGS = $(FUZZ_LDFLAGS)
tests_fuzz_fuzz_follow_LDADD = libtestfuzz.a $(RUNNER_LIBS) $(TEST_STORE_LIBS)
noinst_PROGRAMS += tests/fuzz/fuzz_form
tests_fuzz_fuzz_form_SOURCES = tests/fuzz/fuzz_form.c
tests_fuzz_fuzz_form_LDFLAGS = $(FUZZ_LDFLAGS)
tests_fuzz_fuzz_form_LDADD = libtestfuzz.a $(CGI_LIBS)
noinst_PROGRAMS += tests/fuzz/fuzz_frame
tests_fuzz_fuzz_frame_SOURCES = tests/fuzz/fuzz_frame.c
tests_fuzz_fuzz_frame_LDFLAGS = $(FUZZ_LDFLAGS)
tests_fuzz_fuzz_frame_LDADD = libtestfuzz.a $(WIRE_LIBS)
noinst_PROGRAMS += tests/fuzz/fuzz_highlight
tests_fuzz_fuzz_highlight_SOURCES = tests/fuzz/fuzz_highlight.c
tests_fuzz_fuzz_highlight_LDFLAGS = $(FUZZ_LDFLAGS)
tests_fuzz_fuzz_highlight_LDADD = libtestfuzz.a $(CGI_LIBS)
noinst_PROGRAMS += tests/fuzz/fuzz_outside
tests_fuzz_fuzz_outside_SOURCES = tests/fuzz/fuzz_outside.c
tests_fuzz_fuzz_outside_LDFLAGS = $(FUZZ_LDFLAGS)
tests_fuzz_fuzz_outside_LDADD = libtestfuzz.a $(JOB_LIBS) $(JANSSON_LIBS)
noinst_PROGRAMS += tests/fuzz/fuzz_plan
tests_fuzz_fuzz_plan_SOURCES = tests/fuzz/fuzz_plan.c
tests_fuzz_fuzz_plan_LDFLAGS = $(FUZZ_LDFLAGS)
tests_fuzz_fuzz_plan_LDADD = libtestfuzz.a $(PLAN_LIBS)
noinst_PROGRAMS += tests/fuzz/fuzz_convention
tests_fuzz_fuzz_convention_SOURCES = tests/fuzz/fuzz_convention.c
tests_fuzz_fuzz_convention_LDFLAGS = $(FUZZ_LDFLAGS)
tests_fuzz_fuzz_convention_LDADD = libtestfuzz.a $(MIGRATION_LIBS)
noinst_PROGRAMS += tests/fuzz/fuzz_policy
tests_fuzz_fuzz_policy_SOURCES = tests/fuzz/fuzz_policy.c
tests_fuzz_fuzz_policy_LDFLAGS = $(FUZZ_LDFLAGS)
tests_fuzz_fuzz_policy_LDADD = libtestfuzz.a $(PLAN_LIBS)
noinst_PROGRAMS += tests/fuzz/fuzz_sql
tests_fuzz_fuzz_sql_SOURCES = tests/fuzz/fuzz_sql.c
tests_fuzz_fuzz_sql_LDFLAGS = $(FUZZ_LDFLAGS)
tests_fuzz_fuzz_sql_LDADD = libtestfuzz.a $(SQL_LIBS)
noinst_PROGRAMS += tests/fuzz/fuzz_template
tests_fuzz_fuzz_template_SOURCES = tests/fuzz/fuzz_template.c
tests_fuzz_fuzz_template_LDFLAGS = $(FUZZ_LDFLAGS)
tests_fuzz_fuzz_template_LDADD = libtestfuzz.a $(CGI_LIBS)
noinst_PROGRAMS += tests/fuzz/fuzz_when
tests_fuzz_fuzz_when_SOURCES = tests/fuzz/fuzz_when.c
tests_fuzz_fuzz_when_LDFLAGS = $(FUZZ_LDFLAGS)
tests_fuzz_fuzz_when_LDADD = libtestfuzz.a libcli.a $(WIRE_LIBS)
noinst_PROGRAMS += tests/fuzz/fuzz_window
tests_fuzz_fuzz_window_SOURCES = tests/fuzz/fuzz_window.c
tests_fuzz_fuzz_window_LDFLAGS = $(FUZZ_LDFLAGS)
tests_fuzz_fuzz_window_LDADD = libtestfuzz.a $(BASE_LIBS)

endif

SECONDS = 600
fuzz: all
	@test -x tests/fuzz/fuzz_convention || { echo "configure with CC=clang and --enable-sanitize"; exit 1; }
	$(srcdir)/tests/fuzz/run.sh . $(SECONDS) $(SECONDS) $(JOBS)
.PHONY: fuzz
