SELECT r.id, r.target_id, t.name, r.direction, r.state, m.state, m.text, m.started_at, m.ended_at
  FROM target t
  JOIN run_migration m ON m.target_id = t.id AND m.key = :key
  JOIN run r ON r.id = m.run_id
 WHERE t.project_id = :project
 ORDER BY r.id DESC
 LIMIT :limit
