noinst_LIBRARIES += libjob.a
libjob_a_SOURCES = \
	runner/job/actions.c \
	runner/job/alone.c \
	runner/job/alone_kind.c \
	runner/job/analyse.c \
	runner/job/analyse.h \
	runner/job/analyse_parser.c \
	runner/job/analyse_say.c \
	runner/job/backup.c \
	runner/job/backup.h \
	runner/job/backup_count.c \
	runner/job/backup_preflight.c \
	runner/job/batch.c \
	runner/job/batch.h \
	runner/job/batch_ask.c \
	runner/job/batch_cursor.c \
	runner/job/batch_open.c \
	runner/job/batch_part.c \
	runner/job/batch_say.c \
	runner/job/batch_split.c \
	runner/job/batch_throttle.c \
	runner/job/check.c \
	runner/job/check.h \
	runner/job/check_detect.c \
	runner/job/check_failed.c \
	runner/job/check_standing.c \
	runner/job/cleanup.c \
	runner/job/cluster.c \
	runner/job/cluster.h \
	runner/job/cluster_like.c \
	runner/job/control.c \
	runner/job/control.h \
	runner/job/count.c \
	runner/job/count.h \
	runner/job/dump.c \
	runner/job/dump_words.c \
	runner/job/dump_words.h \
	runner/job/elsewhere.c \
	runner/job/elsewhere.h \
	runner/job/elsewhere_ask.c \
	runner/job/elsewhere_command.c \
	runner/job/elsewhere_folder.c \
	runner/job/elsewhere_pgbackrest.c \
	runner/job/elsewhere_run.c \
	runner/job/fingerprint.c \
	runner/job/fingerprint.h \
	runner/job/fingerprint_restorable.c \
	runner/job/explain.c \
	runner/job/explain_grant.c \
	runner/job/explain_key.c \
	runner/job/explain_lock.c \
	runner/job/explain_null.c \
	runner/job/explain_object.c \
	runner/job/explain_space.c \
	runner/job/explain_syntax.c \
	runner/job/explain_unique.c \
	runner/job/explain.h \
	runner/job/facts.c \
	runner/job/failure.c \
	runner/job/failure.h \
	runner/job/flush.c \
	runner/job/flush.h \
	runner/job/folder.c \
	runner/job/folder.h \
	runner/job/guard.c \
	runner/job/guard.h \
	runner/job/guard_around.c \
	runner/job/guard_episode.c \
	runner/job/guard_look.c \
	runner/job/guard_watch.h \
	runner/job/health.c \
	runner/job/health.h \
	runner/job/hook.c \
	runner/job/hook.h \
	runner/job/hook_list.c \
	runner/job/hook_output.c \
	runner/job/indexes.c \
	runner/job/indexes.h \
	runner/job/job.c \
	runner/job/job.h \
	runner/job/judge.c \
	runner/job/judge.h \
	runner/job/judge_half.c \
	runner/job/lock.c \
	runner/job/manifest.c \
	runner/job/manifest.h \
	runner/job/mark.c \
	runner/job/migrate.c \
	runner/job/notify.c runner/job/notify.h \
	runner/job/notify_mail.c \
	runner/job/notify_mail_text.c \
	runner/job/notify_shape.c \
	runner/job/notify_webhook.c \
	runner/job/outside.c \
	runner/job/pg.c \
	runner/job/pg.h \
	runner/job/pg_error.c \
	runner/job/pg_error.h \
	runner/job/pg_notice.c \
	runner/job/preflight.c \
	runner/job/preflight_live.c \
	runner/job/progress.c \
	runner/job/progress.h \
	runner/job/conninfo.c \
	runner/job/conninfo.h \
	runner/job/proof.c \
	runner/job/proof.h \
	runner/job/proof_catalog.c \
	runner/job/proof_count.c \
	runner/job/proof_file.c \
	runner/job/proof_inner.h \
	runner/job/proof_list.c \
	runner/job/proof_open.c \
	runner/job/proof_place.c \
	runner/job/proof_restore.c \
	runner/job/proof_script.c \
	runner/job/proof_server.c \
	runner/job/proof_sidecar.c \
	runner/job/proof_source.h \
	runner/job/proof_walls.c \
	runner/job/proof_watch.c \
	runner/job/proof_words.c \
	runner/job/prove.c \
	runner/job/reconcile.c \
	runner/job/reconcile_after.c \
	runner/job/recorded.c \
	runner/job/recorded.h \
	runner/job/rehearse.c \
	runner/job/rehearse.h \
	runner/job/rehearse_copy.c \
	runner/job/rehearse_place.c \
	runner/job/rehearse_rows.c \
	runner/job/rehearse_sample.c \
	runner/job/rehearse_step.c \
	runner/job/restore.c \
	runner/job/restore.h \
	runner/job/restore_at.c \
	runner/job/restore_count.c \
	runner/job/restore_like.c \
	runner/job/restore_make.c \
	runner/job/restore_rights.c \
	runner/job/restore_settle.c \
	runner/job/restore_swap.c \
	runner/job/retry.c \
	runner/job/retry.h \
	runner/job/run.c \
	runner/job/run.h \
	runner/job/say.c \
	runner/job/say.h \
	runner/job/shelf.c \
	runner/job/sidecar.c \
	runner/job/sink.c \
	runner/job/sink.h \
	runner/job/snapshot.c \
	runner/job/stage.c \
	runner/job/take.c \
	runner/job/target.c \
	runner/job/target.h \
	runner/job/tool.c \
	runner/job/tool.h \
	runner/job/tracking.c \
	runner/job/tracking.h \
	runner/job/tracking_fill.c \
	runner/job/transact.c \
	runner/job/undo.c \
	runner/job/verify.c \
	runner/job/verify.h \
	runner/job/verify_policy.c \
	runner/job/verify_query.c
