SELECT id, kind, target_id, target, environment, backup_id, person, reason, level, source, state, text, queued_at,
       started_at, ended_at, activity, note, done, total, unit, since, cancelled
  FROM task_row
 WHERE :target IN (0, target_id) AND :backup IN (0, backup_id) AND id < :before
 ORDER BY id DESC
 LIMIT :limit
