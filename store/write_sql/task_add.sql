INSERT INTO task (kind, target_id, backup_id, person_id, reason, level, source, state, queued_at)
VALUES (:kind, :target_id, :backup_id, :person_id, :reason, :level, :source, 'queued', :now)