JOB_LIBS = libjob.a $(SQL_LIBS) $(WIRE_LIBS) $(PQ_LIBS) $(ZSTD_LIBS) $(CURL_LIBS) -lpthread

# SQL sent to PostgreSQL: one statement a file.
JOB_SQL = \
	runner/job/sql/backup_begin.sql \
	runner/job/sql/backup_blockers.sql \
	runner/job/sql/backup_settings.sql \
	runner/job/sql/backup_snapshot.sql \
	runner/job/sql/backup_tables.sql \
	runner/job/sql/batch_date_style.sql \
	runner/job/sql/batch_delete.sql \
	runner/job/sql/batch_drop.sql \
	runner/job/sql/batch_exists.sql \
	runner/job/sql/batch_get.sql \
	runner/job/sql/batch_key.sql \
	runner/job/sql/batch_keys.sql \
	runner/job/sql/batch_list.sql \
	runner/job/sql/batch_look.sql \
	runner/job/sql/batch_others.sql \
	runner/job/sql/batch_put.sql \
	runner/job/sql/batch_sees.sql \
	runner/job/sql/batch_table.sql \
	runner/job/sql/begin.sql \
	runner/job/sql/begin_read_only.sql \
	runner/job/sql/catalog_mark.sql \
	runner/job/sql/commit.sql \
	runner/job/sql/constraints_open.sql \
	runner/job/sql/count_rows.sql \
	runner/job/sql/count_schema.sql \
	runner/job/sql/count_session.sql \
	runner/job/sql/database_owner.sql \
	runner/job/sql/database_size.sql \
	runner/job/sql/detach_pending.sql \
	runner/job/sql/discard_all.sql \
	runner/job/sql/discard_temp.sql \
	runner/job/sql/explain_begin.sql \
	runner/job/sql/explain_check.sql \
	runner/job/sql/explain_columns.sql \
	runner/job/sql/explain_connections.sql \
	runner/job/sql/explain_disk.sql \
	runner/job/sql/explain_exists_column.sql \
	runner/job/sql/explain_exists_object.sql \
	runner/job/sql/explain_exists_relation.sql \
	runner/job/sql/explain_foreign.sql \
	runner/job/sql/explain_functions.sql \
	runner/job/sql/explain_grant_database.sql \
	runner/job/sql/explain_grant_function.sql \
	runner/job/sql/explain_grant_role.sql \
	runner/job/sql/explain_grant_schema.sql \
	runner/job/sql/explain_grant_table.sql \
	runner/job/sql/explain_limits.sql \
	runner/job/sql/explain_lock.sql \
	runner/job/sql/explain_memory.sql \
	runner/job/sql/explain_names.sql \
	runner/job/sql/explain_null.sql \
	runner/job/sql/explain_orphans.sql \
	runner/job/sql/explain_read_only.sql \
	runner/job/sql/explain_relations.sql \
	runner/job/sql/explain_sessions.sql \
	runner/job/sql/explain_sizes.sql \
	runner/job/sql/explain_table_columns.sql \
	runner/job/sql/explain_unique.sql \
	runner/job/sql/fact_column.sql \
	runner/job/sql/fact_constraint.sql \
	runner/job/sql/fact_index.sql \
	runner/job/sql/fact_invalid.sql \
	runner/job/sql/fact_table.sql \
	runner/job/sql/fingerprint_begin.sql \
	runner/job/sql/fingerprint_code.sql \
	runner/job/sql/fingerprint_column.sql \
	runner/job/sql/fingerprint_on_table.sql \
	runner/job/sql/fingerprint_other.sql \
	runner/job/sql/fingerprint_path.sql \
	runner/job/sql/fingerprint_relation.sql \
	runner/job/sql/fingerprint_role.sql \
	runner/job/sql/guard_copy.sql \
	runner/job/sql/guard_around.sql \
	runner/job/sql/guard_look.sql \
	runner/job/sql/guard_progress.sql \
	runner/job/sql/guard_session.sql \
	runner/job/sql/has_relations.sql \
	runner/job/sql/identity.sql \
	runner/job/sql/index_valid.sql \
	runner/job/sql/invalid_indexes.sql \
	runner/job/sql/kept_databases.sql \
	runner/job/sql/like_database.sql \
	runner/job/sql/like_members.sql \
	runner/job/sql/like_preload.sql \
	runner/job/sql/like_role_setting_add.sql \
	runner/job/sql/like_role_settings.sql \
	runner/job/sql/like_roles.sql \
	runner/job/sql/like_settings.sql \
	runner/job/sql/lock_held.sql \
	runner/job/sql/lock_holder.sql \
	runner/job/sql/lock_timeout.sql \
	runner/job/sql/lock_try.sql \
	runner/job/sql/long_transactions.sql \
	runner/job/sql/may_create.sql \
	runner/job/sql/may_track.sql \
	runner/job/sql/named_columns.sql \
	runner/job/sql/objects_missing.sql \
	runner/job/sql/ping.sql \
	runner/job/sql/proof_database.sql \
	runner/job/sql/proof_drop.sql \
	runner/job/sql/proof_alive.sql \
	runner/job/sql/proof_held.sql \
	runner/job/sql/proof_leftovers.sql \
	runner/job/sql/proof_lock.sql \
	runner/job/sql/proof_password.sql \
	runner/job/sql/proof_role.sql \
	runner/job/sql/proof_session.sql \
	runner/job/sql/proof_table.sql \
	runner/job/sql/proof_unlock.sql \
	runner/job/sql/proof_who.sql \
	runner/job/sql/quoted.sql \
	runner/job/sql/rehearse_create.sql \
	runner/job/sql/rehearse_drop.sql \
	runner/job/sql/rehearse_flush.sql \
	runner/job/sql/rehearse_hashes.sql \
	runner/job/sql/rehearse_keys.sql \
	runner/job/sql/rehearse_locks.sql \
	runner/job/sql/rehearse_locks_of.sql \
	runner/job/sql/rehearse_matviews.sql \
	runner/job/sql/rehearse_relations.sql \
	runner/job/sql/rehearse_sequences.sql \
	runner/job/sql/rehearse_session.sql \
	runner/job/sql/rehearse_size.sql \
	runner/job/sql/rehearse_tables.sql \
	runner/job/sql/rehearse_wal.sql \
	runner/job/sql/replica_lag.sql \
	runner/job/sql/reset_all.sql \
	runner/job/sql/reset_role.sql \
	runner/job/sql/restore_comment.sql \
	runner/job/sql/restore_count.sql \
	runner/job/sql/restore_create.sql \
	runner/job/sql/restore_here.sql \
	runner/job/sql/restore_like.sql \
	runner/job/sql/restore_look.sql \
	runner/job/sql/restore_names.sql \
	runner/job/sql/restore_reset.sql \
	runner/job/sql/restore_rights.sql \
	runner/job/sql/restore_sessions.sql \
	runner/job/sql/restore_setting.sql \
	runner/job/sql/restore_settings.sql \
	runner/job/sql/restore_survivors.sql \
	runner/job/sql/rollback.sql \
	runner/job/sql/row_security_none.sql \
	runner/job/sql/session.sql \
	runner/job/sql/session_leftovers.sql \
	runner/job/sql/settings_local.sql \
	runner/job/sql/settings_session.sql \
	runner/job/sql/sizes.sql \
	runner/job/sql/survivors.sql \
	runner/job/sql/tables.sql \
	runner/job/sql/tables_expected.sql \
	runner/job/sql/terminate.sql \
	runner/job/sql/touched_held.sql \
	runner/job/sql/tracking_columns.sql \
	runner/job/sql/verify_begin.sql \
	runner/job/sql/verify_settings.sql \
	runner/job/sql/xid_status.sql
