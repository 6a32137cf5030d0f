INSERT INTO proof (backup_id, task_id, level, state, started_at, ended_at, place, text)
VALUES (:backup_id, :task_id, :level, :state, :started_at, :ended_at, :place, :text)
