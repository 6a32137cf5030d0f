SELECT id, kind, target_id, target, environment, backup_id, person, reason, level, source, state, text, queued_at,
       started_at, ended_at, activity, note, done, total, unit, since, cancelled
  FROM task_row
 WHERE id = :id