runner/job/sql.gen.h: runner/job/embed.awk $(JOB_SQL)
	$(AM_V_GEN)$(MKDIR_P) runner/job && \
	  ( cd $(srcdir) && LC_ALL=C $(AWK) -f runner/job/embed.awk $(JOB_SQL) ) >$@.tmp && mv $@.tmp $@
$(libjob_a_OBJECTS): runner/job/sql.gen.h
BUILT_SOURCES += runner/job/sql.gen.h
CLEANFILES += runner/job/sql.gen.h
EXTRA_DIST += runner/job/embed.awk $(JOB_SQL)

libexec_PROGRAMS += gatehouse-job
gatehouse_job_SOURCES = runner/job/main.c
gatehouse_job_LDADD = $(JOB_LIBS)

# Tests on a throw-away cluster.
check_LIBRARIES += libtestjob.a
libtestjob_a_SOURCES = \
	tests/support/batch_rig.c tests/support/batch_rig.h \
	tests/support/health_server.c tests/support/health_server.h \
	tests/support/job_rig.c tests/support/job_rig.h \
	tests/support/job_rig_backup.c \
	tests/support/stand_in_dump.c tests/support/stand_in_dump.h \
	tests/support/job_rig_find.c \
	tests/support/job_rig_life.c \
	tests/support/job_rig_guard.c \
	tests/support/job_rig_plan.c \
	tests/support/job_rig_read.c \
	tests/support/job_rig_wait.c \
	tests/support/pg_cluster.c tests/support/pg_cluster.h \
	tests/support/plain_user.c tests/support/plain_user.h \
	tests/support/proof_rig.c tests/support/proof_rig.h
