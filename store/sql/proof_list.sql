SELECT id, backup_id, task_id, level, state, started_at, ended_at, place, text
  FROM proof
 WHERE backup_id = :backup
 ORDER BY id DESC
 LIMIT 200
