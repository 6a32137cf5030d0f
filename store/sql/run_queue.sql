SELECT id, request_id, target_id, target, environment, project, direction, state, outcome, goal, person,
       plan_digest, migrations, queued_at, started_at, ended_at, event_seq, act
  FROM run_row
 WHERE state = 'queued' AND (held = '' OR EXISTS (SELECT 1 FROM plan WHERE plan.digest = run_row.plan_digest AND plan.act <> 'run')) AND target_ended_at IS NULL
   AND NOT EXISTS (SELECT 1 FROM run x WHERE x.target_id = run_row.target_id AND x.state IN ('running', 'unknown'))
   AND NOT EXISTS (SELECT 1 FROM run x WHERE x.target_id = run_row.target_id AND x.state = 'queued' AND x.id < run_row.id)
 ORDER BY id
 LIMIT :limit
