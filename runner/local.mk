# sources, programs and tests of runner
noinst_LIBRARIES += librunner.a
librunner_a_SOURCES = \
	runner/actor.c \
	runner/answer.c \
	runner/beside.c runner/beside.h \
	runner/cmd.c runner/cmd.h \
	runner/cmd_backup_cancel.c \
	runner/cmd_backup_expire.c \
	runner/cmd_backup_look.c \
	runner/cmd_backup_prove.c \
	runner/cmd_backup_take.c \
	runner/cmd_check.c \
	runner/cmd_delivery_retry.c \
	runner/cmd_incident_close.c \
	runner/cmd_incident_note.c \
	runner/cmd_incident_open.c \
	runner/cmd_person_add.c \
	runner/cmd_person_password.c \
	runner/cmd_person_role.c \
	runner/cmd_project_refresh.c \
	runner/cmd_read_backup.c \
	runner/cmd_read_backups.c \
	runner/cmd_read_deliveries.c \
	runner/cmd_read_incidents.c \
	runner/cmd_read_ledger.c \
	runner/cmd_read_migrations.c \
	runner/cmd_read_files.c \
	runner/cmd_read_people.c \
	runner/cmd_read_plan.c \
	runner/cmd_read_request.c \
	runner/cmd_read_run.c \
	runner/cmd_read_runs.c \
	runner/cmd_read_status.c \
	runner/cmd_read_rehearsal.c \
	runner/cmd_read_task.c \
	runner/cmd_rehearsal_add.c \
	runner/cmd_request_add.c \
	runner/cmd_request_approve.c \
	runner/cmd_request_refuse.c \
	runner/cmd_request_withdraw.c \
	runner/cmd_run_cancel.c \
	runner/cmd_run_extend.c \
	runner/cmd_run_pause.c \
	runner/cmd_run_resume.c \
	runner/cmd_run_speed.c \
	runner/cmd_session_close.c \
	runner/cmd_session_open.c \
	runner/cmd_session_touch.c \
	runner/cmd_table.c \
	runner/control.c runner/control.h \
	runner/control_call.c \
	runner/config.c runner/config.h \
	runner/config_backup.c \
	runner/config_dsn.c \
	runner/config_hook.c \
	runner/config_policy.c \
	runner/config_postgresql.c \
	runner/config_env.c \
	runner/config_general.c \
	runner/config_notify.c \
	runner/config_outside.c \
	runner/config_parse.c runner/config_parse.h \
	runner/config_project.c \
	runner/config_target.c \
	runner/config_value.c \
	runner/conn.c runner/conn.h \
	runner/counting.c runner/counting.h \
	runner/dispatch.h \
	runner/entry.c \
	runner/expire.c runner/expire.h \
	runner/expire_do.c \
	runner/follow.c runner/follow.h \
	runner/follow_batch.c runner/follow_database.c runner/follow_failure.c runner/follow_guard.c runner/follow_outside.c runner/follow_phase.c \
	runner/follow_backup.c runner/follow_backup.h \
	runner/follow_frame.c runner/follow_frame.h \
	runner/follow_kind.c runner/follow_kind.h \
	runner/follow_rows.c runner/follow_rows.h \
	runner/followed.c runner/followed.h \
	runner/incident.h \
	runner/incident_facts.c runner/incident_facts.h \
	runner/job.c runner/job.h \
	runner/listen.c runner/listen.h \
	runner/loop.c runner/loop.h \
	runner/message.c runner/message.h \
	runner/message_facts.c \
	runner/message_shelf.c \
	runner/message_task.c \
	runner/outbox.c runner/outbox.h \
	runner/outbox_slot.c \
	runner/overdue.c runner/overdue.h \
	runner/peer.c runner/peer.h \
	runner/people.c runner/people.h \
	runner/plan_build.c runner/plan_build.h \
	runner/plan_doc.c runner/plan_doc.h \
	runner/plan_facts.c runner/plan_facts.h \
	runner/plan_json.c \
	runner/plan_text.c \
	runner/plan_compare.c runner/plan_compare.h \
	runner/plan_pick.c runner/plan_pick.h \
	runner/plan_recheck.c \
	runner/plan_refused.c runner/plan_refused.h \
	runner/plan_unfinished.c runner/plan_unfinished.h \
	runner/plan_repair.c runner/plan_repair.h \
	runner/plan_restore.c runner/plan_restore.h \
	runner/queue.c runner/queue.h \
	runner/read.c runner/read.h \
	runner/read_run.h runner/read_run_checks.c runner/read_run_guard.c \
	runner/reconcile.c runner/reconcile.h \
	runner/reconcile_apply.c \
	runner/refresh.c runner/refresh.h \
	runner/refresh_folder.c \
	runner/refresh_read.c runner/refresh_read.h \
	runner/refresh_target.c \
	runner/refresh_item.c runner/refresh_item.h \
	runner/rehearsal.c runner/rehearsal.h \
	runner/rehearsal_demand.c \
	runner/rehearsal_read.c \
	runner/task.c runner/task.h runner/task_job.h \
	runner/task_add.c \
	runner/task_clock.c \
	runner/task_end.c \
	runner/task_outside.c \
	runner/task_rows.c \
	runner/task_spec.c \
	runner/request.c runner/request.h \
	runner/revert.c runner/revert.h \
	runner/run_end.c runner/run_end.h \
	runner/runner.h \
	runner/shelf.c runner/shelf.h \
	runner/shelf_compare.c runner/shelf_read.c \
	runner/signin.c runner/signin.h \
	runner/stale.c runner/stale.h \
	runner/start.c runner/start.h \
	runner/gate.c runner/gate.h \
	runner/plan_query.c runner/plan_query.h \
	runner/ready.c runner/ready.h \
	runner/window.c runner/window.h \
	runner/waste.c runner/waste.h \
	runner/work.c runner/work.h runner/work_state.h
