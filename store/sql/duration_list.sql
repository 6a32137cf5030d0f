SELECT t.name, t.environment, x.ended_at - x.started_at, max(r.id)
  FROM target o
  JOIN target t ON t.project_id = o.project_id AND t.position < o.position AND t.ended_at IS NULL
  JOIN run_migration x ON x.target_id = t.id AND x.key = :key AND x.state = 'ok' AND x.ended_at IS NOT NULL
  JOIN run r ON r.id = x.run_id AND r.direction = :direction
 WHERE o.id = :target
 GROUP BY t.id
 ORDER BY t.position, t.id
