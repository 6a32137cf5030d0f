SELECT id, target_id, person_id, target, environment, project, plan_digest, direction, goal, reason, person,
       state, state_text, created_at, expires_at, moved_at, needed, given, migrations, run, run_state, reverts
  FROM request_row
 WHERE state = :state AND id < :before
 ORDER BY id DESC
 LIMIT :limit
