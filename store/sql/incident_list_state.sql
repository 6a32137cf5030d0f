SELECT id, run_id, target_id, target, title, severity, state, person, closed_by_name, created_at, closed_at, notes
  FROM incident_row
 WHERE state = :state AND id < :before
 ORDER BY id DESC
 LIMIT :limit
