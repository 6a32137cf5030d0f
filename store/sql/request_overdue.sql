SELECT id, target_id, person_id, target, environment, project, plan_digest, direction, goal, reason, person,
       state, state_text, created_at, expires_at, moved_at, needed, given, migrations, run, run_state, reverts
  FROM request_row
 WHERE state IN ('waiting', 'approved') AND expires_at <= :now
   -- A queued run with a sentence waits for its window, however long that takes.
   AND NOT EXISTS (SELECT 1 FROM run WHERE run.id = request_row.run AND run.state = 'queued' AND run.outcome <> '')
 ORDER BY id
 LIMIT :limit