RUNNER_LIBS = librunner.a $(STORE_WRITE_LIBS) $(PLAN_LIBS) $(WIRE_LIBS) $(CONFUSE_LIBS)

sbin_PROGRAMS += gatehouse-runner
gatehouse_runner_SOURCES = runner/main.c
gatehouse_runner_LDADD = $(RUNNER_LIBS)

# Tests: one file for each command, each loop, each reading of the configuration.
check_LIBRARIES += libtestrunner.a
libtestrunner_a_SOURCES = tests/support/fake_job.c tests/support/fake_job.h \
	tests/support/fixture_plan.c tests/support/fixture_plan.h tests/support/fixture_run.c tests/support/fixture_run.h \
	tests/support/fixture_runner.c tests/support/fixture_runner.h
TEST_RUNNER_LIBS = libtestrunner.a $(RUNNER_LIBS) $(CMOCKA_LIBS)
check_PROGRAMS += tests/runner/test_cmd_session_open
tests_runner_test_cmd_session_open_SOURCES = tests/runner/test_cmd_session_open.c
tests_runner_test_cmd_session_open_LDADD = $(TEST_RUNNER_LIBS)
check_PROGRAMS += tests/runner/test_cmd_incident_close
tests_runner_test_cmd_incident_close_SOURCES = tests/runner/test_cmd_incident_close.c
tests_runner_test_cmd_incident_close_LDADD = $(TEST_RUNNER_LIBS)
check_PROGRAMS += tests/runner/test_cmd_incident_note
tests_runner_test_cmd_incident_note_SOURCES = tests/runner/test_cmd_incident_note.c
tests_runner_test_cmd_incident_note_LDADD = $(TEST_RUNNER_LIBS)
check_PROGRAMS += tests/runner/test_cmd_incident_open
tests_runner_test_cmd_incident_open_SOURCES = tests/runner/test_cmd_incident_open.c
tests_runner_test_cmd_incident_open_LDADD = $(TEST_RUNNER_LIBS)
check_PROGRAMS += tests/runner/test_cmd_person_add
tests_runner_test_cmd_person_add_SOURCES = tests/runner/test_cmd_person_add.c
tests_runner_test_cmd_person_add_LDADD = $(TEST_RUNNER_LIBS)
check_PROGRAMS += tests/runner/test_cmd_person_password
tests_runner_test_cmd_person_password_SOURCES = tests/runner/test_cmd_person_password.c
tests_runner_test_cmd_person_password_LDADD = $(TEST_RUNNER_LIBS)
check_PROGRAMS += tests/runner/test_cmd_person_role
tests_runner_test_cmd_person_role_SOURCES = tests/runner/test_cmd_person_role.c
tests_runner_test_cmd_person_role_LDADD = $(TEST_RUNNER_LIBS)
check_PROGRAMS += tests/runner/test_cmd_session_close
tests_runner_test_cmd_session_close_SOURCES = tests/runner/test_cmd_session_close.c
tests_runner_test_cmd_session_close_LDADD = $(TEST_RUNNER_LIBS)
check_PROGRAMS += tests/runner/test_cmd_session_touch
tests_runner_test_cmd_session_touch_SOURCES = tests/runner/test_cmd_session_touch.c
tests_runner_test_cmd_session_touch_LDADD = $(TEST_RUNNER_LIBS)
check_PROGRAMS += tests/runner/test_cmd_read_backups
tests_runner_test_cmd_read_backups_SOURCES = tests/runner/test_cmd_read_backups.c $(FIXTURE_LIST) $(FIXTURE_BACKUP)
tests_runner_test_cmd_read_backups_LDADD = $(TEST_RUNNER_LIBS)
check_PROGRAMS += tests/runner/test_cmd_backup_expire
tests_runner_test_cmd_backup_expire_SOURCES = tests/runner/test_cmd_backup_expire.c $(FIXTURE_SHELF)
tests_runner_test_cmd_backup_expire_LDADD = $(TEST_RUNNER_LIBS)
check_PROGRAMS += tests/runner/test_expire_do
tests_runner_test_expire_do_SOURCES = tests/runner/test_expire_do.c $(FIXTURE_SHELF)
tests_runner_test_expire_do_LDADD = $(TEST_RUNNER_LIBS)
check_PROGRAMS += tests/runner/test_cmd_backup_look
tests_runner_test_cmd_backup_look_SOURCES = tests/runner/test_cmd_backup_look.c $(FIXTURE_SHELF)
tests_runner_test_cmd_backup_look_LDADD = $(TEST_RUNNER_LIBS)
check_PROGRAMS += tests/runner/test_shelf
tests_runner_test_shelf_SOURCES = tests/runner/test_shelf.c $(FIXTURE_SHELF) $(FIXTURE_MESSAGE)
tests_runner_test_shelf_LDADD = $(TEST_RUNNER_LIBS)
check_PROGRAMS += tests/runner/test_cmd_read_backup
tests_runner_test_cmd_read_backup_SOURCES = tests/runner/test_cmd_read_backup.c $(FIXTURE_BACKUP)
tests_runner_test_cmd_read_backup_LDADD = $(TEST_RUNNER_LIBS)
check_PROGRAMS += tests/runner/test_cmd_read_incidents
tests_runner_test_cmd_read_incidents_SOURCES = tests/runner/test_cmd_read_incidents.c
tests_runner_test_cmd_read_incidents_LDADD = $(TEST_RUNNER_LIBS)
check_PROGRAMS += tests/runner/test_cmd_read_ledger
tests_runner_test_cmd_read_ledger_SOURCES = tests/runner/test_cmd_read_ledger.c
tests_runner_test_cmd_read_ledger_LDADD = $(TEST_RUNNER_LIBS)
check_PROGRAMS += tests/runner/test_cmd_read_migrations
tests_runner_test_cmd_read_migrations_SOURCES = tests/runner/test_cmd_read_migrations.c
tests_runner_test_cmd_read_migrations_LDADD = $(TEST_RUNNER_LIBS)
check_PROGRAMS += tests/runner/test_cmd_read_people
tests_runner_test_cmd_read_people_SOURCES = tests/runner/test_cmd_read_people.c
tests_runner_test_cmd_read_people_LDADD = $(TEST_RUNNER_LIBS)
check_PROGRAMS += tests/runner/test_cmd_read_request
tests_runner_test_cmd_read_request_SOURCES = tests/runner/test_cmd_read_request.c $(FIXTURE_BACKUP)
tests_runner_test_cmd_read_request_LDADD = $(TEST_RUNNER_LIBS)
check_PROGRAMS += tests/runner/test_cmd_read_run
tests_runner_test_cmd_read_run_SOURCES = tests/runner/test_cmd_read_run.c
tests_runner_test_cmd_read_run_LDADD = $(TEST_RUNNER_LIBS)
check_PROGRAMS += tests/runner/test_cmd_read_runs
tests_runner_test_cmd_read_runs_SOURCES = tests/runner/test_cmd_read_runs.c $(FIXTURE_LIST)
tests_runner_test_cmd_read_runs_LDADD = $(TEST_RUNNER_LIBS)
check_PROGRAMS += tests/runner/test_cmd_read_status
tests_runner_test_cmd_read_status_SOURCES = tests/runner/test_cmd_read_status.c
tests_runner_test_cmd_read_status_LDADD = $(TEST_RUNNER_LIBS)
check_PROGRAMS += tests/runner/test_config
tests_runner_test_config_SOURCES = tests/runner/test_config.c
tests_runner_test_config_LDADD = $(TEST_RUNNER_LIBS)
check_PROGRAMS += tests/runner/test_config_dsn
tests_runner_test_config_dsn_SOURCES = tests/runner/test_config_dsn.c
tests_runner_test_config_dsn_LDADD = $(TEST_RUNNER_LIBS)
CONFIG_TEXT = tests/support/config_text.c tests/support/config_text.h
check_PROGRAMS += tests/runner/test_config_backup
tests_runner_test_config_backup_SOURCES = tests/runner/test_config_backup.c $(CONFIG_TEXT)
tests_runner_test_config_backup_LDADD = $(TEST_RUNNER_LIBS)
check_PROGRAMS += tests/runner/test_config_postgresql
tests_runner_test_config_postgresql_SOURCES = tests/runner/test_config_postgresql.c $(CONFIG_TEXT)
tests_runner_test_config_postgresql_LDADD = $(TEST_RUNNER_LIBS)
check_PROGRAMS += tests/runner/test_config_policy
tests_runner_test_config_policy_SOURCES = tests/runner/test_config_policy.c $(CONFIG_TEXT)
tests_runner_test_config_policy_LDADD = $(TEST_RUNNER_LIBS)
check_PROGRAMS += tests/runner/test_loop
tests_runner_test_loop_SOURCES = tests/runner/test_loop.c
tests_runner_test_loop_LDADD = $(TEST_RUNNER_LIBS)
check_PROGRAMS += tests/runner/test_signin
tests_runner_test_signin_SOURCES = tests/runner/test_signin.c
tests_runner_test_signin_LDADD = $(TEST_RUNNER_LIBS)
check_PROGRAMS += tests/runner/test_conn
tests_runner_test_conn_SOURCES = tests/runner/test_conn.c
tests_runner_test_conn_LDADD = $(TEST_RUNNER_LIBS)
check_PROGRAMS += tests/runner/test_cmd
tests_runner_test_cmd_SOURCES = tests/runner/test_cmd.c
tests_runner_test_cmd_LDADD = $(TEST_RUNNER_LIBS)
check_PROGRAMS += tests/runner/test_start
tests_runner_test_start_SOURCES = tests/runner/test_start.c
tests_runner_test_start_LDADD = $(TEST_RUNNER_LIBS)
check_PROGRAMS += tests/runner/test_plan_build
tests_runner_test_plan_build_SOURCES = tests/runner/test_plan_build.c
tests_runner_test_plan_build_LDADD = $(TEST_RUNNER_LIBS)
check_PROGRAMS += tests/runner/test_plan_compare
tests_runner_test_plan_compare_SOURCES = tests/runner/test_plan_compare.c
tests_runner_test_plan_compare_LDADD = $(TEST_RUNNER_LIBS)
check_PROGRAMS += tests/runner/test_plan_unfinished
tests_runner_test_plan_unfinished_SOURCES = tests/runner/test_plan_unfinished.c
tests_runner_test_plan_unfinished_LDADD = $(TEST_RUNNER_LIBS)
check_PROGRAMS += tests/runner/test_follow_batch
tests_runner_test_follow_batch_SOURCES = tests/runner/test_follow_batch.c
tests_runner_test_follow_batch_LDADD = $(TEST_RUNNER_LIBS)
check_PROGRAMS += tests/runner/test_plan_repair
tests_runner_test_plan_repair_SOURCES = tests/runner/test_plan_repair.c
tests_runner_test_plan_repair_LDADD = libtestsupport.a $(TEST_RUNNER_LIBS)
check_PROGRAMS += tests/runner/test_plan_refused
tests_runner_test_plan_refused_SOURCES = tests/runner/test_plan_refused.c
tests_runner_test_plan_refused_LDADD = $(TEST_RUNNER_LIBS)
check_PROGRAMS += tests/runner/test_cmd_request_add
tests_runner_test_cmd_request_add_SOURCES = tests/runner/test_cmd_request_add.c $(FIXTURE_BACKUP)
tests_runner_test_cmd_request_add_LDADD = $(TEST_RUNNER_LIBS)
check_PROGRAMS += tests/runner/test_cmd_request_approve
tests_runner_test_cmd_request_approve_SOURCES = tests/runner/test_cmd_request_approve.c $(FIXTURE_BACKUP)
tests_runner_test_cmd_request_approve_LDADD = $(TEST_RUNNER_LIBS)
check_PROGRAMS += tests/runner/test_cmd_request_refuse
tests_runner_test_cmd_request_refuse_SOURCES = tests/runner/test_cmd_request_refuse.c
tests_runner_test_cmd_request_refuse_LDADD = $(TEST_RUNNER_LIBS)
check_PROGRAMS += tests/runner/test_cmd_request_withdraw
tests_runner_test_cmd_request_withdraw_SOURCES = tests/runner/test_cmd_request_withdraw.c
tests_runner_test_cmd_request_withdraw_LDADD = $(TEST_RUNNER_LIBS)
check_PROGRAMS += tests/runner/test_cmd_project_refresh
tests_runner_test_cmd_project_refresh_SOURCES = tests/runner/test_cmd_project_refresh.c
tests_runner_test_cmd_project_refresh_LDADD = $(TEST_RUNNER_LIBS)
check_PROGRAMS += tests/runner/test_follow
tests_runner_test_follow_SOURCES = tests/runner/test_follow.c
tests_runner_test_follow_LDADD = $(TEST_RUNNER_LIBS)
check_PROGRAMS += tests/runner/test_queue
tests_runner_test_queue_SOURCES = tests/runner/test_queue.c $(FIXTURE_BACKUP)
tests_runner_test_queue_LDADD = $(TEST_RUNNER_LIBS)
check_PROGRAMS += tests/runner/test_refresh
tests_runner_test_refresh_SOURCES = tests/runner/test_refresh.c
tests_runner_test_refresh_LDADD = $(TEST_RUNNER_LIBS)
check_PROGRAMS += tests/runner/test_cmd_read_plan
tests_runner_test_cmd_read_plan_SOURCES = tests/runner/test_cmd_read_plan.c
tests_runner_test_cmd_read_plan_LDADD = $(TEST_RUNNER_LIBS)
check_PROGRAMS += tests/runner/test_cmd_read_files
tests_runner_test_cmd_read_files_SOURCES = tests/runner/test_cmd_read_files.c
tests_runner_test_cmd_read_files_LDADD = $(TEST_RUNNER_LIBS)
check_PROGRAMS += tests/runner/test_plan_facts
tests_runner_test_plan_facts_SOURCES = tests/runner/test_plan_facts.c $(FIXTURE_BACKUP)
tests_runner_test_plan_facts_LDADD = $(TEST_RUNNER_LIBS)
check_PROGRAMS += tests/runner/test_config_project
tests_runner_test_config_project_SOURCES = tests/runner/test_config_project.c
tests_runner_test_config_project_LDADD = libmigration.a $(TEST_RUNNER_LIBS) $(MIGRATION_LIBS)
check_PROGRAMS += tests/runner/test_follow_guard
tests_runner_test_follow_guard_SOURCES = tests/runner/test_follow_guard.c
tests_runner_test_follow_guard_LDADD = $(TEST_RUNNER_LIBS)
check_PROGRAMS += tests/runner/test_follow_failure
tests_runner_test_follow_failure_SOURCES = tests/runner/test_follow_failure.c
tests_runner_test_follow_failure_LDADD = $(TEST_RUNNER_LIBS)
check_PROGRAMS += tests/runner/test_task_spec
tests_runner_test_task_spec_SOURCES = tests/runner/test_task_spec.c $(TASK_RIG) $(FIXTURE_BACKUP)
tests_runner_test_task_spec_LDADD = $(TEST_RUNNER_LIBS)
check_PROGRAMS += tests/runner/test_task_outside
tests_runner_test_task_outside_SOURCES = tests/runner/test_task_outside.c $(FIXTURE_MESSAGE)
tests_runner_test_task_outside_LDADD = $(TEST_RUNNER_LIBS)
check_PROGRAMS += tests/runner/test_task
tests_runner_test_task_SOURCES = tests/runner/test_task.c $(TASK_RIG) $(FIXTURE_BACKUP)
tests_runner_test_task_LDADD = $(TEST_RUNNER_LIBS)
check_PROGRAMS += tests/runner/test_follow_backup
tests_runner_test_follow_backup_SOURCES = tests/runner/test_follow_backup.c
tests_runner_test_follow_backup_LDADD = $(TEST_RUNNER_LIBS)
check_PROGRAMS += tests/runner/test_cmd_backup_take
tests_runner_test_cmd_backup_take_SOURCES = tests/runner/test_cmd_backup_take.c $(FIXTURE_BACKUP)
tests_runner_test_cmd_backup_take_LDADD = $(TEST_RUNNER_LIBS)
check_PROGRAMS += tests/runner/test_cmd_backup_cancel
tests_runner_test_cmd_backup_cancel_SOURCES = tests/runner/test_cmd_backup_cancel.c $(FIXTURE_BACKUP)
tests_runner_test_cmd_backup_cancel_LDADD = $(TEST_RUNNER_LIBS)
check_PROGRAMS += tests/runner/test_cmd_backup_prove
tests_runner_test_cmd_backup_prove_SOURCES = tests/runner/test_cmd_backup_prove.c $(FIXTURE_BACKUP)
tests_runner_test_cmd_backup_prove_LDADD = $(TEST_RUNNER_LIBS)
check_PROGRAMS += tests/runner/test_cmd_read_task
tests_runner_test_cmd_read_task_SOURCES = tests/runner/test_cmd_read_task.c $(FIXTURE_BACKUP)
tests_runner_test_cmd_read_task_LDADD = $(TEST_RUNNER_LIBS)
check_PROGRAMS += tests/runner/test_task_clock
tests_runner_test_task_clock_SOURCES = tests/runner/test_task_clock.c $(FIXTURE_BACKUP)
tests_runner_test_task_clock_LDADD = $(TEST_RUNNER_LIBS)
check_PROGRAMS += tests/runner/test_waste
tests_runner_test_waste_SOURCES = tests/runner/test_waste.c
tests_runner_test_waste_LDADD = $(TEST_RUNNER_LIBS)
check_PROGRAMS += tests/runner/test_beside
tests_runner_test_beside_SOURCES = tests/runner/test_beside.c
tests_runner_test_beside_LDADD = $(TEST_RUNNER_LIBS)
check_PROGRAMS += tests/runner/test_message_task
tests_runner_test_message_task_SOURCES = tests/runner/test_message_task.c $(FIXTURE_BACKUP) $(FIXTURE_MESSAGE)
tests_runner_test_message_task_LDADD = $(TEST_RUNNER_LIBS)
TASK_RIG = tests/support/task_rig.c tests/support/task_rig.h
check_PROGRAMS += tests/runner/test_task_end
tests_runner_test_task_end_SOURCES = tests/runner/test_task_end.c $(TASK_RIG) $(FIXTURE_BACKUP)
tests_runner_test_task_end_LDADD = $(TEST_RUNNER_LIBS)
check_PROGRAMS += tests/runner/test_task_rows
tests_runner_test_task_rows_SOURCES = tests/runner/test_task_rows.c $(TASK_RIG) $(FIXTURE_BACKUP) $(FIXTURE_MESSAGE)
tests_runner_test_task_rows_LDADD = $(TEST_RUNNER_LIBS)
check_PROGRAMS += tests/runner/test_rehearsal
tests_runner_test_rehearsal_SOURCES = tests/runner/test_rehearsal.c
tests_runner_test_rehearsal_LDADD = $(TEST_RUNNER_LIBS)
check_PROGRAMS += tests/runner/test_follow_frame
tests_runner_test_follow_frame_SOURCES = tests/runner/test_follow_frame.c
tests_runner_test_follow_frame_LDADD = $(TEST_RUNNER_LIBS)
check_PROGRAMS += tests/runner/test_follow_rows
tests_runner_test_follow_rows_SOURCES = tests/runner/test_follow_rows.c
tests_runner_test_follow_rows_LDADD = $(TEST_RUNNER_LIBS)
check_PROGRAMS += tests/runner/test_cmd_run_cancel
tests_runner_test_cmd_run_cancel_SOURCES = tests/runner/test_cmd_run_cancel.c tests/support/fixture_control.c tests/support/fixture_control.h
tests_runner_test_cmd_run_cancel_LDADD = $(TEST_RUNNER_LIBS)
check_PROGRAMS += tests/runner/test_cmd_run_pause
tests_runner_test_cmd_run_pause_SOURCES = tests/runner/test_cmd_run_pause.c tests/support/fixture_control.c tests/support/fixture_control.h
tests_runner_test_cmd_run_pause_LDADD = $(TEST_RUNNER_LIBS)
check_PROGRAMS += tests/runner/test_cmd_run_resume
tests_runner_test_cmd_run_resume_SOURCES = tests/runner/test_cmd_run_resume.c tests/support/fixture_control.c tests/support/fixture_control.h
tests_runner_test_cmd_run_resume_LDADD = $(TEST_RUNNER_LIBS)
check_PROGRAMS += tests/runner/test_cmd_run_speed
tests_runner_test_cmd_run_speed_SOURCES = tests/runner/test_cmd_run_speed.c tests/support/fixture_control.c tests/support/fixture_control.h
tests_runner_test_cmd_run_speed_LDADD = $(TEST_RUNNER_LIBS)
check_PROGRAMS += tests/runner/test_cmd_run_extend
tests_runner_test_cmd_run_extend_SOURCES = tests/runner/test_cmd_run_extend.c tests/support/fixture_control.c tests/support/fixture_control.h
tests_runner_test_cmd_run_extend_LDADD = $(TEST_RUNNER_LIBS)
check_PROGRAMS += tests/runner/test_gate
tests_runner_test_gate_SOURCES = tests/runner/test_gate.c
tests_runner_test_gate_LDADD = $(TEST_RUNNER_LIBS)
check_PROGRAMS += tests/runner/test_ready
tests_runner_test_ready_SOURCES = tests/runner/test_ready.c $(FIXTURE_BACKUP)
tests_runner_test_ready_LDADD = $(TEST_RUNNER_LIBS)
check_PROGRAMS += tests/runner/test_counting
tests_runner_test_counting_SOURCES = tests/runner/test_counting.c
tests_runner_test_counting_LDADD = $(TEST_RUNNER_LIBS)
check_PROGRAMS += tests/runner/test_revert
tests_runner_test_revert_SOURCES = tests/runner/test_revert.c
tests_runner_test_revert_LDADD = $(TEST_RUNNER_LIBS)
check_PROGRAMS += tests/runner/test_window
tests_runner_test_window_SOURCES = tests/runner/test_window.c
tests_runner_test_window_LDADD = $(TEST_RUNNER_LIBS)
check_PROGRAMS += tests/runner/test_plan_query
tests_runner_test_plan_query_SOURCES = tests/runner/test_plan_query.c
tests_runner_test_plan_query_LDADD = $(TEST_RUNNER_LIBS)
# What the tests of backups share.
FIXTURE_BACKUP = tests/support/fixture_backup.c tests/support/fixture_backup.h
FIXTURE_LIST = tests/support/fixture_list.c tests/support/fixture_list.h
FIXTURE_SHELF = $(FIXTURE_BACKUP) tests/support/fixture_shelf.c tests/support/fixture_shelf.h
# What the tests of messages share.
FIXTURE_MESSAGE = tests/support/fixture_message.c tests/support/fixture_message.h
check_PROGRAMS += tests/runner/test_cmd_delivery_retry
tests_runner_test_cmd_delivery_retry_SOURCES = tests/runner/test_cmd_delivery_retry.c $(FIXTURE_MESSAGE)
tests_runner_test_cmd_delivery_retry_LDADD = $(TEST_RUNNER_LIBS)
check_PROGRAMS += tests/runner/test_cmd_read_deliveries
tests_runner_test_cmd_read_deliveries_SOURCES = tests/runner/test_cmd_read_deliveries.c $(FIXTURE_MESSAGE)
tests_runner_test_cmd_read_deliveries_LDADD = $(TEST_RUNNER_LIBS)
check_PROGRAMS += tests/runner/test_message
tests_runner_test_message_SOURCES = tests/runner/test_message.c $(FIXTURE_MESSAGE)
tests_runner_test_message_LDADD = $(TEST_RUNNER_LIBS)
check_PROGRAMS += tests/runner/test_overdue
tests_runner_test_overdue_SOURCES = tests/runner/test_overdue.c $(FIXTURE_MESSAGE)
tests_runner_test_overdue_LDADD = $(TEST_RUNNER_LIBS)
check_PROGRAMS += tests/runner/test_outbox
tests_runner_test_outbox_SOURCES = tests/runner/test_outbox.c $(FIXTURE_MESSAGE)
tests_runner_test_outbox_LDADD = $(TEST_RUNNER_LIBS)
check_PROGRAMS += tests/runner/test_plan_restore
tests_runner_test_plan_restore_SOURCES = tests/runner/test_plan_restore.c $(FIXTURE_BACKUP)
tests_runner_test_plan_restore_LDADD = $(TEST_RUNNER_LIBS)
check_PROGRAMS += tests/runner/test_follow_database
tests_runner_test_follow_database_SOURCES = tests/runner/test_follow_database.c
tests_runner_test_follow_database_LDADD = $(TEST_RUNNER_LIBS)
check_PROGRAMS += tests/runner/test_follow_outside
tests_runner_test_follow_outside_SOURCES = tests/runner/test_follow_outside.c
tests_runner_test_follow_outside_LDADD = $(TEST_RUNNER_LIBS)
check_PROGRAMS += tests/runner/test_config_outside
tests_runner_test_config_outside_SOURCES = tests/runner/test_config_outside.c
tests_runner_test_config_outside_LDADD = $(TEST_RUNNER_LIBS)
check_PROGRAMS += tests/runner/test_config_notify
tests_runner_test_config_notify_SOURCES = tests/runner/test_config_notify.c
tests_runner_test_config_notify_LDADD = $(TEST_RUNNER_LIBS)
check_PROGRAMS += tests/runner/test_follow_phase
tests_runner_test_follow_phase_SOURCES = tests/runner/test_follow_phase.c tests/support/fixture_control.c tests/support/fixture_control.h
tests_runner_test_follow_phase_LDADD = $(TEST_RUNNER_LIBS)
check_PROGRAMS += tests/runner/test_control
tests_runner_test_control_SOURCES = tests/runner/test_control.c tests/support/fixture_control.c tests/support/fixture_control.h
tests_runner_test_control_LDADD = $(TEST_RUNNER_LIBS)
check_PROGRAMS += tests/runner/test_cmd_rehearsal_add
tests_runner_test_cmd_rehearsal_add_SOURCES = tests/runner/test_cmd_rehearsal_add.c
tests_runner_test_cmd_rehearsal_add_LDADD = $(TEST_RUNNER_LIBS)
check_PROGRAMS += tests/runner/test_cmd_read_rehearsal
tests_runner_test_cmd_read_rehearsal_SOURCES = tests/runner/test_cmd_read_rehearsal.c
tests_runner_test_cmd_read_rehearsal_LDADD = $(TEST_RUNNER_LIBS)
