# The web tier: everything but main in one library, so that tests can link it.
TEMPLATES = \
	templates/account.mustache \
	templates/backup.mustache \
	templates/backup_chart.mustache \
	templates/backup_new.mustache \
	templates/backup_task.mustache templates/task_cancel.mustache \
	templates/backup_restore.mustache \
	templates/backups.mustache \
	templates/choice.mustache \
	templates/deliveries.mustache \
	templates/docs_lint.mustache \
	templates/entry.mustache \
	templates/error.mustache \
	templates/finding.mustache \
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
	templates/project.mustache \
	templates/proof.mustache \
	templates/request.mustache \
	templates/request_card.mustache \
	templates/request_decision.mustache \
	templates/request_new.mustache \
	templates/request_repair.mustache \
	templates/request_restore.mustache \
	templates/request_sql.mustache \
	templates/requests.mustache \
	templates/run.mustache \
	templates/request_evidence.mustache \
	templates/request_policy.mustache \
	templates/request_rehearsal.mustache \
	templates/run_batches.mustache \
	templates/run_card.mustache \
	templates/run_checks.mustache \
	templates/run_controls.mustache \
	templates/run_episodes.mustache \
	templates/run_failure.mustache \
	templates/run_now.mustache \
	templates/run_control.mustache \
	templates/run_error.mustache \
	templates/run_log.mustache \
	templates/run_phases.mustache \
	templates/run_sql.mustache \
	templates/runs.mustache \
	templates/signin.mustache \
	templates/state.mustache \
	templates/statement_touches.mustache \
	templates/target.mustache \
	templates/time.mustache

noinst_LIBRARIES += libcgi.a
libcgi_a_SOURCES = \
	cgi/act.h cgi/acts.h \
	cgi/act_delivery_retry.c \
	cgi/act_incident_close.c \
	cgi/act_incident_note.c \
	cgi/act_incident_open.c \
	cgi/act_person_password.c \
	cgi/act_backup_cancel.c cgi/act_backup_prove.c cgi/act_backup_take.c \
	cgi/act_rehearsal_add.c \
	cgi/act_request_add.c \
	cgi/act_request_approve.c \
	cgi/act_request_refuse.c \
	cgi/act_request_withdraw.c \
	cgi/act_run.c cgi/act_run.h \
	cgi/backup_chart.c cgi/backup_task.c cgi/backup_view.c cgi/backup_view.h \
	cgi/act_run_extend.c \
	cgi/act_run_speed.c \
	cgi/act_session_close.c \
	cgi/act_session_end.c \
	cgi/act_session_open.c \
	cgi/app.c cgi/app.h \
	cgi/app_error.c \
	cgi/app_post.c \
	cgi/chain.c cgi/chain.h \
	cgi/cookie.c cgi/cookie.h \
	cgi/form.c cgi/form.h \
	cgi/highlight.c cgi/highlight.h \
	cgi/layout.c \
	cgi/lintview.c cgi/lintview.h \
	cgi/listen.c cgi/listen.h \
	cgi/page.h cgi/pages.h \
	cgi/overview_strip.c \
	cgi/overview_view.c \
	cgi/overview_view.h \
	cgi/page_account.c \
	cgi/page_backup.c \
	cgi/page_backup_new.c \
	cgi/page_task_cancel.c \
	cgi/page_backup_restore.c \
	cgi/page_backups.c \
	cgi/page_deliveries.c \
	cgi/page_docs_lint.c \
	cgi/page_entry.c \
	cgi/page_incident.c \
	cgi/page_incident_new.c \
	cgi/page_incidents.c \
	cgi/page_ledger.c \
	cgi/page_migration.c \
	cgi/page_migrations.c \
	cgi/page_overview.c \
	cgi/page_project.c \
	cgi/page_request.c \
	cgi/page_request_new.c \
	cgi/page_request_repair.c \
	cgi/page_requests.c \
	cgi/page_run.c \
	cgi/page_run_control.c \
	cgi/page_runs.c \
	cgi/page_signin.c \
	cgi/page_target.c \
	cgi/request_conditions.c cgi/request_conditions.h \
	cgi/request_policy.c cgi/request_policy.h \
	cgi/request_rehearsal.c cgi/request_rehearsal.h \
	cgi/request_restore.c cgi/request_restore.h \
	cgi/run_batch.c cgi/run_batch.h \
	cgi/run_checks.c cgi/run_checks.h \
	cgi/run_failure.c cgi/run_failure.h \
	cgi/run_live.c cgi/run_live.h \
	cgi/request_view.c \
	cgi/request_view.h \
	cgi/run_view.c \
	cgi/run_view.h \
	cgi/show.c \
	cgi/show.h \
	cgi/slots.c cgi/slots.h \
	cgi/sqlstate.c \
	cgi/sqlstate.h \
	cgi/sqlview.c \
	cgi/sqlview.h \
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
cgi/page_docs_lint.$(OBJEXT): cgi/lint_rules.gen.h
CLEANFILES += cgi/lint_rules.gen.h
# Printed from the rules themselves: the web tier links no parser.
cgi/lint_rules.gen.h: tools/print-lint$(EXEEXT)
	$(AM_V_GEN)$(MKDIR_P) cgi && ./tools/print-lint$(EXEEXT) --rows > $@.new && mv $@.new $@
