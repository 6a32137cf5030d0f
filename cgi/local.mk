# The web tier: everything but main in one library, so that tests can link it.
TEMPLATES = \
	templates/account.mustache \
	templates/backups.mustache \
	templates/entry.mustache \
	templates/error.mustache \
	templates/foot.mustache \
	templates/head.mustache \
	templates/incident.mustache \
	templates/incident_new.mustache \
	templates/incidents.mustache \
	templates/ledger.mustache \
	templates/migration.mustache \
	templates/migrations.mustache \
	templates/nav.mustache \
	templates/overview.mustache \
	templates/overview_lanes.mustache \
	templates/overview_needs.mustache \
	templates/overview_run.mustache \
	templates/overview_runs.mustache \
	templates/overview_strip.mustache \
	templates/proof.mustache \
	templates/request.mustache \
	templates/request_card.mustache \
	templates/request_decision.mustache \
	templates/request_new.mustache \
	templates/request_sql.mustache \
	templates/requests.mustache \
	templates/run.mustache \
	templates/run_card.mustache \
	templates/run_error.mustache \
	templates/run_log.mustache \
	templates/run_phases.mustache \
	templates/run_sql.mustache \
	templates/runs.mustache \
	templates/signin.mustache \
	templates/state.mustache \
	templates/time.mustache

noinst_LIBRARIES += libcgi.a
libcgi_a_SOURCES = \
	cgi/act.h cgi/acts.h \
	cgi/act_incident_close.c \
	cgi/act_incident_note.c \
	cgi/act_incident_open.c \
	cgi/act_person_password.c \
	cgi/act_request_add.c \
	cgi/act_request_approve.c \
	cgi/act_request_refuse.c \
	cgi/act_request_withdraw.c \
	cgi/act_session_close.c \
	cgi/act_session_end.c \
	cgi/act_session_open.c \
	cgi/app.c cgi/app.h \
	cgi/app_error.c \
	cgi/app_post.c \
	cgi/cookie.c cgi/cookie.h \
	cgi/form.c cgi/form.h \
	cgi/highlight.c cgi/highlight.h \
	cgi/layout.c \
	cgi/listen.c cgi/listen.h \
	cgi/page.h cgi/pages.h \
	cgi/page_signin.c \
	cgi/reply.c cgi/reply.h \
	cgi/req.c cgi/req.h \
	cgi/route.c cgi/route.h \
	cgi/runner.c cgi/runner.h \
	cgi/session.c cgi/session.h \
	cgi/source.c cgi/source.h \
	cgi/supervise.c cgi/supervise.h \
	cgi/template.c cgi/template.h \
	cgi/template_parse.c \
	cgi/view.c cgi/view.h \
	cgi/view_out.c \
	cgi/worker.c cgi/worker.h
nodist_libcgi_a_SOURCES = cgi/templates.gen.c cgi/templates.gen.h cgi/version.gen.h

sbin_PROGRAMS += gatehouse-web
gatehouse_web_SOURCES = cgi/main.c
CGI_LIBS = libcgi.a libstore_read.a $(WIRE_LIBS) $(SQLITE_LIBS) $(FCGI_LIBS)
gatehouse_web_LDADD = $(CGI_LIBS)

CGI_GEN = cgi/templates.gen.c cgi/templates.gen.h cgi/version.gen.h
BUILT_SOURCES += $(CGI_GEN)
CLEANFILES += $(CGI_GEN)
EXTRA_DIST += cgi/embed.awk $(TEMPLATES)
$(libcgi_a_OBJECTS): cgi/templates.gen.h cgi/version.gen.h
$(gatehouse_web_OBJECTS): cgi/templates.gen.h

cgi_embed = $(MKDIR_P) cgi && out=`pwd`/$@ && cd $(srcdir) && { LC_ALL=C $(AWK)
cgi_keep = > $$out.tmp && mv $$out.tmp $$out || { rm -f $$out.tmp; exit 1; }; }
cgi/templates.gen.h: $(TEMPLATES) cgi/embed.awk cgi/local.mk
	$(AM_V_GEN)$(cgi_embed) -v kind=h -f cgi/embed.awk $(TEMPLATES) $(cgi_keep)
cgi/templates.gen.c: $(TEMPLATES) cgi/embed.awk cgi/local.mk
	$(AM_V_GEN)$(cgi_embed) -v kind=c -f cgi/embed.awk $(TEMPLATES) $(cgi_keep)
# The version in /static/NAME?v= is the digest of what the files are made of.
cgi/version.gen.h: $(STATIC_SOURCES) package-lock.json tools/build-assets
	$(AM_V_GEN)$(MKDIR_P) cgi && out=`pwd`/$@ && cd $(srcdir) && \
		{ sum=`cat $(STATIC_SOURCES) package-lock.json tools/build-assets | sha256sum | cut -c1-12` && \
		echo "#define GH_STATIC_VERSION \"$$sum\"" $(cgi_keep)

# Tests: what needs no request ...
TEST_CGI_LIBS = $(CGI_LIBS) $(CMOCKA_LIBS)
check_PROGRAMS += tests/cgi/test_view
tests_cgi_test_view_SOURCES = tests/cgi/test_view.c
tests_cgi_test_view_LDADD = $(TEST_CGI_LIBS)
check_PROGRAMS += tests/cgi/test_highlight
tests_cgi_test_highlight_SOURCES = tests/cgi/test_highlight.c
tests_cgi_test_highlight_LDADD = $(TEST_CGI_LIBS)
check_PROGRAMS += tests/cgi/test_template
tests_cgi_test_template_SOURCES = tests/cgi/test_template.c tests/cgi/mustache_spec.c tests/cgi/mustache_spec.h
tests_cgi_test_template_LDADD = $(TEST_CGI_LIBS) $(JANSSON_LIBS)
tests_cgi_test_template_CPPFLAGS = $(AM_CPPFLAGS) -DSPEC_SRCDIR='"$(abs_top_srcdir)"'
