INSERT INTO target (name, project_id, environment, position, backup, approvals, lock_timeout_ms,
       statement_timeout_ms, rollback_on_failure, policy)
VALUES (:name, (SELECT id FROM project WHERE name = :project AND ended_at IS NULL), :environment, :position, :backup,
       :approvals, :lock_timeout_ms, :statement_timeout_ms, :rollback_on_failure, :policy)
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
       ended_at = NULL
