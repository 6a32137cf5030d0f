SELECT 1
  FROM target t
  JOIN side_seen e ON e.project_id = t.project_id AND e.key = :key AND e.side = 'up' AND e.seen_at < :at
 WHERE t.id = :target
 LIMIT 1
