INSERT INTO incident (run_id, target_id, title, severity, state, person_id, created_at)
VALUES (:run_id, :target_id, :title, :severity, 'open', :person_id, :now)
