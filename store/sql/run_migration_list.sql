SELECT m.position, m.key, p.version, p.name, m.state, m.text, m.started_at, m.ended_at
  FROM run_migration m
  JOIN run r ON r.id = m.run_id
  JOIN plan_migration p ON p.plan_digest = r.plan_digest AND p.position = m.position
 WHERE m.run_id = :run
 ORDER BY m.position
