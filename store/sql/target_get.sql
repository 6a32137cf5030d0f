SELECT id, project_id, name, project, convention, environment, position,
       backup, rollback_on_failure, approvals, policy,
       reachable, problem, checked_at, system_id, database_name, server_version, role_name,
       database_oid, database_bytes, table_count, tracking_table, tracking_text, tracking_known, held,
       newest_key, newest_version, newest_number, pending, missing, last_run, last_run_state, last_run_at,
       last_backup, last_backup_at, last_backup_size, last_backup_level, active_run,
       blocked, signature, edited, out_of_order, failed,
       last_backup_broken, proved_backup, proved_backup_at, proved_at, prove_us,
       backup_schedule, prove_within_ms, prove_every_ms, prove_by, overdue_at,
       prove_level, reached_backup, reached_backup_at
  FROM target_row
 WHERE name = :name AND ended_at IS NULL