$(gatehouse_web_OBJECTS): cgi/templates.gen.h

cgi_embed = $(MKDIR_P) cgi && out=`pwd`/$@ && cd $(srcdir) && { LC_ALL=C $(AWK)
cgi_keep = > $$out.tmp && mv $$out.tmp $$out || { rm -f $$out.tmp; exit 1; }; }
cgi/templates.gen.h: $(TEMPLATES) cgi/embed.awk cgi/local.mk
	$(AM_V_GEN)$(cgi_embed) -v kind=h -f cgi/embed.awk $(TEMPLATES) $(cgi_keep)
cgi/templates.gen.c: $(TEMPLATES) cgi/embed.awk cgi/local.mk
	$(AM_V_GEN)$(cgi_embed) -v kind=c -f cgi/embed.awk $(TEMPLATES) $(cgi_keep)
# The version in /static/NAME?v= is the digest of what the files are made of.
cgi/version.gen.h: $(STATIC_OWN) package-lock.json tools/build-assets.mjs
	$(AM_V_GEN)$(MKDIR_P) cgi && out=`pwd`/$@ && cd $(srcdir) && \
		{ sum=`cat $(STATIC_OWN) package-lock.json tools/build-assets.mjs | sha256sum | cut -c1-12` && \
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
check_PROGRAMS += tests/cgi/test_form
tests_cgi_test_form_SOURCES = tests/cgi/test_form.c
tests_cgi_test_form_LDADD = $(TEST_CGI_LIBS)
check_PROGRAMS += tests/cgi/test_cookie
tests_cgi_test_cookie_SOURCES = tests/cgi/test_cookie.c
tests_cgi_test_cookie_LDADD = $(TEST_CGI_LIBS)
check_PROGRAMS += tests/cgi/test_route
tests_cgi_test_route_SOURCES = tests/cgi/test_route.c
tests_cgi_test_route_LDADD = $(TEST_CGI_LIBS)

# ... and what goes through app_handle: the runner is replaced when the test is linked.
check_LIBRARIES += libtestcgi.a
libtestcgi_a_SOURCES = tests/cgi/http.c tests/cgi/http.h
TEST_HTTP_LIBS = libtestcgi.a $(CGI_LIBS) $(TEST_STORE_LIBS)
check_PROGRAMS += tests/cgi/test_act_delivery_retry
tests_cgi_test_act_delivery_retry_SOURCES = tests/cgi/test_act_delivery_retry.c
tests_cgi_test_act_delivery_retry_LDADD = $(TEST_HTTP_LIBS)
check_PROGRAMS += tests/cgi/test_page_deliveries
tests_cgi_test_page_deliveries_SOURCES = tests/cgi/test_page_deliveries.c
tests_cgi_test_page_deliveries_LDADD = $(TEST_HTTP_LIBS)
check_PROGRAMS += tests/cgi/test_act_incident_close
tests_cgi_test_act_incident_close_SOURCES = tests/cgi/test_act_incident_close.c
tests_cgi_test_act_incident_close_LDADD = $(TEST_HTTP_LIBS)
check_PROGRAMS += tests/cgi/test_act_incident_note
tests_cgi_test_act_incident_note_SOURCES = tests/cgi/test_act_incident_note.c
tests_cgi_test_act_incident_note_LDADD = $(TEST_HTTP_LIBS)
check_PROGRAMS += tests/cgi/test_act_incident_open
tests_cgi_test_act_incident_open_SOURCES = tests/cgi/test_act_incident_open.c
tests_cgi_test_act_incident_open_LDADD = $(TEST_HTTP_LIBS)
check_PROGRAMS += tests/cgi/test_act_person_password
tests_cgi_test_act_person_password_SOURCES = tests/cgi/test_act_person_password.c
tests_cgi_test_act_person_password_LDADD = $(TEST_HTTP_LIBS)
check_PROGRAMS += tests/cgi/test_act_request_add
tests_cgi_test_act_request_add_SOURCES = tests/cgi/test_act_request_add.c
tests_cgi_test_act_request_add_LDADD = $(TEST_HTTP_LIBS)
check_PROGRAMS += tests/cgi/test_act_request_approve
tests_cgi_test_act_request_approve_SOURCES = tests/cgi/test_act_request_approve.c
tests_cgi_test_act_request_approve_LDADD = $(TEST_HTTP_LIBS)
check_PROGRAMS += tests/cgi/test_act_request_refuse
tests_cgi_test_act_request_refuse_SOURCES = tests/cgi/test_act_request_refuse.c
tests_cgi_test_act_request_refuse_LDADD = $(TEST_HTTP_LIBS)
check_PROGRAMS += tests/cgi/test_act_request_withdraw
tests_cgi_test_act_request_withdraw_SOURCES = tests/cgi/test_act_request_withdraw.c
tests_cgi_test_act_request_withdraw_LDADD = $(TEST_HTTP_LIBS)
check_PROGRAMS += tests/cgi/test_act_session_close
tests_cgi_test_act_session_close_SOURCES = tests/cgi/test_act_session_close.c
tests_cgi_test_act_session_close_LDADD = $(TEST_HTTP_LIBS)
check_PROGRAMS += tests/cgi/test_act_session_end
tests_cgi_test_act_session_end_SOURCES = tests/cgi/test_act_session_end.c
tests_cgi_test_act_session_end_LDADD = $(TEST_HTTP_LIBS)
check_PROGRAMS += tests/cgi/test_act_session_open
tests_cgi_test_act_session_open_SOURCES = tests/cgi/test_act_session_open.c
tests_cgi_test_act_session_open_LDADD = $(TEST_HTTP_LIBS)
check_PROGRAMS += tests/cgi/test_page_signin
tests_cgi_test_page_signin_SOURCES = tests/cgi/test_page_signin.c
tests_cgi_test_page_signin_LDADD = $(TEST_HTTP_LIBS)
check_PROGRAMS += tests/cgi/test_app
tests_cgi_test_app_SOURCES = tests/cgi/test_app.c
tests_cgi_test_app_LDADD = $(TEST_HTTP_LIBS)
check_PROGRAMS += tests/cgi/test_main
tests_cgi_test_main_SOURCES = tests/cgi/test_main.c
tests_cgi_test_main_LDADD = $(BASE_LIBS) $(CMOCKA_LIBS)
tests_cgi_test_main_CPPFLAGS = $(AM_CPPFLAGS) -DWEB_PROGRAM='"$(abs_top_builddir)/gatehouse-web$(EXEEXT)"'

check_PROGRAMS += tests/cgi/test_page_account
tests_cgi_test_page_account_SOURCES = tests/cgi/test_page_account.c
tests_cgi_test_page_account_LDADD = $(TEST_HTTP_LIBS)
check_PROGRAMS += tests/cgi/test_page_backup
tests_cgi_test_page_backup_SOURCES = tests/cgi/test_page_backup.c
tests_cgi_test_page_backup_LDADD = $(TEST_HTTP_LIBS)
check_PROGRAMS += tests/cgi/test_page_backup_new
tests_cgi_test_page_backup_new_SOURCES = tests/cgi/test_page_backup_new.c
tests_cgi_test_page_backup_new_LDADD = $(TEST_HTTP_LIBS)
check_PROGRAMS += tests/cgi/test_page_backup_restore
tests_cgi_test_page_backup_restore_SOURCES = tests/cgi/test_page_backup_restore.c
tests_cgi_test_page_backup_restore_LDADD = $(TEST_HTTP_LIBS)
check_PROGRAMS += tests/cgi/test_page_target
tests_cgi_test_page_target_SOURCES = tests/cgi/test_page_target.c
tests_cgi_test_page_target_LDADD = $(TEST_HTTP_LIBS)
check_PROGRAMS += tests/cgi/test_act_backup_cancel
tests_cgi_test_act_backup_cancel_SOURCES = tests/cgi/test_act_backup_cancel.c
tests_cgi_test_act_backup_cancel_LDADD = $(TEST_HTTP_LIBS)
check_PROGRAMS += tests/cgi/test_page_task_cancel
tests_cgi_test_page_task_cancel_SOURCES = tests/cgi/test_page_task_cancel.c
tests_cgi_test_page_task_cancel_LDADD = $(TEST_HTTP_LIBS)
check_PROGRAMS += tests/cgi/test_act_backup_take
tests_cgi_test_act_backup_take_SOURCES = tests/cgi/test_act_backup_take.c
tests_cgi_test_act_backup_take_LDADD = $(TEST_HTTP_LIBS)
check_PROGRAMS += tests/cgi/test_act_backup_prove
tests_cgi_test_act_backup_prove_SOURCES = tests/cgi/test_act_backup_prove.c
tests_cgi_test_act_backup_prove_LDADD = $(TEST_HTTP_LIBS)
check_PROGRAMS += tests/cgi/test_backup_view
tests_cgi_test_backup_view_SOURCES = tests/cgi/test_backup_view.c
tests_cgi_test_backup_view_LDADD = $(TEST_HTTP_LIBS)
check_PROGRAMS += tests/cgi/test_request_restore
tests_cgi_test_request_restore_SOURCES = tests/cgi/test_request_restore.c
tests_cgi_test_request_restore_LDADD = $(TEST_HTTP_LIBS)
check_PROGRAMS += tests/cgi/test_page_backups
tests_cgi_test_page_backups_SOURCES = tests/cgi/test_page_backups.c
tests_cgi_test_page_backups_LDADD = $(TEST_HTTP_LIBS)
check_PROGRAMS += tests/cgi/test_page_entry
tests_cgi_test_page_entry_SOURCES = tests/cgi/test_page_entry.c
tests_cgi_test_page_entry_LDADD = $(TEST_HTTP_LIBS)
check_PROGRAMS += tests/cgi/test_page_incident
tests_cgi_test_page_incident_SOURCES = tests/cgi/test_page_incident.c
tests_cgi_test_page_incident_LDADD = $(TEST_HTTP_LIBS)
check_PROGRAMS += tests/cgi/test_page_incident_new
tests_cgi_test_page_incident_new_SOURCES = tests/cgi/test_page_incident_new.c
tests_cgi_test_page_incident_new_LDADD = $(TEST_HTTP_LIBS)
check_PROGRAMS += tests/cgi/test_page_incidents
tests_cgi_test_page_incidents_SOURCES = tests/cgi/test_page_incidents.c
tests_cgi_test_page_incidents_LDADD = $(TEST_HTTP_LIBS)
check_PROGRAMS += tests/cgi/test_page_ledger
tests_cgi_test_page_ledger_SOURCES = tests/cgi/test_page_ledger.c
tests_cgi_test_page_ledger_LDADD = $(TEST_HTTP_LIBS)
check_PROGRAMS += tests/cgi/test_page_migration
tests_cgi_test_page_migration_SOURCES = tests/cgi/test_page_migration.c
tests_cgi_test_page_migration_LDADD = $(TEST_HTTP_LIBS)
check_PROGRAMS += tests/cgi/test_page_migrations
tests_cgi_test_page_migrations_SOURCES = tests/cgi/test_page_migrations.c
tests_cgi_test_page_migrations_LDADD = $(TEST_HTTP_LIBS)
check_PROGRAMS += tests/cgi/test_page_overview
tests_cgi_test_page_overview_SOURCES = tests/cgi/test_page_overview.c
tests_cgi_test_page_overview_LDADD = $(TEST_HTTP_LIBS)
check_PROGRAMS += tests/cgi/test_page_request
tests_cgi_test_page_request_SOURCES = tests/cgi/test_page_request.c
tests_cgi_test_page_request_LDADD = $(TEST_HTTP_LIBS)
check_PROGRAMS += tests/cgi/test_page_request_new
tests_cgi_test_page_request_new_SOURCES = tests/cgi/test_page_request_new.c
tests_cgi_test_page_request_new_LDADD = $(TEST_HTTP_LIBS)
check_PROGRAMS += tests/cgi/test_page_requests
tests_cgi_test_page_requests_SOURCES = tests/cgi/test_page_requests.c
tests_cgi_test_page_requests_LDADD = $(TEST_HTTP_LIBS)
check_PROGRAMS += tests/cgi/test_page_run
tests_cgi_test_page_run_SOURCES = tests/cgi/test_page_run.c
tests_cgi_test_page_run_LDADD = $(TEST_HTTP_LIBS)
check_PROGRAMS += tests/cgi/test_page_runs
tests_cgi_test_page_runs_SOURCES = tests/cgi/test_page_runs.c
tests_cgi_test_page_runs_LDADD = $(TEST_HTTP_LIBS)
check_PROGRAMS += tests/cgi/test_slots
tests_cgi_test_slots_SOURCES = tests/cgi/test_slots.c
tests_cgi_test_slots_LDADD = $(TEST_CGI_LIBS)
check_PROGRAMS += tests/cgi/test_sqlstate
tests_cgi_test_sqlstate_SOURCES = tests/cgi/test_sqlstate.c
tests_cgi_test_sqlstate_LDADD = $(TEST_CGI_LIBS)
check_PROGRAMS += tests/cgi/test_page_project
tests_cgi_test_page_project_SOURCES = tests/cgi/test_page_project.c
tests_cgi_test_page_project_LDADD = $(TEST_HTTP_LIBS)
check_PROGRAMS += tests/cgi/test_page_docs_lint
tests_cgi_test_page_docs_lint_SOURCES = tests/cgi/test_page_docs_lint.c
tests_cgi_test_page_docs_lint_LDADD = $(TEST_HTTP_LIBS)
check_PROGRAMS += tests/cgi/test_act_run
tests_cgi_test_act_run_SOURCES = tests/cgi/test_act_run.c
tests_cgi_test_act_run_LDADD = $(TEST_HTTP_LIBS)
check_PROGRAMS += tests/cgi/test_act_run_extend
tests_cgi_test_act_run_extend_SOURCES = tests/cgi/test_act_run_extend.c
tests_cgi_test_act_run_extend_LDADD = $(TEST_HTTP_LIBS)
check_PROGRAMS += tests/cgi/test_act_run_speed
tests_cgi_test_act_run_speed_SOURCES = tests/cgi/test_act_run_speed.c
tests_cgi_test_act_run_speed_LDADD = $(TEST_HTTP_LIBS)
check_PROGRAMS += tests/cgi/test_act_rehearsal_add
tests_cgi_test_act_rehearsal_add_SOURCES = tests/cgi/test_act_rehearsal_add.c
tests_cgi_test_act_rehearsal_add_LDADD = $(TEST_HTTP_LIBS)
check_PROGRAMS += tests/cgi/test_page_run_control
tests_cgi_test_page_run_control_SOURCES = tests/cgi/test_page_run_control.c
tests_cgi_test_page_run_control_LDADD = $(TEST_HTTP_LIBS)
check_PROGRAMS += tests/cgi/test_page_request_repair
tests_cgi_test_page_request_repair_SOURCES = tests/cgi/test_page_request_repair.c
tests_cgi_test_page_request_repair_LDADD = $(TEST_HTTP_LIBS)
check_PROGRAMS += tests/cgi/test_run_live
tests_cgi_test_run_live_SOURCES = tests/cgi/test_run_live.c
tests_cgi_test_run_live_LDADD = $(TEST_HTTP_LIBS)
check_PROGRAMS += tests/cgi/test_run_batch
tests_cgi_test_run_batch_SOURCES = tests/cgi/test_run_batch.c
tests_cgi_test_run_batch_LDADD = $(TEST_HTTP_LIBS)
check_PROGRAMS += tests/cgi/test_run_checks
tests_cgi_test_run_checks_SOURCES = tests/cgi/test_run_checks.c
tests_cgi_test_run_checks_LDADD = $(TEST_HTTP_LIBS)
check_PROGRAMS += tests/cgi/test_run_failure
tests_cgi_test_run_failure_SOURCES = tests/cgi/test_run_failure.c
tests_cgi_test_run_failure_LDADD = $(TEST_HTTP_LIBS)
check_PROGRAMS += tests/cgi/test_request_rehearsal
tests_cgi_test_request_rehearsal_SOURCES = tests/cgi/test_request_rehearsal.c
tests_cgi_test_request_rehearsal_LDADD = $(TEST_HTTP_LIBS)
check_PROGRAMS += tests/cgi/test_request_conditions
tests_cgi_test_request_conditions_SOURCES = tests/cgi/test_request_conditions.c
tests_cgi_test_request_conditions_LDADD = $(TEST_HTTP_LIBS)
check_PROGRAMS += tests/cgi/test_request_policy
tests_cgi_test_request_policy_SOURCES = tests/cgi/test_request_policy.c
tests_cgi_test_request_policy_LDADD = $(TEST_HTTP_LIBS)