TEST_JOB_LIBS = libtestjob.a $(JOB_LIBS) $(CMOCKA_LIBS)
check_PROGRAMS += tests/runner/job/test_alone_pg
tests_runner_job_test_alone_pg_SOURCES = tests/runner/job/test_alone_pg.c
tests_runner_job_test_alone_pg_LDADD = $(TEST_JOB_LIBS)
check_PROGRAMS += tests/runner/job/test_guard_around_pg
tests_runner_job_test_guard_around_pg_SOURCES = tests/runner/job/test_guard_around_pg.c
tests_runner_job_test_guard_around_pg_LDADD = $(TEST_JOB_LIBS)
check_PROGRAMS += tests/runner/job/test_guard_look_pg
tests_runner_job_test_guard_look_pg_SOURCES = tests/runner/job/test_guard_look_pg.c
tests_runner_job_test_guard_look_pg_LDADD = $(TEST_JOB_LIBS)
check_PROGRAMS += tests/runner/job/test_control_early_pg
tests_runner_job_test_control_early_pg_SOURCES = tests/runner/job/test_control_early_pg.c
tests_runner_job_test_control_early_pg_LDADD = $(TEST_JOB_LIBS)
check_PROGRAMS += tests/runner/job/test_control
tests_runner_job_test_control_SOURCES = tests/runner/job/test_control.c
tests_runner_job_test_control_LDADD = $(TEST_JOB_LIBS)
check_PROGRAMS += tests/runner/job/test_explain_pg
tests_runner_job_test_explain_pg_SOURCES = tests/runner/job/test_explain_pg.c
tests_runner_job_test_explain_pg_LDADD = $(TEST_JOB_LIBS)
check_PROGRAMS += tests/runner/job/test_facts_pg
tests_runner_job_test_facts_pg_SOURCES = tests/runner/job/test_facts_pg.c
tests_runner_job_test_facts_pg_LDADD = $(TEST_JOB_LIBS)
check_PROGRAMS += tests/runner/job/test_backup_pg
tests_runner_job_test_backup_pg_SOURCES = tests/runner/job/test_backup_pg.c
tests_runner_job_test_backup_pg_LDADD = $(TEST_JOB_LIBS)
check_PROGRAMS += tests/runner/job/test_restore_pg
tests_runner_job_test_restore_pg_SOURCES = tests/runner/job/test_restore_pg.c tests/runner/job/restore_rig.h
tests_runner_job_test_restore_pg_LDADD = $(TEST_JOB_LIBS)
check_PROGRAMS += tests/runner/job/test_restore_kinds_pg
tests_runner_job_test_restore_kinds_pg_SOURCES = tests/runner/job/test_restore_kinds_pg.c tests/runner/job/restore_rig.h
tests_runner_job_test_restore_kinds_pg_LDADD = $(TEST_JOB_LIBS)
check_PROGRAMS += tests/runner/job/test_restore_like_pg
tests_runner_job_test_restore_like_pg_SOURCES = tests/runner/job/test_restore_like_pg.c tests/runner/job/restore_rig.h
tests_runner_job_test_restore_like_pg_LDADD = $(TEST_JOB_LIBS)
check_PROGRAMS += tests/runner/job/test_restore_server_pg
tests_runner_job_test_restore_server_pg_SOURCES = tests/runner/job/test_restore_server_pg.c tests/runner/job/restore_rig.h
tests_runner_job_test_restore_server_pg_LDADD = $(TEST_JOB_LIBS)
check_PROGRAMS += tests/runner/job/test_restore_settle_pg
tests_runner_job_test_restore_settle_pg_SOURCES = tests/runner/job/test_restore_settle_pg.c tests/runner/job/restore_rig.h
tests_runner_job_test_restore_settle_pg_LDADD = $(TEST_JOB_LIBS)
check_PROGRAMS += tests/runner/job/test_restore_count_pg
tests_runner_job_test_restore_count_pg_SOURCES = tests/runner/job/test_restore_count_pg.c tests/runner/job/restore_rig.h
tests_runner_job_test_restore_count_pg_LDADD = $(TEST_JOB_LIBS)
check_PROGRAMS += tests/runner/job/test_sink
tests_runner_job_test_sink_SOURCES = tests/runner/job/test_sink.c
tests_runner_job_test_sink_LDADD = $(JOB_LIBS) $(CMOCKA_LIBS)
check_PROGRAMS += tests/runner/job/test_dump_words
tests_runner_job_test_dump_words_SOURCES = tests/runner/job/test_dump_words.c
tests_runner_job_test_dump_words_LDADD = $(JOB_LIBS) $(CMOCKA_LIBS)
check_PROGRAMS += tests/runner/job/test_take_pg
tests_runner_job_test_take_pg_SOURCES = tests/runner/job/test_take_pg.c
tests_runner_job_test_take_pg_LDADD = $(TEST_JOB_LIBS)
EXTRA_tests_runner_job_test_take_pg_DEPENDENCIES = gatehouse$(EXEEXT)
check_PROGRAMS += tests/runner/job/test_take_fault_pg
tests_runner_job_test_take_fault_pg_SOURCES = tests/runner/job/test_take_fault_pg.c
tests_runner_job_test_take_fault_pg_LDADD = $(TEST_JOB_LIBS)
check_PROGRAMS += tests/runner/job/test_batch_pg
tests_runner_job_test_batch_pg_SOURCES = tests/runner/job/test_batch_pg.c
tests_runner_job_test_batch_pg_LDADD = $(TEST_JOB_LIBS)
check_PROGRAMS += tests/runner/job/test_batch_cursor_pg
tests_runner_job_test_batch_cursor_pg_SOURCES = tests/runner/job/test_batch_cursor_pg.c
tests_runner_job_test_batch_cursor_pg_LDADD = $(TEST_JOB_LIBS)
check_PROGRAMS += tests/runner/job/test_batch_split_pg
tests_runner_job_test_batch_split_pg_SOURCES = tests/runner/job/test_batch_split_pg.c
tests_runner_job_test_batch_split_pg_LDADD = $(TEST_JOB_LIBS)
check_PROGRAMS += tests/runner/job/test_batch_throttle_pg
tests_runner_job_test_batch_throttle_pg_SOURCES = tests/runner/job/test_batch_throttle_pg.c
tests_runner_job_test_batch_throttle_pg_LDADD = $(TEST_JOB_LIBS)
check_PROGRAMS += tests/runner/job/test_check_pg
tests_runner_job_test_check_pg_SOURCES = tests/runner/job/test_check_pg.c
tests_runner_job_test_check_pg_LDADD = libtestfolder.a $(TEST_JOB_LIBS)
check_PROGRAMS += tests/runner/job/test_folders
tests_runner_job_test_folders_SOURCES = tests/runner/job/test_folders.c
tests_runner_job_test_folders_LDADD = libtestfolder.a $(JOB_LIBS) $(CMOCKA_LIBS)
check_PROGRAMS += tests/runner/job/test_guard_pg
tests_runner_job_test_guard_pg_SOURCES = tests/runner/job/test_guard_pg.c
tests_runner_job_test_guard_pg_LDADD = $(TEST_JOB_LIBS)
check_PROGRAMS += tests/runner/job/test_hostile_pg
tests_runner_job_test_hostile_pg_SOURCES = tests/runner/job/test_hostile_pg.c
tests_runner_job_test_hostile_pg_LDADD = $(TEST_JOB_LIBS)
check_PROGRAMS += tests/runner/job/test_judge
tests_runner_job_test_judge_SOURCES = tests/runner/job/test_judge.c
tests_runner_job_test_judge_LDADD = $(TEST_JOB_LIBS)
check_PROGRAMS += tests/runner/job/test_parts
tests_runner_job_test_parts_SOURCES = tests/runner/job/test_parts.c
tests_runner_job_test_parts_LDADD = $(TEST_JOB_LIBS)
check_PROGRAMS += tests/runner/job/test_preflight_live_pg
tests_runner_job_test_preflight_live_pg_SOURCES = tests/runner/job/test_preflight_live_pg.c
tests_runner_job_test_preflight_live_pg_LDADD = $(TEST_JOB_LIBS)
check_PROGRAMS += tests/runner/job/test_reconcile_after_pg
tests_runner_job_test_reconcile_after_pg_SOURCES = tests/runner/job/test_reconcile_after_pg.c
tests_runner_job_test_reconcile_after_pg_LDADD = $(TEST_JOB_LIBS)
check_PROGRAMS += tests/runner/job/test_reconcile_pg
tests_runner_job_test_reconcile_pg_SOURCES = tests/runner/job/test_reconcile_pg.c
tests_runner_job_test_reconcile_pg_LDADD = $(TEST_JOB_LIBS)
check_PROGRAMS += tests/runner/job/test_concurrently_pg
tests_runner_job_test_concurrently_pg_SOURCES = tests/runner/job/test_concurrently_pg.c
tests_runner_job_test_concurrently_pg_LDADD = $(TEST_JOB_LIBS)
check_PROGRAMS += tests/runner/job/test_retry_pg
tests_runner_job_test_retry_pg_SOURCES = tests/runner/job/test_retry_pg.c
tests_runner_job_test_retry_pg_LDADD = $(TEST_JOB_LIBS)
check_PROGRAMS += tests/runner/job/test_retry
tests_runner_job_test_retry_SOURCES = tests/runner/job/test_retry.c
tests_runner_job_test_retry_LDADD = $(TEST_JOB_LIBS)
check_PROGRAMS += tests/runner/job/test_run_pg
tests_runner_job_test_run_pg_SOURCES = tests/runner/job/test_run_pg.c
tests_runner_job_test_run_pg_LDADD = $(TEST_JOB_LIBS)
check_PROGRAMS += tests/runner/job/test_stage_pg
tests_runner_job_test_stage_pg_SOURCES = tests/runner/job/test_stage_pg.c
tests_runner_job_test_stage_pg_LDADD = $(TEST_JOB_LIBS)
check_PROGRAMS += tests/runner/job/test_outside_pg
tests_runner_job_test_outside_pg_SOURCES = tests/runner/job/test_outside_pg.c
tests_runner_job_test_outside_pg_LDADD = $(TEST_JOB_LIBS)
check_PROGRAMS += tests/runner/job/test_migrate_pg
tests_runner_job_test_migrate_pg_SOURCES = tests/runner/job/test_migrate_pg.c
tests_runner_job_test_migrate_pg_LDADD = $(TEST_JOB_LIBS)
check_PROGRAMS += tests/runner/job/test_reconcile_kinds_pg
tests_runner_job_test_reconcile_kinds_pg_SOURCES = tests/runner/job/test_reconcile_kinds_pg.c
tests_runner_job_test_reconcile_kinds_pg_LDADD = $(TEST_JOB_LIBS)
# Whole folders as a convention reads them.
JOB_FOLDER = tests/support/job_folder.c tests/support/job_folder.h
check_PROGRAMS += tests/runner/job/test_tools_more_pg
tests_runner_job_test_tools_more_pg_SOURCES = tests/runner/job/test_tools_more_pg.c $(JOB_FOLDER)
tests_runner_job_test_tools_more_pg_LDADD = libtestfolder.a $(TEST_JOB_LIBS)
check_PROGRAMS += tests/runner/job/test_tools_pg
tests_runner_job_test_tools_pg_SOURCES = tests/runner/job/test_tools_pg.c $(JOB_FOLDER)
tests_runner_job_test_tools_pg_LDADD = libtestfolder.a $(TEST_JOB_LIBS)
check_PROGRAMS += tests/runner/job/test_judge_half
tests_runner_job_test_judge_half_SOURCES = tests/runner/job/test_judge_half.c
tests_runner_job_test_judge_half_LDADD = $(TEST_JOB_LIBS)
check_PROGRAMS += tests/runner/job/test_recorded
tests_runner_job_test_recorded_SOURCES = tests/runner/job/test_recorded.c
tests_runner_job_test_recorded_LDADD = $(TEST_JOB_LIBS)
check_PROGRAMS += tests/runner/job/test_tracking_pg
tests_runner_job_test_tracking_pg_SOURCES = tests/runner/job/test_tracking_pg.c
tests_runner_job_test_tracking_pg_LDADD = $(TEST_JOB_LIBS)
check_PROGRAMS += tests/runner/job/test_tracking_shapes_pg
tests_runner_job_test_tracking_shapes_pg_SOURCES = tests/runner/job/test_tracking_shapes_pg.c
tests_runner_job_test_tracking_shapes_pg_LDADD = $(TEST_JOB_LIBS)
check_PROGRAMS += tests/runner/job/test_rehearse_pg
tests_runner_job_test_rehearse_pg_SOURCES = tests/runner/job/test_rehearse_pg.c
tests_runner_job_test_rehearse_pg_LDADD = $(TEST_JOB_LIBS)
check_PROGRAMS += tests/runner/job/test_notify_shape
tests_runner_job_test_notify_shape_SOURCES = tests/runner/job/test_notify_shape.c
tests_runner_job_test_notify_shape_LDADD = $(JOB_LIBS) $(JANSSON_LIBS) $(CMOCKA_LIBS)
check_PROGRAMS += tests/runner/job/test_notify_mail_text
tests_runner_job_test_notify_mail_text_SOURCES = tests/runner/job/test_notify_mail_text.c
tests_runner_job_test_notify_mail_text_LDADD = $(JOB_LIBS) $(CMOCKA_LIBS)
check_PROGRAMS += tests/runner/job/test_notify
tests_runner_job_test_notify_SOURCES = tests/runner/job/test_notify.c
tests_runner_job_test_notify_LDADD = $(JOB_LIBS) $(CMOCKA_LIBS)
ELSEWHERE_RIG = tests/support/elsewhere_rig.c tests/support/elsewhere_rig.h
check_PROGRAMS += tests/runner/job/test_elsewhere
tests_runner_job_test_elsewhere_SOURCES = tests/runner/job/test_elsewhere.c $(ELSEWHERE_RIG)
tests_runner_job_test_elsewhere_LDADD = $(JOB_LIBS) $(JANSSON_LIBS) $(CMOCKA_LIBS)
check_PROGRAMS += tests/runner/job/test_elsewhere_answer
tests_runner_job_test_elsewhere_answer_SOURCES = tests/runner/job/test_elsewhere_answer.c $(ELSEWHERE_RIG)
tests_runner_job_test_elsewhere_answer_CPPFLAGS = $(AM_CPPFLAGS) -DANSWERS='"$(abs_top_srcdir)/tests/fuzz/corpus/outside"'
tests_runner_job_test_elsewhere_answer_LDADD = $(JOB_LIBS) $(JANSSON_LIBS) $(CMOCKA_LIBS)
check_PROGRAMS += tests/runner/job/test_hook
tests_runner_job_test_hook_SOURCES = tests/runner/job/test_hook.c
tests_runner_job_test_hook_LDADD = $(JOB_LIBS) $(CMOCKA_LIBS)
check_PROGRAMS += tests/runner/job/test_elsewhere_run_pg
tests_runner_job_test_elsewhere_run_pg_SOURCES = tests/runner/job/test_elsewhere_run_pg.c
tests_runner_job_test_elsewhere_run_pg_LDADD = $(TEST_JOB_LIBS)
check_PROGRAMS += tests/runner/job/test_hook_pg
tests_runner_job_test_hook_pg_SOURCES = tests/runner/job/test_hook_pg.c
tests_runner_job_test_hook_pg_LDADD = $(TEST_JOB_LIBS)
check_PROGRAMS += tests/runner/job/test_health_pg
tests_runner_job_test_health_pg_SOURCES = tests/runner/job/test_health_pg.c
tests_runner_job_test_health_pg_LDADD = $(TEST_JOB_LIBS)
check_PROGRAMS += tests/runner/job/test_verify_policy_pg
tests_runner_job_test_verify_policy_pg_SOURCES = tests/runner/job/test_verify_policy_pg.c
tests_runner_job_test_verify_policy_pg_LDADD = $(TEST_JOB_LIBS)
check_PROGRAMS += tests/runner/job/test_verify_query_pg
tests_runner_job_test_verify_query_pg_SOURCES = tests/runner/job/test_verify_query_pg.c
tests_runner_job_test_verify_query_pg_LDADD = $(TEST_JOB_LIBS)
check_PROGRAMS += tests/runner/job/test_control_pg
tests_runner_job_test_control_pg_SOURCES = tests/runner/job/test_control_pg.c
tests_runner_job_test_control_pg_LDADD = $(TEST_JOB_LIBS)
check_PROGRAMS += tests/runner/job/test_cleanup_pg
tests_runner_job_test_cleanup_pg_SOURCES = tests/runner/job/test_cleanup_pg.c
tests_runner_job_test_cleanup_pg_LDADD = $(TEST_JOB_LIBS)
check_PROGRAMS += tests/runner/job/test_fingerprint_pg
tests_runner_job_test_fingerprint_pg_SOURCES = tests/runner/job/test_fingerprint_pg.c
tests_runner_job_test_fingerprint_pg_LDADD = $(TEST_JOB_LIBS)
check_PROGRAMS += tests/runner/job/test_count_pg
tests_runner_job_test_count_pg_SOURCES = tests/runner/job/test_count_pg.c
tests_runner_job_test_count_pg_LDADD = $(TEST_JOB_LIBS)
check_PROGRAMS += tests/runner/job/test_proof_pg
tests_runner_job_test_proof_pg_SOURCES = tests/runner/job/test_proof_pg.c
tests_runner_job_test_proof_pg_LDADD = $(TEST_JOB_LIBS)
check_PROGRAMS += tests/runner/job/test_proof_place_pg
tests_runner_job_test_proof_place_pg_SOURCES = tests/runner/job/test_proof_place_pg.c
tests_runner_job_test_proof_place_pg_LDADD = $(TEST_JOB_LIBS)
check_PROGRAMS += tests/runner/job/test_proof_watch_pg
tests_runner_job_test_proof_watch_pg_SOURCES = tests/runner/job/test_proof_watch_pg.c
tests_runner_job_test_proof_watch_pg_LDADD = $(TEST_JOB_LIBS)
check_PROGRAMS += tests/runner/job/test_proof_count_pg
tests_runner_job_test_proof_count_pg_SOURCES = tests/runner/job/test_proof_count_pg.c
tests_runner_job_test_proof_count_pg_LDADD = $(TEST_JOB_LIBS)
check_PROGRAMS += tests/runner/job/test_proof_server_pg
tests_runner_job_test_proof_server_pg_SOURCES = tests/runner/job/test_proof_server_pg.c
tests_runner_job_test_proof_server_pg_LDADD = $(TEST_JOB_LIBS)
check_PROGRAMS += tests/runner/job/test_proof_server_many_pg
tests_runner_job_test_proof_server_many_pg_SOURCES = tests/runner/job/test_proof_server_many_pg.c
tests_runner_job_test_proof_server_many_pg_LDADD = $(TEST_JOB_LIBS)
check_PROGRAMS += tests/runner/job/test_proof
tests_runner_job_test_proof_SOURCES = tests/runner/job/test_proof.c
tests_runner_job_test_proof_LDADD = $(TEST_JOB_LIBS)
check_PROGRAMS += tests/runner/job/test_proof_sidecar_pg
tests_runner_job_test_proof_sidecar_pg_SOURCES = tests/runner/job/test_proof_sidecar_pg.c
tests_runner_job_test_proof_sidecar_pg_LDADD = $(TEST_JOB_LIBS)
check_PROGRAMS += tests/runner/job/test_sidecar
tests_runner_job_test_sidecar_SOURCES = tests/runner/job/test_sidecar.c
tests_runner_job_test_sidecar_LDADD = $(JOB_LIBS) $(JANSSON_LIBS) $(CMOCKA_LIBS)
check_PROGRAMS += tests/runner/job/test_cluster_pg
tests_runner_job_test_cluster_pg_SOURCES = tests/runner/job/test_cluster_pg.c
tests_runner_job_test_cluster_pg_LDADD = $(TEST_JOB_LIBS)
