SELECT id, request_id, target_id, target, environment, project, direction, state, outcome, goal, person,
       plan_digest, migrations, queued_at, started_at, ended_at, event_seq, act
  FROM run_row
 WHERE id < :before
 ORDER BY id DESC
 LIMIT :limit
