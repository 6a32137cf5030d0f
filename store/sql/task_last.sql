SELECT id, kind, target_id, target, environment, backup_id, person, reason, level, source, state, text, queued_at,
       started_at, ended_at, activity, note, done, total, unit, since, cancelled
  FROM task_row
 WHERE id = (SELECT max(id) FROM task
              WHERE kind = :kind AND :target IN (0, target_id) AND :backup IN (0, backup_id)
                AND (:clock = 0 OR person_id IS NULL)
                AND :level IN ('', level))
