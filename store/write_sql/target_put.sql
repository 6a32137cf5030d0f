INSERT INTO target (name, project_id, environment, position, backup, approvals, lock_timeout_ms,
       statement_timeout_ms, rollback_on_failure, policy, backup_schedule, prove_within_ms, prove_level, prove_every_ms,
       prove_from)
VALUES (:name, (SELECT id FROM project WHERE name = :project AND ended_at IS NULL), :environment, :position, :backup,
       :approvals, :lock_timeout_ms, :statement_timeout_ms, :rollback_on_failure, :policy, :backup_schedule,
       :prove_within_ms, :prove_level, :prove_every_ms, :now)
    ON CONFLICT (name) DO UPDATE
   SET project_id = excluded.project_id,
       environment = excluded.environment,
       position = excluded.position,
       backup = excluded.backup,
       approvals = excluded.approvals,
       lock_timeout_ms = excluded.lock_timeout_ms,
       statement_timeout_ms = excluded.statement_timeout_ms,
       rollback_on_failure = excluded.rollback_on_failure,
       policy = excluded.policy,
       backup_schedule = excluded.backup_schedule,
       prove_from = CASE WHEN prove_within_ms = excluded.prove_within_ms AND prove_level = excluded.prove_level
                         THEN prove_from ELSE excluded.prove_from END,
       prove_within_ms = excluded.prove_within_ms,
       prove_level = excluded.prove_level,
       prove_every_ms = excluded.prove_every_ms,
       ended_at = NULL
