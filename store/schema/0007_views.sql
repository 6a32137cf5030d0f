-- What lists and details show, so that each column is derived in one place.  All of them flatten into the query that reads
-- them: a list stays a walk along an index.

CREATE VIEW target_row AS
SELECT t.id, t.project_id, t.name, p.name AS project, p.convention, t.environment, t.position,
       t.backup, t.rollback_on_failure, t.approvals, t.lock_timeout_ms, t.statement_timeout_ms,
       t.reachable, t.problem, t.checked_at, t.system_id, t.database_name, t.server_version, t.role_name,
       t.database_oid, t.database_bytes, t.table_count, t.tracking_table, t.tracking_text, t.tracking_known, t.held,
       n.key AS newest_key, n.version AS newest_version, n.version_number AS newest_number,
       (SELECT count(*) FROM migration m
         WHERE m.project_id = t.project_id AND m.present = 1
           AND NOT EXISTS (SELECT 1 FROM tracked k WHERE k.target_id = t.id AND k.key = m.key)) AS pending,
       (SELECT count(*) FROM tracked k
         JOIN migration m ON m.project_id = t.project_id AND m.key = k.key
         WHERE k.target_id = t.id AND m.present = 0) AS missing,
       r.id AS last_run, r.state AS last_run_state, coalesce(r.ended_at, r.started_at, r.queued_at) AS last_run_at,
       b.id AS last_backup, b.ended_at AS last_backup_at, b.size AS last_backup_size, b.level AS last_backup_level,
       (SELECT id FROM run WHERE target_id = t.id AND state IN ('running', 'unknown')) AS active_run,
       t.ended_at
  FROM target t
  JOIN project p ON p.id = t.project_id
  LEFT JOIN migration n ON n.id = (SELECT m.id FROM migration m
       WHERE m.project_id = t.project_id
         AND EXISTS (SELECT 1 FROM tracked k WHERE k.target_id = t.id AND k.key = m.key)
       ORDER BY m.version_number DESC, m.key DESC LIMIT 1)
  LEFT JOIN run r ON r.id = (SELECT max(id) FROM run WHERE target_id = t.id)
  LEFT JOIN backup b ON b.id = (SELECT max(id) FROM backup WHERE target_id = t.id);

CREATE VIEW migration_row AS
SELECT m.id, m.project_id, p.name AS project, m.key, m.version, m.version_number, m.name, m.file, m.description,
       m.author, m.written_on, m.present, u.problem, d.side IS NOT NULL AS has_down, u.transactional
  FROM migration m
  JOIN project p ON p.id = m.project_id
  LEFT JOIN migration_side u ON u.migration_id = m.id AND u.side = 'up'
  LEFT JOIN migration_side d ON d.migration_id = m.id AND d.side = 'down';

CREATE VIEW request_row AS
SELECT q.id, q.target_id, q.person_id, t.name AS target, t.environment, p.name AS project, q.plan_digest, q.direction,
       q.goal, q.reason, h.name AS person, q.state, q.state_text, q.created_at, q.expires_at, q.moved_at,
       t.approvals AS needed,
       (SELECT count(*) FROM approval a WHERE a.request_id = q.id AND a.decision = 'yes') AS given,
       l.migrations, r.id AS run, r.state AS run_state
  FROM request q
  JOIN target t ON t.id = q.target_id
  JOIN project p ON p.id = t.project_id
  JOIN person h ON h.id = q.person_id
  JOIN plan l ON l.digest = q.plan_digest
  LEFT JOIN run r ON r.request_id = q.id;

CREATE VIEW run_row AS
SELECT r.id, r.request_id, r.target_id, t.name AS target, t.environment, p.name AS project, r.direction, r.state,
       r.outcome, q.goal, h.name AS person, r.plan_digest, l.migrations, r.queued_at, r.started_at, r.ended_at,
       r.event_seq, t.held, t.ended_at AS target_ended_at
  FROM run r
  JOIN target t ON t.id = r.target_id
  JOIN project p ON p.id = t.project_id
  JOIN request q ON q.id = r.request_id
  JOIN person h ON h.id = q.person_id
  JOIN plan l ON l.digest = r.plan_digest;

CREATE VIEW backup_row AS
SELECT b.id, b.target_id, b.run_id, t.name AS target, t.environment, b.file, b.digest, b.size, b.started_at, b.ended_at,
       b.server_version, b.client_version, b.table_count, b.row_count, b.schema_key, b.level
  FROM backup b
  JOIN target t ON t.id = b.target_id;

CREATE VIEW incident_row AS
SELECT i.id, i.run_id, i.target_id, t.name AS target, i.title, i.severity, i.state, h.name AS person,
       c.name AS closed_by_name, i.created_at, i.closed_at,
       (SELECT count(*) FROM note n WHERE n.incident_id = i.id) AS notes
  FROM incident i
  LEFT JOIN target t ON t.id = i.target_id
  LEFT JOIN person h ON h.id = i.person_id
  LEFT JOIN person c ON c.id = i.closed_by;
